"""What staff put right afterwards: a booking that nobody said anything about, and a last step that was a mistake."""

from dataclasses import replace
from datetime import datetime, timedelta

from peewee import IntegrityError

from data.access.rights import Right
from data.base import clock
from data.base.actor import Actor
from data.base.changes import record
from data.base.database import transaction
from data.base.marks import N_
from data.base.refusals import Refusal
from data.visits import free_times, guard, one_at_a_time, statuses, true_times
from data.visits.booking_steps import WorkCompleted, WorkStarted
from data.visits.booking_table import Booking, BookingChanged, facts, find_again, require_as_seen, who
from data.visits.rules import Rule
from data.visits.states import OVER, State
from data.visits.statuses import Status

UNDO_WITHIN = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
OF_OTHERS = {Rule.TIME_OFF, Rule.VISITS, Rule.DRIVING}  # what may have come into its time meanwhile
STAMPS = ('travel_started_at', 'work_started_at')
KEPT = {State.SCHEDULED: (), State.TRAVELING: STAMPS[:1]}  # the stamps of a state; of all others both


class BookingUndone(BookingChanged):
    """Its last step is taken back."""


class CompletionUndone(BookingUndone):
    """It goes on."""


class CancelUndone(BookingUndone):
    """It takes place after all: whoever was told of the cancel must be told this."""


class NotOverYet(Refusal):
    """Only what should be over can be settled."""

    words = N_('Only an appointment that is still scheduled after its end can be settled.')


class NothingToUndo(Refusal):
    """Only the step into Completed or Canceled is undone; others are taken back by a step."""

    words = N_('Only an appointment that was completed or canceled can be taken back.')


class TooLateToUndo(Refusal):
    """By then others count on it."""

    words = N_('This can only be taken back within {minutes} minutes.')


class TimeGone(Refusal):
    """Somebody else has the time by now, or nobody could come."""

    words = N_('The time of this appointment is no longer free. Please book a new one.')


def settle(booking: Booking, *, work_started_at: datetime, completed_at: datetime, by: Actor) -> Booking:
    """Completes one that is Scheduled though its end has passed: both steps at once, at their true times.

    Its technician may meanwhile be at work elsewhere. An undo goes back to Scheduled.
    Raises NotFound, BookingHasChanged, NotOverYet, NotYet, BeforeLastStep, TooLongAgo.
    """
    with transaction():
        now = find_again(booking, Right.ARRANGE, by=by)
        require_as_seen(booking, now, by=by)
        if now.state != State.SCHEDULED or now.ends_at > clock.now():
            raise NotOverYet
        before = facts(now)
        started = true_times.checked(now, work_started_at, by=by)
        now.work_started_at = started
        completed = true_times.checked(now, completed_at, by=by)
        at_work = {'state': State.IN_PROGRESS, 'status': statuses.default_of(State.IN_PROGRESS).id}
        values = {
            'work_started_at': started,
            'completed_at': completed,
            'blocks_until': true_times.blocks_until(now, completed),
            'state': State.COMPLETED,
            'status': statuses.default_of(State.COMPLETED),
            'left_status': now.status_id,
            'left_at': clock.now(),
            'version': now.version + 1,
        }
        one_at_a_time.write(now, values, by=by)
        after = Booking.get_by_id(now.id)
        between = {**before, **at_work}
        record(WorkStarted(after, by=by, before=before, after={**between, 'at': started, 'who': 'staff'}))
        record(WorkCompleted(after, by=by, before=between, after={**facts(after), 'at': completed, 'who': 'staff'}))
        return after


def undo(booking: Booking, *, by: Actor) -> Booking:
    """Takes back the step into Completed or Canceled, within ten minutes and if its time is still free.

    Raises NotFound, BookingHasChanged, NothingToUndo, TooLateToUndo, TimeGone, StillElsewhere.
    """
    with transaction():
        now = find_again(booking, Right.ARRANGE, by=by)
        require_as_seen(booking, now, by=by)
        if now.state not in OVER or now.left_status is None:
            raise NothingToUndo
        if clock.now() > now.left_at + UNDO_WITHIN:
            raise TooLateToUndo(minutes=UNDO_WITHIN.seconds // 60)
        if now.technician.ended_at is not None or now.site.ended_at is not None:
            raise TimeGone
        if elsewhere := one_at_a_time.in_the_way(now, State(now.left_status.state), by=by):
            raise elsewhere
        _require_free(now)
        before = facts(now)
        values = _as_it_was(now, now.left_status)
        try:
            one_at_a_time.write(now, values, by=by)
        except IntegrityError as clash:
            if not guard.refused(clash):
                raise
            raise TimeGone from clash
        after = Booking.get_by_id(now.id)
        kind = CancelUndone if now.state == State.CANCELED else CompletionUndone
        record(kind(after, by=by, before=before, after={**facts(after), 'who': who(after, by)}))
        return after


def _require_free(booking: Booking) -> None:
    """Raises TimeGone where its technician has something else by now, or would not get there in time.

    What is canceled blocks nothing, so all of it must be free; what is completed still has its time but for the rest.
    Against these rules staff book it anew, with an override.
    """
    was_canceled = booking.state == State.CANCELED
    start = booking.starts_at if was_canceled else booking.blocks_until
    if start == booking.ends_at:
        return
    wanted = free_times.wanted_again(booking, minutes=(booking.ends_at - start) // MINUTE)
    wanted = wanted if was_canceled else replace(wanted, set_up_minutes=0)
    if booking.technician_id not in free_times.candidates(wanted, start, moving=booking.id, heeding=OF_OTHERS):
        raise TimeGone


def _as_it_was(booking: Booking, status: Status) -> dict[str, object]:
    """The columns before the last step; a calendar that has read the cancel needs a higher number (RFC 5546 2.1.4)."""
    state = State(status.state)
    kept = KEPT.get(state, STAMPS)
    return {
        **{stamp: None for stamp in STAMPS if stamp not in kept},
        'completed_at': None,
        'canceled_at': None,
        'cancel_reason': None,
        'cancel_note': None,
        'cancel_note_internal': None,
        'blocks_until': booking.ends_at,
        'state': state,
        'status': status if status.ended_at is None else statuses.default_of(state),
        'left_status': None,
        'left_at': None,
        'sequence': booking.sequence + (booking.state == State.CANCELED),
        'version': booking.version + 1,
    }
