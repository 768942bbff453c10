"""Colleagues come by a one-time link and set their own password; nobody else ever knows it."""

from datetime import timedelta

import makers
import pytest
import time_machine
from people import ADA, CLEO, PASSWORD, Person

from data.access import accounts, rights, sessions, staff
from data.access.accounts import Account, LastOwner
from data.access.rights import Right
from data.access.roles import Role
from data.access.sessions import SignInFailed
from data.access.staff import AlreadyWelcomed
from data.base import changes, clock
from data.base.actor import Actor
from data.base.refusals import InvalidInput
from data.base.tokens import LinkInvalid
from data.messages import message_lists
from data.messages.outbox import Message
from data.people import invitations

pytestmark = pytest.mark.usefixtures('database')

VALUES = {'name': CLEO.name, 'email': CLEO.email, 'roles': ('dispatcher',)}


def owner() -> Actor:
    makers.make_business()
    return makers.signed_in(makers.make_owner())


def added(**values: object) -> tuple[Account, str]:
    done = staff.add({**VALUES, **values}, by=owner())
    assert done.link_token is not None
    return done.account, done.link_token


def accept(link_token: str, password: str = PASSWORD) -> Actor:
    session = sessions.find(staff.accept(link_token, password, browser='Firefox'))
    assert session is not None
    return sessions.actor_of(session)


def test_a_colleague_sets_a_password_by_the_link_and_is_in() -> None:
    account, link_token = added()

    by = accept(link_token)

    assert rights.may(by, Right.SEE_CUSTOMERS)
    assert not rights.may(by, Right.CHANGE_STAFF)
    assert accounts.find(account.id).email_confirmed_at is not None  # the link came from there
    assert sessions.sign_in(CLEO.email, PASSWORD, browser='Firefox')


def test_before_that_nobody_can_sign_in_as_the_colleague() -> None:
    added()

    with pytest.raises(SignInFailed):
        sessions.sign_in(CLEO.email, PASSWORD, browser='Firefox')


def test_the_link_works_once_and_looking_at_it_changes_nothing() -> None:
    account, link_token = added()
    assert [staff.welcomed(link_token) for _ in range(2)] == [account, account]
    accept(link_token)

    with pytest.raises(LinkInvalid):
        staff.welcomed(link_token)
    with pytest.raises(LinkInvalid):
        accept(link_token, 'another good password')


def test_the_link_ends_after_three_days() -> None:
    with time_machine.travel('2030-05-06T12:00:00+00:00', tick=False) as clock_of_test:
        _, link_token = added()
        clock_of_test.shift(timedelta(hours=72))

        with pytest.raises(LinkInvalid):
            accept(link_token)


def test_a_common_password_is_refused_and_the_link_still_works() -> None:
    _, link_token = added()

    with pytest.raises(InvalidInput):
        accept(link_token, 'password1')

    accept(link_token)


@pytest.mark.parametrize('column', ['locked_at', 'ended_at'])
def test_who_was_locked_or_left_meanwhile_does_not_come_in_by_the_link(column: str) -> None:
    account, link_token = added()
    Account.update(**{column: clock.now()}).where(Account.id == account.id).execute()

    with pytest.raises(LinkInvalid):
        staff.welcomed(link_token)
    with pytest.raises(LinkInvalid):
        accept(link_token)
    assert not accounts.is_welcomed(accounts.find(account.id))


def test_a_new_link_ends_the_old_one() -> None:
    account, old = added()

    new = staff.invite_again(account, by=makers.signed_in(accounts.owners()[0]))

    with pytest.raises(LinkInvalid):
        accept(old)
    accept(new)


def test_who_has_come_gets_no_second_welcome_that_would_set_their_password() -> None:
    account, link_token = added()
    accept(link_token)

    with pytest.raises(AlreadyWelcomed):
        staff.invite_again(account, by=makers.signed_in(accounts.owners()[0]))


