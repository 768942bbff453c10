"""What pages ask: a customer's home, the staff's list; nobody sees what is not theirs."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import makers
import pytest
import time_machine
from conftest import EmptyDatabase
from makers import Cast
from people import RUTH, TESS, TOM
from queries import counted

from data.access import settings
from data.base import clock
from data.base.actor import Actor
from data.base.refusals import NotFound
from data.crew.technicians import Technician
from data.people.customers import Contact
from data.visits import booking_lists, bookings
from data.visits.booking_table import Booking

Clock = time_machine.Traveller
CELL = timedelta(minutes=5)
MONDAY_MORNING = '2030-05-06T12:00:00+00:00'  # 7 o'clock in Chicago


@pytest.fixture
def clock_of_test(database: EmptyDatabase) -> Iterator[Clock]:
    assert database
    with time_machine.travel(MONDAY_MORNING, tick=False) as clock_:
        yield clock_


@pytest.fixture
def cast(clock_of_test: Clock) -> Cast:
    assert clock_of_test
    return makers.make_cast()


def book(cast: Cast, nth: int = 0, **values: Any) -> Booking:
    starts = makers.free_starts(cast.household, cast.service_type)
    return makers.make_booking(cast.household, cast.service_type, starts[nth], **values)


def unconfirmed(booking: Booking) -> bool:
    return booking_lists.is_not_confirmed(booking, settings.zone())


def set_state(booking: Booking, state: str) -> None:
    Booking.update(state=state).where(Booking.id == booking.id).execute()


def test_coming_visits_stand_by_their_start_and_past_ones_newest_first(cast: Cast) -> None:
    late, early = book(cast, 40), book(cast, 0)
    done, dropped = book(cast, 4), book(cast, 8)
    set_state(done, 'completed')
    set_state(dropped, 'canceled')

    home = booking_lists.home(by=cast.customer)

    assert home.upcoming == [early, late]
    assert home.past == [dropped, done]
    assert home.past_count == 2


def test_a_visit_that_is_under_way_is_upcoming(cast: Cast) -> None:
    visits = [book(cast, number) for number in (0, 8)]
    for visit, state in zip(visits, ('traveling', 'on break'), strict=True):
        set_state(visit, state)

    assert booking_lists.home(by=cast.customer).upcoming == visits


def test_a_visit_nobody_settled_is_past_from_the_business_s_midnight_on(cast: Cast, clock_of_test: Clock) -> None:
    visit = book(cast)
    clock_of_test.move_to(datetime(2030, 5, 7, 4, 59, 59, tzinfo=UTC))
    assert booking_lists.home(by=cast.customer).upcoming == [visit]
    assert not unconfirmed(visit)

    clock_of_test.shift(timedelta(seconds=1))
    assert booking_lists.home(by=cast.customer).past == [visit]
    assert unconfirmed(visit)


def test_a_visit_that_ends_at_midnight_is_past_from_that_moment_on(cast: Cast, clock_of_test: Clock) -> None:
    visit = book(cast)
    midnight = datetime(2030, 5, 7, 5, tzinfo=UTC)
    at_night = {'starts_at': midnight - timedelta(minutes=90), 'ends_at': midnight, 'blocks_until': midnight}
    Booking.update(at_night).where(Booking.id == visit.id).execute()
    clock_of_test.move_to(midnight)

    home = booking_lists.home(by=cast.customer)

    assert (home.upcoming, home.past) == ([], [visit])
    assert unconfirmed(Booking.get_by_id(visit.id))


def test_what_was_settled_is_not_unconfirmed(cast: Cast, clock_of_test: Clock) -> None:
    visit = book(cast)
    set_state(visit, 'completed')
    clock_of_test.shift(timedelta(days=9))

    assert not unconfirmed(Booking.get_by_id(visit.id))


def test_past_visits_come_in_portions_and_are_counted(cast: Cast) -> None:
    for number in (0, 4, 8):
        set_state(book(cast, number), 'completed')

    home = booking_lists.home(by=cast.customer, past=2)

    assert (len(home.past), home.past_count) == (2, 3)


def test_a_home_shows_what_is_its_persons_and_nothing_else(cast: Cast) -> None:
    mine = book(cast)
    makers.make_booking(cast.other_household, cast.service_type)

    homes = [booking_lists.home(by=by).upcoming for by in (cast.customer, cast.owner, cast.technician)]
    assert homes == [[mine], [], []]


def test_one_home_for_all_households_of_a_person(cast: Cast) -> None:
    Contact.update(account=cast.household.account).where(Contact.id == cast.other_household.contact.id).execute()
    mine, other = book(cast), makers.make_booking(cast.other_household, cast.service_type)

    home = booking_lists.home(by=cast.customer)

    assert home.upcoming == [mine, other]
    assert [visit.customer.name for visit in home.upcoming] == ['Lind', 'Sá']
    assert booking_lists.home(by=cast.other_customer).upcoming == []


def test_who_is_own_only_sees_the_visits_made_for_them(cast: Cast) -> None:
    tenant = makers.make_contact(cast.household, RUTH, is_own_only=True)
    assert tenant.account is not None
    ruth: Actor = makers.signed_in(tenant.account)
    landlords, own = book(cast), book(cast, 8, contact=tenant)

    assert booking_lists.home(by=ruth).upcoming == [own]
    assert booking_lists.home(by=cast.customer).upcoming == [landlords, own]


def test_whose_contact_has_ended_has_an_empty_home(cast: Cast) -> None:
    book(cast)
    Contact.update(ended_at=clock.now()).where(Contact.id == cast.household.contact.id).execute()

    assert booking_lists.home(by=cast.customer).upcoming == []


def test_staff_see_what_comes_from_today_on_of_everybody(cast: Cast, clock_of_test: Clock) -> None:
    gone, mine = book(cast), book(cast, 40)
    others = makers.make_booking(
        cast.other_household, cast.service_type, makers.free_starts(cast.household, cast.service_type)[30]
    )
    set_state(book(cast, 20), 'canceled')
    clock_of_test.shift(timedelta(days=1))

    coming = booking_lists.coming(by=cast.dispatcher)

    assert gone not in coming
    assert coming == sorted((mine, others), key=lambda visit: visit.starts_at)
    assert booking_lists.coming(by=cast.dispatcher, most=1) == coming[:1]


def squeezed(cast: Cast, start: datetime, technician: Technician | None = None, *, minutes: int = 5) -> Booking:
    """Wherever it is wanted."""
    return makers.make_booking(
        cast.household,
        cast.service_type,
        start,
        technician=technician or cast.technician_row,
        minutes=minutes,
        override='For a test',
    )


DAYS = [  # in Chicago: the local date, its first moment and the next date's
    (date(2030, 5, 8), datetime(2030, 5, 8, 5, tzinfo=UTC), datetime(2030, 5, 9, 5, tzinfo=UTC)),
    (date(2030, 11, 3), datetime(2030, 11, 3, 5, tzinfo=UTC), datetime(2030, 11, 4, 6, tzinfo=UTC)),
    (date(2031, 3, 9), datetime(2031, 3, 9, 6, tzinfo=UTC), datetime(2031, 3, 10, 5, tzinfo=UTC)),
]


@pytest.mark.parametrize(('day', 'start', 'end'), DAYS, ids=['24 hours', '25 hours', '23 hours'])
def test_a_day_goes_from_midnight_to_midnight_of_the_business(
    cast: Cast, day: date, start: datetime, end: datetime
) -> None:
    starts = start - CELL, start, end - CELL, end
    _, first, last, _ = (squeezed(cast, each) for each in starts)
    across = squeezed(cast, end - 2 * CELL, makers.make_technician(TESS), minutes=20)

    assert booking_lists.of_day(day, by=cast.dispatcher) == [across, first, last]
    assert booking_lists.of_technician(day, by=cast.technician) == [first, last]
    assert across in booking_lists.of_day(day + timedelta(1), by=cast.dispatcher)


def test_a_visit_of_days_is_on_each_of_them(cast: Cast) -> None:
    day = date(2030, 5, 8)
    long = squeezed(cast, datetime(2030, 5, 8, 5, tzinfo=UTC), minutes=3 * 24 * 60)

    found = [booking_lists.of_technician(day + timedelta(n), by=cast.technician) for n in range(-1, 4)]

    assert found == [[], [long], [long], [long], []]
    assert [booking_lists.of_day(day + timedelta(n), by=cast.dispatcher) for n in range(-1, 4)] == found


def test_a_day_of_all_stands_by_technician_and_canceled_ones_only_if_asked_for(cast: Cast) -> None:
    day, morning = date(2030, 5, 8), datetime(2030, 5, 8, 14, tzinfo=UTC)
    tess = makers.make_technician(TESS)
    late, early = squeezed(cast, morning + 9 * CELL), squeezed(cast, morning)
    hers, dropped = squeezed(cast, morning + CELL, tess), squeezed(cast, morning + 3 * CELL)
    set_state(dropped, 'canceled')

    assert booking_lists.of_day(day, by=cast.dispatcher) == [hers, early, late]
    assert booking_lists.of_day(day, with_canceled=True, by=cast.dispatcher) == [hers, early, dropped, late]
    with counted() as queries:
        names = [row.technician.name for row in booking_lists.of_day(day, by=cast.dispatcher)]
    assert names == [TESS.name, TOM.name, TOM.name]
    assert len(queries) <= 4


def test_technicians_see_their_own_day_in_order_and_nothing_that_is_over_for_long(
    cast: Cast, clock_of_test: Clock
) -> None:
    day, morning = date(2030, 5, 8), datetime(2030, 5, 8, 14, tzinfo=UTC)
    squeezed(cast, morning, makers.make_technician(TESS))
    late, early, dropped = (squeezed(cast, morning + cells * CELL) for cells in (9, 0, 4))
    set_state(dropped, 'canceled')
    set_state(early, 'completed')

    assert booking_lists.of_technician(day, by=cast.technician) == [early, late]
    clock_of_test.move_to(morning + timedelta(days=14))
    assert booking_lists.of_technician(day, by=cast.technician) == [early, late]
    clock_of_test.move_to(morning + timedelta(days=15))
    assert booking_lists.of_technician(day, by=cast.technician) == [late]
    for other in (cast.dispatcher, cast.customer):
        with pytest.raises(NotFound):
            booking_lists.of_technician(day, by=other)


def test_staff_see_all_of_one_customer_newest_first(cast: Cast) -> None:
    first, second = book(cast), book(cast, 8)
    set_state(first, 'canceled')
    makers.make_booking(cast.other_household, cast.service_type)

    assert booking_lists.of_customer(cast.household.customer, by=cast.dispatcher) == [second, first]


def test_staff_see_what_nobody_confirmed_oldest_first(cast: Cast, clock_of_test: Clock) -> None:
    later, sooner, settled = book(cast, 8), book(cast), book(cast, 30)
    set_state(settled, 'completed')
    assert booking_lists.not_confirmed(by=cast.dispatcher) == []
    clock_of_test.shift(timedelta(days=3))
    book(cast)

    assert booking_lists.not_confirmed(by=cast.dispatcher) == [sooner, later]
    assert booking_lists.not_confirmed(by=cast.dispatcher, most=1) == [sooner]


def test_a_bookings_history_tells_staff_who_did_what_in_order(cast: Cast, clock_of_test: Clock) -> None:
    visit, other = book(cast, by=cast.customer), book(cast, 8)
    clock_of_test.shift(timedelta(minutes=5))
    bookings.cancel(bookings.modify(visit, 'Gate 7', by=cast.dispatcher), by=cast.customer)

    rows = booking_lists.history(visit, by=cast.dispatcher)

    assert [row.kind for row in rows] == ['BookingMade', 'BookingModified', 'BookingCanceled']
    assert [row.account_id for row in rows] == [
        each.account_id for each in (cast.customer, cast.dispatcher, cast.customer)
    ]
    assert [row.kind for row in booking_lists.history(other, by=cast.owner)] == ['BookingMade']
