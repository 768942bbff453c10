"""What decides about one technician, as plain values, and the masks that are made of them once and kept.

Instants in here are whole seconds since 1970: a hundred thousand of them are read, sorted and compared.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from data.visits.rules import Rule
from data.visits.travel import LONGEST_DRIVE_MINUTES, Place
from data.visits.working_time import DAY_MINUTES, DayHours, Horizon, Window, busy_mask, working_mask

ROUND_THE_CLOCK = dict.fromkeys(range(7), DayHours((Window(0, DAY_MINUTES),)))
KEPT_MASKS = 256  # of one technician: some for each pair of set-up and clean-up minutes that the services have


class Span(NamedTuple):
    """[start, end) in seconds since 1970."""

    start: int
    end: int


class Visit(NamedTuple):
    """A booking of a technician that is not canceled, with the minutes frozen when it was made."""

    booking_id: int
    starts_at: int  # seconds since 1970, as all three
    blocks_until: int
    set_up_minutes: int = 0
    clean_up_minutes: int = 0
    place: Place | None = None
    under_way_since: int | None = None  # the first stamp while Traveling, In progress or On break, else None


@dataclass(frozen=True, kw_only=True)
class Roster:
    """Hours, time off, visits, and what a technician may be sent to. It is never changed: its masks are kept."""

    technician_id: int
    week: Mapping[int, DayHours]  # weekday, 0: Monday; a day that is not named is off
    overrides: Mapping[date, DayHours] = field(default_factory=dict)
    time_off: Sequence[Span] = ()
    visits: Sequence[Visit] = ()  # at least those that touch the asked days and their neighbours, in any order
    skills: Mapping[int, int] = field(default_factory=dict)  # skill id: level held
    territory_ids: Set[int] = frozenset()
    home: Place | None = None
    radius_km: float = 0  # around home; 0: no limit

    def has(self, booking_id: int | None) -> bool:
        return booking_id in self._booking_ids

    def visits_within(self, start: int, end: int) -> list[Visit]:
        """Those that begin in [start, end), in time order."""
        return self._by_start[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def visits_near(self, start: int, end: int) -> list[Visit]:
        """At least those that, with their minutes and the longest drive on both sides, touch [start, end)."""
        return self.visits_within(start - self._reach_seconds, end + self._reach_seconds)

    @cached_property
    def under_way(self) -> list[Visit]:
        return [visit for visit in self.visits if visit.under_way_since is not None]

    def free_mask(
        self, over: Horizon, closed_days: Set[date], around: tuple[int, int], heeding: Set[Rule], *, keep: bool
    ) -> int:
        """The working cells in which neither visit nor time off stands against a visit that needs so many minutes
        `around` itself, before and after. Driving and work that is not done (R16) come on top.
        """
        if not keep:
            return self._working_mask(over, closed_days, heeding) & ~self._busy_mask(over, around, heeding)
        key = (over, closed_days, around, heeding)
        mask = self._kept.get(key)
        if mask is None:
            if len(self._kept) >= KEPT_MASKS:
                self._kept.clear()
            mask = self._kept[key] = self.free_mask(over, closed_days, around, heeding, keep=False)
        return mask

    def _working_mask(self, over: Horizon, closed_days: Set[date], heeding: Set[Rule]) -> int:
        closed = closed_days if Rule.CLOSED_DAY in heeding else frozenset()
        if Rule.HOURS in heeding:
            return working_mask(self.week, self.overrides, closed, over)
        return working_mask(ROUND_THE_CLOCK, {}, closed, over)

    def _busy_mask(self, over: Horizon, around: tuple[int, int], heeding: Set[Rule]) -> int:
        before, after = 60 * around[0], 60 * around[1]
        spans: list[tuple[int, int]] = []
        if Rule.VISITS in heeding:
            spans += blocked_spans(self.visits_near(over.start, over.end))
        if Rule.TIME_OFF in heeding:
            spans += [span for span in self.time_off if span.start < span.end]
        # What the wanted visit needs around itself is added to what is in its way, and only then rounded, once.
        return busy_mask([(start - after, end + before) for start, end in spans], over)

    @cached_property
    def _by_start(self) -> list[Visit]:
        return sorted(self.visits, key=lambda visit: visit.starts_at)

    @cached_property
    def _starts(self) -> list[int]:
        return [visit.starts_at for visit in self._by_start]

    @cached_property
    def _booking_ids(self) -> frozenset[int]:
        return frozenset(visit.booking_id for visit in self.visits)

    @cached_property
    def _reach_seconds(self) -> int:
        """How far from its start a visit may matter."""
        lengths = (60 * (v.set_up_minutes + v.clean_up_minutes) + v.blocks_until - v.starts_at for v in self.visits)
        return max(lengths, default=0) + 60 * LONGEST_DRIVE_MINUTES

    @cached_property
    def _kept(self) -> dict[object, int]:
        return {}


def blocked_spans(visits: Iterable[Visit]) -> Iterator[tuple[int, int]]:
    """What each visit blocks with its own set-up and clean-up, in seconds since 1970."""
    for _, start, end, before, after, *_ in visits:
        yield start - 60 * before, end + 60 * after
