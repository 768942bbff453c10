"""Makes what a test is not about, by real commands: a business, its staff, customers, something to book, a booking.

Outside pytest: `with house(folder):` gives an open, migrated and wired database to a script.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from people import ADA, ALDER_STREET, BIRCH_LANE, BRUNO, CLEO, OLGA, PASSWORD, TOM, Person

import main
from data.access import accounts, passwords, sessions, settings
from data.access.accounts import Account
from data.access.roles import Role
from data.base import clock, environment
from data.base.actor import STRANGER, SYSTEM, Actor
from data.base.database import close_database, transaction
from data.crew import calendars, technicians
from data.crew.calendars import Hours
from data.crew.technicians import Technician
from data.messages.outbox import Message
from data.offer import products, service_types, skills, territories
from data.offer.products import Product
from data.offer.service_types import ServiceType
from data.offer.skills import Skill
from data.offer.territories import Territory
from data.people import assets, customers, invitations
from data.people.assets import Asset
from data.people.customers import Contact, Customer, Site
from data.people.invitations import Invitation
from data.visits import bookings, offers
from data.visits.booking_table import Booking
from data.visits.wishes import Wish

WORKDAY = (Hours(8 * 60, 17 * 60),)
EVERY_DAY: Mapping[int, Sequence[Hours]] = dict.fromkeys(range(7), WORKDAY)
_numbers = count(1)


@dataclass(frozen=True)
class Household:
    """A customer with one contact, one site and one asset there; `account` is None until the contact can sign in."""

    customer: Customer
    contact: Contact
    site: Site
    asset: Asset
    account: Account | None = None

    @property
    def actor(self) -> Actor:
        """The contact, freshly signed in."""
        assert self.account is not None, 'made without a sign-in'
        return signed_in(self.account)


@dataclass(frozen=True)
class Asked:
    """An invitation with its secrets, as the message tells them."""

    invitation: Invitation
    code: str
    link_token: str


@dataclass(frozen=True)
class Cast:
    """Everybody who may stand at a door, and the rows they stand to. All but the stranger are signed in."""

    owner: Actor
    dispatcher: Actor
    technician: Actor
    customer: Actor
    other_customer: Actor
    household: Household  # the customer's
    other_household: Household
    technician_row: Technician
    service_type: ServiceType
    stranger: Actor = STRANGER


@contextmanager
def house(data: Path, *, database_url: str = '') -> Iterator[None]:
    """For scripts: opens this data folder's database as main.py does, and closes it afterwards."""
    environment.load(data=data, database_url=database_url)
    main.wire()
    main.open_house()
    yield
    close_database()


def make_business(**values: Any) -> None:
    """Alder Heating in Chicago; `zone='Europe/Berlin'` and the like set other values of `business.`."""
    facts = {'name': 'Alder Heating', 'language': 'en', 'country': 'US', 'zone': 'America/Chicago'}
    facts |= {'phone': OLGA.phone, **values}
    settings.change({f'business.{name}': value for name, value in facts.items()}, by=SYSTEM)


def make_account(person: Person, *roles: Role) -> Account:
    """Somebody who can sign in with `people.PASSWORD`."""
    with transaction():
        account = accounts.make(
            person.email, person.name, by=SYSTEM, password_hash=_hashed(), email_confirmed_at=clock.now()
        )
        accounts.give_roles(account, roles, by=SYSTEM)
        return account


def make_owner(person: Person = OLGA) -> Account:
    return make_account(person, Role.OWNER)


def make_dispatcher(person: Person = CLEO) -> Account:
    return make_account(person, Role.DISPATCHER)


def make_technician(
    person: Person = TOM,
    *,
    hours: Mapping[int, Sequence[Hours]] = EVERY_DAY,
    account: Account | None = None,
    skills: Mapping[Skill, int] | None = None,
    territories: Sequence[Territory] = (),
    home: tuple[float, float] | None = None,
    radius: float = 0,
) -> Technician:
    """Works from 8 to 17 every day unless `hours` says otherwise; without `account` there is no sign-in.

    `skills` by level; `home` is latitude and longitude; `radius` in kilometres around it, 0: no limit.
    """
    with transaction():
        technician = technicians.add({'name': person.name, 'phone': person.phone}, account=account, by=SYSTEM)
        calendars.set_week(technician, hours, by=SYSTEM)
        if skills:
            technicians.give_skills(technician, skills, by=SYSTEM)
        if territories:
            technicians.set_territories(technician, territories, by=SYSTEM)
        if home or radius:
            lat, lon = home or (None, None)
            technicians.set_home(technician, lat, lon, radius, by=SYSTEM)
        return technicians.find(technician.id)


def make_skill(name: str = 'Gas certificate') -> Skill:
    return skills.add({'name': name}, by=SYSTEM)


def make_territory(name: str = 'North Side') -> Territory:
    return territories.add({'name': name}, by=SYSTEM)


