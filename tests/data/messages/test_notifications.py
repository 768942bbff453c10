"""Who is told what: each change that tells somebody writes its message, and no other."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from data.access import accounts, settings, staff
from data.access.roles import Role
from data.base import clock, environment
from data.base.actor import OPERATOR
from data.crew import calendars, technicians
from data.crew.calendars import Hours
from data.messages import deliveries
from data.messages.outbox import Message
from data.offer import products, service_types
from data.people import assets, customers, invitations
from data.people.customers import Contact, Customer
from data.visits import bookings
from data.visits.bookings import Booking, Wish

pytestmark = pytest.mark.usefixtures('database')

NOON = '2030-12-02T18:00:00+00:00'


def make_customer(email: str | None = 'ada@example.com') -> Customer:
    person = {'name': 'Ada Lind', 'email': email, 'phone': None}
    site = {'address': '18 Alder Street, Chicago', 'access_notes': None}
    return customers.add({'name': 'Lind'}, person, site, by=OPERATOR)


def primary_of(customer: Customer) -> Contact:
    return customers.contacts(customer)[0]


def book(customer: Customer, contact: Contact | None = None, **wish: Any) -> Booking:
    """The first free time tomorrow, with a technician and a service made for it."""
    product = products.add({'name': 'Boiler'}, by=OPERATOR)
    service = service_types.add({'name': 'Inspection', 'duration_minutes': 90}, products=[product], by=OPERATOR)
    technician = technicians.add({'name': 'Grace', 'phone': None}, by=OPERATOR)
    calendars.set_week(technician, {weekday: [Hours(480, 1020)] for weekday in range(7)}, by=OPERATOR)
    site = customers.sites(customer)[0]
    values = {'name': 'ecoTEC plus', 'serial_number': None, 'installed_year': None}
    asset = assets.add(site, product, values, by=OPERATOR)
    day = clock.today(settings.zone()) + timedelta(days=1)
    starts_at = bookings.offered(site, service, first_day=day, last_day=day, by=OPERATOR)[day][0]
    told = contact or primary_of(customer)
    return bookings.book(
        Wish(contact=told, site=site, service_type=service, starts_at=starts_at, asset=asset, **wish),
        by=OPERATOR,
        key='press-1',
    )


def only_message() -> Message:
    messages = list(Message.select())
    assert len(messages) == 1
    return messages[0]


def test_an_invited_contact_gets_link_and_code_at_the_public_address() -> None:
    environment.load(
        data=environment.current().data,
        database_url=environment.current().database_url,
        public_url='https://portal.example.com',
    )
    contact = primary_of(make_customer())
    invitation = invitations.invite(contact, by=OPERATOR)

    message = only_message()
    assert (message.wording, message.to_address, message.to_name) == ('invitation', 'ada@example.com', 'Ada Lind')
    assert (message.contact_id, message.customer_id) == (contact.id, contact.customer_id)
    assert message.useless_after == invitation.expires_at
    link, code = message.secrets['link'], message.secrets['code']
    assert link.startswith('https://portal.example.com/redeem/')
    assert invitations.look_up(link.rsplit('/', 1)[1], origin='test') == invitation
    assert invitations.look_up(code.replace('-', ''), origin='test') == invitation


def test_inviting_again_replaces_the_message_that_has_not_gone_out() -> None:
    contact = primary_of(make_customer())
    invitations.invite(contact, by=OPERATOR)
    invitations.invite(contact, by=OPERATOR)

    assert [message.state for message in Message.select().order_by(Message.id)] == ['dropped', 'waiting']


def test_a_revoked_invitation_is_not_sent() -> None:
    invitation = invitations.invite(primary_of(make_customer()), by=OPERATOR)
    invitations.revoke(invitation, by=OPERATOR)

    message = only_message()
    assert (message.state, message.reason, message.sealed_facts) == ('dropped', 'revoked', None)


def test_who_has_come_by_a_code_handed_over_gets_no_invitation_later() -> None:
    invitations.invite(primary_of(make_customer()), by=OPERATOR)
    deliveries.sort(has_carrier=False)
    code = only_message().secrets['code'].replace('-', '')

    invitations.redeem(code, {'name': 'Ada Lind', 'password': 'a long one of ours'}, origin='test', browser='test')

    assert only_message().state == 'dropped'


def test_a_booking_is_confirmed_to_its_contact() -> None:
    with time_machine.travel(NOON, tick=False):
        booking = book(make_customer(), comment='Ring twice')

    message = only_message()
    facts = message.plain_facts
    assert (message.wording, message.to_address) == ('booking_confirmed', 'ada@example.com')
    assert (message.booking_id, message.customer_id) == (booking.id, booking.customer_id)
    assert message.useless_after == booking.starts_at
    assert (facts['service'], facts['asset'], facts['comment']) == ('Inspection', 'ecoTEC plus', 'Ring twice')
    assert facts['place'] == '18 Alder Street, Chicago'
    assert facts['uid'] == booking.uid
    assert facts['starts_at'] == booking.starts_at.isoformat()


def test_where_the_contact_has_no_address_the_primary_contact_is_told() -> None:
    customer = make_customer()
    tenant = customers.add_contact(customer, {'name': 'Tom', 'email': None, 'phone': None}, by=OPERATOR)
    with time_machine.travel(NOON, tick=False):
        book(customer, tenant)

    assert (only_message().to_address, only_message().contact_id) == ('ada@example.com', primary_of(customer).id)


def test_where_nobody_has_an_address_staff_see_it() -> None:
    with time_machine.travel(NOON, tick=False):
        book(make_customer(email=None))

    assert (only_message().state, only_message().to_address) == ('no_address', None)


def test_a_booking_that_was_pressed_twice_is_confirmed_once() -> None:
    with time_machine.travel(NOON, tick=False):
        customer = make_customer()
        booking = book(customer)
        wish = Wish(
            contact=booking.contact, site=booking.site, service_type=booking.service_type,
            starts_at=booking.starts_at, asset=booking.asset,
        )  # fmt: skip
        bookings.book(wish, by=OPERATOR, key='press-1')

    assert only_message().booking_id == booking.id


def test_a_new_colleague_gets_a_one_time_link_and_one_with_an_account_is_told_of_the_role() -> None:
    added = staff.add({'name': 'Cleo', 'email': 'cleo@alder.example', 'roles': ('dispatcher',)}, by=OPERATOR)

    message = only_message()
    assert (message.wording, message.to_address, message.account_id) == (
        'staff_invitation', 'cleo@alder.example', added.account.id,
    )  # fmt: skip
    assert added.link_token is not None
    assert message.secrets['link'].endswith(f'/{added.link_token}')
    assert message.useless_after == clock.now() + staff.LINK_LIVES

    account = accounts.make('dora@alder.example', 'Dora', by=OPERATOR, password_hash='x')
    staff.add({'name': 'Dora', 'email': 'dora@alder.example', 'roles': ('owner', 'technician')}, by=OPERATOR)
    told = Message.select().order_by(Message.id.desc()).get()
    assert (told.wording, told.account_id) == ('staff_role_added', account.id)
    assert told.plain_facts['roles'] == ['Technician', 'Owner']
    assert accounts.roles_of(account.id) >= {Role.OWNER}


def test_in_the_pseudo_language_messages_are_in_it_too() -> None:
    given = environment.current()
    environment.load(data=given.data, database_url=given.database_url, pseudo_language=True)
    invitations.invite(primary_of(make_customer()), by=OPERATOR)

    assert only_message().language == 'en-XA'
