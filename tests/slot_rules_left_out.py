"""The oracle with one rule left out or misread: where its answer changes, that rule decides."""

import math
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

from slot_oracle import CELL, MINUTE, RULES, Answer, Oracle


class ClosedSpans(Oracle):
    """Without R1: what touches overlaps."""

    def overlaps(self, start: int, blocked_from: int, blocked_until: int) -> bool:
        return super().overlaps(start, blocked_from, blocked_until + 1) or super().overlaps(
            start, blocked_from - 1, blocked_until
        )


class OneOffset(Oracle):
    """Without R2: the clock never changes after now."""

    def shown(self, second: int) -> tuple[date, int]:
        day, minute = super().shown(int(self.now))
        midnight = int(self.now) // MINUTE - minute
        days, minute = divmod(second // MINUTE - midnight, 24 * 60)
        return day + timedelta(days), minute


class NoOverrides(Oracle):
    """Without R3."""

    def hours(self, roster: Any, day: date) -> Any:
        return roster.week.get(day.weekday(), ((), ()))


class NeverClosed(Oracle):
    """Without R4."""

    def is_closed(self, minute: int) -> bool:
        return False


class NoGrid(Oracle):
    """Without R5: every five minutes."""

    def lies_on_the_grid(self, start: int) -> bool:
        return True


class OnlyFirstMinute(Oracle):
    """Without R6."""

    def minutes(self, start: int) -> range:
        return super().minutes(start)[:1]


class NothingInTheWay(Oracle):
    """Without R7."""

    def overlaps(self, start: int, blocked_from: int, blocked_until: int) -> bool:
        return False


class NoDriving(Oracle):
    """Without R8."""

    def visits_and_drives(self, roster: Any) -> Iterator[tuple[int, int]]:
        return self.visits_alone(roster)


class NoNotice(Oracle):
    """Without R9."""

    def keeps_the_notice(self, rule: str, start: int) -> bool:
        return True


class EndsInRange(Oracle):
    """Without R10: a visit must also end in the range."""

    def offered(self, first_day: date, last_day: date, heeding: Collection[str] = RULES) -> Answer:
        length = timedelta(minutes=self.wanted.duration_minutes - 1)
        answer = super().offered(first_day, last_day, heeding)
        within = {
            day: [start for start in starts if (start + length).astimezone(self.business.zone).date() <= last_day]
            for day, starts in answer.items()
        }
        return {day: starts for day, starts in within.items() if starts}


class EverybodyFits(Oracle):
    """Without R11."""

    def qualifies(self, rule: str, roster: Any) -> bool:
        return True


class OnlyTheFirst(Oracle):
    """Without R12."""

    def __init__(self, wanted: Any, crew: Any, *rest: Any, **more: Any) -> None:
        super().__init__(wanted, crew[:1], *rest, **more)


class LowestId(Oracle):
    """Without R13."""

    def preference(self, roster: Any, start: int) -> tuple[int, bool, int, int]:
        return 0, False, 0, roster.technician_id


class InItsOwnWay(Oracle):
    """Without R14."""

    def visits(self, roster: Any) -> list[Any]:
        return list(roster.visits)


class WholeCells(Oracle):
    """Without R15: buffers and drives are multiples of five minutes as well."""

    def overlaps(self, start: int, blocked_from: int, blocked_until: int) -> bool:
        return super().overlaps(start, blocked_from // CELL * CELL, math.ceil(blocked_until / CELL) * CELL)


class NothingUnderWay(Oracle):
    """Without R16."""

    def busy_span(self, visit: Any) -> tuple[int, int]:
        return visit.starts_at, visit.blocks_until


LEFT_OUT: dict[str, type[Oracle]] = {
    'R1': ClosedSpans,
    'R2': OneOffset,
    'R3': NoOverrides,
    'R4': NeverClosed,
    'R5': NoGrid,
    'R6': OnlyFirstMinute,
    'R7': NothingInTheWay,
    'R8': NoDriving,
    'R9': NoNotice,
    'R10': EndsInRange,
    'R11': EverybodyFits,
    'R12': OnlyTheFirst,
    'R13': LowestId,
    'R14': InItsOwnWay,
    'R15': WholeCells,
    'R16': NothingUnderWay,
}
