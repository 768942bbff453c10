"""Staff accounts: added by an owner, welcomed by a one-time link, never with a password that somebody else knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from data.access import accounts, passwords, rights, sessions
from data.access.accounts import Account, AccountChanged, AccountRole
from data.access.rights import Right
from data.access.roles import NAMES, Role
from data.base import tokens
from data.base.actor import STRANGER, Actor
from data.base.changes import record
from data.base.database import transaction
from data.base.fields import Email, Several, Text
from data.base.marks import N_
from data.base.refusals import Refusal
from data.base.tokens import Purpose

LINK_LIVES = timedelta(hours=72)

ADDING = (
    Text(key='name', label=N_('Name'), most=100),
    Email(key='email', label=N_('E-mail')),
    Several(key='roles', label=N_('Roles'), options=tuple((role.value, NAMES[role]) for role in Role)),
)
WELCOME = (accounts.NEW_PASSWORD,)


class StaffInvited(AccountChanged):
    """A staff account waits for its person. Its secret is `link_token`, of the one-time link."""


class RoleAdded(AccountChanged):
    """Somebody who already had an account may do more, and is told."""


class AlreadyWelcomed(Refusal):
    """A second welcome would let the sender set the password of somebody who has one."""

    words = N_('{name} can sign in already.')


class CannotComeBack(Refusal):
    """Neither a role nor a link opens an account that was locked or has ended: that is decided first."""

    words = N_('The account of {name} is closed. No role can be added to it.')


@dataclass(frozen=True)
class Added:
    """What adding did: `link_token` is None where the address already had an account."""

    account: Account
    link_token: str | None


def add(values: Mapping[str, Any], *, by: Actor) -> Added:
    """Adds a staff account by `ADDING`'s values, or gives the roles to the account that has this address; where nobody
    has shown that the address is theirs, its password goes and a link is sent there.

    Raises CannotComeBack.
    """
    with transaction():
        rights.require(by, Right.CHANGE_STAFF)
        roles = [Role(value) for value in values['roles']]
        existing = accounts.by_email(values['email'])
        if existing is not None and not existing.may_sign_in:
            raise CannotComeBack(name=existing.name)
        if existing is not None and existing.email_confirmed_at is None:
            _start_over(existing, by=by)
            existing = accounts.find(existing.id)
        if existing is not None and accounts.is_welcomed(existing):
            if new := accounts.give_roles(existing, roles, by=by):
                record(RoleAdded(existing, by=by, after={'roles': new}))
            return Added(existing, None)
        account = existing or accounts.make(values['email'], values['name'], by=by)
        accounts.give_roles(account, roles, by=by)
        return Added(account, _invite(account, by=by))


def invite_again(account: Account, *, by: Actor) -> str:
    """A new link for somebody who has not come yet; the old one ends. Raises NotFound, AlreadyWelcomed."""
    with transaction():
        rights.require(by, Right.CHANGE_STAFF)
        found = accounts.find_live(account.id)
        if accounts.is_welcomed(found):
            raise AlreadyWelcomed(name=found.name)
        return _invite(found, by=by)


def welcomed(link_token: str) -> Account:
    """Whom an open link welcomes; looking changes nothing. Raises tokens.LinkInvalid."""
    account = accounts.find(tokens.look_up(Purpose.STAFF_WELCOME, link_token).account_id)
    if not account.may_sign_in:
        raise tokens.LinkInvalid
    return account


def accept(link_token: str, password: str, *, browser: str, replaces: str | None = None) -> str:
    """Sets the password and begins a session, or nothing; in a thread: argon2. Returns the session's token.

    `replaces` is the token in the browser before. Raises tokens.LinkInvalid; InvalidInput for a common password.
    """
    passwords.refuse_common(password)
    password_hash = passwords.hashed(password)
    with transaction():
        account = accounts.find(tokens.use(Purpose.STAFF_WELCOME, link_token).account_id)
        if not account.may_sign_in:
            raise tokens.LinkInvalid
        accounts.set_password(account, password_hash, by=STRANGER)
        accounts.confirm_email(account)
        sessions.end_all(account, by=STRANGER)
        return sessions.begin(account, browser=browser, replaces=replaces)


def take_role(account: Account, role: Role, *, by: Actor) -> None:
    """Ends the sessions too, so that open pages go. Raises accounts.LastOwner."""
    with transaction():
        rights.require(by, Right.CHANGE_STAFF)
        accounts.take_role(account, role, by=by)
        sessions.end_all(account, by=by)


def everyone(*, by: Actor) -> list[tuple[Account, list[Role]]]:
    """Live accounts that have a role, by name."""
    rights.require(by, Right.CHANGE_STAFF)
    rows = (
        AccountRole.select(AccountRole, Account)
        .join(Account)
        .where(Account.ended_at.is_null())
        .order_by(Account.name, Account.id)
    )
    found: dict[int, tuple[Account, list[Role]]] = {}
    for row in rows:
        found.setdefault(row.account_id, (row.account, []))[1].append(Role(row.role))
    return list(found.values())


def _start_over(account: Account, *, by: Actor) -> None:
    """Who made it never showed that the address is theirs: roles are for who comes by a link sent there."""
    Account.update(password_hash=None).where(Account.id == account.id).execute()
    sessions.end_all(account, by=by)


def _invite(account: Account, *, by: Actor) -> str:
    link_token = tokens.make(Purpose.STAFF_WELCOME, account_id=account.id, lifetime=LINK_LIVES)
    record(StaffInvited(account, by=by, secrets={'link_token': link_token}))
    return link_token
