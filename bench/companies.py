"""Makes a company of a given size in the open, empty database: the same for the same seed and day, in bulk.

The crew and what is on offer come by real commands; customers, bookings and what they leave behind come as rows, past
no guard: the schema takes each or refuses it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

import makers
from people import Person

from bench import bulk, diaries
from data.access import settings
from data.access.accounts import Account
from data.access.sessions import Session
from data.base import clock, tokens
from data.base.actor import SYSTEM
from data.base.database import database, transaction
from data.base.form_keys import KEPT, FormKey
from data.crew import calendars, closed_days
from data.crew.calendars import Hours
from data.crew.technicians import Technician, TechnicianSkill, TechnicianTerritory
from data.offer.products import Product
from data.offer.service_types import ServiceType, ServiceTypeSkill
from data.offer.skills import Skill
from data.offer.territories import Territory
from data.people.assets import Asset
from data.people.customers import Contact, Customer, Site
from data.visits.booking_table import Booking

CENTRE = (41.88, -87.70)
HALF_REGION = (0.18, 0.24)  # degrees: 40 km from one end to the other
SKILLS, TERRITORIES, PRODUCTS, SERVICE_TYPES = 6, 4, 8, 40
DURATIONS = (30, 45, 60, 30, 90, 45, 60, 30, 120, 45)
DAYS_AHEAD = 60
UNPLACED = 0.05  # of the sites: found on no map yet, so that their postcode must do
SIGNED_IN = 0.4  # of the first contacts

LEFT_BEHIND = (  # one line of history and one letter of each booking; the latest letters still wait
    """INSERT INTO changes (at, via, kind, subject_type, subject_id, customer_id, before, after)
SELECT made_at, 'system', 'BookingMade', 'bookings', id, customer_id, '{}', '{}' FROM bookings""",
    """INSERT INTO messages (wording, booking_id, customer_id, contact_id, channel, to_name, to_address, language,
    facts, sequence, message_id, state, due_at, next_try_at, attempts, useless_after, created_at, sent_at)