def make_product(name: str = 'Boiler') -> Product:
    return products.add({'name': name}, by=SYSTEM)


def make_service_type(
    product: Product | None = None, *, minutes: int = 90, skills: Mapping[Skill, int] | None = None, **columns: Any
) -> ServiceType:
    """An inspection of 90 minutes for this product, None: for something else; `skills` are asked for by level.

    `columns` are set as they stand.
    """
    with transaction():
        values = {'name': 'Annual inspection', 'duration_minutes': minutes}
        made = service_types.add(values, products=[product] if product else [], by=SYSTEM)
        if skills:
            service_types.require_skills(made, skills, by=SYSTEM)
        if columns:
            ServiceType.update(**columns).where(ServiceType.id == made.id).execute()
        return service_types.find(made.id)


def make_customer(
    person: Person = ADA,
    *,
    address: str = ALDER_STREET,
    product: Product | None = None,
    signs_in: bool = True,
    **contact: Any,
) -> Household:
    """A household with a contact, a site and an asset; `contact` are further columns of the contact."""
    with transaction():
        facts = {'name': person.name, 'email': person.email, 'phone': person.phone}
        surname = {'name': person.name.rpartition(' ')[2]}
        customer = customers.add(surname, facts, {'address': address, 'access_notes': None}, by=SYSTEM)
        account = make_account(person) if signs_in else None
        first = customers.contacts(customer, by=SYSTEM)[0]
        columns = {**contact, **({'account': account} if account else {})}
        if columns:
            Contact.update(**columns).where(Contact.id == first.id).execute()
        site = customers.sites(customer, by=SYSTEM)[0]
        asset = make_asset(site, product or make_product())
        return Household(customer, Contact.get_by_id(first.id), site, asset, account)


def make_asset(site: Site, product: Product, name: str = 'ecoTEC plus') -> Asset:
    return assets.add(site, product, {'name': name, 'serial_number': None, 'installed_year': 2019}, by=SYSTEM)


def make_contact(household: Household, person: Person, *, signs_in: bool = True, **columns: Any) -> Contact:
    """One more person of the customer."""
    with transaction():
        facts = {'name': person.name, 'email': person.email, 'phone': person.phone}
        contact = customers.add_contact(household.customer, facts, by=SYSTEM)
        if signs_in:
            columns['account'] = make_account(person)
        if columns:
            Contact.update(**columns).where(Contact.id == contact.id).execute()
        return Contact.get_by_id(contact.id)


def make_invitation(contact: Contact, *, by: Actor = SYSTEM) -> Asked:
    """Asks the contact, and reads the secrets in the message that goes out."""
    invitation = invitations.invite(contact, by=by)
    told = Message.get((Message.wording == 'invitation') & (Message.subject_id == invitation.id)).secrets
    return Asked(invitation, told['code'], told['link'].rpartition('/')[2])


def make_wish(household: Household, service_type: ServiceType, start: datetime, **values: Any) -> Wish:
    """What the household's contact wants at its own site for its own asset."""
    facts = {'contact': household.contact, 'site': household.site, 'asset': household.asset, **values}
    return Wish(service_type=service_type, starts_at=start, **facts)


def make_booking(
    household: Household, service_type: ServiceType, start: datetime | None = None, *, by: Actor = SYSTEM, **values: Any
) -> Booking:
    """Booked at `start`, or at the first free one."""
    wish = make_wish(household, service_type, start or free_start(household, service_type), **values)
    return bookings.book(wish, by=by, key=f'made-{next(_numbers)}')


def free_starts(household: Household, service_type: ServiceType, *, days: int = 14) -> list[datetime]:
    """Every start on offer from today on."""
    first = clock.today(settings.zone())
    last = first + timedelta(days)
    offer = offers.offered(household.site, service_type, first_day=first, last_day=last, by=SYSTEM)
    return [start for starts in offer.values() for start in starts]


def free_start(household: Household, service_type: ServiceType) -> datetime:
    """The first one on offer."""
    return free_starts(household, service_type)[0]


def signed_in(account: Account) -> Actor:
    """The account in a browser of its own."""
    session = sessions.find(sessions.begin(account, browser='Test'))
    assert session is not None
    return sessions.actor_of(session)


def make_cast() -> Cast:
    """A whole small business with everybody signed in."""
    with transaction():
        make_business()
        product = make_product()
        tom = make_account(TOM, Role.TECHNICIAN)
        ada, bruno = make_customer(product=product), make_customer(BRUNO, address=BIRCH_LANE, product=product)
        return Cast(
            owner=signed_in(make_owner()),
            dispatcher=signed_in(make_dispatcher()),
            technician=signed_in(tom),
            customer=ada.actor,
            other_customer=bruno.actor,
            household=ada,
            other_household=bruno,
            technician_row=make_technician(account=tom),
            service_type=make_service_type(product),
        )


@cache
def _hashed() -> str:
    return passwords.hashed(PASSWORD)
