"""What must become of bookings, as a plain model: who is refused and why, and what a command leaves."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from booking_paths import (
    CANCEL,
    CHANGES,
    COMMENT,
    CUSTOMER,
    DISPATCHER,
    LEGAL,
    OTHER_CUSTOMER,
    OTHER_TECHNICIAN,
    REASSIGN,
    SET_STATUS,
    SETTLE,
    STEP,
    TECHNICIAN,
    UNDO,
    refusal,
)
from booking_rows import ARRANGING, MINUTE, Act, Visit, settled_times, whole_cell

from data.visits.states import State

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CUT_OFF, LENGTH, UNDO_WITHIN = HOUR, HOUR, 10 * MINUTE
AT_WORK = (State.IN_PROGRESS, State.ON_BREAK)
OVER = (State.COMPLETED, State.CANCELED)
TAKEN = {'SlotTaken', 'TechnicianNotFree', 'TechnicianBooked'}
STAMPS = {State.TRAVELING: 'travel_started_at', State.COMPLETED: 'completed_at', State.CANCELED: 'canceled_at'}


@dataclass
class Model:
    """All bookings. `statuses` by state: the default, and another one; `accounts` by person."""

    technicians: dict[int, str]  # id: who that is
    customers: dict[int, str]
    statuses: dict[State, tuple[int, int]]
    visits: dict[int, Visit] = field(default_factory=dict)

    def part(self, who: str, visit: Visit) -> str:
        """In what part somebody stands to a booking."""
        if who in self.customers.values():
            return CUSTOMER if self.customers[visit.customer_id] == who else OTHER_CUSTOMER
        if who in self.technicians.values():
            return TECHNICIAN if self.technicians[visit.technician_id] == who else OTHER_TECHNICIAN
        return DISPATCHER

    def able(
        self, start: datetime, length: timedelta, now: datetime, *, moving: int | None = None, override: object = None
    ) -> set[int]:
        """Who can come then: everybody works day and night and drives no minute. An override leaves the guard only."""
        others = [each for each in self.visits.values() if each.state != State.CANCELED and each.id != moving]
        end = start + length
        if override is not None:
            return set(self.technicians) - {each.technician_id for each in others if each.touches(start, end)}
        was_promised = moving is not None and start == self.visits[moving].starts_at
        if not was_promised and (start < now or start.minute % 30):
            return set()
        return set(self.technicians) - {each.technician_id for each in others if each.keeps_busy(start, end, now)}

    def may_get(self, act: Act, now: datetime) -> set[int]:
        """The technicians of whom one has it after a move, a stretch, or being given to somebody else."""
        visit = self.visits[act.booking_id]
        start = act.start or visit.starts_at
        length = visit.ends_at - visit.starts_at if act.minutes is None else act.minutes * MINUTE
        free = self.able(start, length, now, moving=visit.id, override=act.override)
        if act.technician_id is not None:
            return free & {act.technician_id}
        if visit.state != State.SCHEDULED:
            return free & {visit.technician_id}
        free = self.able(start, length, now, moving=visit.id) or free  # rules are broken only where they must be
        return free & {visit.technician_id} or free

    def refusals(self, act: Act, now: datetime) -> set[str]:
        """By name, those that may be told; empty: it must be done."""
        visit = self.visits[act.booking_id]
        part = self.part(act.who, visit)
        if part in {OTHER_CUSTOMER, OTHER_TECHNICIAN}:
            return {'NotFound'}
        stale = {'BookingHasChanged'} if _is_stale(act, visit, part) else set()
        if (visit.state, act.command, part) not in LEGAL:
            told = refusal(visit.state, act.command, part)
            is_late = part == CUSTOMER and act.command in CHANGES and _is_late(visit, now)
            return {told, 'CutOffPassed'} | stale if is_late else {told} | stale
        return self._hindrances(act, visit, part, now) | stale

    def _hindrances(self, act: Act, visit: Visit, part: str, now: datetime) -> set[str]:
        if part == CUSTOMER and _is_late(visit, now):
            return {'CutOffPassed'}
        if act.command in ARRANGING:
            if part == CUSTOMER and act.override is not None:
                return {'NotFound'}
            return set() if self.may_get(act, now) else TAKEN
        if act.command == SETTLE:
            return self._not_settled(act, visit, now)
        if act.command == UNDO:
            return self._not_undone(visit, now)
        elsewhere = self._elsewhere(visit, act.command, part)
        return elsewhere | _untrue(act.at, visit.last_told(), visit, part, now)

    def _not_settled(self, act: Act, visit: Visit, now: datetime) -> set[str]:
        if visit.ends_at > now:
            return {'NotOverYet'}
        started, completed = settled_times(visit)
        last = visit.last_told()
        return _untrue(started, last, visit, DISPATCHER, now) | _untrue(completed, started, visit, DISPATCHER, now)

    def _not_undone(self, visit: Visit, now: datetime) -> set[str]:
        assert visit.left is not None
        assert visit.said_at is not None
        others = [each for each in self.visits.values() if each.state != State.CANCELED and each.id != visit.id]
        theirs = [each for each in others if each.technician_id == visit.technician_id]
        names = {'TooLateToUndo'} if now > visit.said_at + UNDO_WITHIN else set()
        names |= {'TimeGone'} if any(each.touches(visit.starts_at, visit.ends_at) for each in theirs) else set()
        freed_from = visit.starts_at if visit.state == State.CANCELED else visit.blocks_until
        if freed_from < visit.ends_at and any(each.keeps_busy(freed_from, visit.ends_at, now) for each in theirs):
            names.add('TimeGone')
        return names | self._elsewhere(visit, STEP[visit.left.state], DISPATCHER)

    def _elsewhere(self, visit: Visit, command: str, part: str) -> set[str]:
        """One Traveling and one at work for each technician."""
        theirs = [v for v in self.visits.values() if v.technician_id == visit.technician_id and v.id != visit.id]
        said = '' if part == TECHNICIAN else 'Technician'
        if command == STEP[State.TRAVELING] and any(each.state == State.TRAVELING for each in theirs):
            return {f'{said}StillDriving'}
        if command in {STEP[state] for state in AT_WORK} and any(each.state in AT_WORK for each in theirs):
            return {f'{said}StillAtWork'}
        return set()

    def after(self, act: Act, now: datetime, technician_id: int) -> Visit:
        """What the command leaves of the booking; who has it then was drawn from `may_get`."""
        visit = self.visits[act.booking_id]
        later = replace(visit, version=visit.version + 1)
        if act.command in ARRANGING:
            start = act.start or visit.starts_at
            end = start + (visit.ends_at - visit.starts_at if act.minutes is None else act.minutes * MINUTE)
            sequence = visit.sequence + (act.command != REASSIGN)
            times: dict[str, Any] = {'starts_at': start, 'ends_at': end, 'blocks_until': end, 'sequence': sequence}
            is_as_agreed = (start, technician_id) == (visit.starts_at, visit.technician_id)
            reason = visit.override_reason if is_as_agreed and act.override is None else act.override
            return replace(later, **times, technician_id=technician_id, override_reason=reason)
        if act.command == COMMENT:
            return replace(later, comment=act.words)
        if act.command == SET_STATUS:
            default, other = self.statuses[visit.state]
            return replace(later, status_id=other if visit.status_id == default else default)
        if act.command == UNDO:
            assert visit.left is not None
            was_canceled = visit.state == State.CANCELED
            return replace(
                visit.left, version=later.version, sequence=visit.sequence + was_canceled, told=None, left=None
            )
        return self._stepped(act, visit, later, now)

    def _stepped(self, act: Act, visit: Visit, later: Visit, now: datetime) -> Visit:
        at = now if act.at is None else act.at
        if act.command == SETTLE:
            started, at = settled_times(visit)
            later = replace(later, work_started_at=started)
        target = target_of(act.command)
        columns: dict[str, Any] = {'state': target, 'status_id': self.statuses[target][0], 'told': at}
        if target in STAMPS:
            columns[STAMPS[target]] = at
        if target == State.IN_PROGRESS and visit.state != State.ON_BREAK:
            columns['work_started_at'] = at
        if target == State.SCHEDULED:
            columns['travel_started_at'] = None
        if target == State.COMPLETED:
            columns['blocks_until'] = min(max(whole_cell(at), visit.starts_at + 5 * MINUTE), visit.ends_at)
        if target == State.CANCELED:
            columns |= {'cancel_reason': act.command.removeprefix('cancel: '), 'cancel_note': act.words}
            columns |= {'cancel_note_internal': act.internal_note, 'sequence': visit.sequence + 1}
        if target in OVER:
            columns |= {'left': visit, 'said_at': now}
        return replace(later, **columns)


def target_of(command: str) -> State:
    """Where a step, a cancel or a settling leads."""
    if command == SETTLE:
        return State.COMPLETED
    return State.CANCELED if command in CANCEL.values() else State(command.removeprefix('step to '))


def _is_late(visit: Visit, now: datetime) -> bool:
    return visit.state == State.SCHEDULED and now >= visit.starts_at - CUT_OFF


def _is_stale(act: Act, visit: Visit, part: str) -> bool:
    """Whether the page was old in what concerns this press: a comment who writes one, a technician who sends them."""
    *seen, technician_id, comment = act.seen
    if act.command == COMMENT and comment != visit.comment:
        return True
    if part == DISPATCHER and technician_id != visit.technician_id:
        return True
    return tuple(seen) != (visit.state, visit.starts_at, visit.ends_at)


def _untrue(at: datetime | None, last: datetime | None, visit: Visit, part: str, now: datetime) -> set[str]:
    """A true time is past, not before the last step nor the booking itself, and a day old at most; staff go further."""
    if at is None:
        return set()
    names = {'NotYet'} if at > now else set()
    names |= {'BeforeLastStep'} if last is not None and at < last else set()
    assert visit.made_at is not None
    names |= {'BeforeBooking'} if at < visit.made_at <= visit.starts_at else set()
    told_late = min(now, visit.starts_at) if part == DISPATCHER else now
    return names | ({'TooLongAgo'} if at < told_late - DAY else set())
