"""Looks up where addresses lie (Nominatim's interface) and how long drives take (OSRM's), never while anybody waits."""

import math
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog

from data.access import settings
from data.base import jobs
from data.base.addresses import Postcode
from data.base.jobs import Job
from data.base.refusals import Refusal, WrongInput
from data.people import geocodes
from data.people.geocodes import Asked, Found
from data.people.sites import LATITUDE, LONGITUDE
from data.upkeep.outside import EACH_SECONDS, PATIENCE_SECONDS, Outside, OutsideFailed, QuestionRefused
from data.visits import drive_times
from data.visits.travel import Place, distance_km

log = structlog.get_logger()

ROUND_SECONDS = 30.0  # then the next kind of question has its turn; far below a job's lease
ADDRESSES_EVERY = timedelta(minutes=1)
MOST_ADDRESSES = 30
ONE_TABLE = 100  # coordinates, OSRM's default limit
SAME_AGAIN_SECONDS = 3600.0  # for a place whose drives were just asked: some may have no road
LONGEST_SECONDS = 366 * 24 * 3600  # no drive takes a year
FASTEST_KM_H = 200  # what is told to be faster was put on a road far from its place
USER_AGENT = 'Doorstep'  # geopy wants one; ours stands in outside.py
POSTCODE = Postcode(key='postcode', label='')


