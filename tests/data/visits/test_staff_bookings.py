"""What staff may book beyond customers: whom they choose, how long, against which rules; and how many are too many."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import makers
import pytest
import time_machine
from conftest import EmptyDatabase
from makers import Cast
from people import TESS

from data.access import settings
from data.base.actor import SYSTEM
from data.base.changes import ChangeRow
from data.base.form_keys import FormKeyReused
from data.base.refusals import NotFound
from data.crew.technicians import Technician
from data.offer.service_types import ServiceType
from data.visits import booking_steps, bookings, offers
from data.visits.assignments import SlotTaken, TechnicianBooked, TechnicianNotFree
from data.visits.booking_table import Booking
from data.visits.states import State
from data.visits.wishes import NoReason, OffCells, TooManyOpen

Clock = time_machine.Traveller
MONDAY_SEVEN = datetime(2030, 5, 6, 12, tzinfo=UTC)  # in Chicago, two hours before the first start on offer
NINE = MONDAY_SEVEN + timedelta(hours=2)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OUTSIDE = {
    'at night': NINE - 6 * HOUR + DAY,
    'off the grid': NINE + 5 * MINUTE,
    'without notice': NINE - HOUR,
    'in the past': NINE - 3 * DAY,
    'too far ahead': NINE + 400 * DAY,
}


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
def tess(cast: Cast) -> Technician:
    assert cast
    return makers.make_technician(TESS)


def book(cast: Cast, start: datetime = NINE, who: str = 'dispatcher', key: str = 'key', **values: Any) -> Booking:
    wish = makers.make_wish(cast.household, cast.service_type, start, **values)
    return bookings.book(wish, by=getattr(cast, who), key=key)


def test_staff_choose_the_technician(cast: Cast, tess: Technician) -> None:
    assert book(cast, technician=tess).technician == tess
    assert book(cast, key='other', technician=cast.technician_row).technician == cast.technician_row


def test_the_chosen_technician_must_be_free(cast: Cast, tess: Technician) -> None:
    book(cast, technician=tess)

    with pytest.raises(TechnicianNotFree):
        book(cast, key='again', technician=tess)
    assert Booking.select().count() == 1


def test_staff_choose_the_length(cast: Cast) -> None:
    booking = book(cast, minutes=35)

    assert (booking.ends_at, booking.blocks_until) == (NINE + 35 * MINUTE, NINE + 35 * MINUTE)
    day = NINE.date()
    long = offers.offered(
        cast.household.site, cast.service_type, first_day=day, last_day=day, by=cast.dispatcher, minutes=480
    )
    assert long == {}


@pytest.mark.parametrize('minutes', [0, -5, 12, 4325], ids=['none', 'less than none', 'off the cells', 'too long'])
def test_a_length_that_no_visit_can_have_is_refused(cast: Cast, minutes: int) -> None:
    with pytest.raises(OffCells):
        book(cast, minutes=minutes)
    with pytest.raises(OffCells):
        book(cast, minutes=minutes, override='It must be')


@pytest.mark.parametrize('start', OUTSIDE.values(), ids=OUTSIDE)
def test_staff_set_a_rule_aside_with_a_reason_that_is_kept(cast: Cast, start: datetime) -> None:
    with pytest.raises(SlotTaken):
        book(cast, start)

    booking = book(cast, start, override='The heating is off and it is cold')

    assert (booking.starts_at, booking.override_reason) == (start, 'The heating is off and it is cold')
    told = json.loads(ChangeRow.get(ChangeRow.kind == 'BookingMade').after)
    assert (told['override'], told['who']) == ('The heating is off and it is cold', 'staff')


def test_an_override_needs_a_reason(cast: Cast) -> None:
    for empty in ('', '  '):
        with pytest.raises(NoReason) as told:
            book(cast, override=empty)
    assert settings.words().refusal(told.value) == 'Please say why this rule is set aside.'


def test_no_override_starts_within_a_cell_or_goes_past_the_guard(cast: Cast) -> None:
    with pytest.raises(OffCells):
        book(cast, NINE + MINUTE, override='Now')
    book(cast)

    with pytest.raises(SlotTaken):
        book(cast, NINE + HOUR, key='again', override='Now')
    with pytest.raises(TechnicianBooked) as told:
        book(cast, NINE + HOUR, key='again', override='Now', technician=cast.technician_row)
    assert settings.words().refusal(told.value) == 'Tom Reed has another appointment at this time.'


def test_with_an_override_who_breaks_no_rule_comes_first(cast: Cast) -> None:
    makers.make_technician(TESS, hours={})  # off duty, with nothing to do all day
    book(cast)

    booking = book(cast, NINE + 3 * HOUR, key='again', override='They wait')

    assert booking.technician == cast.technician_row


def test_with_an_override_anybody_can_be_sent_who_is_not_booked(cast: Cast) -> None:
    off_duty = makers.make_technician(TESS, hours={})
    book(cast)

    booking = book(cast, key='again', override='All hands')

    assert booking.technician == off_duty


def test_what_is_for_staff_does_not_exist_for_customers(cast: Cast, tess: Technician) -> None:
    for values in ({'technician': tess}, {'minutes': 90}, {'override': 'I want it'}):
        with pytest.raises(NotFound):
            book(cast, who='customer', **values)
    with pytest.raises(NotFound):
        offers.offered(
            cast.household.site,
            cast.service_type,
            first_day=NINE.date(),
            last_day=NINE.date(),
            by=cast.customer,
            minutes=30,
        )
    assert Booking.select().count() == 0


def test_the_same_form_with_another_technician_is_another_wish(cast: Cast, tess: Technician) -> None:
    book(cast, technician=tess)

    with pytest.raises(FormKeyReused):
        book(cast, technician=cast.technician_row)


def test_a_customer_books_up_to_the_limit_and_staff_beyond_it(cast: Cast) -> None:
    settings.change({'bookings.most_open': 2}, by=SYSTEM)
    starts = makers.free_starts(cast.household, cast.service_type)
    first = book(cast, starts[0], 'customer', key='1')
    book(cast, starts[20], 'customer', key='2')

    with pytest.raises(TooManyOpen) as told:
        book(cast, starts[40], 'customer', key='3')
    assert '2 open appointments' in settings.words().refusal(told.value)
    assert makers.make_booking(cast.other_household, cast.service_type, starts[40], by=cast.other_customer)
    book(cast, starts[60], key='4')
    for booking in (first, Booking.get(Booking.starts_at == starts[60])):
        bookings.cancel(booking, by=cast.customer)
    assert book(cast, starts[80], 'customer', key='5')


def test_what_is_under_way_counts_as_open_and_what_nobody_confirmed_does_not(cast: Cast, clock_of_test: Clock) -> None:
    settings.change({'bookings.most_open': 1}, by=SYSTEM)
    missed = book(cast)
    clock_of_test.shift(DAY)
    start = makers.free_start(cast.household, cast.service_type)
    open_one = book(cast, start, 'customer', key='next')
    booking_steps.advance(open_one, State.IN_PROGRESS, by=cast.dispatcher)
    clock_of_test.shift(8 * HOUR)

    with pytest.raises(TooManyOpen):
        book(cast, start + 3 * DAY, 'customer', key='third')
    assert Booking.get_by_id(missed.id).state == State.SCHEDULED


def test_the_limit_may_be_lifted(cast: Cast) -> None:
    ServiceType.update(least_notice_minutes=0).execute()
    settings.change({'bookings.most_open': 1}, by=SYSTEM)
    settings.change({'bookings.most_open': None}, by=SYSTEM)
    starts = makers.free_starts(cast.household, cast.service_type)

    for number in (0, 20, 40):
        book(cast, starts[number], 'customer', key=str(number))
    assert Booking.select().count() == 3
