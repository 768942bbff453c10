"""The state machine of a booking: which step leads from state to state, who may take it, and what it stamps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.access import rights
from data.access.rights import Right
from data.base import clock, form_keys
from data.base.actor import Actor
from data.base.changes import record
from data.base.database import transaction
from data.base.marks import N_
from data.base.refusals import NotFound, Refusal
from data.visits import hindrances, one_at_a_time, statuses, true_times
from data.visits.booking_table import Booking, BookingChanged, facts, find_again, require_as_seen, who
from data.visits.states import OVER, Reason, State
from data.visits.statuses import Status


class TravelStarted(BookingChanged):
    """The technician is on the way."""


class TurnedBack(BookingChanged):
    """The technician is no longer on the way; this drive counts for nothing."""


class WorkStarted(BookingChanged):
    """The technician is there."""


class WorkPaused(BookingChanged):
    """A break, which is nothing that customers need to know."""


class WorkResumed(BookingChanged):
    """The break is over."""


class WorkCompleted(BookingChanged):
    """All is done; what is left of the time is free."""


class BookingCanceled(BookingChanged):
    """Nobody will come, or nobody was there; the time is free."""


class StatusSet(BookingChanged):
    """Another of the business's names for the same state."""


@dataclass(frozen=True)
class Step:
    """One way on. `stamp` is the column that keeps its true time; a cancel is for one of `reasons`, else there is none.

    In a change's after stands the true time as `at`, whatever the column.
    """

    origin: State
    target: State
    words: str  # what its button says
    right: Right
    change: type[BookingChanged]
    stamp: str | None = None
    reasons: frozenset[Reason] = frozenset()


_ANY, _BY_CUSTOMER, _NOBODY = frozenset(Reason), frozenset({Reason.CUSTOMER}), frozenset({Reason.NOBODY_THERE})
_GO, _BACK, _WORK = N_('Start driving'), N_('Turn back'), N_('Start work')
_BREAK, _ON, _DONE = N_('Break'), N_('Go on working'), N_('Done')
_CANCEL, _NO_ONE = N_('Cancel appointment'), N_('Nobody there')

STEPS = (  # of two that lead to the same, the first that the asker may
    Step(State.SCHEDULED, State.TRAVELING, _GO, Right.ADVANCE, TravelStarted, 'travel_started_at'),
    Step(State.SCHEDULED, State.IN_PROGRESS, _WORK, Right.ADVANCE, WorkStarted, 'work_started_at'),
    Step(State.SCHEDULED, State.CANCELED, _CANCEL, Right.ARRANGE, BookingCanceled, 'canceled_at', _ANY),
    Step(State.SCHEDULED, State.CANCELED, _CANCEL, Right.CHANGE_BOOKING, BookingCanceled, 'canceled_at', _BY_CUSTOMER),
    Step(State.TRAVELING, State.IN_PROGRESS, _WORK, Right.ADVANCE, WorkStarted, 'work_started_at'),
    Step(State.TRAVELING, State.SCHEDULED, _BACK, Right.ADVANCE, TurnedBack),
    Step(State.TRAVELING, State.CANCELED, _NO_ONE, Right.ADVANCE, BookingCanceled, 'canceled_at', _NOBODY),
    Step(State.TRAVELING, State.CANCELED, _CANCEL, Right.ARRANGE, BookingCanceled, 'canceled_at', _ANY),
    Step(State.IN_PROGRESS, State.ON_BREAK, _BREAK, Right.ADVANCE, WorkPaused),
    Step(State.IN_PROGRESS, State.COMPLETED, _DONE, Right.ADVANCE, WorkCompleted, 'completed_at'),
    Step(State.IN_PROGRESS, State.CANCELED, _NO_ONE, Right.ADVANCE, BookingCanceled, 'canceled_at', _NOBODY),
    Step(State.ON_BREAK, State.IN_PROGRESS, _ON, Right.ADVANCE, WorkResumed),
    Step(State.ON_BREAK, State.COMPLETED, _DONE, Right.ADVANCE, WorkCompleted, 'completed_at'),
)


class NoSuchStep(Refusal):
    """No step leads there from its state."""

    words = N_('That cannot be done with this appointment now.')


class WrongStatus(Refusal):
    """A status is a name for one state."""

    words = N_('This status belongs to another state. Please choose one of the list.')


