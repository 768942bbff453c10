"""Which start times can be offered for a visit, and which technician gets it: plain values in, plain values out.

Working time is R2 to R5 and stands in `working_time`; here are R1 and R6 to R16. Offering, booking and moving ask one
function, `_starts`. Plainly not here: the place of a site without coordinates (R8: the caller asks its postcode and
territory, or passes None and `Business.drive` has an answer to that), and the reason why a time is refused.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import NamedTuple
from zoneinfo import ZoneInfo

from data.visits.travel import Drive, Place, distance_km, no_driving
from data.visits.working_time import (
    CELL_MINUTES,
    CELL_SECONDS,
    DAY_MINUTES,
    DayHours,
    Horizon,
    busy_mask,
    cell_after,
    cell_of,
    grid_mask,
    horizon,
    instant_of,
    runs_of,
    working_mask,
)


class Span(NamedTuple):
    """[start, end) between two aware UTC instants."""

    start: datetime
    end: datetime


class Visit(NamedTuple):
    """A booking of a technician that is not canceled, with the minutes frozen when it was made."""

    booking_id: int
    starts_at: datetime
    blocks_until: datetime
    set_up_minutes: int = 0
    clean_up_minutes: int = 0
    place: Place | None = None
    under_way_since: datetime | None = None  # the first stamp while Traveling, In progress or On break, else None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The visit that is asked for: what service type and site ask, or what a booking that moves has frozen."""

    duration_minutes: int
    set_up_minutes: int = 0
    clean_up_minutes: int = 0
    granularity_minutes: int = 30
    least_notice_minutes: int = 0
    greatest_notice_minutes: int | None = None  # None: no limit, also for days
    least_days: int = 0
    greatest_days: int | None = None
    place: Place | None = None  # None: unknown
    territory_id: int | None = None  # None: anybody's
    skills: Mapping[int, int] = field(default_factory=dict)  # skill id: least level

    def __post_init__(self) -> None:
        for minutes in (self.duration_minutes, self.granularity_minutes):
            if minutes <= 0 or minutes % CELL_MINUTES:
                raise ValueError(f'duration and granularity are multiples of {CELL_MINUTES} minutes, not {minutes}')


@dataclass(frozen=True, kw_only=True)
class Roster:
    """What decides about one technician: hours, time off, visits, and what they may be sent to."""

    technician_id: int
    week: Mapping[int, DayHours]  # weekday, 0: Monday; a day that is not named is off
    overrides: Mapping[date, DayHours] = field(default_factory=dict)
    time_off: Sequence[Span] = ()
    visits: Sequence[Visit] = ()  # at least those that touch the asked days and their neighbours
    skills: Mapping[int, int] = field(default_factory=dict)  # skill id: level held
    territory_ids: Set[int] = frozenset()
    home: Place | None = None
    radius_km: float = 0  # around home; 0: no limit


@dataclass(frozen=True, kw_only=True)
class Business:
    """What holds for every technician: the one clock, the dates closed for all, and how long drives take."""

    zone: ZoneInfo
    closed_days: Set[date] = frozenset()
    drive: Drive = no_driving


def offered(
    wanted: Wanted,
    crew: Collection[Roster],
    business: Business,
    *,
    first_day: date,
    last_day: date,
    now: datetime,
    moving: int | None = None,
) -> dict[date, list[datetime]]:
    """The starts on these local dates, both included, that somebody can take, in time order; empty dates are left out.

    `moving` is the booking that asks for a new time: it does not stand in its own way (R14).
    """
    over, masks = _starts(wanted, _without(moving, crew), business, first_day=first_day, last_day=last_day, now=now)
    starts: dict[date, list[datetime]] = {}
    for day, bits, lowest in over.by_date(_union(masks)):
        starts.setdefault(day, []).extend(_instants(bits, over.first_cell + lowest))
    return starts


def open_days(
    wanted: Wanted,
    crew: Collection[Roster],
    business: Business,
    *,
    first_day: date,
    last_day: date,
    now: datetime,
    moving: int | None = None,
) -> set[date]:
    """Those of these local dates on which `offered` has a start."""
    over, masks = _starts(wanted, _without(moving, crew), business, first_day=first_day, last_day=last_day, now=now)
    return {day for day, _, _ in over.by_date(_union(masks))}


def candidates(
    wanted: Wanted,
    crew: Collection[Roster],
    business: Business,
    start: datetime,
    *,
    now: datetime,
    moving: int | None = None,
) -> list[int]:
    """The ids of the technicians who can take this start, in the order of R13: who should get it comes first."""
    day = start.astimezone(business.zone).date()
    over, masks = _starts(wanted, _without(moving, crew), business, first_day=day, last_day=day, now=now)
    bit = cell_of(start) - over.first_cell
    if start != instant_of(cell_of(start)):
        return []
    able = [roster for roster, mask in masks if mask >> bit & 1]
    has_it = {roster.technician_id for roster in crew if _has(moving, roster)}

    def preference(roster: Roster) -> tuple[int, bool, int, int]:
        that_date = _visits_on(day, roster, business)
        added_drive = _added_drive(wanted, start, roster, that_date, business.drive)
        return added_drive, roster.technician_id not in has_it, len(that_date), roster.technician_id

    return [roster.technician_id for roster in sorted(able, key=preference)]


