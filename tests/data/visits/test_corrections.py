"""Settling what nobody said anything about, and taking back a last step that was a mistake."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import makers
import pytest
import time_machine
from conftest import EmptyDatabase
from makers import Cast

from data.access import settings
from data.base import clock
from data.base.actor import SYSTEM
from data.base.changes import ChangeRow
from data.base.refusals import NotFound
from data.crew.technicians import Technician
from data.visits import booking_lists, booking_steps, bookings, corrections, statuses
from data.visits.booking_table import Booking, BookingHasChanged
from data.visits.corrections import NothingToUndo, NotOverYet, TimeGone, TooLateToUndo
from data.visits.one_at_a_time import TechnicianStillAtWork, TechnicianStillDriving
from data.visits.states import Reason, State
from data.visits.true_times import BeforeLastStep, NotYet

Clock = time_machine.Traveller
MONDAY_SEVEN = datetime(2030, 5, 6, 12, tzinfo=UTC)  # in Chicago, two hours before the first start on offer
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FORTH_AND_BACK = {  # the last step; what it led through
    'scheduled, canceled': ((), Reason.OTHER),
    'traveling, canceled': ((State.TRAVELING,), Reason.NOBODY_THERE),
    'at work, canceled': ((State.TRAVELING, State.IN_PROGRESS), Reason.NOBODY_THERE),
    'at work, completed': ((State.TRAVELING, State.IN_PROGRESS), None),
    'on a break, completed': ((State.IN_PROGRESS, State.ON_BREAK), None),
}
SAME = (
    'state',
    'status_id',
    'starts_at',
    'ends_at',
    'blocks_until',
    'travel_started_at',
    'work_started_at',
    'completed_at',
    'canceled_at',
    'cancel_reason',
    'cancel_note',
    'cancel_note_internal',
)


@pytest.fixture
def clock_of_test(database: EmptyDatabase) -> Iterator[Clock]:
    assert database
    with time_machine.travel(MONDAY_SEVEN, tick=False) as clock_:
        yield clock_


@pytest.fixture
def cast(clock_of_test: Clock) -> Cast:
    assert clock_of_test
    return makers.make_cast()


@pytest.fixture
def visit(cast: Cast) -> Booking:
    return makers.make_booking(cast.household, cast.service_type)


def changes(visit: Booking) -> list[ChangeRow]:
    its = (ChangeRow.subject_type == 'bookings') & (ChangeRow.subject_id == visit.id)
    return list(ChangeRow.select().where(its).order_by(ChangeRow.id))


@pytest.mark.parametrize('way', FORTH_AND_BACK)
def test_an_undo_goes_back_one_step_and_leaves_nothing_of_it(
    cast: Cast, visit: Booking, clock_of_test: Clock, way: str
) -> None:
    steps, reason = FORTH_AND_BACK[way]
    for target in steps:
        clock_of_test.shift(10 * MINUTE)
        visit = booking_steps.advance(visit, target, by=cast.technician)
    clock_of_test.shift(HOUR)
    over = (
        bookings.cancel(visit, reason, by=cast.dispatcher, note='Oh', internal_note='Hm')
        if reason
        else booking_steps.advance(visit, State.COMPLETED, by=cast.technician)
    )

    back = corrections.undo(over, by=cast.dispatcher)

    assert {name: getattr(back, name) for name in SAME} == {name: getattr(visit, name) for name in SAME}
    assert back.sequence == visit.sequence + (2 if reason else 0)  # calendars have read the cancel
    row = changes(visit)[-1]
    assert row.kind == ('CancelUndone' if reason else 'CompletionUndone')
    assert json.loads(row.before)['state'] == over.state
    assert json.loads(row.after)['state'] == visit.state


def test_an_undo_restores_the_status_that_was_left(cast: Cast, visit: Booking) -> None:
    own = statuses.add({'state': State.SCHEDULED, 'name': 'Parts ordered', 'color': None}, by=cast.owner)
    visit = booking_steps.set_status(visit, own, by=cast.dispatcher)

    assert corrections.undo(bookings.cancel(visit, by=cast.customer), by=cast.dispatcher).status == own


def test_a_status_that_has_ended_meanwhile_gives_way_to_the_default(cast: Cast, visit: Booking) -> None:
    own = statuses.add({'state': State.SCHEDULED, 'name': 'Parts ordered', 'color': None}, by=cast.owner)
    canceled = bookings.cancel(booking_steps.set_status(visit, own, by=cast.dispatcher), by=cast.customer)
    statuses.end(own, by=cast.owner)

    assert corrections.undo(canceled, by=cast.dispatcher).status == statuses.default_of(State.SCHEDULED)


def test_an_undo_has_ten_minutes(cast: Cast, visit: Booking, clock_of_test: Clock) -> None:
    canceled = bookings.cancel(visit, by=cast.customer)
    clock_of_test.shift(timedelta(minutes=10, seconds=1))
    with pytest.raises(TooLateToUndo) as told:
        corrections.undo(canceled, by=cast.dispatcher)
    assert settings.words().refusal(told.value) == 'This can only be taken back within 10 minutes.'

    clock_of_test.shift(-timedelta(seconds=1))
    assert corrections.undo(canceled, by=cast.dispatcher).state == State.SCHEDULED


def test_the_ten_minutes_count_from_when_it_was_said(cast: Cast, visit: Booking, clock_of_test: Clock) -> None:
    visit = booking_steps.advance(visit, State.IN_PROGRESS, by=cast.technician)
    clock_of_test.shift(HOUR)
    at = clock.now() - 40 * MINUTE
    done = booking_steps.advance(visit, State.COMPLETED, by=cast.technician, at=at)

    assert corrections.undo(done, by=cast.dispatcher).state == State.IN_PROGRESS


def test_a_time_that_is_taken_meanwhile_stays_taken(cast: Cast, visit: Booking) -> None:
    canceled = bookings.cancel(visit, by=cast.customer)
    makers.make_booking(cast.other_household, cast.service_type, visit.starts_at)

    with pytest.raises(TimeGone):
        corrections.undo(canceled, by=cast.dispatcher)
    assert Booking.get_by_id(visit.id) == canceled


def test_time_that_early_work_left_over_and_somebody_took_stays_taken(
    cast: Cast, visit: Booking, clock_of_test: Clock
) -> None:
    settings.change({'driving.unknown_minutes': 0}, by=SYSTEM)
    short = makers.make_service_type(None, minutes=30, least_notice_minutes=0)
    visit = booking_steps.advance(visit, State.IN_PROGRESS, by=cast.technician)
    clock_of_test.move_to(visit.starts_at + 25 * MINUTE)
    done = booking_steps.advance(visit, State.COMPLETED, by=cast.technician)
    makers.make_booking(cast.other_household, short, visit.starts_at + 30 * MINUTE)

    with pytest.raises(TimeGone):
        corrections.undo(done, by=cast.dispatcher)


def test_a_technician_who_is_under_way_elsewhere_does_not_come_back(cast: Cast, visit: Booking) -> None:
    other = makers.make_booking(cast.other_household, cast.service_type)
    visit = booking_steps.advance(visit, State.TRAVELING, by=cast.technician)
    canceled = bookings.cancel(visit, Reason.NOBODY_THERE, by=cast.technician)
    other = booking_steps.advance(other, State.TRAVELING, by=cast.technician)
    with pytest.raises(TechnicianStillDriving):
        corrections.undo(canceled, by=cast.dispatcher)

    booking_steps.advance(other, State.SCHEDULED, by=cast.technician)
    assert corrections.undo(canceled, by=cast.dispatcher).state == State.TRAVELING


def test_work_is_not_taken_up_again_while_the_technician_works_elsewhere(cast: Cast, visit: Booking) -> None:
    other = makers.make_booking(cast.other_household, cast.service_type)
    visit = booking_steps.advance(visit, State.IN_PROGRESS, by=cast.technician)
    done = booking_steps.advance(visit, State.COMPLETED, by=cast.technician)
    booking_steps.advance(other, State.IN_PROGRESS, by=cast.technician)

    with pytest.raises(TechnicianStillAtWork):
        corrections.undo(done, by=cast.dispatcher)


def test_nobody_is_sent_who_has_left(cast: Cast, visit: Booking) -> None:
    canceled = bookings.cancel(visit, by=cast.customer)
    Technician.update(ended_at=clock.now()).execute()

    with pytest.raises(TimeGone):
        corrections.undo(canceled, by=cast.dispatcher)


def test_an_undo_is_staffs_and_for_what_is_over(cast: Cast, visit: Booking) -> None:
    with pytest.raises(NothingToUndo):
        corrections.undo(visit, by=cast.dispatcher)
    canceled = bookings.cancel(visit, by=cast.customer)
    for who in ('customer', 'technician', 'other_customer', 'stranger'):
        with pytest.raises(NotFound):
            corrections.undo(canceled, by=getattr(cast, who))
    corrections.undo(canceled, by=cast.owner)

    with pytest.raises(BookingHasChanged):
        corrections.undo(canceled, by=cast.dispatcher)


def test_what_was_undone_goes_on(cast: Cast, visit: Booking, clock_of_test: Clock) -> None:
    visit = booking_steps.advance(visit, State.IN_PROGRESS, by=cast.technician)
    clock_of_test.shift(HOUR)
    done = booking_steps.advance(visit, State.COMPLETED, by=cast.technician)
    clock_of_test.shift(5 * MINUTE)
    again = corrections.undo(done, by=cast.dispatcher)
    clock_of_test.shift(HOUR)

    done = booking_steps.advance(again, State.COMPLETED, by=cast.technician)

    assert (done.completed_at, done.work_started_at) == (clock.now(), MONDAY_SEVEN)


def test_staff_settle_a_visit_that_nobody_said_anything_about(cast: Cast, visit: Booking, clock_of_test: Clock) -> None:
    clock_of_test.move_to(visit.starts_at + 9 * DAY)
    assert booking_lists.not_confirmed(by=cast.dispatcher) == [visit]

    done = settle(cast, visit)

    assert (done.state, done.work_started_at) == (State.COMPLETED, visit.starts_at + 7 * MINUTE)
    assert done.completed_at == visit.starts_at + 52 * MINUTE
    assert done.blocks_until == visit.starts_at + 55 * MINUTE
    assert booking_lists.not_confirmed(by=cast.dispatcher) == []
    kinds = [(row.kind, json.loads(row.before).get('state'), json.loads(row.after)['state']) for row in changes(visit)]
    assert kinds[1:] == [('WorkStarted', 'scheduled', 'in progress'), ('WorkCompleted', 'in progress', 'completed')]


def test_a_technician_who_works_elsewhere_now_keeps_nobody_from_settling(
    cast: Cast, visit: Booking, clock_of_test: Clock
) -> None:
    clock_of_test.move_to(visit.starts_at + 2 * DAY)
    booking_steps.advance(
        makers.make_booking(cast.other_household, cast.service_type), State.IN_PROGRESS, by=cast.technician
    )

    assert settle(cast, visit).state == State.COMPLETED


def test_what_was_settled_by_mistake_is_scheduled_again(cast: Cast, visit: Booking, clock_of_test: Clock) -> None:
    clock_of_test.move_to(visit.starts_at + 2 * DAY)

    back = corrections.undo(settle(cast, visit), by=cast.dispatcher)

    assert (back.state, back.work_started_at, back.completed_at) == (State.SCHEDULED, None, None)
    assert back.blocks_until == visit.ends_at


def test_a_visit_that_was_in_vain_is_settled_as_nobody_there(cast: Cast, visit: Booking, clock_of_test: Clock) -> None:
    clock_of_test.move_to(visit.starts_at + 2 * DAY)

    assert bookings.cancel(visit, Reason.NOBODY_THERE, by=cast.dispatcher).cancel_reason == Reason.NOBODY_THERE
    assert booking_lists.not_confirmed(by=cast.dispatcher) == []


def test_only_what_should_be_over_is_settled_by_staff_with_times_that_can_be(
    cast: Cast, visit: Booking, clock_of_test: Clock
) -> None:
    with pytest.raises(NotOverYet):
        settle(cast, visit)
    clock_of_test.move_to(visit.ends_at)
    with pytest.raises(NotFound):
        corrections.settle(visit, work_started_at=visit.starts_at, completed_at=visit.ends_at, by=cast.technician)
    with pytest.raises(NotYet):
        corrections.settle(
            visit, work_started_at=visit.starts_at, completed_at=visit.ends_at + MINUTE, by=cast.dispatcher
        )
    with pytest.raises(BeforeLastStep):
        corrections.settle(visit, work_started_at=visit.ends_at, completed_at=visit.starts_at, by=cast.dispatcher)
    assert Booking.get_by_id(visit.id).state == State.SCHEDULED


def settle(cast: Cast, visit: Booking) -> Booking:
    start, end = visit.starts_at + 7 * MINUTE, visit.starts_at + 52 * MINUTE
    return corrections.settle(visit, work_started_at=start, completed_at=end, by=cast.dispatcher)
