"""What may happen to a booking, written by hand as the business knows it: every way, who goes it, and how all others
are told no. Nothing here is read from the code.
"""

from dataclasses import dataclass
from itertools import product

from data.visits.states import Reason, State

CUSTOMER, OTHER_CUSTOMER = 'its customer', 'another customer'
TECHNICIAN, OTHER_TECHNICIAN = 'its technician', 'another technician'
DISPATCHER = 'a dispatcher'
PARTS = (CUSTOMER, OTHER_CUSTOMER, TECHNICIAN, OTHER_TECHNICIAN, DISPATCHER)

S, T, P, B, C, X = (
    State.SCHEDULED,
    State.TRAVELING,
    State.IN_PROGRESS,
    State.ON_BREAK,
    State.COMPLETED,
    State.CANCELED,
)
STEP = {state: f'step to {state}' for state in State}
CANCEL = {reason: f'cancel: {reason}' for reason in Reason}
MOVE, STRETCH, REASSIGN, COMMENT = 'move', 'stretch', 'reassign', 'comment'
SET_STATUS, WRONG_STATUS = 'set status', 'set the status of another state'
SETTLE, UNDO = 'settle', 'undo'
COMMANDS = (
    *STEP.values(),
    *CANCEL.values(),
    *(MOVE, STRETCH, REASSIGN, COMMENT, SET_STATUS, WRONG_STATUS, SETTLE, UNDO),
)


@dataclass(frozen=True)
class Way:
    """One of them; `kinds` are the changes that history shows then."""

    origin: State
    command: str
    target: State
    by: frozenset[str]
    kinds: tuple[str, ...]


def _way(origin: State, command: str, target: State, by: set[str], *kinds: str) -> Way:
    return Way(origin, command, target, frozenset(by), kinds)


_VISIT, _STAFF, _BOTH = {TECHNICIAN, DISPATCHER}, {DISPATCHER}, {CUSTOMER, DISPATCHER}
WAYS = (
    _way(S, STEP[T], T, _VISIT, 'TravelStarted'),
    _way(S, STEP[P], P, _VISIT, 'WorkStarted'),
    _way(S, CANCEL[Reason.CUSTOMER], X, _BOTH, 'BookingCanceled'),
    _way(S, CANCEL[Reason.BUSINESS], X, _STAFF, 'BookingCanceled'),
    _way(S, CANCEL[Reason.NOBODY_THERE], X, _STAFF, 'BookingCanceled'),
    _way(S, CANCEL[Reason.OTHER], X, _STAFF, 'BookingCanceled'),
    _way(S, SETTLE, C, _STAFF, 'WorkStarted', 'WorkCompleted'),
    _way(S, MOVE, S, _BOTH, 'BookingMoved'),
    _way(S, COMMENT, S, _BOTH, 'BookingModified'),
    _way(S, STRETCH, S, _STAFF, 'BookingMoved'),
    _way(S, REASSIGN, S, _STAFF, 'BookingReassigned'),
    _way(T, STEP[P], P, _VISIT, 'WorkStarted'),
    _way(T, STEP[S], S, _VISIT, 'TurnedBack'),
    _way(T, CANCEL[Reason.CUSTOMER], X, _STAFF, 'BookingCanceled'),
    _way(T, CANCEL[Reason.BUSINESS], X, _STAFF, 'BookingCanceled'),
    _way(T, CANCEL[Reason.NOBODY_THERE], X, _VISIT, 'BookingCanceled'),
    _way(T, CANCEL[Reason.OTHER], X, _STAFF, 'BookingCanceled'),
    _way(P, STEP[B], B, _VISIT, 'WorkPaused'),
    _way(P, STEP[C], C, _VISIT, 'WorkCompleted'),
    _way(P, CANCEL[Reason.NOBODY_THERE], X, _VISIT, 'BookingCanceled'),
    _way(B, STEP[P], P, _VISIT, 'WorkResumed'),
    _way(B, STEP[C], C, _VISIT, 'WorkCompleted'),
    *(_way(state, STRETCH, state, _STAFF, 'BookingMoved') for state in (T, P, B)),
    *(_way(state, COMMENT, state, _STAFF, 'BookingModified') for state in (T, P, B)),
    *(_way(state, SET_STATUS, state, _VISIT, 'StatusSet') for state in State),
    # back by one step, wherever that came from: settling came from Scheduled
    *(_way(C, UNDO, state, _STAFF, 'CompletionUndone') for state in (S, P, B)),
    *(_way(X, UNDO, state, _STAFF, 'CancelUndone') for state in (S, T, P)),
)
LEGAL = {(way.origin, way.command, part) for way in WAYS for part in way.by}
ILLEGAL = sorted(set(product(State, COMMANDS, PARTS)) - LEGAL)
EVERY_WALK = {(way.origin, way.command, way.target, part) for way in WAYS for part in way.by}

CHANGES = {MOVE, STRETCH, REASSIGN, COMMENT, *CANCEL.values()}
_ADVANCES = {SET_STATUS, WRONG_STATUS, *STEP.values()}
_CUSTOMER_IS_TOLD = {T: 'OnTheWay', P: 'WorkHasBegun', B: 'WorkHasBegun', C: 'IsOver', X: 'IsOver'}
_STAFF_ARE_TOLD = {UNDO: 'NothingToUndo', SETTLE: 'NotOverYet', WRONG_STATUS: 'WrongStatus'}


def way(origin: State, command: str, target: State) -> Way:
    """The one that leads from there to there."""
    return next(each for each in WAYS if (each.origin, each.command, each.target) == (origin, command, target))


def refusal(state: State, command: str, part: str) -> str:
    """The name of what somebody is told who goes a way that is not theirs, or none."""
    if part == CUSTOMER and command in CHANGES:
        return _CUSTOMER_IS_TOLD.get(state, 'NotFound')
    if part == TECHNICIAN and command in CANCEL.values():
        return 'NotFound' if (state, command, DISPATCHER) in LEGAL else 'NoSuchStep'
    if part != DISPATCHER and not (part == TECHNICIAN and command in _ADVANCES):
        return 'NotFound'
    if command in {MOVE, STRETCH, REASSIGN, COMMENT}:
        return 'IsOver' if state in {C, X} else 'OnlyLength'
    return _STAFF_ARE_TOLD.get(command, 'NoSuchStep')