def is_offered(
    wanted: Wanted,
    crew: Collection[Roster],
    business: Business,
    start: datetime,
    *,
    now: datetime,
    moving: int | None = None,
) -> bool:
    """Whether `offered` has this start: asked again when it is booked, by whoever holds the write lock."""
    return bool(candidates(wanted, crew, business, start, now=now, moving=moving))


def qualifies(wanted: Wanted, roster: Roster) -> bool:
    """R11: every skill at its level or above, the territory, and not farther from home than the technician goes."""
    if any(skill not in roster.skills or roster.skills[skill] < level for skill, level in wanted.skills.items()):
        return False
    if wanted.territory_id is not None and wanted.territory_id not in roster.territory_ids:
        return False
    if not roster.radius_km or wanted.place is None or roster.home is None:
        return True
    return distance_km(roster.home, wanted.place) <= roster.radius_km


def _starts(
    wanted: Wanted, crew: Collection[Roster], business: Business, *, first_day: date, last_day: date, now: datetime
) -> tuple[Horizon, list[tuple[Roster, int]]]:
    """For each technician who qualifies, the cells of these local dates in which the visit may start."""
    today = now.astimezone(business.zone).date()
    first_day = max(first_day, today + timedelta(wanted.least_days))
    if wanted.greatest_days is not None:
        last_day = min(last_day, today + timedelta(wanted.greatest_days))
    if first_day > last_day:
        return horizon(business.zone, first_day, first_day), []
    # The range limits starts only (R10): a visit that begins on the last day may end on a later one.
    over = horizon(business.zone, first_day, last_day + timedelta(-(-wanted.duration_minutes // DAY_MINUTES)))
    asked = grid_mask(wanted.granularity_minutes, first_day, last_day, over) & _notice_mask(wanted, now, over)
    length = wanted.duration_minutes // CELL_MINUTES
    return over, [
        (roster, asked & runs_of(length, _free_mask(wanted, roster, business, over, now)))
        for roster in crew
        if qualifies(wanted, roster)
    ]


def _notice_mask(wanted: Wanted, now: datetime, over: Horizon) -> int:
    """R9: the cells that begin neither too soon nor too late after now, which may lie within a cell."""
    earliest = cell_after(now + timedelta(minutes=wanted.least_notice_minutes)) - over.first_cell
    mask = -1 << max(0, earliest)
    if wanted.greatest_notice_minutes is not None:
        latest = cell_of(now + timedelta(minutes=wanted.greatest_notice_minutes)) - over.first_cell
        mask &= (1 << max(0, latest + 1)) - 1
    return mask


def _free_mask(wanted: Wanted, roster: Roster, business: Business, over: Horizon, now: datetime) -> int:
    """The working cells in which nothing stands against the wanted visit: R6, R7, R8."""
    working = working_mask(roster.week, roster.overrides, business.closed_days, over)
    before, after = 60 * wanted.set_up_minutes, 60 * wanted.clean_up_minutes
    # What the wanted visit needs around itself is added to what is in its way, and only then rounded to cells, once.
    blocked = _blocked(wanted, roster, business, now)
    return working & ~busy_mask([(start - after, end + before) for start, end in blocked], over)


def _blocked(wanted: Wanted, roster: Roster, business: Business, now: datetime) -> Iterator[tuple[float, float]]:
    """What each visit, with the drive on both sides, and each time off keeps busy, in seconds since 1970."""
    for visit in roster.visits:
        start, end = visit.starts_at.timestamp(), visit.blocks_until.timestamp()
        if visit.under_way_since is not None:  # R16: work that is not done keeps its technician
            start = min(start, visit.under_way_since.timestamp())
            end = max(end, cell_after(now) * CELL_SECONDS)
        drive = business.drive(visit.place, wanted.place)
        yield start - 60 * (visit.set_up_minutes + drive), end + 60 * (visit.clean_up_minutes + drive)
    for span in roster.time_off:
        if span.start < span.end:
            yield span.start.timestamp(), span.end.timestamp()


def _without(moving: int | None, crew: Collection[Roster]) -> list[Roster]:
    return [
        replace(roster, visits=[visit for visit in roster.visits if visit.booking_id != moving])
        if _has(moving, roster)
        else roster
        for roster in crew
    ]


def _has(booking_id: int | None, roster: Roster) -> bool:
    return any(visit.booking_id == booking_id for visit in roster.visits)


def _visits_on(day: date, roster: Roster, business: Business) -> list[Visit]:
    """The visits that begin on this local date, in time order."""
    return sorted(
        (visit for visit in roster.visits if visit.starts_at.astimezone(business.zone).date() == day),
        key=lambda visit: visit.starts_at,
    )


def _added_drive(wanted: Wanted, start: datetime, roster: Roster, that_date: list[Visit], drive: Drive) -> int:
    """The minutes of driving more between the visits beside it on that date; else home; else nothing at that end."""
    home = [] if roster.home is None else [roster.home]
    before = [visit.place for visit in that_date if visit.starts_at < start][-1:] or home
    after = [visit.place for visit in that_date if visit.starts_at > start][:1] or home
    there = sum(drive(place, wanted.place) for place in before)
    onward = sum(drive(wanted.place, place) for place in after)
    return there + onward - sum(drive(left, right) for left in before for right in after)


def _union(masks: list[tuple[Roster, int]]) -> int:
    return reduce(or_, (mask for _, mask in masks), 0)


def _instants(bits: int, lowest_cell: int) -> Iterator[datetime]:
    while bits:
        yield instant_of(lowest_cell + (bits & -bits).bit_length() - 1)
        bits &= bits - 1
