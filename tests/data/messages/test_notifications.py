"""Who is told what: each change that tells somebody writes its message, and no other."""

from typing import Any

import pytest
import time_machine
from makers import (
    Household,
    make_account,
    make_booking,
    make_contact,
    make_customer,
    make_service_type,
    make_technician,
)
from people import ADA, ALDER_STREET, CLEO, NIELS, PASSWORD, RUTH, Person

from data.access import accounts, staff
from data.access.roles import Role
from data.base import clock, environment
from data.base.actor import SYSTEM
from data.messages import deliveries
from data.messages.outbox import Message
from data.people import invitations
from data.people.customers import Contact
from data.visits import bookings
from data.visits.booking_table import Booking
from data.visits.wishes import Wish

pytestmark = pytest.mark.usefixtures('database')

NOON = '2030-12-02T18:00:00+00:00'


def new_contact(person: Person = ADA) -> Contact:
    return make_customer(person, signs_in=False).contact


def book(household: Household, **wish: Any) -> Booking:
    """The first free time, with a technician and a service made for it."""
    make_technician()
    with time_machine.travel(NOON, tick=False):
        return make_booking(household, make_service_type(household.asset.product), **wish)


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
    contact = new_contact()
    invitation = invitations.invite(contact, by=SYSTEM)

    message = only_message()
    assert (message.wording, message.to_address, message.to_name) == ('invitation', ADA.email, ADA.name)
    assert (message.contact_id, message.customer_id) == (contact.id, contact.customer_id)
    assert message.useless_after == invitation.expires_at
    link, code = message.secrets['link'], message.secrets['code']
    assert link.startswith('https://portal.example.com/redeem/')
    assert invitations.look_up(link.rsplit('/', 1)[1], origin='test') == invitation
    assert invitations.look_up(code.replace('-', ''), origin='test') == invitation


def test_inviting_again_replaces_the_message_that_has_not_gone_out() -> None:
    contact = new_contact()
    invitations.invite(contact, by=SYSTEM)
    invitations.invite(contact, by=SYSTEM)

    assert [message.state for message in Message.select().order_by(Message.id)] == ['dropped', 'waiting']


def test_a_revoked_invitation_is_not_sent() -> None:
    invitation = invitations.invite(new_contact(), by=SYSTEM)
    invitations.revoke(invitation, by=SYSTEM)

    message = only_message()
    assert (message.state, message.reason, message.sealed_facts) == ('dropped', 'revoked', None)


def test_who_has_come_by_a_code_handed_over_gets_no_invitation_later() -> None:
    invitations.invite(new_contact(), by=SYSTEM)
    deliveries.sort(has_carrier=False)
    code = only_message().secrets['code'].replace('-', '')

    invitations.redeem(code, {'name': ADA.name, 'password': PASSWORD}, origin='test', browser='test')

    assert only_message().state == 'dropped'


def test_a_booking_is_confirmed_to_its_contact() -> None:
    booking = book(make_customer(), comment='Ring twice')

    message = only_message()
    facts = message.plain_facts
    assert (message.wording, message.to_address) == ('booking_confirmed', ADA.email)
    assert (message.booking_id, message.customer_id) == (booking.id, booking.customer_id)
    assert message.useless_after == booking.starts_at
    assert (facts['service'], facts['asset'], facts['comment']) == ('Annual inspection', 'ecoTEC plus', 'Ring twice')
    assert (facts['place'], facts['uid']) == (ALDER_STREET, booking.uid)
    assert facts['starts_at'] == booking.starts_at.isoformat()


def test_where_the_contact_has_no_address_the_primary_contact_is_told() -> None:
    household = make_customer()
    without = make_contact(household, Person('Niels Lind', ''), signs_in=False)
    book(household, contact=without)

    assert (only_message().to_address, only_message().contact_id) == (ADA.email, household.contact.id)


def test_an_invitation_goes_to_nobody_in_the_contacts_stead() -> None:
    household = make_customer()
    niels = make_contact(household, NIELS, signs_in=False, email='niels@example.com')
    invitations.invite(niels, by=SYSTEM)

    assert (only_message().to_address, only_message().contact_id) == ('niels@example.com', niels.id)


def test_where_nobody_has_an_address_staff_see_it() -> None:
    book(make_customer(signs_in=False, email=None))

    assert (only_message().state, only_message().to_address) == ('no_address', None)


def test_a_booking_that_was_pressed_twice_is_confirmed_once() -> None:
    household = make_customer()
    made = book(household)
    wish = Wish(contact=made.contact, site=made.site, service_type=made.service_type, starts_at=made.starts_at)
    with time_machine.travel(NOON, tick=False):
        Booking.delete().where(Booking.id == made.id).execute()
        Message.delete().execute()
        booking = bookings.book(wish, by=SYSTEM, key='pressed')
        bookings.book(wish, by=SYSTEM, key='pressed')

    assert only_message().booking_id == booking.id


def test_a_new_colleague_gets_a_one_time_link() -> None:
    added = staff.add({'name': CLEO.name, 'email': CLEO.email, 'roles': ('dispatcher',)}, by=SYSTEM)

    message = only_message()
    assert (message.wording, message.to_address) == ('staff_invitation', CLEO.email)
    assert message.account_id == added.account.id
    assert added.link_token is not None
    assert message.secrets['link'].endswith(f'/{added.link_token}')
    assert message.useless_after == clock.now() + staff.LINK_LIVES


def test_who_has_an_account_already_is_told_of_the_new_roles() -> None:
    account = make_account(RUTH)
    staff.add({'name': RUTH.name, 'email': RUTH.email, 'roles': ('owner', 'technician')}, by=SYSTEM)

    message = only_message()
    assert (message.wording, message.account_id) == ('staff_role_added', account.id)
    assert message.plain_facts['roles'] == ['Technician', 'Owner']
    assert accounts.roles_of(account.id) >= {Role.OWNER}


def test_in_the_pseudo_language_messages_are_in_it_too() -> None:
    given = environment.current()
    environment.load(data=given.data, database_url=given.database_url, pseudo_language=True)
    invitations.invite(new_contact(), by=SYSTEM)

    assert only_message().language == 'en-XA'
