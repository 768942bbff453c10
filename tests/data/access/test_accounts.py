"""One person, one account, with roles; somebody can always run the business."""

import makers
import pytest
from people import ADA, CLEO, OLGA, Person

from data.access import accounts
from data.access.accounts import Account, EmailTaken, LastOwner, RoleGiven
from data.access.roles import Role
from data.base import clock
from data.base.actor import SYSTEM
from data.base.changes import ChangeRow
from data.base.database import transaction
from data.base.refusals import NotFound

pytestmark = pytest.mark.usefixtures('database')

SECOND = Person('Ova Second', 'ova@alder.example')


def test_a_second_account_for_one_address_is_refused_and_spoils_nothing() -> None:
    makers.make_account(ADA)

    with transaction():
        with pytest.raises(EmailTaken):
            accounts.make(ADA.email, 'Somebody else', by=SYSTEM)
        accounts.make('other@example.com', 'Other', by=SYSTEM)

    assert [account.name for account in Account.select().order_by(Account.id)] == [ADA.name, 'Other']


def test_an_account_is_found_by_its_address() -> None:
    account = makers.make_account(ADA)

    assert accounts.by_email(ADA.email) == account
    assert accounts.by_email('nobody@example.com') is None


@pytest.mark.parametrize('account_id', [None, 0, 10**6])
def test_what_is_no_account_is_not_found(account_id: int | None) -> None:
    with pytest.raises(NotFound):
        accounts.find(account_id)


def test_an_owner_is_a_dispatcher_and_no_technician() -> None:
    owner, dispatcher = makers.make_owner(), makers.make_dispatcher()

    assert accounts.roles_of(owner.id) == {Role.OWNER, Role.DISPATCHER}
    assert accounts.roles_of(dispatcher.id) == {Role.DISPATCHER}
    assert accounts.roles_of(None) == frozenset()


def test_roles_are_added_once() -> None:
    account = makers.make_account(CLEO, Role.DISPATCHER)

    new = accounts.give_roles(account, [Role.DISPATCHER, Role.TECHNICIAN], by=SYSTEM)
    again = accounts.give_roles(account, [Role.TECHNICIAN], by=SYSTEM)

    assert (new, again) == ([Role.TECHNICIAN], [])
    assert ChangeRow.select().where(ChangeRow.kind == RoleGiven.__name__).count() == 2


def test_the_last_owner_stays_one() -> None:
    owner = makers.make_owner()

    with pytest.raises(LastOwner):
        accounts.take_role(owner, Role.OWNER, by=SYSTEM)

    assert Role.OWNER in accounts.roles_of(owner.id)


@pytest.mark.parametrize('column', ['locked_at', 'ended_at', 'password_hash'])
def test_an_owner_who_cannot_come_in_does_not_count(column: str) -> None:
    owner, second = makers.make_owner(), makers.make_owner(SECOND)
    value = None if column == 'password_hash' else clock.now()
    Account.update(**{column: value}).where(Account.id == second.id).execute()

    with pytest.raises(LastOwner):
        accounts.take_role(owner, Role.OWNER, by=SYSTEM)


def test_one_of_two_owners_can_step_back() -> None:
    owner, second = makers.make_owner(OLGA), makers.make_owner(SECOND)

    accounts.take_role(owner, Role.OWNER, by=SYSTEM)

    assert accounts.owners() == [second]


def test_a_role_that_is_not_there_cannot_be_taken() -> None:
    account = makers.make_dispatcher()

    with pytest.raises(NotFound):
        accounts.take_role(account, Role.TECHNICIAN, by=SYSTEM)
