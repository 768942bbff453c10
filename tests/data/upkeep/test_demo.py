"""The example company: filled by real commands, once, without a letter to anybody."""

import time

import pytest
from conftest import EmptyDatabase

from data.access import accounts, sessions, settings
from data.access.roles import Role
from data.base import tokens
from data.base.refusals import InvalidInput
from data.base.tokens import LinkInvalid
from data.messages import deliveries
from data.messages.outbox import Message, MessageState
from data.people import customers
from data.people.customers import Customer
from data.people.invitations import Invitation
from data.upkeep import demo, owner_links, set_up
from data.visits.booking_table import Booking

OLGA = {'name': 'Olga Winter', 'email': 'olga@alder.example', 'password': 'seven alder leaves in May'}


def test_an_empty_house_is_filled_within_seconds(database: EmptyDatabase) -> None:
    begun = time.monotonic()
    demo.ensure()
    assert time.monotonic() - begun < 10
    assert settings.read('business.name') == 'Northwind Heating & Cooling'
    assert Customer.select().count() == 8
    assert Booking.select().count() == 12
    assert [invitation.is_open for invitation in Invitation.select()] == [True]


def test_its_people_sign_in_with_what_is_printed(database: EmptyDatabase) -> None:
    printed = [line.split() for line in demo.ensure()]
    told = {line[0]: line[1:] for line in printed if len(line) == 3}
    assert set(told) == {'owner', 'dispatcher', 'customer'}
    actors = {}
    for role, (email, password) in told.items():
        session = sessions.find(sessions.sign_in(email, password, browser='Test'))
        assert session is not None
        actors[role] = sessions.actor_of(session)
    assert [role for role, actor in actors.items() if customers.own_contacts(actor)] == ['customer']


def test_a_second_start_leaves_it_and_prints_a_link_for_the_owner(database: EmptyDatabase) -> None:
    demo.ensure()
    (line,) = demo.ensure()
    assert Customer.select().count() == 8
    token = sessions.find(owner_links.sign_in(line.rpartition('/')[2], browser='Test'))
    assert token is not None
    assert Role.OWNER in accounts.roles_of(token.account_id)


def test_none_of_its_messages_leaves_the_house(database: EmptyDatabase) -> None:
    demo.ensure()
    deliveries.sort(has_carrier=True)
    assert deliveries.claim('worker', most=100) == []
    assert {message.state for message in Message.select()} == {MessageState.HELD}
    assert all(str(message.to_address).endswith('@example.com') for message in Message.select())


def test_an_owner_fills_it_by_the_set_up_link(database: EmptyDatabase) -> None:
    link_token = set_up.first_link()
    assert link_token is not None
    session = sessions.find(demo.set_up(link_token, OLGA, browser='Test'))
    assert session is not None
    assert session.account.email == OLGA['email']
    assert Booking.select().count() == 12
    with pytest.raises(sessions.SignInFailed):  # nobody invented has the owner's password
        sessions.sign_in('amira@example.com', OLGA['password'], browser='Test')
    with pytest.raises(LinkInvalid):
        demo.set_up(link_token, OLGA, browser='Test')


def test_a_refused_owner_leaves_an_empty_house_and_an_open_link(database: EmptyDatabase) -> None:
    link_token = set_up.first_link()
    assert link_token is not None
    with pytest.raises(InvalidInput):
        demo.set_up(link_token, OLGA | {'password': 'password1'}, browser='Test')
    with pytest.raises(accounts.EmailTaken):  # the invented customer's own address
        demo.set_up(link_token, OLGA | {'email': 'amira@example.com'}, browser='Test')
    assert not Customer.select().exists()
    tokens.look_up(tokens.Purpose.SET_UP, link_token)
