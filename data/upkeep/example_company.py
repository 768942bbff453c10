"""The example company's crew, what it offers and whom it serves: made up, and entered by staff's commands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from data.access import settings
from data.base import clock
from data.base.actor import SYSTEM
from data.crew import calendars, public_holidays, technicians
from data.crew.calendars import Hours
from data.crew.technicians import Technician
from data.offer import products, service_types, skills, territories
from data.offer.products import Product
from data.offer.service_types import ServiceType
from data.offer.skills import Skill
from data.offer.territories import Territory
from data.people import assets, customers, sites
from data.people.customers import Contact

Levels = Mapping[str, int]  # by the name of the skill


@dataclass(frozen=True, kw_only=True)
class Worker:
    """One technician; `days` are weekdays, 0 for Monday, `hours` wall-clock hours, `home` latitude, longitude."""

    name: str
    phone: str
    home: tuple[float, float]
    days: Sequence[int]
    hours: tuple[int, int]
    skills: Levels
    territories: Sequence[str]
    radius_km: float = 0


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service type; without `products` it needs none."""

    name: str
    minutes: int
    products: Sequence[str] = ()
    skills: Levels = field(default_factory=dict)
    clean_up_minutes: int = 0


@dataclass(frozen=True)
class Household:
    """One customer with one contact; `things` are (product, name, serial number, year), `place` latitude, longitude."""

    name: str
    contact: str
    email: str
    address: str
    postcode: str
    territory: str
    place: tuple[float, float]
    things: Sequence[tuple[str, str, str | None, int]]
    access_notes: str | None = None


@dataclass(frozen=True, kw_only=True)
class Company:
    """What was entered, by name; contacts by e-mail."""

    crew: Mapping[str, Technician]
    services: Mapping[str, ServiceType]
    contacts: Mapping[str, Contact]


GAS, COOLING = 'Gas certificate', 'Refrigerant license'
NORTH, DOWNTOWN = 'North Side', 'Downtown'
MARCO, LENA, SAM = 'Marco Reyes', 'Lena Fischer', 'Sam Okafor'
CREW = (
    Worker(
        name=MARCO,
        phone='+13125550111',
        home=(41.9227, -87.6533),
        days=range(5),
        hours=(8, 17),
        skills={GAS: 2},
        territories=(NORTH, DOWNTOWN),
    ),
    Worker(
        name=LENA,
        phone='+13125550112',
        home=(41.9681, -87.6842),
        days=range(5),
        hours=(7, 15),
        skills={GAS: 1, COOLING: 1},
        territories=(NORTH,),
    ),
    Worker(
        name=SAM,
        phone='+13125550113',
        home=(41.8756, -87.6244),
        days=range(1, 6),
        hours=(9, 18),
        skills={COOLING: 2},
        territories=(NORTH, DOWNTOWN),
        radius_km=9,
    ),
)
LUNCH = Hours(12 * 60, 12 * 60 + 30, is_break=True)

PRODUCTS = BOILER, HEAT_PUMP, AIR_CONDITIONER = ('Boiler', 'Heat pump', 'Air conditioner')
INSPECTION, CHECK, FILTERS = 'Annual safety inspection', 'Refrigerant check', 'Filter replacement'
BOILER_REPAIR, COOLING_REPAIR, ADVICE = 'Boiler repair', 'Cooling repair', 'Advice on a new system'
SERVICES = (
    Service(name=INSPECTION, minutes=90, products=(BOILER,), skills={GAS: 1}),
    Service(name=CHECK, minutes=60, products=(HEAT_PUMP, AIR_CONDITIONER), skills={COOLING: 1}),
    Service(name=FILTERS, minutes=60, products=(HEAT_PUMP, AIR_CONDITIONER)),
    Service(name=BOILER_REPAIR, minutes=120, products=(BOILER,), skills={GAS: 2}, clean_up_minutes=10),
    Service(
        name=COOLING_REPAIR,
        minutes=120,
        products=(HEAT_PUMP, AIR_CONDITIONER),
        skills={COOLING: 1},
        clean_up_minutes=10,
    ),
    Service(name=ADVICE, minutes=60),
)
WORKED_HOLIDAYS = ('Columbus Day', 'Veterans Day')

# fmt: off  # a table, one household after the other
CUSTOMERS = (
    Household(
        'Khoury',
        'Amira Khoury',
        'amira@example.com',
        '18 Alder Street, Chicago, IL 60614',
        '60614',
        NORTH,
        (41.9214, -87.6513),
        [(BOILER, 'Vaillant ecoTEC plus', '2103-4471', 2021), (HEAT_PUMP, 'Daikin Altherma 3', None, 2023)],
        'The bell is on the left. Parking in the yard.',
    ),
    Household(
        'Brandt',
        'Jonas Brandt',
        'jonas@example.com',
        '402 Birch Avenue, Chicago, IL 60618',
        '60618',
        NORTH,
        (41.9471, -87.7023),
        [(BOILER, 'Viessmann Vitodens 100', 'VD-88120', 2018)],
    ),
    Household(
        'Okonjo',
        'Ifeoma Okonjo',
        'ifeoma@example.com',
        '77 Cedar Court, Chicago, IL 60640',
        '60640',
        NORTH,
        (41.9719, -87.6628),
        [(AIR_CONDITIONER, 'Mitsubishi MSZ-LN', None, 2022)],
        'Please call ten minutes before.',
    ),
    Household(
        'Silva',
        'Rafael Silva',
        'rafael@example.com',
        '1250 Dogwood Lane, Chicago, IL 60647',
        '60647',
        NORTH,
        (41.9208, -87.7041),
        [(HEAT_PUMP, 'Bosch Compress 3400i', 'BC-20417', 2024)],
    ),
    Household(
        'Lakeside Bakery',
        'Petra Novak',
        'petra@example.com',
        '9 Elm Plaza, Chicago, IL 60611',
        '60611',
        DOWNTOWN,
        (41.8938, -87.6204),
        [(AIR_CONDITIONER, 'Carrier Infinity 26', 'CI-5532', 2020), (BOILER, 'Buderus GB172', None, 2016)],
        'Deliveries use the back door; so may you.',
    ),
    Household(
        'Nakamura',
        'Kenji Nakamura',
        'kenji@example.com',
        '31 Fir Terrace, Chicago, IL 60625',
        '60625',
        NORTH,
        (41.9703, -87.7009),
        [(BOILER, 'Worcester Greenstar 4000', 'WG-7719', 2019)],
    ),
    Household(
        'Adler',
        'Miriam Adler',
        'miriam@example.com',
        '560 Ginkgo Street, Chicago, IL 60657',
        '60657',
        NORTH,
        (41.9402, -87.6530),
        [(HEAT_PUMP, 'Nibe F2120', None, 2022)],
        'The dog is friendly.',
    ),
    Household(
        'Harbor Dental',
        'Grace Whitfield',
        'grace@example.com',
        '88 Hazel Row, Chicago, IL 60605',
        '60605',
        DOWNTOWN,
        (41.8716, -87.6254),
        [(AIR_CONDITIONER, 'Daikin Perfera', 'DP-3310', 2023)],
    ),
)
# fmt: on


