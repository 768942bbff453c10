"""True times and when a booking was made."""

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
from data.visits import booking_steps, bookings, corrections
from data.visits.booking_table import Booking
from data.visits.states import State
from data.visits.true_times import BeforeBooking, TooLongAgo

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


@pytest.mark.parametrize('who', ['technician', 'dispatcher'])
def test_no_step_was_before_its_booking_was_made(cast: Cast, visit: Booking, clock_of_test: Clock, who: str) -> None:
    by = getattr(cast, who)
    clock_of_test.shift(HOUR)

    with pytest.raises(BeforeBooking) as told:
        booking_steps.advance(visit, State.TRAVELING, by=by, at=MONDAY_SEVEN - timedelta(seconds=1))
    assert settings.words().refusal(told.value).startswith('This appointment was made at ')
    assert booking_steps.advance(visit, State.TRAVELING, by=by, at=MONDAY_SEVEN).travel_started_at == MONDAY_SEVEN


def test_a_visit_of_this_morning_that_is_entered_at_noon_is_stamped_as_it_was(cast: Cast, clock_of_test: Clock) -> None:
    start = MONDAY_SEVEN + 2 * HOUR
    clock_of_test.shift(5 * HOUR)
    visit = makers.make_booking(cast.household, cast.service_type, start, by=cast.dispatcher, override='They called')

    coming = booking_steps.advance(visit, State.TRAVELING, by=cast.dispatcher, at=start - 20 * MINUTE)
    at_work = booking_steps.advance(coming, State.IN_PROGRESS, by=cast.technician, at=start - 3 * MINUTE)

    assert (at_work.travel_started_at, at_work.work_started_at) == (start - 20 * MINUTE, start - 3 * MINUTE)
    assert at_work.made_at == clock.now()
    earlier = start - 3 * HOUR
    other = makers.make_booking(
        cast.other_household, cast.service_type, earlier, by=cast.dispatcher, override='They called'
    )
    with pytest.raises(TooLongAgo):
        booking_steps.advance(other, State.TRAVELING, by=cast.dispatcher, at=other.starts_at - DAY - MINUTE)


def test_what_is_entered_afterwards_is_settled_at_its_true_times(cast: Cast, clock_of_test: Clock) -> None:
    start = MONDAY_SEVEN + 2 * HOUR
    clock_of_test.shift(3 * DAY)
    visit = makers.make_booking(cast.household, cast.service_type, start, by=cast.dispatcher, override='Forgotten')

    done = corrections.settle(visit, work_started_at=start - 10 * MINUTE, completed_at=start + HOUR, by=cast.dispatcher)

    assert (done.work_started_at, done.completed_at) == (start - 10 * MINUTE, start + HOUR)


def test_what_is_moved_into_the_past_is_stamped_as_it_was(cast: Cast, visit: Booking, clock_of_test: Clock) -> None:
    clock_of_test.shift(30 * MINUTE)
    before = MONDAY_SEVEN - HOUR
    moved = bookings.move(visit, before, by=cast.dispatcher, key='moved', override='He was there already')

    assert booking_steps.advance(moved, State.IN_PROGRESS, by=cast.dispatcher, at=before).work_started_at == before


def test_a_stamp_of_a_clock_that_was_years_ahead_does_not_hold_up_the_next_step(
    cast: Cast, visit: Booking, clock_of_test: Clock
) -> None:
    now = clock.now()
    clock_of_test.move_to(now + timedelta(days=365 * 20))
    visit = booking_steps.advance(visit, State.TRAVELING, by=SYSTEM)
    clock_of_test.move_to(now)

    visit = booking_steps.advance(visit, State.IN_PROGRESS, by=SYSTEM)

    assert visit.work_started_at == now
