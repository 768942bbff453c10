"""Booking: what is free and one's own is booked once, by whoever presses first, as the rows are now."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import makers
import pytest
import time_machine
from makers import Cast
from people import BRUNO, NIELS, RUTH, TESS

from data.access import settings
from data.base import clock
from data.base.actor import SYSTEM
from data.base.changes import ChangeRow
from data.base.database import database as connected
from data.base.database import is_postgresql
from data.base.form_keys import FormKeyReused
from data.base.refusals import NotFound
from data.crew.calendars import Hours
from data.crew.technicians import Technician
from data.offer.service_types import ServiceType
from data.people import customers
from data.people.customers import Contact
from data.visits import bookings, offers
from data.visits.assignments import SlotTaken
from data.visits.booking_table import Booking
from data.visits.wishes import Wish

pytestmark = pytest.mark.usefixtures('database')

CHICAGO = ZoneInfo('America/Chicago')


@pytest.fixture
def cast() -> Cast:
    return makers.make_cast()


@pytest.fixture
def start(cast: Cast) -> datetime:
    return makers.free_start(cast.household, cast.service_type)


def wish(cast: Cast, start: datetime, **values: object) -> Wish:
    return makers.make_wish(cast.household, cast.service_type, start, **values)


def book(cast: Cast, start: datetime, key: str = 'key', **values: object) -> Booking:
    return bookings.book(wish(cast, start, **values), by=cast.customer, key=key)


def rows() -> int:
    return int(Booking.select().count())


def test_a_booking_promises_the_time_and_freezes_what_was_chosen(cast: Cast, start: datetime) -> None:
    ServiceType.update(set_up_minutes=5, clean_up_minutes=10).execute()
    booking = Booking.get_by_id(book(cast, start, comment='Gate 7').id)
    ServiceType.update(name='Renamed', duration_minutes=240, set_up_minutes=0).execute()

    booking = Booking.get_by_id(booking.id)
    assert (booking.starts_at, booking.ends_at) == (start, start + timedelta(minutes=90))
    assert booking.blocks_until == booking.ends_at
    assert (booking.set_up_minutes, booking.clean_up_minutes) == (5, 10)
    assert (booking.service_name, booking.asset_name) == ('Annual inspection', 'ecoTEC plus')
    assert booking.comment == 'Gate 7'
    assert (booking.state, booking.status.state, booking.sequence) == ('scheduled', 'scheduled', 0)
    assert (booking.customer_id, booking.contact_id) == (cast.household.customer.id, cast.household.contact.id)
    assert booking.technician == cast.technician_row


def test_something_else_can_be_booked_without_a_product(cast: Cast, start: datetime) -> None:
    anything = makers.make_service_type(None)

    booking = bookings.book(makers.make_wish(cast.household, anything, start, asset=None), by=cast.customer, key='key')

    assert (booking.asset_id, booking.asset_name) == (None, None)


def test_every_booking_has_its_own_calendar_identity(cast: Cast) -> None:
    starts = makers.free_starts(cast.household, cast.service_type)

    made = [book(cast, start, key=str(start)) for start in (starts[0], starts[8], starts[16])]

    assert len({booking.uid for booking in made}) == 3


def test_pressing_twice_books_once(cast: Cast, start: datetime) -> None:
    first, second = book(cast, start), book(cast, start)

    assert first == second
    assert rows() == 1
    assert ChangeRow.select().where(ChangeRow.kind == 'BookingMade').count() == 1


def test_the_same_form_with_other_details_is_refused(cast: Cast, start: datetime) -> None:
    book(cast, start)

    with pytest.raises(FormKeyReused):
        book(cast, start, comment='Ring twice')
    with pytest.raises(FormKeyReused):
        book(cast, start + timedelta(hours=2))
    assert rows() == 1


def test_the_key_of_a_press_that_was_refused_may_come_again(cast: Cast, start: datetime) -> None:
    makers.make_booking(cast.other_household, cast.service_type, start)
    with pytest.raises(SlotTaken):
        book(cast, start)

    another = makers.free_start(cast.household, cast.service_type)
    assert book(cast, another).starts_at == another


def test_a_time_that_was_taken_meanwhile_is_refused_and_nothing_is_written(cast: Cast, start: datetime) -> None:
    makers.make_booking(cast.other_household, cast.service_type, start)
    before = ChangeRow.select().count()

    with pytest.raises(SlotTaken):
        book(cast, start)

    assert (rows(), ChangeRow.select().count()) == (1, before)


@pytest.mark.parametrize(
    'shift',
    [timedelta(minutes=1), timedelta(minutes=10), timedelta(days=-30), timedelta(days=400), timedelta(hours=12)],
    ids=['off the cells', 'off the grid', 'in the past', 'too far ahead', 'at night'],
)
def test_a_time_that_was_never_offered_is_refused(cast: Cast, start: datetime, shift: timedelta) -> None:
    with pytest.raises(SlotTaken):
        book(cast, start + shift)

    assert rows() == 0


def test_the_same_instant_may_be_named_in_any_zone(cast: Cast, start: datetime) -> None:
    assert book(cast, start.astimezone(ZoneInfo('Asia/Kolkata'))).starts_at == start


def test_a_canceled_booking_frees_its_time(cast: Cast, start: datetime) -> None:
    first = book(cast, start)
    Booking.update(state='canceled', canceled_at=clock.now()).where(Booking.id == first.id).execute()

    assert start in makers.free_starts(cast.household, cast.service_type)
    assert book(cast, start, key='again') != first


def test_two_technicians_can_be_at_two_places_at_one_time_and_a_third_visit_finds_nobody(
    cast: Cast, start: datetime
) -> None:
    tess = makers.make_technician(TESS)
    made = [book(cast, start, key=key) for key in ('one', 'two')]

    assert {booking.technician_id for booking in made} == {cast.technician_row.id, tess.id}
    with pytest.raises(SlotTaken):
        book(cast, start, key='three')


def test_should_the_guard_refuse_one_technician_the_next_one_gets_it(cast: Cast, start: datetime) -> None:
    let_the_guard_refuse(cast.technician_row)
    tess = makers.make_technician(TESS)

    assert [book(cast, start).technician, rows()] == [tess, 1]


def test_should_the_guard_refuse_everybody_the_time_is_taken(cast: Cast, start: datetime) -> None:
    let_the_guard_refuse(cast.technician_row)

    with pytest.raises(SlotTaken):
        book(cast, start)

    assert rows() == 0


def test_a_technician_who_has_left_gets_nothing(cast: Cast, start: datetime) -> None:
    Technician.update(ended_at=clock.now()).execute()

    with pytest.raises(SlotTaken):
        book(cast, start)


def test_a_service_type_that_was_changed_meanwhile_is_booked_as_it_is_now(cast: Cast, start: datetime) -> None:
    seen_before = cast.service_type
    ServiceType.update(duration_minutes=60, name='Quick check').where(ServiceType.id == seen_before.id).execute()

    booking = book(cast, start)

    assert booking.ends_at - booking.starts_at == timedelta(minutes=60)
    assert booking.service_name == 'Quick check'


def test_a_customer_books_for_themself_and_staff_for_everybody(cast: Cast, start: datetime) -> None:
    niels = makers.make_contact(cast.household, NIELS, signs_in=False)

    with pytest.raises(NotFound):
        book(cast, start, contact=niels)
    assert bookings.book(wish(cast, start, contact=niels), by=cast.dispatcher, key='key').contact == niels


def test_a_service_for_another_product_is_not_on_a_customers_portal(cast: Cast, start: datetime) -> None:
    for_stoves = makers.make_service_type(makers.make_product('Stove'))

    with pytest.raises(NotFound):
        bookings.book(makers.make_wish(cast.household, for_stoves, start), by=cast.customer, key='key')


def test_an_asset_at_another_site_of_the_same_customer_does_not_fit(cast: Cast, start: datetime) -> None:
    second = customers.add_site(cast.household.customer, {'address': '2 Elm Court', 'access_notes': None}, by=SYSTEM)

    with pytest.raises(NotFound):
        book(cast, start, site=second)
    assert bookings.book(wish(cast, start, site=second, asset=None), by=cast.dispatcher, key='key').site == second


def test_a_contact_who_is_own_only_sees_what_is_theirs_and_nothing_of_the_landlords(cast: Cast) -> None:
    tenant = makers.make_contact(cast.household, RUTH, is_own_only=True)
    assert tenant.account is not None
    ruth = makers.signed_in(tenant.account)
    landlords = makers.make_booking(cast.household, cast.service_type)
    own = makers.make_booking(cast.household, cast.service_type, contact=tenant, by=ruth)

    assert bookings.find(own.id, by=ruth) == own
    assert bookings.find(own.id, by=cast.customer) == own  # the landlord sees both
    with pytest.raises(NotFound):
        bookings.find(landlords.id, by=ruth)


def test_whose_contact_has_ended_sees_the_booking_no_more(cast: Cast) -> None:
    booking = makers.make_booking(cast.household, cast.service_type)
    Contact.update(ended_at=clock.now()).where(Contact.id == cast.household.contact.id).execute()

    with pytest.raises(NotFound):
        bookings.find(booking.id, by=cast.customer)


def test_history_tells_the_booking_and_the_message_goes_out_with_it(cast: Cast, start: datetime) -> None:
    booking = book(cast, start)

    row = ChangeRow.get(ChangeRow.kind == 'BookingMade')
    assert (row.subject_id, row.customer_id) == (booking.id, cast.household.customer.id)
    assert row.account_id == cast.customer.account_id
    told = json.loads(row.after)
    assert (told['starts_at'], told['zone']) == (start.isoformat(), 'America/Chicago')


def test_in_the_night_when_clocks_go_back_both_hours_can_be_booked_and_are_told_apart() -> None:
    with time_machine.travel('2030-11-01T12:00:00+00:00', tick=False):
        makers.make_business()
        settings.change({'driving.unknown_minutes': 0}, by=SYSTEM)  # from one door to the same
        household = makers.make_customer(BRUNO)
        kind = makers.make_service_type(household.asset.product, minutes=60, granularity_minutes=60)
        makers.make_technician(hours=dict.fromkeys(range(7), (Hours(0, 24 * 60),)))
        night = date(2030, 11, 3)
        offer = offers.offered(household.site, kind, first_day=night, last_day=night, by=SYSTEM)[night]
        twice = [instant for instant in offer if instant.astimezone(CHICAGO).hour == 1]
        made = [makers.make_booking(household, kind, instant) for instant in twice]

    assert [booking.starts_at for booking in made] == [datetime(2030, 11, 3, hour, tzinfo=UTC) for hour in (6, 7)]


def let_the_guard_refuse(technician: Technician) -> None:
    """As if another program were faster each time, in a way that the engine cannot see."""
    is_theirs = f'technician_id = {technician.id}'
    connected.execute_sql(
        f'ALTER TABLE bookings ADD CONSTRAINT bookings_guard_of_test CHECK (NOT {is_theirs})'
        if is_postgresql()
        else f'CREATE TRIGGER refuse BEFORE INSERT ON bookings WHEN NEW.{is_theirs} '
        "BEGIN SELECT RAISE(ABORT, 'bookings_guard: taken'); END"
    )
