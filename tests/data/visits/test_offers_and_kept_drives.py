"""An offer takes drives that are kept and never waits for the routing service: the straight line stands in."""

import time
from collections.abc import Iterator
from datetime import date, datetime

import makers
import pytest
from conftest import EmptyDatabase
from lookup_servers import LookupServer, router
from makers import Household
from people import ADA, BRUNO

from data.access import settings
from data.base import clock
from data.base.actor import SYSTEM
from data.base.database import close_database, open_database
from data.offer.service_types import ServiceType
from data.people import sites
from data.upkeep.lookups import Lookups
from data.visits import drive_times, offers
from data.visits.travel import Place

ALDER, BIRCH = Place(41.9214, -87.6513), Place(41.9719, -87.6628)  # 13 minutes by the straight line


@pytest.fixture(autouse=True)
def server(database: EmptyDatabase) -> Iterator[LookupServer]:
    drive_times.forget_wishes()
    with router(lambda start, end: 3600) as running:
        makers.make_business()
        settings.change({'routing.address': running.address}, by=SYSTEM)
        yield running
    drive_times.forget_wishes()


@pytest.fixture
def service(database: EmptyDatabase) -> ServiceType:
    return makers.make_service_type(minutes=60)


@pytest.fixture
def ada(service: ServiceType) -> Household:
    """At Alder Street; Bruno has the day's 12 o'clock at Birch Lane."""
    makers.make_technician()
    ada, bruno = makers.make_customer(ADA, signs_in=False), makers.make_customer(BRUNO, signs_in=False)
    sites.pin(bruno.site, *BIRCH, by=SYSTEM)
    makers.make_booking(bruno, service, noon(), asset=None)
    sites.pin(ada.site, *ALDER, by=SYSTEM)
    return ada


def noon() -> datetime:
    zone = settings.zone()
    day = date.fromordinal(clock.today(zone).toordinal() + 2)
    return datetime(day.year, day.month, day.day, 12, tzinfo=zone)


def offered(household: Household, service: ServiceType) -> set[str]:
    """Starts of that day, as the clock shows them."""
    day = noon().date()
    began = time.monotonic()
    offer = offers.offered(household.site, service, first_day=day, last_day=day, by=SYSTEM)
    assert time.monotonic() - began < 1, 'it waited'
    return {f'{start.astimezone(settings.zone()):%H:%M}' for start in offer.get(day, [])}


def test_the_straight_line_stands_in_until_the_service_has_told(
    database: EmptyDatabase, server: LookupServer, ada: Household, service: ServiceType
) -> None:
    by_line = offered(ada, service)
    assert {'10:30', '13:30'} <= by_line
    assert '11:00' not in by_line
    assert server.asked == []

    Lookups(each_seconds=0).look_up_drives()

    by_road = offered(ada, service)
    assert by_road == by_line - {'10:30', '13:30'}
    close_database()
    open_database(database.url)
    assert offered(ada, service) == by_road


def test_an_offer_does_not_wait_while_the_service_hangs_is_wrong_or_down(
    server: LookupServer, ada: Household, service: ServiceType
) -> None:
    by_line = offered(ada, service)
    lookups = Lookups(each_seconds=0, patience_seconds=0.2)

    server.hang()
    lookups.look_up_drives()
    assert offered(ada, service) == by_line
    server.answer_with('<html>Bad gateway</html>', status=502)
    lookups.look_up_drives()
    assert offered(ada, service) == by_line
    settings.change({'routing.address': 'http://127.0.0.1:1'}, by=SYSTEM)  # nobody listens there
    lookups.look_up_drives()
    assert offered(ada, service) == by_line
