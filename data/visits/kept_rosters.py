"""The rosters of all who work here, read once and kept with their masks until a technician's revision has risen.

One query tells what is stale, whichever process wrote. What is read inside a transaction is kept only once that is on
disk: a revision that was rolled back comes again with other rows behind it.
"""

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from peewee import Database

from data.access import settings
from data.base import clock
from data.base.database import after_commit, database, one_moment
from data.base.table import rows
from data.visits import places
from data.visits.booking_table import IS_UNDER_WAY, LONGEST
from data.visits.rosters import Roster, Span, Visit
from data.visits.travel import LONGEST_DRIVE_MINUTES, Place
from data.visits.working_time import DayHours, Window

KEPT_DAYS = 100  # from yesterday on: beyond lie few bookings, which are read when they are asked for
RENEWED_AFTER_DAYS = 7
# A visit that begins so long before a day may still matter on it: its length, the drive, minutes around, any zone.
MARGIN = LONGEST + timedelta(minutes=LONGEST_DRIVE_MINUTES) + timedelta(days=2)

Days = tuple[date, date]  # both included
Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What holds for every technician. A change of it raises every revision."""

    zone: ZoneInfo
    closed_days: frozenset[date]
    unknown_minutes: int  # of driving
    is_routed: bool  # a routing service is named: its drives count


@dataclass(frozen=True, kw_only=True)
class Crew:
    """All live technicians with what decides on these local dates; `is_kept` where their masks are worth keeping."""

    days: Days
    facts: Facts
    revisions: Mapping[int, int]  # by technician
    rosters: Mapping[int, Roster]
    is_kept: bool


_kept: WeakKeyDictionary[Database, Crew] = WeakKeyDictionary()


def crew(first_day: date, last_day: date) -> Crew:
    """Who works on these local dates, both included, as the database says now."""
    here, today = database.obj, clock.now().date()
    kept = _kept.get(here)
    if kept is None or not kept.days[0] <= today <= kept.days[0] + timedelta(RENEWED_AFTER_DAYS):
        kept = None
    days = kept.days if kept else (today - timedelta(2), today + timedelta(KEPT_DAYS))
    if first_day < days[0] or days[1] < last_day:
        with one_moment(), _no_search_for_garbage():
            return _read((first_day, last_day), _revisions(), is_kept=False)
    if kept is not None and kept.revisions and kept.revisions == _revisions():
        return kept
    # of one moment: else half a write might be in it, as a visit that is neither where it was nor where it went
    with one_moment(), _no_search_for_garbage():
        renewed = _read(days, _revisions(), is_kept=True, known=kept)
    after_commit(lambda: _kept.update({here: renewed}))
    return renewed


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Tens of thousands of rows come at once, and all are kept: to look for garbage among them costs a third more."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _revisions() -> dict[int, int]:
    return dict(rows('SELECT id, revision FROM technicians WHERE ended_at IS NULL ORDER BY id'))


def _read(days: Days, revisions: Mapping[int, int], *, is_kept: bool, known: Crew | None = None) -> Crew:
    """Reads who is new or stale, and what is everybody's only when everybody is."""
    fresh = {number for number in revisions if known and known.revisions.get(number) == revisions[number]}
    stale = [number for number in revisions if number not in fresh]
    rosters = {number: known.rosters[number] for number in fresh} if known else {}
    rosters |= _rosters(stale, days) if stale else {}
    facts = known.facts if known and fresh else _facts()
    in_order = {number: rosters[number] for number in revisions}
    return Crew(days=days, facts=facts, revisions=revisions, rosters=in_order, is_kept=is_kept)


def _facts() -> Facts:
    closed = frozenset(date.fromisoformat(day) for (day,) in rows('SELECT day FROM closed_days'))
    return Facts(
        zone=settings.zone(),
        closed_days=closed,
        unknown_minutes=settings.read('driving.unknown_minutes'),
        is_routed=bool(settings.read('routing.address')),
    )


def _rosters(technicians: Sequence[int], days: Days) -> dict[int, Roster]:
    """One query for each table, however many technicians and days."""
    these = f'technician_id IN ({", ".join(map(str, technicians))})'
    span = Span(*(int(datetime.combine(day, time(), UTC).timestamp()) for day in (days[0], days[1] + timedelta(1))))
    week, overrides, time_off = _week(these), _overrides(these, days), _time_off(these, span)
    visits, skills, territories = _visits(these, span), _skills(these), _territories(these)
    return {
        number: Roster(
            technician_id=number,
            week=week[number],
            overrides=overrides[number],
            time_off=time_off[number],
            visits=visits[number],
            skills=skills[number],
            territory_ids=territories[number],
            home=None if lat is None or lon is None else Place(lat, lon),
            radius_km=radius,
        )
        for number, lat, lon, radius in rows(
            f'SELECT id, home_lat, home_lon, radius_km FROM technicians WHERE {these.replace("technician_id", "id")}'
        )
    }