def enter() -> Company:
    """In the caller's transaction. Customers and their sites last, so that all they refer to is there."""
    can = {name: skills.add({'name': name}, by=SYSTEM) for name in (GAS, COOLING)}
    parts = {name: territories.add({'name': name}, by=SYSTEM) for name in (NORTH, DOWNTOWN)}
    kinds = {name: products.add({'name': name}, by=SYSTEM) for name in PRODUCTS}
    crew = {worker.name: _employ(worker, can, parts) for worker in CREW}
    _close_holidays()
    _plan_absences(crew)
    return Company(
        crew=crew,
        services={service.name: _offer(service, kinds, can) for service in SERVICES},
        contacts={household.email: _serve(household, kinds, parts) for household in CUSTOMERS},
    )


def _employ(worker: Worker, can: Mapping[str, Skill], parts: Mapping[str, Territory]) -> Technician:
    technician = technicians.add({'name': worker.name, 'phone': worker.phone}, by=SYSTEM)
    technicians.set_home(technician, *worker.home, worker.radius_km, by=SYSTEM)
    technicians.give_skills(technician, _levels(worker.skills, can), by=SYSTEM)
    technicians.set_territories(technician, [parts[name] for name in worker.territories], by=SYSTEM)
    day = [_hours(*worker.hours), LUNCH]
    calendars.set_week(technician, dict.fromkeys(worker.days, day), by=SYSTEM)
    return technician


def _close_holidays() -> None:
    """Those of a year from now on, as staff choose them: on some they work."""
    today = clock.today(settings.zone())
    ahead = [each for year in (today.year, today.year + 1) for each in public_holidays.suggested(year, by=SYSTEM)]
    chosen = [each for each in ahead if today <= each.day < today + timedelta(365) and each.name not in WORKED_HOLIDAYS]
    public_holidays.close(chosen, by=SYSTEM)


def _plan_absences(crew: Mapping[str, Technician]) -> None:
    """Two days off, an afternoon off, and a Saturday with other hours."""
    today, zone = clock.today(settings.zone()), settings.zone()
    monday = today + timedelta(7 - today.weekday())

    def at(days: int, hour: int = 0) -> datetime:
        return datetime.combine(monday + timedelta(days), time(hour), zone)

    calendars.add_time_off(crew[SAM], at(8), at(10), reason='Vacation', by=SYSTEM)
    calendars.add_time_off(crew[LENA], at(2, 13), at(2, 15), reason='Dentist', by=SYSTEM)
    saturday: date = monday + timedelta(5)
    calendars.set_override(crew[MARCO], saturday, [_hours(9, 13)], reason='Inspections before winter', by=SYSTEM)


def _offer(service: Service, kinds: Mapping[str, Product], can: Mapping[str, Skill]) -> ServiceType:
    values = {'name': service.name, 'duration_minutes': service.minutes}
    made = service_types.add(values, products=[kinds[name] for name in service.products], by=SYSTEM)
    service_types.require_skills(made, _levels(service.skills, can), by=SYSTEM)
    rules = {'clean_up_minutes': service.clean_up_minutes}
    return service_types.change_rules(made, rules, version=made.version, by=SYSTEM)


def _serve(household: Household, kinds: Mapping[str, Product], parts: Mapping[str, Territory]) -> Contact:
    number = 120 + CUSTOMERS.index(household)
    contact = {'name': household.contact, 'email': household.email, 'phone': f'+13125550{number}'}
    site = {'address': household.address, 'postcode': household.postcode, 'access_notes': household.access_notes}
    customer = customers.add({'name': household.name}, contact, site, by=SYSTEM)
    place = customers.sites(customer, by=SYSTEM)[0]
    sites.pin(place, *household.place, by=SYSTEM)
    sites.set_territory(place, parts[household.territory], by=SYSTEM)
    for product, name, serial_number, year in household.things:
        facts = {'name': name, 'serial_number': serial_number, 'installed_year': year}
        assets.add(place, kinds[product], facts, by=SYSTEM)
    return customers.contacts(customer, by=SYSTEM)[0]


def _levels(levels: Levels, can: Mapping[str, Skill]) -> dict[Skill, int]:
    return {can[name]: level for name, level in levels.items()}


def _hours(start: int, end: int) -> Hours:
    return Hours(start * 60, end * 60)
