"""Two people look at one booking: neither writes over the other, and nobody is stopped by what is not theirs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import makers
import pytest
import time_machine
from conftest import EmptyDatabase
from makers import Cast
from people import TESS

from data.visits import booking_steps, bookings
from data.visits.booking_table import Booking, BookingHasChanged
from data.visits.states import State

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


def test_a_comment_is_not_written_over_by_who_has_not_read_it(cast: Cast, visit: Booking) -> None:
    bookings.modify(visit, 'The gate code is 2580', by=cast.customer)

    with pytest.raises(BookingHasChanged):
        bookings.modify(visit, 'Bring the long ladder', by=cast.dispatcher)
    with pytest.raises(BookingHasChanged):
        bookings.modify(visit, None, by=cast.dispatcher)
    with pytest.raises(BookingHasChanged):
        bookings.move(visit, visit.starts_at + DAY, by=cast.dispatcher, key='moved', comment='Bring the long ladder')

    after = Booking.get_by_id(visit.id)
    assert (after.comment, after.starts_at) == ('The gate code is 2580', visit.starts_at)
    assert bookings.modify(after, 'Code 2580, long ladder', by=cast.dispatcher).comment == 'Code 2580, long ladder'


def test_a_move_that_leaves_the_comment_goes_on_beside_another_comment(cast: Cast, visit: Booking) -> None:
    bookings.modify(visit, 'The gate code is 2580', by=cast.customer)

    moved = bookings.move(visit, visit.starts_at + DAY, by=cast.dispatcher, key='moved')

    assert (moved.comment, moved.starts_at) == ('The gate code is 2580', visit.starts_at + DAY)


def test_the_same_comment_twice_is_no_clash(cast: Cast, visit: Booking) -> None:
    first = bookings.modify(visit, 'The gate code is 2580', by=cast.customer)

    second = bookings.modify(visit, 'The gate code is 2580', by=cast.customer)

    assert (second, second.version) == (first, first.version)


@pytest.mark.parametrize('act', ['move', 'modify', 'cancel'])
def test_another_technician_at_the_same_time_stops_no_customer(cast: Cast, visit: Booking, act: str) -> None:
    tess = makers.make_technician(TESS)
    bookings.move(visit, visit.starts_at, by=cast.dispatcher, key='hers', technician=tess)

    if act == 'move':
        after = bookings.move(visit, visit.starts_at + DAY, by=cast.customer, key='moved')
        assert after.starts_at == visit.starts_at + DAY
    elif act == 'modify':
        assert bookings.modify(visit, 'Gate 7', by=cast.customer).comment == 'Gate 7'
    else:
        assert bookings.cancel(visit, by=cast.customer).state == State.CANCELED


def test_staff_who_saw_another_technician_are_told(cast: Cast, visit: Booking) -> None:
    tess = makers.make_technician(TESS)
    bookings.move(visit, visit.starts_at, by=cast.dispatcher, key='hers', technician=tess)

    with pytest.raises(BookingHasChanged):
        bookings.move(visit, visit.starts_at + DAY, by=cast.owner, key='moved')
    with pytest.raises(BookingHasChanged):
        booking_steps.advance(visit, State.TRAVELING, by=cast.owner)