def test_an_address_that_has_an_account_gets_the_role_added_and_is_told() -> None:
    by, ada = owner(), makers.make_account(ADA)

    done = staff.add({'name': 'Another name', 'email': ADA.email, 'roles': ('dispatcher', 'technician')}, by=by)

    assert (done.account, done.link_token) == (ada, None)
    assert accounts.roles_of(ada.id) == {Role.DISPATCHER, Role.TECHNICIAN}
    assert accounts.find(ada.id).name == ADA.name
    assert [message.wording for message in Message.select()] == ['staff_role_added']


@pytest.mark.parametrize('column', ['locked_at', 'ended_at'])
def test_an_account_that_was_closed_gets_neither_role_nor_link(column: str) -> None:
    by, ada = owner(), makers.make_account(ADA)
    Account.update({column: clock.now()}).where(Account.id == ada.id).execute()

    with pytest.raises(staff.CannotComeBack):
        staff.add({'name': ADA.name, 'email': ADA.email, 'roles': ('owner',)}, by=by)

    assert accounts.roles_of(ada.id) == set()
    assert Message.select().count() == 0


def test_a_role_does_not_go_to_who_redeemed_by_a_code_that_staff_had_seen() -> None:
    by, dispatcher = owner(), makers.signed_in(makers.make_dispatcher())
    asked = makers.make_invitation(makers.make_customer(ADA, signs_in=False).contact, by=dispatcher)
    message = Message.get(Message.wording == 'invitation')
    code = message_lists.open_secret(message, by=dispatcher)['code'].replace('-', '')
    taken = invitations.redeem(code, {'name': ADA.name, 'password': PASSWORD}, origin='::1', browser='')
    assert asked.code.replace('-', '') == code

    done = staff.add({'name': ADA.name, 'email': ADA.email, 'roles': ('owner',)}, by=by)

    assert sessions.find(taken) is None
    with pytest.raises(SignInFailed):
        sessions.sign_in(ADA.email, PASSWORD, browser='')
    assert done.link_token is not None
    assert sessions.find(staff.accept(done.link_token, 'four pale lanterns', browser='')) is not None
    assert accounts.find(done.account.id).email_confirmed_at is not None


def test_adding_what_somebody_already_is_tells_nobody() -> None:
    by, cleo = owner(), makers.make_dispatcher()

    staff.add(VALUES, by=by)

    assert accounts.roles_of(cleo.id) == {Role.DISPATCHER}
    assert Message.select().count() == 0


def test_adding_somebody_who_has_not_come_yet_sends_another_link() -> None:
    account, old = added()
    by = makers.signed_in(accounts.owners()[0])

    again = staff.add({**VALUES, 'roles': ('technician',)}, by=by)

    assert again.account == account
    assert again.link_token not in {None, old}
    assert accounts.roles_of(account.id) == {Role.DISPATCHER, Role.TECHNICIAN}


def test_no_record_holds_the_link() -> None:
    _, link_token = added()

    assert not [row for row in changes.ChangeRow.select() if link_token in row.after + row.before]
    assert not [message for message in Message.select() if link_token in message.facts]


def test_a_role_that_is_taken_ends_every_browser_of_the_person() -> None:
    by, cleo = owner(), makers.make_dispatcher()
    cleos = makers.signed_in(cleo)

    staff.take_role(cleo, Role.DISPATCHER, by=by)

    assert not rights.may(cleos, Right.BE_SIGNED_IN)
    assert rights.may(by, Right.BE_SIGNED_IN)


def test_the_last_owner_cannot_strip_themself_and_stays_signed_in() -> None:
    by = owner()

    with pytest.raises(LastOwner):
        staff.take_role(accounts.owners()[0], Role.OWNER, by=by)

    assert rights.may(by, Right.CHANGE_STAFF)


def test_everyone_is_listed_once_with_all_their_roles() -> None:
    by = owner()
    makers.make_account(ADA)  # a customer
    both = makers.make_account(CLEO, Role.TECHNICIAN, Role.DISPATCHER)
    left = makers.make_account(Person('Lena', 'lena@alder.example'), Role.DISPATCHER)
    Account.update(ended_at=clock.now()).where(Account.id == left.id).execute()

    found = {account.name: set(roles) for account, roles in staff.everyone(by=by)}

    assert found == {'Olga Winter': {Role.OWNER}, both.name: {Role.TECHNICIAN, Role.DISPATCHER}}
