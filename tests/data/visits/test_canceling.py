"""Canceling: whose it is, for what reason, until when; the time is free at once."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import makers
import pytest
import time_machine
from conftest import EmptyDatabase
from makers import Cast
from people import Person

from data.access import settings
from data.access.accounts import Account
from data.base import clock
from data.base.actor import SYSTEM
from data.base.changes import ChangeRow
from data.base.refusals import NotFound
from data.people.customers import Contact
from data.visits import booking_steps, bookings
from data.visits.booking_steps import NoSuchStep
from data.visits.booking_table import Booking
from data.visits.hindrances import CallUs, CutOffPassed, IsOver, OnTheWay
from data.visits.states import Reason, State
from data.visits.true_times import NotYet

Clock = time_machine.Traveller
MONDAY_SEVEN = datetime(2030, 5, 6, 12, tzinfo=UTC)  # in Chicago, two hours before the first start on offer
TOGETHER = {  # who cancels from which state for which reason; everybody else is refused
    (State.SCHEDULED, Reason.CUSTOMER): {'customer', 'dispatcher', 'owner'},
    (State.SCHEDULED, Reason.BUSINESS): {'dispatcher', 'owner'},
    (State.SCHEDULED, Reason.NOBODY_THERE): {'dispatcher', 'owner'},
    (State.SCHEDULED, Reason.OTHER): {'dispatcher', 'owner'},
    (State.TRAVELING, Reason.CUSTOMER): {'dispatcher', 'owner'},
    (State.TRAVELING, Reason.BUSINESS): {'dispatcher', 'owner'},
    (State.TRAVELING, Reason.NOBODY_THERE): {'technician', 'dispatcher', 'owner'},
    (State.TRAVELING, Reason.OTHER): {'dispatcher', 'owner'},
    (State.IN_PROGRESS, Reason.NOBODY_THERE): {'technician', 'dispatcher', 'owner'},
}
TIA = Person('Tia Tenant', 'tia@example.net')
PEOPLE = ('customer', 'other_customer', 'technician', 'dispatcher', 'owner', 'stranger')
WAYS = {State.ON_BREAK: (State.IN_PROGRESS, State.ON_BREAK), State.COMPLETED: (State.IN_PROGRESS, State.COMPLETED)}


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


@pytest.mark.parametrize('reason', Reason)
@pytest.mark.parametrize('state', [state for state in State if state != State.CANCELED])
def test_a_visit_is_canceled_by_whom_and_for_what_the_business_allows(cast: Cast, state: State, reason: Reason) -> None:
    for who in PEOPLE:
        visit = makers.make_booking(cast.household, cast.service_type)
        for target in WAYS.get(state, (state,) if state != State.SCHEDULED else ()):
            visit = booking_steps.advance(visit, target, by=cast.technician)
        if who in TOGETHER.get((state, reason), set()):
            canceled = bookings.cancel(visit, reason, by=getattr(cast, who))
            assert (canceled.state, canceled.cancel_reason) == (State.CANCELED, reason)
            continue
        with pytest.raises((NotFound, NoSuchStep, CallUs, IsOver)):
            bookings.cancel(visit, reason, by=getattr(cast, who))
        assert Booking.get_by_id(visit.id).version == visit.version
        Booking.update(state='canceled').where(Booking.id == visit.id).execute()  # makes room for the next one


def test_a_canceled_visit_says_why_and_its_time_is_free_at_once(cast: Cast, visit: Booking) -> None:
    canceled = bookings.cancel(visit, by=cast.customer, note='We are on holiday')

    assert (canceled.cancel_note, canceled.canceled_at) == ('We are on holiday', clock.now())
    assert (canceled.sequence, canceled.status.state) == (visit.sequence + 1, State.CANCELED)
    assert visit.starts_at in makers.free_starts(cast.other_household, cast.service_type)
    makers.make_booking(cast.other_household, cast.service_type, visit.starts_at)
    change = last_of(visit)
    told = json.loads(change.after)
    assert (change.kind, told['cancel_reason'], told['cancel_note']) == (
        'BookingCanceled',
        'customer',
        'We are on holiday',
    )
    assert (told['who'], told['starts_at'], told['zone']) == (
        'customer',
        visit.starts_at.isoformat(),
        'America/Chicago',
    )


def test_an_internal_note_and_a_true_time_are_not_the_customers(cast: Cast, visit: Booking) -> None:
    for more in ({'internal_note': 'Never again'}, {'at': clock.now()}):
        with pytest.raises(NotFound):
            bookings.cancel(visit, by=cast.customer, **more)

    canceled = bookings.cancel(visit, Reason.BUSINESS, by=cast.dispatcher, note='Sorry', internal_note='Van broke')
    assert (canceled.cancel_note, canceled.cancel_note_internal) == ('Sorry', 'Van broke')


def test_nobody_there_may_be_told_a_little_later(cast: Cast, visit: Booking, clock_of_test: Clock) -> None:
    visit = booking_steps.advance(visit, State.TRAVELING, by=cast.technician)
    clock_of_test.shift(timedelta(hours=1))
    at = clock.now() - timedelta(minutes=20)

    with pytest.raises(NotYet):
        bookings.cancel(visit, Reason.NOBODY_THERE, by=cast.technician, at=clock.now() + timedelta(minutes=1))
    canceled = bookings.cancel(visit, Reason.NOBODY_THERE, by=cast.technician, at=at)

    assert (canceled.canceled_at, canceled.travel_started_at) == (at, MONDAY_SEVEN)


def test_what_is_canceled_is_not_canceled_again(cast: Cast, visit: Booking) -> None:
    canceled = bookings.cancel(visit, by=cast.customer)

    with pytest.raises(IsOver):
        bookings.cancel(canceled, by=cast.customer)
    with pytest.raises(NoSuchStep):
        bookings.cancel(canceled, Reason.BUSINESS, by=cast.dispatcher)


def test_a_contact_who_is_own_only_cancels_what_is_theirs_alone(cast: Cast, visit: Booking) -> None:
    tenant = makers.make_contact(cast.household, TIA, is_own_only=True)
    assert tenant.account is not None
    tia = makers.signed_in(tenant.account)
    own = makers.make_booking(cast.household, cast.service_type, contact=tenant)

    with pytest.raises(NotFound):
        bookings.cancel(visit, by=tia)
    assert bookings.cancel(own, by=tia).state == State.CANCELED


def test_who_is_customer_and_technician_of_a_visit_cancels_as_any_customer(
    cast: Cast, visit: Booking, clock_of_test: Clock
) -> None:
    settings.change({'bookings.cut_off_hours': 1}, by=SYSTEM)
    technician = Account.get_by_id(cast.technician.account_id)
    Contact.update(account=technician).where(Contact.id == visit.contact_id).execute()
    with pytest.raises(NotFound):
        bookings.cancel(visit, by=cast.technician, internal_note='I am ill')
    clock_of_test.move_to(visit.starts_at - timedelta(minutes=59))

    with pytest.raises(CutOffPassed):
        bookings.cancel(visit, by=cast.technician)
    assert bookings.cancel(visit, by=cast.dispatcher, internal_note='He called').state == State.CANCELED


def test_who_is_customer_and_technician_of_a_visit_may_find_nobody_there(cast: Cast, visit: Booking) -> None:
    technician = Account.get_by_id(cast.technician.account_id)
    Contact.update(account=technician).where(Contact.id == visit.contact_id).execute()
    visit = booking_steps.advance(visit, State.TRAVELING, by=cast.technician)

    with pytest.raises(OnTheWay):
        bookings.cancel(visit, by=cast.technician)
    canceled = bookings.cancel(visit, Reason.NOBODY_THERE, by=cast.technician, internal_note='The dog was')
    assert canceled.cancel_note_internal == 'The dog was'


def test_a_page_offers_a_cancel_once_and_only_while_it_is_possible(
    cast: Cast, visit: Booking, clock_of_test: Clock
) -> None:
    settings.change({'bookings.cut_off_hours': 1}, by=SYSTEM)

    def cancels(who: str) -> list[frozenset[Reason]]:
        steps = booking_steps.possible(visit, by=getattr(cast, who))
        return [step.reasons for step in steps if step.target == State.CANCELED]

    assert cancels('customer') == [{Reason.CUSTOMER}]
    assert cancels('dispatcher') == [frozenset(Reason)]
    assert cancels('technician') == []
    clock_of_test.move_to(visit.starts_at - timedelta(hours=1))
    assert cancels('customer') == []
    assert cancels('dispatcher') == [frozenset(Reason)]


def last_of(visit: Booking) -> ChangeRow:
    its = (ChangeRow.subject_type == 'bookings') & (ChangeRow.subject_id == visit.id)
    row: ChangeRow = ChangeRow.select().where(its).order_by(ChangeRow.id.desc()).first()
    return row
