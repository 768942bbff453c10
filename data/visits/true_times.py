"""When a step of a visit truly happened: told now or a little later, in order, never ahead."""

from datetime import datetime, timedelta

from data.access import rights
from data.access.rights import Right
from data.base import clock
from data.base.actor import Actor
from data.base.cells import CELL_MINUTES
from data.base.marks import N_
from data.base.refusals import Refusal
from data.visits.booking_table import Booking

TOLD_WITHIN = timedelta(hours=24)
CELL = timedelta(minutes=CELL_MINUTES)


class NotYet(Refusal):
    """What has happened lies behind us."""

    words = N_('This time has not come yet.')


class BeforeLastStep(Refusal):
    """Steps follow each other."""

    words = N_('The step before was at {last}. This one cannot be earlier.')


class BeforeBooking(BeforeLastStep):
    """Nobody drives to an appointment that is not made yet."""

    words = N_('This appointment was made at {last}. No step can be earlier.')


class TooLongAgo(Refusal):
    """Who tells it days later does not know it any more."""

    words = N_('Please enter a time after {earliest}.')


def checked(booking: Booking, at: datetime | None, *, by: Actor) -> datetime:
    """`at` to the second, None: now, as the time of the booking's next step.

    Staff may settle an old booking: for them the 24 hours end at the promised start where that is past. A booking that
    was entered after its start takes stamps from before it was made.
    Raises NotYet, BeforeLastStep, TooLongAgo.
    """
    now, last = clock.now(), _last(booking)
    if at is None:
        return now if last is None else max(now, last)
    at = at.replace(microsecond=0)
    if at > now:
        raise NotYet
    if last is not None and at < last:
        raise BeforeLastStep(last=last)
    if at < booking.made_at <= booking.starts_at:
        raise BeforeBooking(last=booking.made_at)
    earliest = min(now, booking.starts_at) if rights.may(by, Right.ARRANGE) else now
    if at < earliest - TOLD_WITHIN:
        raise TooLongAgo(earliest=earliest - TOLD_WITHIN)
    return at


def blocks_until(booking: Booking, completed_at: datetime) -> datetime:
    """Until when it keeps its technician: the next whole cell, at least one from the start, at most the end."""
    over = int(completed_at.timestamp()) % CELL.seconds
    next_cell = completed_at + (CELL - timedelta(seconds=over) if over else timedelta())
    until: datetime = min(max(next_cell, booking.starts_at + CELL), booking.ends_at)
    return until


def _last(booking: Booking) -> datetime | None:
    """When it got where it is; after an undo only its stamps know. One of tomorrow is of a clock that was wrong."""
    latest = clock.now() + TOLD_WITHIN
    stamps = (booking.left_at, booking.travel_started_at, booking.work_started_at)
    return max((stamp for stamp in stamps if stamp is not None and stamp <= latest), default=None)
