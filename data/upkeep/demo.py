"""The example company: everything that a business has, made up, to look around in."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from data.access import accounts, passwords, sessions, settings
from data.access.accounts import Account
from data.access.roles import Role
from data.base import clock, environment, tokens
from data.base.actor import SYSTEM
from data.base.database import transaction
from data.base.tokens import Purpose
from data.crew import calendars, technicians
from data.crew.calendars import Hours
from data.crew.technicians import Technician
from data.messages.outbox import Message, MessageState
from data.offer import products, service_types
from data.offer.products import Product
from data.offer.service_types import ServiceType
from data.people import assets, customers, invitations
from data.people.assets import Asset
from data.people.customers import Contact, Site
from data.upkeep import owner_links
from data.upkeep.set_up import AlreadySetUp, make_owner
from data.visits import bookings
from data.visits.wishes import Wish

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
BOOKED_DAYS = 14
CODE = 'abcdefghjkmnpqrstuvwxyz23456789'  # without what looks alike


@dataclass(frozen=True)
class Worker:
    """One technician; `days` are weekdays, 0 for Monday, `hours` wall-clock hours."""

    name: str
    phone: str
    home: tuple[float, float]
    days: Sequence[int]
    hours: tuple[int, int]


@dataclass(frozen=True)
class Household:
    """One customer with one contact; `things` are (product, name, serial number, year), `place` latitude, longitude."""

    name: str
    contact: str
    email: str
    address: str
    place: tuple[float, float]
    things: Sequence[tuple[str, str, str | None, int]]
    access_notes: str | None = None


CREW = (
    Worker('Marco Reyes', '+13125550111', (41.9227, -87.6533), range(5), (8, 17)),
    Worker('Lena Fischer', '+13125550112', (41.9681, -87.6842), range(5), (7, 15)),
    Worker('Sam Okafor', '+13125550113', (41.8756, -87.6244), (1, 2, 3, 4, 5), (9, 18)),
)
LUNCH = Hours(12 * 60, 12 * 60 + 30, is_break=True)

# name, minutes, products; without products it needs none
SERVICES: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ('Annual safety inspection', 90, ('Boiler', 'Heat pump')),
    ('Repair', 120, ('Boiler', 'Heat pump', 'Air conditioner')),
    ('Filter replacement', 60, ('Heat pump', 'Air conditioner')),
    ('Advice on a new system', 60, ()),
)
PRODUCTS = ('Boiler', 'Heat pump', 'Air conditioner')

# fmt: off  # a table, one household after the other
CUSTOMERS = (
    Household(
        'Khoury',
        'Amira Khoury',
        'amira@example.com',
        '18 Alder Street, Chicago, IL 60614',
        (41.9214, -87.6513),
        [('Boiler', 'Vaillant ecoTEC plus', '2103-4471', 2021), ('Heat pump', 'Daikin Altherma 3', None, 2023)],
        'The bell is on the left. Parking in the yard.',
    ),
    Household(
        'Brandt',
        'Jonas Brandt',
        'jonas@example.com',
        '402 Birch Avenue, Chicago, IL 60618',
        (41.9471, -87.7023),
        [('Boiler', 'Viessmann Vitodens 100', 'VD-88120', 2018)],
    ),
    Household(
        'Okonjo',
        'Ifeoma Okonjo',
        'ifeoma@example.com',
        '77 Cedar Court, Chicago, IL 60640',
        (41.9719, -87.6628),
        [('Air conditioner', 'Mitsubishi MSZ-LN', None, 2022)],
        'Please call ten minutes before.',
    ),
    Household(
        'Silva',
        'Rafael Silva',
        'rafael@example.com',
        '1250 Dogwood Lane, Chicago, IL 60647',
        (41.9208, -87.7041),
        [('Heat pump', 'Bosch Compress 3400i', 'BC-20417', 2024)],
    ),
    Household(
        'Lakeside Bakery',
        'Petra Novak',
        'petra@example.com',
        '9 Elm Plaza, Chicago, IL 60611',
        (41.8938, -87.6204),
        [('Air conditioner', 'Carrier Infinity 26', 'CI-5532', 2020), ('Boiler', 'Buderus GB172', None, 2016)],
        'Deliveries use the back door; so may you.',
    ),
    Household(
        'Nakamura',
        'Kenji Nakamura',
        'kenji@example.com',
        '31 Fir Terrace, Chicago, IL 60625',
        (41.9703, -87.7009),
        [('Boiler', 'Worcester Greenstar 4000', 'WG-7719', 2019)],
    ),
    Household(
        'Adler',
        'Miriam Adler',
        'miriam@example.com',
        '560 Ginkgo Street, Chicago, IL 60657',
        (41.9402, -87.6530),
        [('Heat pump', 'Nibe F2120', None, 2022)],
        'The dog is friendly.',
    ),
    Household(
        'Harbor Dental',
        'Grace Whitfield',
        'grace@example.com',
        '88 Hazel Row, Chicago, IL 60605',
        (41.8716, -87.6254),
        [('Air conditioner', 'Daikin Perfera', 'DP-3310', 2023)],
    ),
)
# fmt: on
WITH_ACCOUNT, ASKED = CUSTOMERS[0].email, CUSTOMERS[1].email

# contact, thing, service, which open day from now, how far into that day's free times, comment
BOOKINGS: tuple[tuple[str, str | None, str, int, float, str | None], ...] = (
    ('ifeoma@example.com', 'Mitsubishi MSZ-LN', 'Filter replacement', 0, 0.2, None),
    ('grace@example.com', 'Daikin Perfera', 'Repair', 0, 0.6, 'Drips on the front desk.'),
    ('rafael@example.com', 'Bosch Compress 3400i', 'Annual safety inspection', 0, 0.9, None),
    ('amira@example.com', 'Daikin Altherma 3', 'Filter replacement', 1, 0.1, None),
    ('petra@example.com', 'Buderus GB172', 'Repair', 1, 0.4, 'No hot water since this morning.'),
    ('kenji@example.com', 'Worcester Greenstar 4000', 'Annual safety inspection', 1, 0.7, None),
    ('miriam@example.com', 'Nibe F2120', 'Annual safety inspection', 2, 0.3, None),
    ('jonas@example.com', 'Viessmann Vitodens 100', 'Repair', 2, 0.8, 'It ticks when it heats up.'),
    ('petra@example.com', 'Carrier Infinity 26', 'Filter replacement', 3, 0.2, None),
    ('kenji@example.com', None, 'Advice on a new system', 3, 0.5, 'We think about a heat pump.'),
    ('rafael@example.com', 'Bosch Compress 3400i', 'Filter replacement', 5, 0.4, None),
    ('amira@example.com', 'Vaillant ecoTEC plus', 'Annual safety inspection', 6, 0.6, 'The gate code is 2580.'),
)


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
    for worker in CREW:
        _employ(worker)
    kinds = {name: products.add({'name': name}, by=SYSTEM) for name in PRODUCTS}
    services = {name: _offer(name, minutes, [kinds[each] for each in wanted]) for name, minutes, wanted in SERVICES}
    served = {household.email: _serve(household, kinds) for household in CUSTOMERS}
    customer = served[WITH_ACCOUNT]
    account = _sign_in(customer.name, WITH_ACCOUNT, invented, phone=customer.phone)
    Contact.update(account=account).where(Contact.id == customer.id).execute()
    _book_all(served, services)
    invitations.invite(served[ASKED], by=SYSTEM)
    Message.update(state=MessageState.HELD, next_try_at=NEVER).where(Message.state == MessageState.WAITING).execute()
    return owner


def _sign_in(name: str, email: str, password_hash: str | None, *roles: Role, phone: str | None = None) -> Account:
    account = accounts.make(
        email, name, by=SYSTEM, password_hash=password_hash, phone=phone, email_confirmed_at=clock.now()
    )
    accounts.give_roles(account, roles, by=SYSTEM)
    return account


def _employ(worker: Worker) -> None:
    technician = technicians.add({'name': worker.name, 'phone': worker.phone}, by=SYSTEM)
    lat, lon = worker.home
    Technician.update(home_lat=lat, home_lon=lon).where(Technician.id == technician.id).execute()
    starts, ends = worker.hours
    day = [Hours(starts * 60, ends * 60), LUNCH]
    calendars.set_week(technician, dict.fromkeys(worker.days, day), by=SYSTEM)


def _offer(name: str, minutes: int, wanted: Sequence[Product]) -> ServiceType:
    return service_types.add({'name': name, 'duration_minutes': minutes}, products=wanted, by=SYSTEM)


def _serve(household: Household, kinds: Mapping[str, Product]) -> Contact:
    number = 120 + CUSTOMERS.index(household)
    contact = {'name': household.contact, 'email': household.email, 'phone': f'+13125550{number}'}
    site = {'address': household.address, 'access_notes': household.access_notes}
    customer = customers.add({'name': household.name}, contact, site, by=SYSTEM)
    place = customers.sites(customer, by=SYSTEM)[0]
    lat, lon = household.place
    Site.update(lat=lat, lon=lon).where(Site.id == place.id).execute()
    for product, name, serial_number, year in household.things:
        facts = {'name': name, 'serial_number': serial_number, 'installed_year': year}
        assets.add(place, kinds[product], facts, by=SYSTEM)
    return customers.contacts(customer, by=SYSTEM)[0]


def _book_all(served: Mapping[str, Contact], services: Mapping[str, ServiceType]) -> None:
    today = clock.today(settings.zone())
    for number, (email, thing, service, open_day, share, comment) in enumerate(BOOKINGS):
        contact, service_type = served[email], services[service]
        site = customers.sites(contact.customer, by=SYSTEM)[0]
        last = today + timedelta(days=BOOKED_DAYS)
        offer = bookings.offered(site, service_type, first_day=today, last_day=last, by=SYSTEM)
        starts = [free for free in offer.values() if free][open_day]
        wish = Wish(
            contact=contact,
            site=site,
            asset=_thing(contact, thing),
            service_type=service_type,
            starts_at=starts[int(len(starts) * share)],
            comment=comment,
        )
        bookings.book(wish, by=SYSTEM, key=f'demo-{number}')


def _thing(contact: Contact, name: str | None) -> Asset | None:
    return next((asset for asset in assets.of_customer(contact.customer_id, by=SYSTEM) if asset.name == name), None)