def possible(booking: Booking, *, by: Actor) -> list[Step]:
    """The steps on from here that the asker may take now, one for each button of a page. Raises NotFound."""
    now = find_again(booking, Right.SEE_BOOKING, by=by)
    buttons: dict[tuple[State, str], Step] = {}
    for step in STEPS:
        if step.origin == now.state and rights.may(by, step.right, now):
            buttons.setdefault((step.target, step.words), step)
    is_hindered = hindrances.of(now) is not None
    return [step for step in buttons.values() if not (is_hindered and step.right == Right.CHANGE_BOOKING)]


def advance(
    booking: Booking, target: State, *, by: Actor, at: datetime | None = None, key: str | None = None
) -> Booking:
    """Takes the step to `target`, which is no cancel, at the true time `at` (None: now). The same `key` is once.

    Raises NotFound, BookingHasChanged, NoSuchStep, StillElsewhere, NotYet, BeforeLastStep, TooLongAgo, FormKeyReused.
    """
    content = {'advance': booking.id, 'target': target, 'at': at}
    with transaction():
        now = find_again(booking, Right.ADVANCE, by=by)
        if key is not None and form_keys.made_before(by, key, content) is not None:
            return now
        require_as_seen(booking, now, by=by)
        after = take(now, allowed(now, target, by=by), by=by, at=at)
        if key is not None:
            form_keys.remember(by, key, content, now.id)
        return after


def set_status(booking: Booking, status: Status, *, by: Actor) -> Booking:
    """Another status of the same state. Raises NotFound, BookingHasChanged, WrongStatus."""
    with transaction():
        now = find_again(booking, Right.ADVANCE, by=by)
        require_as_seen(booking, now, by=by)
        chosen = statuses.find(status.id)
        if chosen.state != now.state:
            raise WrongStatus
        before = facts(now)
        one_at_a_time.write(now, {'status': chosen, 'version': now.version + 1}, by=by)
        after = Booking.get_by_id(now.id)
        record(StatusSet(after, by=by, before=before, after={**facts(after), 'who': who(after, by)}))
        return after


def allowed(booking: Booking, target: State, *, reason: Reason | None = None, by: Actor) -> Step:
    """The step that leads there, for this reason if it is a cancel.

    Raises NoSuchStep; NotFound where only others may take it.
    """
    ways = _ways(booking, target, reason)
    if not ways:
        raise NoSuchStep
    for step in ways:
        if rights.may(by, step.right, booking):
            return step
    raise NotFound


def cancels_as_customer(booking: Booking, reason: Reason, *, by: Actor) -> bool:
    """Whether the asker is its customer and in no other part may cancel it now: so what hinders customers counts."""
    if rights.may(by, Right.ARRANGE) or not rights.may(by, Right.CHANGE_BOOKING, booking):
        return False
    others = {step.right for step in _ways(booking, State.CANCELED, reason)} - {Right.CHANGE_BOOKING}
    return not any(rights.may(by, right, booking) for right in others)


def take(
    booking: Booking, step: Step, *, by: Actor, at: datetime | None = None, columns: Mapping[str, Any] | None = None
) -> Booking:
    """Writes the step, with further columns that its change tells as well. In the caller's transaction.

    Raises BookingHasChanged, StillElsewhere, NotYet, BeforeLastStep, TooLongAgo.
    """
    true_time, more = true_times.checked(booking, at, by=by), dict(columns or {})
    before = facts(booking)
    values = {
        **_stamped(booking, step, true_time),
        **more,
        'state': step.target,
        'status': statuses.default_of(step.target),
        'left_status': booking.status_id,
        'left_at': clock.now() if step.target in OVER else true_time,
        'version': booking.version + 1,
    }
    one_at_a_time.write(booking, values, by=by)
    after = Booking.get_by_id(booking.id)
    told = {**facts(after), **more, 'at': true_time, 'who': who(after, by)}
    record(step.change(after, by=by, before=before, after=told))
    return after


def _ways(booking: Booking, target: State, reason: Reason | None) -> list[Step]:
    """Whoever may take them."""
    return [
        step
        for step in STEPS
        if (step.origin, step.target) == (booking.state, target)
        and (reason in step.reasons if step.reasons else reason is None)
    ]


def _stamped(booking: Booking, step: Step, at: datetime) -> dict[str, datetime | None]:
    """The columns that keep the true time; work that goes on after a break keeps when it began."""
    columns: dict[str, datetime | None] = {step.stamp: at} if step.stamp else {}
    if step.target == State.COMPLETED:
        columns['blocks_until'] = true_times.blocks_until(booking, at)
    if step.target == State.SCHEDULED:
        columns['travel_started_at'] = None
    return columns
