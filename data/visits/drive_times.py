"""Drives that a routing service has told, kept: an offer takes them from here and never waits for the service.

One drive counts for both directions, as the slot rules know one for a pair: the longer of the two is kept.
"""

import threading
from collections.abc import Collection, Mapping
from datetime import timedelta
from functools import reduce
from operator import and_
from typing import Any

from peewee import CTE, DoubleField, IntegerField, ValuesList, chunked

from data.base import clock
from data.base.columns import InstantField
from data.base.database import database, transaction
from data.base.table import Table
from data.crew.technicians import Technician
from data.people.customers import Site
from data.visits.booking_table import Booking
from data.visits.travel import LONGEST_DRIVE_MINUTES, Drive, Place, distance_km

ASKED_AGAIN_AFTER = timedelta(days=30)
FORGOTTEN_AFTER = timedelta(days=365)  # whoever needed it would have asked again
AHEAD = timedelta(days=60)  # visits whose drives are asked for
BEHIND = timedelta(days=3)  # the longest visit: it may have begun and not be over
MOST_PLACES = 400
MOST_WISHES = 500
AT_ONCE = 200  # rows of one statement

_wishes: dict[Place, None] = {}  # in the order in which they came
_lock = threading.Lock()


class DriveTime(Table):
    """Whole minutes from one place to another, WGS 84 degrees as the sites and home bases have them."""

    from_lat = DoubleField()
    from_lon = DoubleField()
    to_lat = DoubleField()
    to_lon = DoubleField()
    minutes = IntegerField()
    told_at = InstantField(index=True)  # the old ones are asked again

    class Meta:
        table_name = 'drive_times'
        indexes = ((('from_lat', 'from_lon', 'to_lat', 'to_lon'), True),)


_ENDS = [DriveTime.from_lat, DriveTime.from_lon, DriveTime.to_lat, DriveTime.to_lon]


def from_place(place: Place) -> dict[Place, int]:
    """Kept minutes between this place and others. Old ones count until the service has told them anew."""
    rows = database.execute(
        DriveTime.select(DriveTime.to_lat, DriveTime.to_lon, DriveTime.minutes, DriveTime.told_at).where(_from(place))
    ).fetchall()
    fresh_since = int((clock.now() - ASKED_AGAIN_AFTER).timestamp())
    if any(told_at < fresh_since for *_, told_at in rows):
        wish(place)
    return {Place(lat, lon): minutes for lat, lon, minutes, _ in rows}


def between(pairs: Collection[tuple[Place, Place]]) -> dict[tuple[Place, Place], int]:
    """Those of these pairs that are kept, in one statement, seeking each by the index."""
    if not pairs:
        return {}
    rows = database.execute(_of_pairs(pairs))
    return {(Place(a, b), Place(c, d)): minutes for a, b, c, d, minutes in rows}


def kept_or(otherwise: Drive, place: Place | None) -> Drive:
    """What is kept of the drives to and from `place`, else what `otherwise` says; the first that is missing is wished
    for. For one answer: later ones ask anew.
    """
    kept = {} if place is None else from_place(place)
    is_wished = False

    def drive(start: Place | None, end: Place | None) -> int:
        nonlocal is_wished
        other = end if start == place else start if end == place else None
        minutes = kept.get(other) if other else None
        if minutes is None:
            if place and other and other != place and not is_wished:
                is_wished = True
                wish(place)
            return otherwise(start, end)
        return minutes

    return drive


def kept_between(pairs: Collection[tuple[Place, Place]], otherwise: Drive) -> Drive:
    """What is kept of the drives of these pairs, else what `otherwise` says."""
    kept = between(pairs)

    def drive(start: Place | None, end: Place | None) -> int:
        minutes = kept.get((start, end)) if start and end else None
        return otherwise(start, end) if minutes is None else minutes

    return drive


def wish(place: Place) -> None:
    """Notes that the drives of this place are wanted. Neither writes nor waits: it is in memory, and bounded."""
    with _lock:
        if len(_wishes) < MOST_WISHES:
            _wishes.setdefault(place)


def next_wish() -> Place | None:
    """Takes the oldest one."""
    with _lock:
        place = next(iter(_wishes), None)
        if place is not None:
            del _wishes[place]
        return place