def _week(these: str) -> dict[int, dict[int, DayHours]]:
    hours_of_all = rows(
        f'SELECT technician_id, weekday, start_minute, end_minute, is_break FROM weekly_hours WHERE {these}'
    )
    week: dict[int, dict[int, DayHours]] = defaultdict(dict)
    for (technician, weekday), hours in _grouped(hours_of_all).items():
        week[technician][weekday] = _day(hours)
    return week


def _overrides(these: str, days: Days) -> dict[int, dict[date, DayHours]]:
    """An override without hours is a day off."""
    hours_of_all = rows(
        'SELECT technician_id, day, start_minute, end_minute, is_break'
        ' FROM date_overrides LEFT JOIN override_hours ON override_hours.date_override_id = date_overrides.id'
        f" WHERE {these} AND day >= '{days[0] - MARGIN}' AND day <= '{days[1] + MARGIN}'"
    )
    found: dict[int, dict[date, DayHours]] = defaultdict(dict)
    for (technician, day), hours in _grouped(hours_of_all).items():
        found[technician][date.fromisoformat(day)] = _day(each for each in hours if each[0] is not None)
    return found


def _time_off(these: str, span: Span) -> dict[int, list[Span]]:
    start, end = span.start - _seconds(MARGIN), span.end + _seconds(MARGIN)
    spans = rows(
        'SELECT technician_id, starts_at, ends_at FROM time_off'
        f' WHERE {these} AND ends_at > {start} AND starts_at < {end}'
    )
    found: dict[int, list[Span]] = defaultdict(list)
    for technician, *ends in spans:
        found[technician].append(Span(*ends))
    return found


def _skills(these: str) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for technician, skill, level in rows(f'SELECT technician_id, skill_id, level FROM technician_skills WHERE {these}'):
        found[technician][skill] = level
    return found


def _territories(these: str) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for technician, territory in rows(f'SELECT technician_id, territory_id FROM technician_territories WHERE {these}'):
        found[technician].add(territory)
    return found


def _visits(these: str, span: Span) -> dict[int, list[Visit]]:
    """What is not canceled and may matter in the span, and what is under way: each has its index."""
    columns = 'technician_id, b.id, starts_at, blocks_until, set_up_minutes, clean_up_minutes'
    site = 'lat, lon, postcode, territory_id'
    source = 'FROM bookings b JOIN sites s ON s.id = b.site_id'
    under_way = f'b.{IS_UNDER_WAY.sql}'
    start, end = span.start - _seconds(MARGIN), span.end + _seconds(MARGIN)
    planned = rows(
        f"SELECT {columns}, NULL, {site} {source} WHERE {these} AND b.state <> 'canceled' AND NOT {under_way}"
        f' AND b.starts_at > {start} AND b.starts_at < {end}'
    )
    begun = 'COALESCE(travel_started_at, work_started_at, starts_at)'  # who drives has not worked yet
    found_rows = [*planned, *rows(f'SELECT {columns}, {begun}, {site} {source} WHERE {these} AND {under_way}')]
    unplaced = {row[9:] for row in found_rows if row[7] is None}  # postcode and territory of those without latitude
    means = places.stand_ins({p for p, _ in unplaced if p}, {t for _, t in unplaced if t})
    found: dict[int, list[Visit]] = defaultdict(list)
    for technician, number, starts_at, until, before, after, since, lat, lon, postcode, territory in found_rows:
        place = means.place(None, None, postcode, territory) if lat is None else Place(lat, lon)
        found[technician].append(Visit(number, starts_at, until, before, after, place, since))
    return found


def _grouped(rows: Rows) -> dict[tuple[Any, ...], list[tuple[Any, ...]]]:
    """By the first two columns."""
    groups: dict[tuple[Any, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        groups[row[:2]].append(row[2:])
    return groups


def _day(hours: Iterable[tuple[Any, ...]]) -> DayHours:
    parts = [(Window(start, end), is_break) for start, end, is_break in hours]
    return DayHours(
        tuple(window for window, is_break in parts if not is_break),
        tuple(window for window, is_break in parts if is_break),
    )


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
