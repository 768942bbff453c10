"""The first start: a one-time link with which the owner sets up the business, all of it or nothing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from data.access import accounts, passwords, sessions, settings
from data.access.accounts import Account
from data.access.roles import Role
from data.base import clock, tokens
from data.base.actor import SYSTEM
from data.base.database import transaction
from data.base.fields import Field, Number, Several, Text, TimeOfDay
from data.base.marks import N_
from data.base.refusals import InvalidInput, Refusal, WrongInput
from data.base.tokens import Purpose
from data.crew import calendars, technicians
from data.crew.calendars import Hours
from data.offer import products, service_types

LINK_LIVES = timedelta(days=7)
WEEKDAYS = (
    ('0', N_('Monday')),
    ('1', N_('Tuesday')),
    ('2', N_('Wednesday')),
    ('3', N_('Thursday')),
    ('4', N_('Friday')),
    ('5', N_('Saturday')),
    ('6', N_('Sunday')),
)

BUSINESS: tuple[Field, ...] = tuple(setting.field for setting in settings.BUSINESS)
OWNER: tuple[Field, ...] = (accounts.NAME, accounts.EMAIL, accounts.NEW_PASSWORD)
OFFER: tuple[Field, ...] = (
    Text(key='product', label=N_('A kind of thing you service'), help=N_('For example Boiler.'), most=80),
    Text(key='service', label=N_('A service for it'), help=N_('For example Annual inspection.'), most=80),
    Number(key='duration_minutes', label=N_('It takes (minutes)'), least=5, most=720, step=5),
)
CREW: tuple[Field, ...] = (
    Text(
        key='technician',
        label=N_('First technician'),
        help=N_('Leave it empty if you drive to customers yourself.'),
        required=False,
        most=100,
    ),
    Several(key='weekdays', label=N_('Works on'), options=WEEKDAYS),
    TimeOfDay(key='starts', label=N_('From')),
    TimeOfDay(key='ends', label=N_('Until')),
)
SET_UP = (*BUSINESS, *OWNER, *OFFER, *CREW)


def faults(values: Mapping[str, Any]) -> dict[str, Refusal]:
    """What is wrong between the fields of `SET_UP`, as far as they could be read: by field key."""
    errors: dict[str, Refusal] = {}
    if {'starts', 'ends'} <= values.keys() and values['ends'] <= values['starts']:
        errors['ends'] = WrongInput(N_('Working hours must end after they start.'))
    try:
        passwords.refuse_common(values.get('password', ''))
    except InvalidInput as common:
        errors |= common.errors
    return errors


class AlreadySetUp(Refusal):
    """There is an account already; more are added by an owner."""

    words = N_('This business is set up already. Please sign in.')


def first_link() -> str | None:
    """The token of a fresh set-up link, or None once an account exists. Earlier links end."""
    if accounts.exist():
        return None
    return tokens.make(Purpose.SET_UP, lifetime=LINK_LIVES)


def check_link(link_token: str) -> None:
    """Raises tokens.LinkInvalid; looking changes nothing."""
    tokens.look_up(Purpose.SET_UP, link_token)


def set_up(link_token: str, values: Mapping[str, Any], *, browser: str) -> str:
    """Makes business, owner, first product, service type and technician by `SET_UP`'s values; in a thread: argon2.

    Returns the token of the owner's session. Raises tokens.LinkInvalid, AlreadySetUp, InvalidInput.
    """
    check_link(link_token)
    if wrong := faults(values):
        raise InvalidInput(wrong)
    password_hash = passwords.hashed(values['password'])
    with transaction():
        tokens.use(Purpose.SET_UP, link_token)
        if accounts.exist():
            raise AlreadySetUp
        settings.change({field.key: values[field.key] for field in BUSINESS}, by=SYSTEM)
        drives = values['technician'] is None
        owner = make_owner(values['email'], values['name'], password_hash, is_technician=drives)
        _first_offer(values)
        _first_technician(values, owner if drives else None)
        return sessions.begin(owner, browser=browser)


def make_owner(email: str, name: str, password_hash: str, *, is_technician: bool = False) -> Account:
    """The first account, in the caller's transaction. It came with the operator's link: its address counts."""
    with transaction():
        owner = accounts.make(email, name, by=SYSTEM, password_hash=password_hash, email_confirmed_at=clock.now())
        accounts.give_roles(owner, [Role.OWNER, *([Role.TECHNICIAN] if is_technician else [])], by=SYSTEM)
        return owner


def _first_offer(values: Mapping[str, Any]) -> None:
    product = products.add({'name': values['product']}, by=SYSTEM)
    service = {'name': values['service'], 'duration_minutes': values['duration_minutes']}
    service_types.add(service, products=[product], by=SYSTEM)


def _first_technician(values: Mapping[str, Any], account: Account | None) -> None:
    name = values['technician'] or values['name']
    technician = technicians.add({'name': name, 'phone': None}, account=account, by=SYSTEM)
    hours = [Hours(values['starts'], values['ends'])]
    calendars.set_week(technician, {int(weekday): hours for weekday in values['weekdays']}, by=SYSTEM)
