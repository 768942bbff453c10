"""Where addresses lie, as a geocoder has told: kept while a site uses the address, so that none is asked twice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import DoubleField, IntegerField, TextField, chunked

from data.access.settings import SettingsChanged
from data.base import clock
from data.base.actor import SYSTEM
from data.base.changes import record
from data.base.columns import InstantField
from data.base.database import transaction
from data.base.spelling import folded
from data.base.table import Table, rows
from data.people.customers import Customer, Site
from data.people.sites import SitePlaced

# after a service that failed; from the last one on, each week
PAUSES = tuple(timedelta(hours=hours) for hours in (0.25, 1, 6, 24, 72, 168))
AT_ONCE = 500  # rows of one statement
# Those that nobody was asked about, that are due, or whose place is known: what is on no map is not read every minute.
# The CASE is the folded question, of the folded address that sites keep; what folds otherwise is only read too often.
UNPLACED = """SELECT s.id, s.address, s.postcode FROM sites s JOIN customers c ON c.id = s.customer_id
LEFT JOIN geocodes g ON g.address = CASE
    WHEN COALESCE(s.postcode, '') = '' OR replace(s.search_text, lower(s.postcode), '') <> s.search_text
    THEN s.search_text ELSE s.search_text || ', ' || lower(s.postcode) END
WHERE s.lat IS NULL AND s.ended_at IS NULL AND NOT s.is_pinned AND c.ended_at IS NULL
AND (g.id IS NULL OR g.lat IS NOT NULL OR g.due_at <= ? OR g.due_at > ?
    OR EXISTS (SELECT 1 FROM geocodes a WHERE a.address = s.search_text AND a.postcode = s.postcode))
ORDER BY s.id LIMIT ?
"""


class Geocode(Table):
    """One address. Without a place: it was not found, or the service failed and is asked again."""

    address = TextField(unique=True)  # folded
    lat = DoubleField(null=True)
    lon = DoubleField(null=True)
    postcode = TextField(null=True)
    tries = IntegerField(default=0)
    due_at = InstantField(null=True, index=True)  # None: told, not to be asked again

    class Meta:
        table_name = 'geocodes'


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a geocoder has told about an address, in WGS 84 degrees."""

    lat: float
    lon: float
    postcode: str | None = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An address as people wrote it, and the sites that wait for its place."""

    address: str
    postcode: str | None
    site_ids: Sequence[int]

    @property
    def question(self) -> str:
        """What the geocoder is asked: a street of this name may be in several towns."""
        return _question(self.address, self.postcode)


def waiting(*, most: int) -> list[Asked]:
    """Addresses to ask for now, those of the oldest sites first. Sites whose address is known already get its place."""
    now = clock.now()
    unplaced = _unplaced(now)
    known = _known(unplaced)
    due = []
    for asked in unplaced:
        row = _told(asked, known)
        if row is None or _is_due(row, now):
            due.append(asked)
        elif row.lat is not None:
            with transaction():
                _place(asked, row)
    return due[:most]


def keep(asked: Asked, found: Found | None) -> None:
    """What was told, None for an address on no map; its sites have the place from now on, but where a pin is."""
    with transaction():
        row = _row(asked)
        row.lat, row.lon, row.postcode = (found.lat, found.lon, found.postcode) if found else (None, None, None)
        row.tries, row.due_at = row.tries + 1, None
        row.save()
        if found:
            _place(asked, row)


def put_off(asked: Asked) -> None:
    """The service has failed: it is asked again later, and each time later."""
    with transaction():
        row = _row(asked)
        row.due_at = clock.now() + PAUSES[min(row.tries, len(PAUSES) - 1)]
        row.tries += 1
        row.save()


def ask_anew(change: SettingsChanged) -> None:
    """Another geocoder may know what this one did not; what was found stays."""
    if {'geocoding.address', 'business.country'} & change.after.keys():
        Geocode.delete().where(Geocode.lat.is_null()).execute()


def sweep() -> None:
    """Forgets addresses that no live site has any more."""
    used: set[str] = set()
    for address, postcode in _live(Site.address, Site.postcode).tuples():
        used |= {folded(address), folded(_question(address, postcode))}  # a postcode may have come with the place
    left = [row.id for row in Geocode.select(Geocode.id, Geocode.address) if row.address not in used]
    for ids in chunked(left, AT_ONCE):
        with transaction():
            Geocode.delete().where(Geocode.id.in_(ids)).execute()


def _unplaced(now: datetime) -> list[Asked]:
    """Some live sites without a place that something can be done for, those with one question together."""
    waits: dict[str, list[tuple[int, str, str | None]]] = defaultdict(list)
    for row in rows(UNPLACED, *_due_between(now), AT_ONCE):
        _, address, postcode = row
        waits[folded(_question(address, postcode))].append(row)
    return [
        Asked(address=same[0][1], postcode=same[0][2], site_ids=[number for number, *_ in same])
        for same in waits.values()
    ]


def _known(unplaced: Iterable[Asked]) -> dict[str, Geocode]:
    """Rows by folded question, with and without the postcode."""
    keys = {folded(text) for asked in unplaced for text in (asked.question, asked.address)}
    return {
        row.address: row
        for some in chunked(sorted(keys), AT_ONCE)
        for row in Geocode.select().where(Geocode.address.in_(some))
    }


def _told(asked: Asked, known: Mapping[str, Geocode]) -> Geocode | None:
    """The row of the question, or of the address alone where the postcode that came with it is the same."""
    alone = known.get(folded(asked.address))
    same = alone is not None and alone.postcode is not None and alone.postcode == asked.postcode
    return alone if same else known.get(folded(asked.question))


def _is_due(row: Geocode, now: datetime) -> bool:
    """Also further ahead than it can be set: the clock was wrong when it was."""
    return row.due_at is not None and (row.due_at <= now or row.due_at > now + PAUSES[-1])


def _due_between(now: datetime) -> tuple[int, int]:
    """`_is_due`'s ends, as they are stored."""
    return int(now.timestamp()), int((now + PAUSES[-1]).timestamp())


def _row(asked: Asked) -> Geocode:
    key = folded(asked.question)
    return Geocode.get_or_none(Geocode.address == key) or Geocode(address=key)


def _place(asked: Asked, row: Geocode) -> None:
    """The version stays: nobody who edits the site meanwhile has typed a place that this could take away."""
    place = {'lat': row.lat, 'lon': row.lon}
    waits = Site.id.in_(asked.site_ids) & Site.lat.is_null() & ~Site.is_pinned
    for site in Site.select().where(waits):
        values = place | ({} if site.postcode or not row.postcode else {'postcode': row.postcode})
        Site.update(**values).where(Site.id == site.id).execute()
        record(SitePlaced(site, by=SYSTEM, before=dict.fromkeys(values), after=values))


def _question(address: str, postcode: str | None) -> str:
    return f'{address}, {postcode}' if postcode and folded(postcode) not in folded(address) else address


def _live(*columns: Any) -> Any:
    live = Site.ended_at.is_null() & Customer.ended_at.is_null()
    return Site.select(*columns).join(Customer).where(live)
