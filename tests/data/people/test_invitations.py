"""A contact becomes a portal user: by link or typed code, once, with an account or not at all."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import makers
import pytest
import time_machine
from conftest import EmptyDatabase
from makers import Asked, Household
from people import ADA, BRUNO, NIELS, PASSWORD

from data.access import accounts, sessions
from data.access.accounts import Account, EmailTaken
from data.base import clock, keys
from data.base.actor import SYSTEM
from data.base.changes import ChangeRow
from data.base.database import database as connected
from data.base.database import own_connection
from data.base.fields import parse_form
from data.base.refusals import InvalidInput
from data.base.throttle import Bucket, TooOften
from data.messages.outbox import Message
from data.people import customers, invitations
from data.people.customers import Contact, Customer
from data.people.invitations import LIVES, AlreadyIn, Invitation, InvitationClosed, NoAddress

pytestmark = pytest.mark.usefixtures('database')

Clock = time_machine.Traveller
VALUES = {'name': 'Ada Lind', 'password': PASSWORD}


@pytest.fixture
def clock_of_test(database: EmptyDatabase) -> Iterator[Clock]:
    assert database
    with time_machine.travel('2030-05-06T12:00:00+00:00', tick=False) as clock_:
        yield clock_


@pytest.fixture
def household(database: EmptyDatabase) -> Household:
    assert database
    return makers.make_customer(signs_in=False)


@pytest.fixture
def asked(household: Household) -> Asked:
    return makers.make_invitation(household.contact)


def redeem(secret: str, *, origin: str = '::1', **values: object) -> str:
    return invitations.redeem(secret, {**VALUES, **values}, origin=origin, browser='Firefox')


@pytest.mark.parametrize('way', ['link_token', 'code'])
def test_redeeming_makes_the_account_and_the_session_and_confirms_the_address(
    household: Household, asked: Asked, way: str
) -> None:
    typed = parse_form(invitations.TYPED, {'code': asked.code.lower()})['code']

    session = sessions.find(redeem(asked.link_token if way == 'link_token' else typed, name='Ada L.'))

    assert session is not None
    account = accounts.find(session.account_id)
    assert (account.email, account.name) == (ADA.email, 'Ada L.')
    assert account.email_confirmed_at is not None
    assert Contact.get_by_id(household.contact.id).account_id == account.id
    assert [contact.id for contact in customers.own_contacts(sessions.actor_of(session))] == [household.contact.id]
    assert sessions.sign_in(ADA.email, PASSWORD, browser='Firefox')


def test_looking_changes_nothing(asked: Asked) -> None:
    for _ in range(3):
        assert invitations.look_up(asked.link_token, origin='::1') == asked.invitation

    assert invitations.latest(asked.invitation.contact, by=SYSTEM) == asked.invitation
    assert Invitation.get().is_open


def test_the_database_knows_neither_code_nor_link(asked: Asked) -> None:
    queries = ('SELECT * FROM invitations', 'SELECT * FROM changes')
    kept = str([connected.execute_sql(query).fetchall() for query in queries])

    assert asked.code not in kept
    assert asked.code.replace('-', '') not in kept
    assert asked.link_token not in kept


CLOSING: dict[str, Callable[[Asked], object]] = {
    'used': lambda asked: redeem(asked.link_token),
    'revoked': lambda asked: invitations.revoke(asked.invitation, by=SYSTEM),
    'asked again': lambda asked: invitations.invite(asked.invitation.contact, by=SYSTEM),
    'expired': lambda asked: Invitation.update(expires_at=clock.now()).execute(),
    'contact ended': lambda asked: Contact.update(ended_at=clock.now()).execute(),
    'customer ended': lambda asked: Customer.update(ended_at=clock.now()).execute(),
    'address taken away': lambda asked: Contact.update(email=None).execute(),
}


@pytest.mark.parametrize('close', CLOSING.values(), ids=CLOSING)
def test_what_is_over_gets_the_same_answer_as_what_never_was(asked: Asked, close: Callable[[Asked], object]) -> None:
    close(asked)
    by = makers.signed_in(makers.make_account(BRUNO))

    for secret in (asked.link_token, asked.code.replace('-', ''), 'ABCDEFGH', '', 'x' * 5000, '\x00'):
        for answer in (
            lambda s: invitations.look_up(s, origin='::1'),
            lambda s: redeem(s, origin='::2'),
            lambda s: invitations.connect(s, origin='::3', by=by),
        ):
            with pytest.raises(InvitationClosed) as refused:
                answer(secret)
            assert refused.value.facts == {}
    assert Account.select().where(Account.email == ADA.email).count() <= 1


def test_an_invitation_ends_after_two_weeks(clock_of_test: Clock, asked: Asked) -> None:
    clock_of_test.shift(LIVES - timedelta(seconds=1))
    invitations.look_up(asked.link_token, origin='::1')
    clock_of_test.shift(timedelta(seconds=1))

    with pytest.raises(InvitationClosed):
        redeem(asked.link_token)


def test_a_link_of_another_purpose_is_no_invitation(asked: Asked) -> None:
    random = keys.unsign(asked.link_token, purpose='invitation')
    assert random is not None

    with pytest.raises(InvitationClosed):
        invitations.look_up(keys.sign(random, purpose='staff welcome'), origin='::1')
    with pytest.raises(InvitationClosed):
        invitations.look_up(random, origin='::1')


@pytest.mark.usefixtures('clock_of_test')
def test_guessing_codes_is_limited_and_the_link_still_works(asked: Asked) -> None:
    for _ in range(20):
        with pytest.raises(InvitationClosed):
            invitations.look_up('ABCDEFGH', origin='203.0.113.7')

    with pytest.raises(TooOften):
        invitations.look_up(asked.code.replace('-', ''), origin='203.0.113.7')
    invitations.look_up(asked.link_token, origin='203.0.113.7')
    invitations.look_up(asked.code.replace('-', ''), origin='::1')


@pytest.mark.usefixtures('clock_of_test')
def test_guessing_from_many_places_is_limited_too(asked: Asked) -> None:
    with pytest.raises(InvitationClosed):
        invitations.look_up('ABCDEFGH', origin='203.0.113.7')
    assert Bucket.update(left=0.5).where(Bucket.key == 'redeem:everybody').execute()  # 600 guesses later

    with pytest.raises(TooOften):
        invitations.look_up(asked.code.replace('-', ''), origin='::1')


def test_of_two_who_redeem_at_once_one_has_the_account(asked: Asked) -> None:
    outcomes, barrier = [], threading.Barrier(2)

    def press() -> None:
        with own_connection():
            barrier.wait(10)
            try:
                redeem(asked.link_token)
                outcomes.append('in')
            except (InvitationClosed, EmailTaken):
                outcomes.append('no')

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ['in', 'no']
    assert Account.select().count() == 1


def test_a_common_password_is_refused_and_nothing_is_made(asked: Asked) -> None:
    with pytest.raises(InvalidInput):
        redeem(asked.link_token, password='password1')

    assert Account.select().count() == 0
    assert Invitation.get().is_open


def test_an_address_that_has_an_account_is_never_given_a_second_one(asked: Asked) -> None:
    account = makers.make_account(ADA)

    with pytest.raises(EmailTaken):
        redeem(asked.link_token)
    assert Invitation.get().is_open

    contact = invitations.connect(asked.link_token, origin='::1', by=makers.signed_in(account))
    assert contact.account_id == account.id
    assert not Invitation.get().is_open


def test_who_belongs_to_the_household_already_cannot_take_another_contact_of_it() -> None:
    household = makers.make_customer()
    asked = makers.make_invitation(makers.make_contact(household, NIELS, signs_in=False))

    with pytest.raises(AlreadyIn):
        invitations.connect(asked.link_token, origin='::1', by=household.actor)

    assert Invitation.get().is_open


def test_a_contact_who_got_an_account_meanwhile_is_not_given_to_somebody_else(asked: Asked) -> None:
    owner = makers.make_account(BRUNO)
    Contact.update(account=owner).execute()

    with pytest.raises(InvitationClosed):
        redeem(asked.link_token)

    assert Contact.get().account == owner
    assert Account.select().where(Account.email == ADA.email).count() == 0


def test_one_account_may_belong_to_several_households() -> None:
    mine = makers.make_customer()
    other = makers.make_customer(BRUNO, signs_in=False)

    invitations.connect(makers.make_invitation(other.contact).link_token, origin='::1', by=(by := mine.actor))

    assert {contact.customer_id for contact in customers.own_contacts(by)} == {mine.customer.id, other.customer.id}


def test_a_contact_without_an_address_or_with_an_account_is_not_asked(household: Household) -> None:
    with pytest.raises(AlreadyIn):
        invitations.invite(makers.make_customer(BRUNO).contact, by=SYSTEM)
    Contact.update(email=None).where(Contact.id == household.contact.id).execute()
    with pytest.raises(NoAddress):
        invitations.invite(household.contact, by=SYSTEM)


def test_a_code_can_be_read_out_and_typed(asked: Asked) -> None:
    assert len(asked.code) == 9
    assert asked.code[4] == '-'
    assert not set(asked.code.replace('-', '')) & set('ILO01')


def test_revoking_twice_is_told() -> None:
    asked = makers.make_invitation(makers.make_customer(signs_in=False).contact)
    invitations.revoke(asked.invitation, by=SYSTEM)

    with pytest.raises(InvitationClosed):
        invitations.revoke(asked.invitation, by=SYSTEM)


def test_the_story_of_an_invitation_is_kept_with_its_customer(household: Household) -> None:
    makers.make_invitation(household.contact)
    redeem(makers.make_invitation(household.contact).link_token)

    rows = ChangeRow.select().where(ChangeRow.subject_type == 'invitations').order_by(ChangeRow.id)
    assert [(row.kind, row.customer_id) for row in rows] == [
        (kind, household.customer.id)
        for kind in ('InvitationMade', 'InvitationRevoked', 'InvitationMade', 'InvitationRedeemed')
    ]
    assert [message.state for message in Message.select().order_by(Message.id)] == ['dropped', 'dropped']
