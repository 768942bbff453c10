"""The example company: everything that a business has, made up, to look around in."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from data.access import accounts, passwords, sessions, settings
from data.access.accounts import Account
from data.access.roles import Role
from data.base import clock, environment, tokens
from data.base.actor import SYSTEM
from data.base.database import transaction
from data.base.tokens import Purpose
from data.messages.outbox import Message, MessageState
from data.people import invitations
from data.people.customers import Contact
from data.upkeep import example_company, example_visits, owner_links
from data.upkeep.example_company import CUSTOMERS
from data.upkeep.set_up import AlreadySetUp, make_owner

BUSINESS = {
    'business.name': 'Northwind Heating & Cooling',
    'business.language': 'en',
    'business.country': 'US',
    'business.zone': 'America/Chicago',
    'business.phone': '+13125550100',
}
OWNER = ('Nora Lindqvist', 'nora@example.com')
DISPATCHER = ('Devon Price', 'devon@example.com')

NEVER = datetime(2200, 1, 1, tzinfo=UTC)  # its messages are held for good, whatever mail server there is
WITH_ACCOUNT, ASKED = CUSTOMERS[0].email, CUSTOMERS[1].email
CODE = 'abcdefghjkmnpqrstuvwxyz23456789'  # without what looks alike


def set_up(link_token: str, values: Mapping[str, Any], *, browser: str) -> str:
    """Fills an empty house for an owner by the values of set_up.OWNER, all or nothing; in a thread: argon2.

    Nobody invented can sign in: nobody else shall have the owner's password. Returns the token of the owner's session.
    Raises tokens.LinkInvalid, AlreadySetUp, InvalidInput, accounts.EmailTaken.
    """
    tokens.look_up(Purpose.SET_UP, link_token)
    passwords.refuse_common(values['password'])
    password_hash = passwords.hashed(values['password'])
    with transaction():
        tokens.use(Purpose.SET_UP, link_token)
        if accounts.exist():
            raise AlreadySetUp
        owner = _fill(values['name'], values['email'], password_hash, invented=None)
        return sessions.begin(owner, browser=browser)


def ensure() -> list[str]:
    """Fills an empty house and returns how to sign in, this once; a house that is set up is left as it is."""
    address = environment.current().address
    if accounts.exist():
        return [f'Sign in as the owner, once: {address}/sign-in/{owner_links.make()}']
    password = '-'.join(''.join(secrets.choice(CODE) for _ in range(4)) for _ in range(3))
    password_hash = passwords.hashed(password)
    with transaction():
        _fill(*OWNER, password_hash, invented=password_hash)
    people = {'owner': OWNER[1], 'dispatcher': DISPATCHER[1], 'customer': WITH_ACCOUNT}
    return [
        f'{BUSINESS["business.name"]}, an invented company, runs at {address}/sign-in',
        *(f'  {role:<10}  {email:<18}  {password}' for role, email in people.items()),
        'The password is made anew for each demo and is not shown again.',
    ]


def _fill(owner_name: str, owner_email: str, password_hash: str, *, invented: str | None) -> Account:
    """In the caller's transaction, by staff's commands; `invented`: everybody else's password hash."""
    settings.change(BUSINESS, by=SYSTEM)
    owner = make_owner(owner_email, owner_name, password_hash)
    _sign_in(*DISPATCHER, invented, Role.DISPATCHER)
    company = example_company.enter()
    customer = company.contacts[WITH_ACCOUNT]
    account = _sign_in(customer.name, WITH_ACCOUNT, invented, phone=customer.phone)
    Contact.update(account=account).where(Contact.id == customer.id).execute()
    example_visits.enter(company)
    invitations.invite(company.contacts[ASKED], by=SYSTEM)
    Message.update(state=MessageState.HELD, next_try_at=NEVER).where(Message.state == MessageState.WAITING).execute()
    return owner


def _sign_in(name: str, email: str, password_hash: str | None, *roles: Role, phone: str | None = None) -> Account:
    account = accounts.make(
        email, name, by=SYSTEM, password_hash=password_hash, phone=phone, email_confirmed_at=clock.now()
    )
    accounts.give_roles(account, roles, by=SYSTEM)
    return account
