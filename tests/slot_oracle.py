"""The rules of free times a second time, minute by minute: slow, obviously right, and importing nothing from data/.

It reads the same plain values as the engine, rosters with instants in whole seconds since 1970. Each method stands for
one rule and looks at one start, one technician.
"""

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

MINUTE = 60  # seconds
CELL = 5 * MINUTE
LONGEST_DRIVE = 24 * 60  # minutes; no rule of ours says so, the product does: a wrong pin far away closes no month
EVERYBODYS = ('grid', 'least notice', 'greatest notice', 'least days', 'greatest days', 'closed day')
RULES = (*EVERYBODYS, 'skills', 'territory', 'radius', 'hours', 'time off', 'visits', 'driving')

Answer = dict[date, list[datetime]]
Drive = Callable[[Any, Any], int]


class Oracle:
    """One question to the rules: a wanted visit, a crew, a business, a moment, perhaps a booking that moves."""

    def __init__(
        self, wanted: Any, crew: Sequence[Any], business: Any, drive: Drive, now: datetime, moving: int | None = None
    ) -> None:
        self.wanted, self.crew, self.business, self.drive, self.moving = wanted, crew, business, drive, moving
        self.now = now.timestamp()
        self._allowed: dict[tuple[str, int, int], bool] = {}  # what is known already, and below: only to be quicker
        self._works: dict[tuple[int, int], bool] = {}

    # What is asked

    def offered(self, first_day: date, last_day: date, heeding: Collection[str] = RULES) -> Answer:
        """R12: {local date: starts}, in order, for which there is a technician."""
        answer: Answer = {}
        for start in self.starts(first_day, last_day):
            if any(self.may_start(roster, start, heeding) for roster in self.crew):
                answer.setdefault(self.shown(start)[0], []).append(datetime.fromtimestamp(start, UTC))
        return answer

    def candidates(self, start: datetime, heeding: Collection[str] = RULES) -> list[int]:
        """R13: the technicians who may take the start, best first."""
        second = int(start.timestamp())
        able = [roster for roster in self.crew if self.may_start(roster, second, heeding)]
        return [roster.technician_id for roster in sorted(able, key=lambda roster: self.preference(roster, second))]

    def nearby(self, day: date) -> set[datetime]:
        """The starts whose added driving is least that day; none when all are alike."""
        added: dict[int, int] = {}
        for start in self.starts(day, day):
            able = [roster for roster in self.crew if self.may_start(roster, start)]
            if able:
                added[start] = min(self.added_drive(roster, start) for roster in able)
        if not added or min(added.values()) == max(added.values()):
            return set()
        return {datetime.fromtimestamp(s, UTC) for s in added if added[s] == min(added.values())}

    def why_not(self, day: date, start: datetime | None = None) -> list[tuple[str, int | None]]:
        """The first rule that, together with those before it, leaves nothing of the day, or of its one start."""
        starts = self.starts(day, day) if start is None else [int(start.timestamp())]
        for rule in EVERYBODYS:
            starts = [each for each in starts if self.allows(rule, None, each)]
            if not starts:
                return [(rule, None)]
        reasons = [(self.first_no(roster, starts), roster.technician_id) for roster in self.crew]
        if any(rule is None for rule, _ in reasons):
            return []
        return [(str(rule), technician) for rule, technician in reasons] or [('hours', None)]

    def in_the_way(self, rule: str, roster: Any, start: datetime) -> dict[int, int]:
        """The visits without which there were room for the start, and the minutes of the drive from or to each."""
        spans = {'visits': self.visits_alone, 'driving': self.visits_and_drives}[rule](roster)
        return {
            visit.booking_id: self.drive(visit.place, self.wanted.place) if rule == 'driving' else 0
            for visit, span in zip(self.visits(roster), spans, strict=True)
            if self.overlaps(int(start.timestamp()), *span)
        }

    def first_no(self, roster: Any, starts: list[int]) -> str | None:
        for rule in RULES:
            starts = [each for each in starts if self.allows(rule, roster, each)]
            if not starts:
                return rule
        return None

    def starts(self, first_day: date, last_day: date) -> list[int]:
        """R15, R10: every fifth minute that shows one of these dates; the range says nothing about ends."""
        midnights = (datetime.combine(day, time(), UTC) for day in (first_day, last_day))
        begin, end = (int(midnight.timestamp()) for midnight in midnights)
        around = range(begin - 2 * 24 * 3600, end + 3 * 24 * 3600, CELL)
        return [start for start in around if first_day <= self.shown(start)[0] <= last_day]

    # The rules

    def may_start(self, roster: Any, start: int, heeding: Collection[str] = RULES) -> bool:
        return start % CELL == 0 and all(self.allows(rule, roster, start) for rule in RULES if rule in heeding)

    def allows(self, rule: str, roster: Any, start: int) -> bool:
        """`roster` is None where the rule is everybody's."""
        key = rule, 0 if rule in EVERYBODYS else roster.technician_id, start
        if key not in self._allowed:
            self._allowed[key] = self.asks(rule, roster, start)
        return self._allowed[key]

    def asks(self, rule: str, roster: Any, start: int) -> bool:
        if rule == 'grid':
            return self.lies_on_the_grid(start)
        if rule in EVERYBODYS[1:5]:
            return self.keeps_the_notice(rule, start)
        if rule == 'closed day':
            return not self.business.closed_days or not any(self.is_closed(minute) for minute in self.minutes(start))
        if rule in {'skills', 'territory', 'radius'}:
            return self.qualifies(rule, roster)
        if rule == 'hours':
            return all(self.works(roster, minute) for minute in self.minutes(start))
        spans = {'time off': self.time_off, 'visits': self.visits_alone, 'driving': self.visits_and_drives}[rule]
        return not any(self.overlaps(start, *span) for span in spans(roster))

    def lies_on_the_grid(self, start: int) -> bool:
        """R5: by the wall clock, also on days without a midnight; no booking shifts it."""
        return self.shown(start)[1] % int(self.wanted.granularity_minutes) == 0

    def keeps_the_notice(self, rule: str, start: int) -> bool:
        """R9: to the second; dates by the wall clock."""
        wanted, today = self.wanted, datetime.fromtimestamp(self.now, self.business.zone).date()
        days = (self.shown(start)[0] - today).days
        if rule == 'least notice':
            return bool(start >= self.now + wanted.least_notice_minutes * MINUTE)
        if rule == 'greatest notice':
            limit = wanted.greatest_notice_minutes
            return limit is None or bool(start <= self.now + limit * MINUTE)
        if rule == 'least days':
            return bool(days >= wanted.least_days)
        return wanted.greatest_days is None or bool(days <= wanted.greatest_days)

    def is_closed(self, minute: int) -> bool:
        """R4: whatever hours or overrides say."""
        return self.shown(minute)[0] in self.business.closed_days

    def qualifies(self, rule: str, roster: Any) -> bool:
        """R11."""
        if rule == 'skills':
            return all(skill in roster.skills and roster.skills[skill] >= n for skill, n in self.wanted.skills.items())
        if rule == 'territory':
            return self.wanted.territory_id is None or self.wanted.territory_id in roster.territory_ids
        no_limit = roster.radius_km == 0 or self.wanted.place is None or roster.home is None
        return no_limit or bool(haversine_km(roster.home, self.wanted.place) <= roster.radius_km)

    def minutes(self, start: int) -> range:
        """R6: every minute of the visit itself; set-up and clean-up may lie anywhere."""
        return range(start, start + self.wanted.duration_minutes * MINUTE, MINUTE)

    def works(self, roster: Any, minute: int) -> bool:
        """R2: the clock then shows a time inside a window of that date and outside its breaks."""
        key = roster.technician_id, minute
        if key not in self._works:
            day, shown = self.shown(minute)
            windows, breaks = self.hours(roster, day)
            inside = any(start <= shown < end for start, end in windows)
            self._works[key] = inside and not any(start <= shown < end for start, end in breaks)
        return self._works[key]

    def hours(self, roster: Any, day: date) -> Any:
        """R3: the windows and breaks of a local date."""
        if day in roster.overrides:
            return roster.overrides[day]
        return roster.week.get(day.weekday(), ((), ()))

    def shown(self, second: int) -> tuple[date, int]:
        """R2: the date, and 60 × hour + minute, that the business's clock shows."""
        return wall_clock(self.business.zone, second // MINUTE)

    def overlaps(self, start: int, blocked_from: int, blocked_until: int) -> bool:
        """R1, R7: half-open spans; an empty one overlaps nothing."""
        occupied_from = start - self.wanted.set_up_minutes * MINUTE
        occupied_until = start + (self.wanted.duration_minutes + self.wanted.clean_up_minutes) * MINUTE
        return blocked_from < blocked_until and blocked_from < occupied_until and occupied_from < blocked_until

    def time_off(self, roster: Any) -> Iterator[tuple[int, int]]:
        """R7: its own span."""
        yield from roster.time_off

    def visits_alone(self, roster: Any) -> Iterator[tuple[int, int]]:
        """R7: what visits block with their own set-up and clean-up."""
        for visit in self.visits(roster):
            start, end = self.busy_span(visit)
            yield start - visit.set_up_minutes * MINUTE, end + visit.clean_up_minutes * MINUTE

    def visits_and_drives(self, roster: Any) -> Iterator[tuple[int, int]]:
        """R8: the drive more on both sides; home base is in none of them."""
        for visit, (start, end) in zip(self.visits(roster), self.visits_alone(roster), strict=True):
            drive = self.drive(visit.place, self.wanted.place) * MINUTE
            yield start - drive, end + drive

    def visits(self, roster: Any) -> list[Any]:
        """R14: without the one that moves."""
        return [visit for visit in roster.visits if visit.booking_id != self.moving]

    def busy_span(self, visit: Any) -> tuple[int, int]:
        """R16: from the earlier of stamp and start until the later of end and now, rounded up."""
        if visit.under_way_since is None:
            return visit.starts_at, visit.blocks_until
        rounded_now = CELL * math.ceil(self.now / CELL)
        return min(visit.starts_at, visit.under_way_since), max(visit.blocks_until, rounded_now)

    def preference(self, roster: Any, start: int) -> tuple[int, bool, int, int]:
        """R13: least added driving; who has it; fewer visits that date; the lower id."""
        has_it = self.moving is not None and any(visit.booking_id == self.moving for visit in roster.visits)
        return self.added_drive(roster, start), not has_it, len(self.that_date(roster, start)), roster.technician_id

    def added_drive(self, roster: Any, start: int) -> int:
        """R13: t(prev, new) + t(new, next) - t(prev, next); a visit of that very second (forced) lies before it."""
        that_date = self.that_date(roster, start)
        ends: list[list[Any]] = [[], []]  # the place before and the one after, or nothing
        if roster.home is not None:
            ends = [[roster.home], [roster.home]]
        for visit in that_date:
            if visit.starts_at <= start:
                ends[0] = [visit.place]
        for visit in reversed(that_date):
            if visit.starts_at > start:
                ends[1] = [visit.place]
        there = sum(self.drive(place, self.wanted.place) for place in ends[0])
        onward = sum(self.drive(self.wanted.place, place) for place in ends[1])
        return there + onward - sum(self.drive(before, after) for before in ends[0] for after in ends[1])

    def that_date(self, roster: Any, start: int) -> list[Any]:
        """The visits that begin on the local date of the start, in time order."""
        found = [each for each in self.visits(roster) if self.shown(each.starts_at)[0] == self.shown(start)[0]]
        return sorted(found, key=lambda visit: visit.starts_at)


@lru_cache(maxsize=200_000)
def wall_clock(zone: ZoneInfo, minute: int) -> tuple[date, int]:
    shown = datetime.fromtimestamp(minute * MINUTE, zone)
    return shown.date(), 60 * shown.hour + shown.minute


def haversine_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The great circle in its textbook form."""
    lat_1, lon_1, lat_2, lon_2 = map(math.radians, (*one, *other))
    chord = math.sin((lat_2 - lat_1) / 2) ** 2 + math.cos(lat_1) * math.cos(lat_2) * math.sin((lon_2 - lon_1) / 2) ** 2
    return 2 * 6371.0088 * math.asin(min(1.0, math.sqrt(chord)))


def drive_minutes(start: tuple[float, float] | None, end: tuple[float, float] | None) -> int:
    """R8 without a routing service; None is a place nobody knows."""
    if start is None or end is None:
        return 20
    return min(LONGEST_DRIVE, math.ceil(haversine_km(start, end) * 1.3 / 40 * 60))


def no_drive(start: object, end: object) -> int:
    """A business whose distances do not matter."""
    return 0