SELECT 'booking_confirmed', id, customer_id, contact_id, 'email', 'Somebody', 'somebody@example.com', 'en', '{}',
    0, uid, 'sent', made_at, made_at, 1, starts_at, made_at, made_at FROM bookings""",
    "UPDATE messages SET state = 'waiting', sent_at = NULL WHERE booking_id > (SELECT max(id) - 10 FROM bookings)",
)


@dataclass(frozen=True, kw_only=True)
class Size:
    """`ahead` of the bookings are from today on, within DAYS_AHEAD; the rest lies behind."""

    technicians: int
    bookings: int
    ahead: int
    customers: int


SMALL = Size(technicians=5, bookings=1_500, ahead=400, customers=400)
LARGE = Size(technicians=50, bookings=100_000, ahead=12_700, customers=20_000)


@dataclass(frozen=True, kw_only=True)
class Company:
    """What questions are asked about."""

    size: Size
    service_types: list[ServiceType]
    sites: list[Site]


def make(size: Size, *, seed: int = 1) -> Company:
    """The database is open, migrated and empty; afterwards its statistics are fresh."""
    chance = Random(f'{seed} {size}')
    with transaction():  # technicians last: each site that is written raises the revision of them all
        makers.make_business()
        for number in (11, 25):
            closed_days.close(clock.today(settings.zone()) + timedelta(number), f'Closed {number}', by=SYSTEM)
        service_types = _catalogue(chance)
        _customers(chance, size)
        crew = [_technician(chance, number) for number in range(1, size.technicians + 1)]
    ahead, behind = (number // size.technicians for number in (size.ahead, size.bookings - size.ahead))
    bulk.insert(Booking, diaries.bookings(chance, crew, ahead=ahead, behind=behind, days_ahead=DAYS_AHEAD))
    with transaction():
        for statement in LEFT_BEHIND:
            database.execute_sql(statement)
        bulk.insert(FormKey, _form_keys())
    database.execute_sql('ANALYZE')
    return Company(size=size, service_types=service_types, sites=list(Site.select().order_by(Site.id)))


def forget_places() -> None:
    """From now on nobody knows where a site is, and a drive there counts nothing: free times without driving."""
    with transaction():
        Site.update(lat=None, lon=None, postcode=None, territory=None).execute()
        settings.change({'driving.unknown_minutes': 0}, by=SYSTEM)
    database.execute_sql('ANALYZE')


def _catalogue(chance: Random) -> list[ServiceType]:
    products = [makers.make_product(f'Product {number}') for number in range(PRODUCTS)]
    for number in range(SKILLS):
        Skill.create(name=f'Skill {number}')
    for number in range(TERRITORIES):
        Territory.create(name=f'Territory {number}')
    return [_service_type(chance, number, products) for number in range(SERVICE_TYPES)]


def _service_type(chance: Random, number: int, products: list[Product]) -> ServiceType:
    made = makers.make_service_type(
        chance.choice(products),
        minutes=DURATIONS[number % len(DURATIONS)],
        name=f'Service {number}',
        set_up_minutes=chance.choice([0, 0, 5, 7, 10]),
        clean_up_minutes=chance.choice([0, 5, 10, 15]),
        granularity_minutes=chance.choice([10, 15, 30, 30, 60]),
        least_notice_minutes=chance.choice([0, 120, 120, 1440]),
        greatest_days=chance.choice([60, 90, 365]),
    )
    for skill in chance.sample(range(1, SKILLS + 1), chance.choice([0, 0, 1, 2])):
        ServiceTypeSkill.create(service_type=made, skill=skill, level=chance.choice([1, 1, 2]))
    return made


def _technician(chance: Random, number: int) -> Technician:
    """Five days a week with a break at noon; some also work on Saturdays, some not everywhere."""
    start = chance.choice([420, 480, 540])
    day = (Hours(start, start + 540), Hours(720, 750, is_break=True))
    week = dict.fromkeys(range(5), day) | ({5: (Hours(480, 780),)} if number % 5 == 0 else {})
    made = makers.make_technician(Person(f'Technician {number}', ''), hours=week)
    made.home_lat, made.home_lon = _place(chance)
    made.radius_km = chance.choice([0, 0, 30])
    made.save()
    for skill in chance.sample(range(1, SKILLS + 1), 4):
        TechnicianSkill.create(technician=made, skill=skill, level=chance.choice([1, 2, 3]))
    for territory in chance.sample(range(1, TERRITORIES + 1), 3):
        TechnicianTerritory.create(technician=made, territory=territory)
    today = clock.today(settings.zone())
    calendars.set_override(made, today + timedelta(chance.randint(1, 50)), [], reason='Day off', by=SYSTEM)
    calendars.set_override(made, today + timedelta(chance.randint(51, 59)), [Hours(600, 840)], by=SYSTEM)
    away = datetime.combine(today, time(12), settings.zone()) + timedelta(chance.randint(5, 50))
    calendars.add_time_off(made, away, away + timedelta(hours=chance.choice([3, 24, 72])), by=SYSTEM)
    return made


def _customers(chance: Random, size: Size) -> None:
    """Each with a contact, a site and a thing there; some have more, many can sign in."""
    numbers, now = range(1, size.customers + 1), int(clock.now().timestamp())
    names = {number: f'customer {number}' for number in numbers}
    signed_in = [number for number in numbers if chance.random() < SIGNED_IN]
    homes = [*numbers, *(number for number in numbers if number % 10 == 0)]  # every tenth has two
    bulk.insert(Customer, ({'name': name, 'search_text': name, 'made_at': now} for name in names.values()))
    made = bulk.insert(Account, (_account(number, now) for number in signed_in))
    accounts = dict(zip(signed_in, made, strict=True))
    bulk.insert(Contact, (_contact(number) | {'account_id': accounts.get(number)} for number in numbers))
    bulk.insert(Contact, (_contact(number) | {'is_primary': False} for number in numbers if number % 7 == 0))
    bulk.insert(Session, (_session(account, now) for account in made))
    sites = bulk.insert(Site, (_site(chance, number) for number in homes))
    things = ({'site_id': site, 'product_id': chance.randint(1, PRODUCTS), 'name': f'Unit {site}'} for site in sites)
    bulk.insert(Asset, things)


def _account(number: int, now: int) -> dict[str, object]:
    return {
        'email': f'person{number}@example.com',
        'name': f'Person {number}',
        'email_confirmed_at': now,
        'made_at': now,
    }


def _contact(number: int) -> dict[str, object]:
    return {
        'customer_id': number,
        'name': f'Person {number}',
        'email': f'person{number}@example.com',
        'search_text': f'person {number} person{number}@example.com',
        'is_primary': True,
    }


def _session(account_id: int, now: int) -> dict[str, object]:
    token_hash = tokens.digest(f'session {account_id}')
    times = {'begun_at': now, 'seen_at': now, 'expires_at': now + 180 * 86400}
    return {'account_id': account_id, 'token_hash': token_hash, **times}


def _site(chance: Random, number: int) -> dict[str, object]:
    lat, lon = _place(chance)
    address = f'{number} Alder Street'
    quarter = 1 + (lat > CENTRE[0]) + 2 * (lon > CENTRE[1])
    is_placed = chance.random() >= UNPLACED
    return {
        'customer_id': number,
        'address': address,
        'search_text': address.lower(),
        'territory_id': quarter if chance.random() < 0.8 else None,
        'postcode': f'{int(50 * (lat - 41)):02}{int(-50 * (lon + 87)):02}',  # some 2 km wide
        'lat': lat if is_placed else None,
        'lon': lon if is_placed else None,
    }


def _form_keys() -> Iterator[dict[str, object]]:
    fresh = Booking.select(Booking.id, Booking.made_at).where(Booking.made_at > clock.now() - KEPT)
    for booking in fresh:
        key = {'actor': f'person {booking.id}', 'key': str(booking.id), 'digest': b'content'}
        yield {**key, 'result_id': booking.id, 'at': int(booking.made_at.timestamp())}


def _place(chance: Random) -> tuple[float, float]:
    north, east = (half * chance.uniform(-1, 1) for half in HALF_REGION)
    return CENTRE[0] + north, CENTRE[1] + east
