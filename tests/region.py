"""A company whose visits lie in a region: technicians who differ in all that decides, sites of every kind of place."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import makers
from makers import Household
from peewee import IntegrityError
from people import TESS, TOM, Person

from data.base.actor import SYSTEM
from data.base.database import close_database, database, open_database, savepoint, transaction
from data.crew import calendars, closed_days
from data.crew.calendars import Hours
from data.crew.technicians import Technician
from data.offer.service_types import ServiceType
from data.offer.skills import Skill
from data.offer.territories import Territory
from data.people.customers import Site
from data.visits import free_times, statuses
from data.visits.booking_table import Booking
from data.visits.search import Wanted
from data.visits.states import State

NOW = datetime(2030, 5, 6, 12, tzinfo=UTC)  # Monday at seven in Chicago, where clocks change in November
TODAY = NOW.date()
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LAST_DAY = TODAY + 9 * DAY  # of what most tests ask
TED = Person('Ted Novak', 'ted@alder.example')
NIGHTS = dict.fromkeys(range(7), (Hours(0, 4 * 60), Hours(20 * 60, 24 * 60)))
EARLY = dict.fromkeys(range(6), (Hours(6 * 60, 14 * 60), Hours(10 * 60, 10 * 60 + 20, is_break=True)))

PLACES: dict[str, tuple[tuple[float, float] | None, str | None, bool]] = {  # pin, postcode, lies in the north
    'pinned': ((41.90, -87.65), '60614', False),
    'pinned in the north': ((41.99, -87.70), '60640', True),
    'pinned far out': ((42.10, -87.80), '60640', False),
    'unknown': (None, '99999', False),
    'known by its territory': (None, None, True),
    'known by its postcode': (None, '60640', False),
}
Answers = dict[tuple[str, int], dict[date, list[datetime]]]


@dataclass(frozen=True)
class Region:
    """Its sites by the kind of their place, and the services that may be asked for there."""

    households: dict[str, Household]
    services: list[ServiceType]
    technicians: list[Technician]
    skill: Skill
    north: Territory

    def site(self, kind: str) -> Site:
        """As it is now."""
        return Site.get_by_id(self.households[kind].site.id)

    def wanted(self, kind: str, service: ServiceType) -> Wanted:
        return free_times.wanted(self.site(kind), service)

    def answers(self, first_day: date, last_day: date) -> Answers:
        """What is offered for a service at a site; each service and each site comes at least once."""
        pairs = [(kind, self.services[n % len(self.services)]) for n, kind in enumerate(self.households)]
        return {
            (kind, service.id): free_times.offered(self.wanted(kind, service), first_day=first_day, last_day=last_day)
            for kind, service in pairs
        }

    def of_a_fresh_process(self, url: str, first_day: date, last_day: date) -> Answers:
        """The same where nothing is kept of what was read before."""
        with another_process(url):
            return self.answers(first_day, last_day)


def make_filled() -> Region:
    """With diaries for the days that most tests ask."""
    made = make_region()
    fill(made, Random(1), first_day=TODAY, days=12, visits=40)
    return made


def make_region() -> Region:
    with transaction():
        makers.make_business()
        product, skill, north = makers.make_product(), makers.make_skill(), makers.make_territory()
        tom = makers.make_technician(TOM, skills={skill: 2}, territories=[north], home=(41.9, -87.65), radius=40)
        tess = makers.make_technician(TESS, hours=NIGHTS, skills={skill: 1}, territories=[north])
        ted = makers.make_technician(TED, hours=EARLY, home=(41.9, -87.65), radius=15)
        return Region(
            households={kind: _household(kind, north, product) for kind in PLACES},
            services=[
                makers.make_service_type(product, minutes=60, greatest_days=None),
                makers.make_service_type(
                    minutes=90,
                    skills={skill: 2},
                    set_up_minutes=10,
                    clean_up_minutes=7,
                    granularity_minutes=15,
                    greatest_days=None,
                ),
                makers.make_service_type(minutes=30, skills={skill: 1}, granularity_minutes=60, greatest_days=None),
                makers.make_service_type(minutes=45, granularity_minutes=45, least_notice_minutes=0),
            ],
            technicians=[tom, tess, ted],
            skill=skill,
            north=north,
        )


def _household(kind: str, north: Territory, product: Any) -> Household:
    pin, postcode, is_north = PLACES[kind]
    made = makers.make_customer(Person(kind, f'{kind.replace(" ", ".")}@example.com'), product=product, signs_in=False)
    lat, lon = pin or (None, None)
    territory = north if is_north else None
    Site.update(lat=lat, lon=lon, postcode=postcode, territory=territory).where(Site.id == made.site.id).execute()
    return made


def fill(region: Region, chance: Random, *, first_day: date, days: int, visits: int) -> None:
    """Invents diaries: visits in any state and length, time off, other hours on a date, closed days."""
    with transaction():
        for _ in range(visits):
            write_visit(region, chance, at=_some_time(chance, first_day, days))
        for technician in region.technicians:
            for day in {first_day + chance.randrange(days) * DAY for _ in range(days // 12)}:
                calendars.set_override(technician, day, _some_hours(chance), by=SYSTEM)
            for _ in range(days // 12):
                start = _some_time(chance, first_day, days)
                calendars.add_time_off(technician, start, start + chance.randrange(7, 3000) * MINUTE, by=SYSTEM)
        for _ in range(days // 30):
            closed_days.close(first_day + chance.randrange(days) * DAY, 'Fair', by=SYSTEM)


def write_visit(region: Region, chance: Random, *, at: datetime) -> Booking | None:
    """A row that asks nobody but the guard; None where it says no."""
    household, service = chance.choice(list(region.households.values())), chance.choice(region.services)
    length = chance.choice([30, 60, 60, 60, 90, 180, 1500, 4320]) * MINUTE
    state = chance.choice([*[State.SCHEDULED] * 12, State.COMPLETED, State.CANCELED, State.ON_BREAK])
    columns = {
        'customer': household.customer,
        'contact': household.contact,
        'site': household.site,
        'service_type': service,
        'technician': chance.choice(region.technicians),
        'status': statuses.default_of(state),
        'state': state,
        'starts_at': at,
        'ends_at': at + length,
        'blocks_until': at + (30 * MINUTE if state == State.COMPLETED else length),
        'set_up_minutes': chance.choice([0, 0, 0, 12, 240]),
        'clean_up_minutes': chance.choice([0, 0, 0, 8, 240]),
        'service_name': service.name,
        'uid': str(uuid4()),
        'made_at': NOW,
    }
    made: Booking | None = unless_refused(lambda: Booking.create(**columns))
    return made


def unless_refused(write: Callable[[], Any]) -> Any:
    """None where the schema says no."""
    try:
        with transaction(), savepoint():
            return write()
    except IntegrityError:
        return None


@contextmanager
def another_process(url: str) -> Iterator[None]:
    """Nothing that was read before is known in here."""
    here = database.obj
    open_database(url)
    try:
        yield
    finally:
        close_database()
        database.initialize(here)


def _some_time(chance: Random, first_day: date, days: int) -> datetime:
    midnight = datetime(first_day.year, first_day.month, first_day.day, tzinfo=UTC)
    return midnight + chance.randrange(0, days * 24 * 60, 5) * MINUTE


def _some_hours(chance: Random) -> list[Hours]:
    start = chance.randrange(0, 15 * 60, 5)
    return [] if chance.random() < 0.3 else [Hours(start, start + chance.randrange(60, 9 * 60, 5))]
