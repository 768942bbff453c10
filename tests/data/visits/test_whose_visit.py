"""Whose a visit is: its technician's as long as they are one, until two weeks after it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import makers
import pytest
import time_machine
from conftest import EmptyDatabase
from makers import Cast

from data.access import accounts
from data.access.accounts import Account
from data.access.roles import Role
from data.base import clock
from data.base.actor import SYSTEM
from data.base.refusals import NotFound
from data.visits import booking_steps, bookings, corrections
from data.visits.booking_table import Booking, who
from data.visits.states import Reason, State

Clock = time_machine.Traveller
MONDAY_SEVEN = datetime(2030, 5, 6, 12, tzinfo=UTC)  # in Chicago, two hours before the first start on offer
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


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


def test_whose_role_was_taken_neither_sees_nor_advances_a_visit(cast: Cast, visit: Booking) -> None:
    assert bookings.find(visit.id, by=cast.technician) == visit
    accounts.take_role(Account.get_by_id(cast.technician.account_id), Role.TECHNICIAN, by=SYSTEM)

    with pytest.raises(NotFound):
        bookings.find(visit.id, by=cast.technician)
    with pytest.raises(NotFound):
        booking_steps.advance(visit, State.TRAVELING, by=cast.technician)
    assert who(visit, cast.technician) == 'customer'
    assert Booking.get_by_id(visit.id) == visit


def test_a_technician_sees_a_visit_until_two_weeks_after_it(cast: Cast, visit: Booking, clock_of_test: Clock) -> None:
    done = brought(visit, State.IN_PROGRESS, State.COMPLETED)
    last_moment = datetime(2030, 5, 21, 5, tzinfo=UTC) - timedelta(seconds=1)  # before midnight in Chicago

    clock_of_test.move_to(last_moment)
    assert bookings.find(done.id, by=cast.technician) == done
    assert booking_steps.set_status(done, done.status, by=cast.technician)
    clock_of_test.move_to(last_moment + timedelta(seconds=1))

    with pytest.raises(NotFound):
        bookings.find(done.id, by=cast.technician)
    with pytest.raises(NotFound):
        booking_steps.set_status(done, done.status, by=cast.technician)
    for by in (cast.customer, cast.dispatcher):
        assert bookings.find(done.id, by=by) == Booking.get_by_id(done.id)


def test_two_weeks_begin_when_it_is_said_and_not_before_its_end(
    cast: Cast, visit: Booking, clock_of_test: Clock
) -> None:
    far = bookings.move(visit, visit.starts_at + 20 * DAY, by=cast.customer, key='far')
    off = bookings.cancel(far, Reason.BUSINESS, by=cast.dispatcher)
    late = makers.make_booking(cast.household, cast.service_type)

    clock_of_test.move_to(late.starts_at + 20 * DAY)
    settled = corrections.settle(
        late, work_started_at=late.starts_at, completed_at=late.starts_at + HOUR, by=cast.dispatcher
    )

    assert bookings.find(off.id, by=cast.technician) == off
    assert bookings.find(settled.id, by=cast.technician) == settled
    clock_of_test.shift(15 * DAY)
    for over in (off, settled):
        with pytest.raises(NotFound):
            bookings.find(over.id, by=cast.technician)


@pytest.mark.parametrize('steps', [(), (State.TRAVELING,), (State.IN_PROGRESS, State.ON_BREAK)], ids=len)
def test_what_nobody_settled_stays_its_technicians_whatever_its_age(
    cast: Cast, visit: Booking, clock_of_test: Clock, steps: tuple[State, ...]
) -> None:
    left_open = brought(visit, *steps)
    clock_of_test.shift(20 * DAY)
    assert bookings.find(visit.id, by=cast.technician) == left_open

    over = brought(left_open, *(() if State.ON_BREAK in steps else (State.IN_PROGRESS,)), State.COMPLETED)

    assert over.completed_at == clock.now()
    assert bookings.find(visit.id, by=cast.technician) == over


def brought(visit: Booking, *steps: State) -> Booking:
    for target in steps:
        visit = booking_steps.advance(visit, target, by=SYSTEM)
    return visit
