"""An undo brings a visit back only where the slot rules still leave its technician the time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import makers
import pytest
import time_machine
from conftest import EmptyDatabase
from makers import Cast

from data.access import settings
from data.base.actor import SYSTEM
from data.crew import calendars
from data.visits import booking_steps, bookings, corrections
from data.visits.booking_table import Booking
from data.visits.corrections import TimeGone
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


@pytest.fixture
def no_drive(cast: Cast) -> None:
    assert cast
    settings.change({'driving.unknown_minutes': 0}, by=SYSTEM)


def test_a_canceled_visit_does_not_come_back_into_the_set_up_of_another(
    cast: Cast, visit: Booking, no_drive: None
) -> None:
    with_set_up = makers.make_service_type(None, minutes=60, set_up_minutes=30, least_notice_minutes=0)
    canceled = bookings.cancel(visit, by=cast.customer)
    next_one = makers.make_booking(cast.other_household, with_set_up, visit.ends_at, asset=None)
    assert next_one.starts_at == visit.ends_at

    with pytest.raises(TimeGone):
        corrections.undo(canceled, by=cast.dispatcher)
    assert Booking.get_by_id(visit.id) == canceled
    bookings.cancel(next_one, by=SYSTEM)
    assert corrections.undo(canceled, by=cast.dispatcher).state == State.SCHEDULED


def test_a_canceled_visit_does_not_come_back_where_nobody_can_drive_in_time(cast: Cast, visit: Booking) -> None:
    short = makers.make_service_type(None, minutes=30, least_notice_minutes=0)
    canceled = bookings.cancel(visit, by=cast.customer)
    makers.make_booking(cast.other_household, short, visit.ends_at, asset=None)

    with pytest.raises(TimeGone):
        corrections.undo(canceled, by=cast.dispatcher)


def test_a_canceled_visit_does_not_come_back_into_time_off(cast: Cast, visit: Booking) -> None:
    canceled = bookings.cancel(visit, by=cast.customer)
    calendars.add_time_off(cast.technician_row, visit.starts_at, visit.ends_at, by=cast.dispatcher)

    with pytest.raises(TimeGone):
        corrections.undo(canceled, by=cast.dispatcher)


def test_hours_and_notice_do_not_stand_against_an_undo(cast: Cast, visit: Booking, clock_of_test: Clock) -> None:
    clock_of_test.move_to(visit.starts_at - MINUTE)
    canceled = bookings.cancel(visit, Reason.BUSINESS, by=cast.dispatcher)
    calendars.set_week(cast.technician_row, {}, by=cast.owner)

    assert corrections.undo(canceled, by=cast.dispatcher).state == State.SCHEDULED


def test_what_early_work_left_over_is_asked_for_with_its_clean_up(
    cast: Cast, no_drive: None, clock_of_test: Clock
) -> None:
    with_clean_up = makers.make_service_type(
        cast.household.asset.product, minutes=60, clean_up_minutes=30, least_notice_minutes=0
    )
    short = makers.make_service_type(None, minutes=30, least_notice_minutes=0)
    done = done_early(makers.make_booking(cast.household, with_clean_up), clock_of_test)
    next_one = makers.make_booking(cast.other_household, short, done.ends_at, asset=None)

    with pytest.raises(TimeGone):
        corrections.undo(done, by=cast.dispatcher)
    bookings.cancel(next_one, by=SYSTEM)
    assert corrections.undo(done, by=cast.dispatcher).state == State.IN_PROGRESS


def test_time_off_in_what_early_work_left_over_keeps_it_done(cast: Cast, visit: Booking, clock_of_test: Clock) -> None:
    done = done_early(visit, clock_of_test)
    calendars.add_time_off(cast.technician_row, done.blocks_until, done.ends_at, by=cast.dispatcher)

    with pytest.raises(TimeGone):
        corrections.undo(done, by=cast.dispatcher)


def test_the_time_that_a_done_visit_kept_is_not_asked_for(cast: Cast, visit: Booking, clock_of_test: Clock) -> None:
    visit = booking_steps.advance(visit, State.IN_PROGRESS, by=cast.technician)
    calendars.add_time_off(cast.technician_row, visit.starts_at, visit.ends_at, by=cast.dispatcher)
    clock_of_test.move_to(visit.ends_at)
    done = booking_steps.advance(visit, State.COMPLETED, by=cast.technician)

    assert corrections.undo(done, by=cast.dispatcher).state == State.IN_PROGRESS


def done_early(visit: Booking, clock_of_test: Clock) -> Booking:
    """Five minutes after it began."""
    clock_of_test.move_to(visit.starts_at)
    visit = booking_steps.advance(visit, State.IN_PROGRESS, by=SYSTEM)
    clock_of_test.shift(5 * MINUTE)
    return booking_steps.advance(visit, State.COMPLETED, by=SYSTEM)
