"""The one function behind every question about free times: when can this technician start this visit?

Working time (R2 to R5) stands in `working_time`, what one technician's visits block (R7) in `rosters`; here they come
together with R1, R6, R8 to R11 and R16.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache, reduce
from operator import or_
from zoneinfo import ZoneInfo

from data.base.cells import CELL_MINUTES
from data.visits.rosters import Roster, Visit
from data.visits.rules import ALL_RULES, Rule
from data.visits.travel import Drive, Place, distance_km, no_driving
from data.visits.working_time import (
    CELL_SECONDS,
    DAY_CELLS,
    DAY_MINUTES,
    Horizon,
    busy_mask,
    cell_after,
    cell_of,
    dates_mask,
    grid_mask,
    horizon,
    instant_of,
    runs_of,
)

FEW_STARTS = 8  # so few are asked one by one: cheaper than to widen every visit by its drive


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
class Business:
    """What holds for every technician: the one clock, the dates closed for all, and how long drives take.

    `kept_days` are the local dates for which rosters keep their masks, if all that is asked lies among them.
    """

    zone: ZoneInfo
    closed_days: Set[date] = frozenset()
    drive: Drive = no_driving
    kept_days: tuple[date, date] | None = None


@dataclass(frozen=True)
class Search:
    """One question: which cells of some local dates, both included, a visit may start in."""

    wanted: Wanted
    business: Business
    _: KW_ONLY
    first_day: date
    last_day: date
    now: datetime
    heeding: Set[Rule] = ALL_RULES

    @classmethod
    def at(cls, wanted: Wanted, business: Business, start: datetime, *, now: datetime, heeding: Set[Rule]) -> 'Search':
        """The question for one start."""
        day = start.astimezone(business.zone).date()
        return cls(wanted, business, first_day=day, last_day=day, now=now, heeding=heeding)

    def starts_of(self, roster: Roster, asked: int) -> int:
        """Those of the `asked` cells in which this technician can start. The one function."""
        if not asked or not qualifies(self.wanted, roster, self.heeding):
            return 0
        free = roster.free_mask(self.over, self.business.closed_days, self._around, self.heeding, keep=self._keeps)
        starts = asked & runs_of(self.wanted.duration_minutes // CELL_MINUTES, free)
        if starts and roster.under_way and Rule.VISITS in self.heeding:
            starts &= ~self._blocked_mask(self._unfinished(roster))
        if starts and self._drive is not no_driving:
            starts &= ~self._too_far_mask(roster, starts)
        return starts

    def anybodys(self, crew: Collection[Roster]) -> int:
        """R12: the cells in which somebody can start."""
        found = 0
        for roster in crew:
            found |= self.starts_of(roster, self.asked & ~found)
        return found

    @cached_property
    def over(self) -> Horizon:
        """Whole months where masks are kept, else no more than what is asked."""
        if self._keeps and self.business.kept_days:
            return horizon(self.business.zone, *self.business.kept_days)
        return horizon(self.business.zone, self.first_day, self._last_end)

    @cached_property
    def asked(self) -> int:
        """The cells that a start may lie in, whoever comes: R5, R9, R10."""
        today, wanted = self.now.astimezone(self.business.zone).date(), self.wanted
        first_day, last_day = self.first_day, self.last_day
        if Rule.LEAST_DAYS in self.heeding:
            first_day = max(first_day, today + timedelta(wanted.least_days))
        if Rule.GREATEST_DAYS in self.heeding and wanted.greatest_days is not None:
            last_day = min(last_day, today + timedelta(wanted.greatest_days))
        cells = dates_mask(first_day, last_day, self.over)
        if Rule.GRID in self.heeding:
            cells &= grid_mask(wanted.granularity_minutes, self.over)
        if Rule.LEAST_NOTICE in self.heeding:
            earliest = cell_after(self.now + timedelta(minutes=wanted.least_notice_minutes))
            cells &= -1 << self.over.nearest_bit(earliest)
        if Rule.GREATEST_NOTICE in self.heeding and wanted.greatest_notice_minutes is not None:
            latest = cell_of(self.now + timedelta(minutes=wanted.greatest_notice_minutes))
            cells &= (1 << self.over.nearest_bit(latest + 1)) - 1
        return cells

    def bit_of(self, start: datetime) -> int:
        """The asked cell that begins then, as a mask; 0 where a start is not asked then."""
        number = cell_of(start) - self.over.first_cell
        return self.asked & 1 << number if number >= 0 and start == instant_of(cell_of(start)) else 0

    def in_the_way(self, roster: Roster, start: datetime) -> Visit | None:
        """The first visit that leaves no room, or no time to drive, for one that starts then."""
        bit = self.bit_of(start)
        near = [visit for visit in self._near(roster, bit) if visit.under_way_since is None]
        return next((visit for visit in (*self._unfinished(roster), *near) if self._blocked_mask([visit]) & bit), None)

    def by_date(self, cells: int) -> dict[date, list[datetime]]:
        """The starts in these cells by local date, in time order; empty dates are left out."""
        step = self.wanted.granularity_minutes // CELL_MINUTES if Rule.GRID in self.heeding else 1
        starts: dict[date, list[datetime]] = {}
        for day, bits, lowest in self.over.by_date(cells):
            instants = _instants(self.over.first_cell + lowest, step)
            free = [start for start, bit in zip(instants, f'{bits:b}'[::-1][::step], strict=False) if bit == '1']
            starts[day] = starts[day] + free if day in starts else free
        return starts

    @cached_property
    def _last_end(self) -> date:
        """The range limits starts only (R10): a visit that begins on the last day may end on a later one."""
        return max(self.first_day, self.last_day) + timedelta(-(-self.wanted.duration_minutes // DAY_MINUTES))

    @cached_property
    def _keeps(self) -> bool:
        kept = self.business.kept_days
        return kept is not None and kept[0] <= self.first_day and self._last_end <= kept[1]

    @property
    def _around(self) -> tuple[int, int]:
        return self.wanted.set_up_minutes, self.wanted.clean_up_minutes

    @cached_property
    def _drive(self) -> Drive:
        drive, place = self.business.drive, self.wanted.place
        takes_none = place is None and not drive(None, place)  # to a place that nobody knows, all drives are alike
        return no_driving if takes_none or Rule.DRIVING not in self.heeding else drive

    def _unfinished(self, roster: Roster) -> Iterator[Visit]:
        """R16: work that is not done keeps its technician from when it truly began, at least until now."""
        now = cell_after(self.now) * CELL_SECONDS
        for visit in roster.under_way:
            start, end = min(visit.starts_at, visit.under_way_since or now), max(visit.blocks_until, now)
            yield visit._replace(starts_at=start, blocks_until=end)

    def _too_far_mask(self, roster: Roster, starts: int) -> int:
        """R8: among others those `starts` from or to which there is no time to drive."""
        if starts.bit_count() > FEW_STARTS:
            return self._blocked_mask(self._near(roster, starts))
        return reduce(or_, (self._blocked_mask(self._near(roster, start)) for start in _bits(starts)))

    def _near(self, roster: Roster, starts: int) -> list[Visit]:
        first = self.over.first_cell + (starts & -starts).bit_length() - 1
        last = self.over.first_cell + starts.bit_length() - 1
        before, after = self._around
        end = last * CELL_SECONDS + 60 * (self.wanted.duration_minutes + after)
        return roster.visits_near(first * CELL_SECONDS - 60 * before, end)

    def _blocked_mask(self, visits: Iterable[Visit]) -> int:
        """The cells in which the wanted visit cannot start because of these, with the drive between them: R7, R8."""
        drive, place = self._drive, self.wanted.place
        before, after = (60 * minutes for minutes in self._around)
        length = 60 * self.wanted.duration_minutes - CELL_SECONDS  # it may not start so long before a busy cell
        spans = [
            (start - 60 * (set_up + minutes) - after - length, end + 60 * (clean_up + minutes) + before)
            for _, start, end, set_up, clean_up, there, _ in visits
            for minutes in (drive(there, place),)
        ]
        return busy_mask(spans, self.over)


def qualifies(wanted: Wanted, roster: Roster, heeding: Set[Rule] = ALL_RULES) -> bool:
    """R11: every skill at its level or above, the territory, and not farther from home than the technician goes."""
    if Rule.SKILLS in heeding and any(roster.skills.get(skill, -1) < level for skill, level in wanted.skills.items()):
        return False
    if Rule.TERRITORY in heeding and wanted.territory_id not in {None, *roster.territory_ids}:
        return False
    if Rule.RADIUS not in heeding or not roster.radius_km or wanted.place is None or roster.home is None:
        return True
    return distance_km(roster.home, wanted.place) <= roster.radius_km


def _bits(mask: int) -> Iterator[int]:
    while mask:
        yield mask & -mask
        mask &= mask - 1


@lru_cache(maxsize=4096)
def _instants(first_cell: int, step: int) -> tuple[datetime, ...]:
    """Every so many cells of a day."""
    return tuple(instant_of(first_cell + cell) for cell in range(0, DAY_CELLS, step))