def forget_wishes() -> None:
    """Where no service is named, and between tests."""
    with _lock:
        _wishes.clear()


def is_somewhere(place: Place) -> bool:
    """Whether a live site or a home base lies there: for a mean that stands in for one (R13) no drives are asked."""
    site = (Site.lat == place.latitude) & (Site.lon == place.longitude) & Site.ended_at.is_null()
    home = (Technician.home_lat == place.latitude) & (Technician.home_lon == place.longitude)
    is_home = Technician.select().where(home & Technician.ended_at.is_null()).exists()
    return bool(is_home or Site.select().where(site).exists())


def unknown_from(place: Place) -> list[Place]:
    """Where coming visits and home bases lie whose drive to or from this place is not kept or old; nearest first."""
    is_fresh = DriveTime.told_at >= clock.now() - ASKED_AGAIN_AFTER
    query = DriveTime.select(DriveTime.to_lat, DriveTime.to_lon).where(_from(place) & is_fresh)
    known = {place, *(Place(*row) for row in database.execute(query))}
    unknown = (_coming_places() | _home_places()) - known
    return sorted(unknown, key=lambda other: (distance_km(place, other), other))[:MOST_PLACES]


def keep(place: Place, told: Mapping[Place, int]) -> None:
    """Minutes between this place and others, in short transactions."""
    now = clock.now()
    pairs = [pair for other in told for pair in ((place, other), (other, place))]
    rows = [
        {'from_lat': a.latitude, 'from_lon': a.longitude, 'to_lat': b.latitude, 'to_lon': b.longitude}
        | {'minutes': min(told[b if a == place else a], LONGEST_DRIVE_MINUTES), 'told_at': now}
        for a, b in pairs
    ]
    new = [DriveTime.minutes, DriveTime.told_at]
    for some in chunked(rows, AT_ONCE):
        with transaction():
            DriveTime.insert_many(some).on_conflict(conflict_target=_ENDS, preserve=new).execute()


def sweep() -> None:
    """Forgets drives from or to what is neither a live site nor a home base any more, and those of long ago."""
    used = _site_places() | _home_places()
    long_ago = int((clock.now() - FORGOTTEN_AFTER).timestamp())
    query = DriveTime.select(*_ENDS, DriveTime.id, DriveTime.told_at)
    left = [
        row_id
        for a, b, c, d, row_id, told_at in database.execute(query)
        if told_at < long_ago or Place(a, b) not in used or Place(c, d) not in used
    ]
    for ids in chunked(left, AT_ONCE):
        with transaction():
            DriveTime.delete().where(DriveTime.id.in_(ids)).execute()


def _of_pairs(pairs: Collection[tuple[Place, Place]]) -> Any:
    """Joined and not `IN`: for several columns SQLite reads the whole table otherwise."""
    values = ValuesList([(*start, *end) for start, end in pairs])
    asked = CTE('asked', values, columns=[field.column_name for field in _ENDS])
    each = [field == getattr(asked.c, field.column_name) for field in _ENDS]
    return DriveTime.select(*_ENDS, DriveTime.minutes).join(asked, on=reduce(and_, each)).with_cte(asked)


def _from(place: Place) -> Any:
    return (DriveTime.from_lat == place.latitude) & (DriveTime.from_lon == place.longitude)


def _coming_places() -> set[Place]:
    now = clock.now()
    coming = (Booking.state != 'canceled') & (Booking.starts_at >= now - BEHIND) & (Booking.starts_at < now + AHEAD)
    query = Site.select(Site.lat, Site.lon).join(Booking).where(coming & Site.lat.is_null(False)).distinct()
    return {Place(*row) for row in database.execute(query)}


def _site_places() -> set[Place]:
    query = Site.select(Site.lat, Site.lon).where(Site.lat.is_null(False) & Site.ended_at.is_null())
    return {Place(*row) for row in database.execute(query)}


def _home_places() -> set[Place]:
    placed = Technician.home_lat.is_null(False) & Technician.home_lon.is_null(False)
    query = Technician.select(Technician.home_lat, Technician.home_lon).where(placed & Technician.ended_at.is_null())
    return {Place(*row) for row in database.execute(query)}
