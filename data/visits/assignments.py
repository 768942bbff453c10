"""Which technician gets a start: the first whom rules and guard allow (slots, R13), or whom staff choose."""

from collections.abc import Callable, Sequence, Set
from datetime import datetime
from typing import TypeVar

import structlog
from peewee import IntegrityError

from data.base.database import savepoint
from data.base.marks import N_
from data.base.refusals import Refusal
from data.crew.technicians import Technician
from data.visits import free_times, guard
from data.visits.rules import ALL_RULES, Rule
from data.visits.search import Wanted

log = structlog.get_logger()

Written = TypeVar('Written')


class SlotTaken(Refusal):
    """Somebody was faster, or the time is no longer free for another reason."""

    words = N_('This time was taken a moment ago. Please choose another.')


class TechnicianNotFree(SlotTaken):
    """By the rules the technician whom staff chose cannot take this start."""

    words = N_('{technician} cannot take this time. Choose another, or give a reason to do it all the same.')


class TechnicianBooked(SlotTaken):
    """The guard said no to the technician whom staff chose, which no reason changes."""

    words = N_('{technician} has another appointment at this time.')


def candidates(
    wanted: Wanted,
    start: datetime,
    chosen: Technician | None,
    override: str | None,
    *,
    moving: int | None = None,
    heeding: Set[Rule] = ALL_RULES,
) -> Sequence[int]:
    """Technicians to try, in order. With an override, those who break a rule come after those who do not.

    Raises TechnicianNotFree.
    """
    if override is not None and chosen is not None:
        return [chosen.id]
    able = free_times.candidates(wanted, start, moving=moving, heeding=heeding)
    if override is not None:
        anybody = free_times.candidates(wanted, start, moving=moving, heeding=frozenset())
        return list(dict.fromkeys([*able, *anybody]))
    if chosen is None:
        return able
    if chosen.id not in able:
        raise TechnicianNotFree(technician=chosen.name)
    return [chosen.id]


def first_free(technician_ids: Sequence[int], chosen: Technician | None, write: Callable[[int], Written]) -> Written:
    """What `write` makes of the first technician; should the guard refuse one, the next is tried.

    Raises SlotTaken; TechnicianBooked where staff chose.
    """
    for technician_id in technician_ids:
        try:
            with savepoint():
                return write(technician_id)
        except IntegrityError as clash:
            if not guard.refused(clash):
                raise
            log.warning('the guard refused a booking', technician=technician_id)
    raise SlotTaken if chosen is None else TechnicianBooked(technician=chosen.name)
