"""A button that is pressed twice does once what it says."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import makers
import pytest
import time_machine
from conftest import EmptyDatabase
from makers import Cast

from data.base import clock
from data.base.changes import ChangeRow
from data.base.form_keys import FormKeyReused
from data.base.refusals import NotFound
from data.visits import booking_steps, bookings
from data.visits.booking_steps import NoSuchStep
from data.visits.booking_table import Booking, BookingHasChanged
from data.visits.hindrances import IsOver
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


def changes() -> list[str]:
    rows = ChangeRow.select().where(ChangeRow.subject_type == 'bookings').order_by(ChangeRow.id)
    return [row.kind for row in rows]


@pytest.mark.parametrize('who', ['customer', 'dispatcher'])
def test_a_cancel_that_is_pressed_twice_happens_once(
    cast: Cast, visit: Booking, clock_of_test: Clock, who: str
) -> None:
    by = getattr(cast, who)
    first = bookings.cancel(visit, by=by, note='Holiday', key='cancel')
    clock_of_test.shift(MINUTE)

    second = bookings.cancel(visit, by=by, note='Holiday', key='cancel')

    assert (second, second.version) == (first, first.version)
    assert changes() == ['BookingMade', 'BookingCanceled']
    with pytest.raises(FormKeyReused):
        bookings.cancel(visit, by=by, note='Another note', key='cancel')
    with pytest.raises((IsOver, BookingHasChanged)):
        bookings.cancel(visit, by=by, note='Holiday')


def test_a_step_that_is_pressed_twice_happens_once(cast: Cast, visit: Booking, clock_of_test: Clock) -> None:
    at = clock.now()
    clock_of_test.shift(MINUTE)
    first = booking_steps.advance(visit, State.TRAVELING, by=cast.technician, at=at, key='go')
    clock_of_test.shift(MINUTE)

    second = booking_steps.advance(visit, State.TRAVELING, by=cast.technician, at=at, key='go')

    assert (second, second.travel_started_at) == (first, at)
    assert changes() == ['BookingMade', 'TravelStarted']
    with pytest.raises(FormKeyReused):
        booking_steps.advance(visit, State.IN_PROGRESS, by=cast.technician, at=at, key='go')
    with pytest.raises(NoSuchStep):
        booking_steps.advance(second, State.TRAVELING, by=cast.technician, at=at, key='go on')


def test_a_key_opens_nothing_to_others(cast: Cast, visit: Booking) -> None:
    bookings.cancel(visit, by=cast.customer, key='cancel')

    with pytest.raises(NotFound):
        bookings.cancel(visit, by=cast.other_customer, key='cancel')
    with pytest.raises(BookingHasChanged):
        bookings.cancel(visit, Reason.BUSINESS, by=cast.dispatcher, key='cancel')