class Lookups:
    """What one process asks of outside services, in a thread that nobody waits for."""

    def __init__(self, *, each_seconds: float = EACH_SECONDS, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._geocoder = Outside('geocoder', each_seconds=each_seconds, patience_seconds=patience_seconds)
        self._router = Outside('routing service', each_seconds=each_seconds, patience_seconds=patience_seconds)
        self._addresses = Job(name='addresses', every=ADDRESSES_EVERY, work=self.look_up_addresses)
        self._asked: dict[Place, float] = {}  # when, on the monotonic clock

    def look_up(self) -> None:
        """One round of both. Addresses are a job, as one process asks; wishes for drives are each process's own."""
        if settings.read('geocoding.address'):
            jobs.run(self._addresses)
        self.look_up_drives()

    def look_up_addresses(self) -> None:
        """Asks for addresses of sites that have no place, as long as the geocoder answers."""
        address, end = settings.read('geocoding.address'), time.monotonic() + ROUND_SECONDS
        if not address or self._geocoder.rests(address):
            return
        for asked in geocodes.waiting(most=MOST_ADDRESSES):
            if time.monotonic() > end:
                return
            try:
                geocodes.keep(asked, self._found(address, asked))
            except OutsideFailed as error:
                geocodes.put_off(asked)
                if not isinstance(error, QuestionRefused):
                    self._geocoder.failed(address, error)
                    return

    def look_up_drives(self) -> None:
        """Asks for the drives of each place that somebody has wished for, as long as the routing service answers."""
        address, end = settings.read('routing.address'), time.monotonic() + ROUND_SECONDS
        if not address:
            drive_times.forget_wishes()
            return
        while not self._router.rests(address) and time.monotonic() < end and (place := drive_times.next_wish()):
            was_asked = time.monotonic() < self._asked.get(place, -math.inf) + SAME_AGAIN_SECONDS
            if was_asked or not drive_times.is_somewhere(place):
                continue
            try:
                self._ask_drives(address, place)
            except OutsideFailed as error:
                drive_times.wish(place)
                self._router.failed(address, error)
            except Refusal:  # what was told cannot be kept just now
                drive_times.wish(place)
                raise
            else:
                self._remember(place)

    def _found(self, address: str, asked: Asked) -> Found | None:
        """Raises OutsideFailed."""
        from geopy.adapters import BaseSyncAdapter
        from geopy.geocoders import Nominatim

        ask = self._geocoder.ask

        class Adapter(BaseSyncAdapter):  # type: ignore[misc]  # geopy has no types
            """geopy's way out: ours, with its limits and its pace."""

            def get_json(self, url: str, *, timeout: float, headers: object) -> Any:
                return _places(ask(address, url.removeprefix(address)))

            def get_text(self, url: str, *, timeout: float, headers: object) -> str:
                raise NotImplementedError

        scheme, _, domain = address.partition('://')
        geocoder = Nominatim(scheme=scheme, domain=domain, user_agent=USER_AGENT, adapter_factory=Adapter)
        country = settings.read('business.country')
        told = geocoder.geocode(asked.question, addressdetails=True, country_codes=country.lower())
        return None if told is None else Found(**told.raw['found'])

    def _ask_drives(self, address: str, place: Place) -> None:
        """In tables of 100 coordinates, nearest first, each kept at once. Raises OutsideFailed."""
        others = drive_times.unknown_from(place)
        for first in range(0, len(others), ONE_TABLE - 1):
            some = others[first : first + ONE_TABLE - 1]
            points = ';'.join(f'{each.longitude:.6f},{each.latitude:.6f}' for each in (place, *some))
            table = f'/table/v1/driving/{points}?annotations=duration'
            ends = ';'.join(str(number) for number in range(1, len(some) + 1))
            try:
                there = self._router.ask(address, f'{table}&sources=0&destinations={ends}')
                back = self._router.ask(address, f'{table}&sources={ends}&destinations=0')
            except QuestionRefused as refused:  # one of these places may lie off its map: the others have a chance
                log.warning('drives refused', reason=str(refused), places=len(some))
                continue
            drives = zip(some, _row(there, len(some)), _column(back, len(some)), strict=True)
            told = {other: _minutes(max(to, fro)) for other, to, fro in drives if to is not None and fro is not None}
            drive_times.keep(place, {each: minutes for each, minutes in told.items() if _can_be(place, each, minutes)})

    def _remember(self, place: Place) -> None:
        now = time.monotonic()
        self._asked = {each: at for each, at in self._asked.items() if now < at + SAME_AGAIN_SECONDS} | {place: now}


def _places(answer: Any) -> list[dict[str, Any]]:
    """The first of a list of places, as Nominatim's interface says, with no more in it than geopy reads of it.

    Raises OutsideFailed.
    """
    if not isinstance(answer, list) or not all(isinstance(each, dict) for each in answer):
        raise OutsideFailed('no list of places')
    return [_place(each) for each in answer[:1]]


def _place(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Raises OutsideFailed for a place that is none."""
    try:
        lat, lon = LATITUDE.parse(raw.get('lat')), LONGITUDE.parse(raw.get('lon'))
    except WrongInput:
        raise OutsideFailed('no place on earth') from None
    details = raw.get('address')
    postcode = _postcode(details.get('postcode') if isinstance(details, dict) else None)
    return {'lat': lat, 'lon': lon, 'display_name': '', 'found': {'lat': lat, 'lon': lon, 'postcode': postcode}}


def _postcode(raw: object) -> str | None:
    try:
        found = POSTCODE.parse(raw)
    except WrongInput:
        return None
    return None if found is None or ';' in found else str(found)  # several: nobody knows which


def _row(answer: Any, length: int) -> list[float | None]:
    """Seconds from the one start. Raises OutsideFailed."""
    rows = _durations(answer)
    return _seconds(rows[0] if len(rows) == 1 else None, length)


def _column(answer: Any, length: int) -> list[float | None]:
    """Seconds to the one end. Raises OutsideFailed."""
    rows = _durations(answer)
    return _seconds([row[0] for row in rows] if all(len(row) == 1 for row in rows) else None, length)


def _durations(answer: Any) -> list[list[Any]]:
    rows = answer.get('durations') if isinstance(answer, dict) and answer.get('code') == 'Ok' else None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise OutsideFailed('no table of durations')
    return rows


def _seconds(told: Any, length: int) -> list[float | None]:
    """None: no road leads there."""
    if not isinstance(told, list) or len(told) != length or not all(each is None or _is_time(each) for each in told):
        raise OutsideFailed('no table of durations')
    return told


def _is_time(told: Any) -> bool:
    """Not isfinite(): an integer of 400 digits is none that it can look at."""
    return isinstance(told, int | float) and not isinstance(told, bool) and 0 <= told <= LONGEST_SECONDS


def _minutes(seconds: float) -> int:
    return math.ceil(seconds / 60)


def _can_be(start: Place, end: Place, minutes: int) -> bool:
    return distance_km(start, end) <= FASTEST_KM_H * minutes / 60
