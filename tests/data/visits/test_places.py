"""Where a site lies for the slot rules, and for whom it stands in."""

from datetime import timedelta

import makers
import pytest
from conftest import EmptyDatabase
from makers import Household
from people import Person

from data.access import settings
from data.base import clock
from data.base.actor import SYSTEM
from data.crew import technicians
from data.offer.territories import Territory
from data.people import sites
from data.people.customers import Site
from data.visits import free_times, places
from data.visits.booking_table import Booking
from data.visits.travel import Place, drive_minutes

NEAR, FAR, FARTHER = Place(41.875, -87.5), Place(42.125, -87.5), Place(42.375, -87.5)

pytestmark = pytest.mark.usefixtures('database')


def site(*, pin: Place | None = None, postcode: str | None = None, territory: Territory | None = None) -> Site:
    made = makers.make_customer(Person('Ada', 'ada@example.com'), signs_in=False).site
    lat, lon = pin or (None, None)
    Site.update(lat=lat, lon=lon, postcode=postcode, territory=territory).where(Site.id == made.id).execute()
    return again(made)


def again(made: Site) -> Site:
    found: Site = Site.get_by_id(made.id)
    return found


def end(made: Site) -> None:
    Site.update(ended_at=clock.now()).where(Site.id == made.id).execute()


@pytest.fixture
def north() -> Territory:
    return makers.make_territory()


def test_a_pin_beats_the_postcode_and_the_postcode_beats_the_territory(north: Territory) -> None:
    site(pin=FAR, postcode='60614')
    site(pin=FARTHER, territory=north)

    assert places.of_site(site(pin=NEAR, postcode='60614', territory=north)) == NEAR
    assert places.of_site(site(postcode='60614', territory=north)) == mean(NEAR, FAR)
    assert places.of_site(site(postcode='99999', territory=north)) == mean(NEAR, FARTHER)
    assert places.of_site(site(territory=north)) == mean(NEAR, FARTHER)


def mean(one: Place, other: Place) -> Place:
    """Of places whose sums are exact."""
    return Place((one.latitude + other.latitude) / 2, (one.longitude + other.longitude) / 2)


OTHER_SIDE = Place(-41.0, 100.0)


@pytest.mark.parametrize('wrong', [OTHER_SIDE, Place(-NEAR.latitude, NEAR.longitude), Place(0.0, 0.0)])
def test_one_wrong_pin_moves_no_neighbour(north: Territory, wrong: Place) -> None:
    for pin in (NEAR, FAR, wrong):
        site(pin=pin, postcode='60614', territory=north)

    assert places.of_site(site(postcode='60614')) == mean(NEAR, FAR)
    assert places.of_site(site(territory=north)) == mean(NEAR, FAR)


def test_of_two_that_contradict_each_other_neither_is_believed(north: Territory) -> None:
    site(pin=OTHER_SIDE, postcode='60614')
    site(pin=NEAR, postcode='60614', territory=north)

    assert places.of_site(site(postcode='60614')) is None
    assert places.of_site(site(postcode='60614', territory=north)) == NEAR


def test_a_wrong_pin_within_reach_moves_a_stand_in_by_its_share_only() -> None:
    for pin in (NEAR, NEAR, NEAR, FAR):
        site(pin=pin, postcode='60614')

    assert places.of_site(site(postcode='60614')) == Place(41.9375, -87.5)


def test_a_customers_own_pin_takes_no_free_time_from_a_neighbour() -> None:
    cast = makers.make_cast()
    technicians.set_home(cast.technician_row, NEAR.latitude, NEAR.longitude, 50, by=SYSTEM)
    site(pin=NEAR, postcode='60614')
    neighbour = makers.make_customer(Person('Ruth', 'ruth@example.com'), signs_in=False)
    ids = [neighbour.site.id, cast.household.site.id, cast.other_household.site.id]
    Site.update(postcode='60614').where(Site.id.in_(ids)).execute()
    sites.pin(cast.other_household.site, FAR.latitude, FAR.longitude, by=SYSTEM)
    before = makers.free_starts(neighbour, cast.service_type)

    sites.pin(cast.household.site, *OTHER_SIDE, by=cast.customer)

    assert makers.free_starts(neighbour, cast.service_type) == before != []


def test_who_has_no_pin_stands_in_for_nobody(north: Territory) -> None:
    site(pin=FAR, postcode='60614')
    site(postcode='60614', territory=north)

    assert places.of_site(site(territory=north)) is None


def test_an_ended_site_is_nobodys_neighbour(north: Territory) -> None:
    for ended in (site(pin=FAR, postcode='60614'), site(pin=FAR, territory=north)):
        end(ended)

    assert places.of_site(site(postcode='60614', territory=north)) is None


def test_a_site_without_postcode_and_territory_is_no_neighbour_of_others_without() -> None:
    site(pin=FAR)
    site(pin=FAR, postcode='')

    assert places.of_site(site()) is None
    assert places.of_site(site(postcode='')) is None


def test_a_place_on_the_equator_and_the_meridian_is_a_place(north: Territory) -> None:
    zero = Place(0.0, 0.0)
    site(pin=zero, postcode='00000', territory=north)

    assert places.of_site(site(pin=zero)) == zero
    assert places.of_site(site(postcode='00000')) == zero
    assert places.of_site(site(territory=north)) == zero


@pytest.fixture
def visited(database: EmptyDatabase) -> tuple[Household, Booking]:
    """A pinned site that asks, and the only visit, at a site that nobody has placed: its drive is the fixed one."""
    assert database
    makers.make_business()
    makers.make_technician()
    asking = makers.make_customer(signs_in=False)
    Site.update(lat=NEAR.latitude, lon=NEAR.longitude).where(Site.id == asking.site.id).execute()
    other = makers.make_customer(Person('Bea', 'bea@example.com'), signs_in=False)
    service = makers.make_service_type(minutes=60, granularity_minutes=5)
    zone = settings.zone()  # an afternoon, whatever the time of day is now: room before it for the longest drive
    start = next(each for each in makers.free_starts(other, service)[120:] if each.astimezone(zone).hour == 14)
    return asking, makers.make_booking(other, service, start, asset=None)


def drive_before(visited: tuple[Household, Booking]) -> int:
    """The least minutes that are kept free between a visit of an hour at the asking site and the other visit."""
    asking, booking = visited
    day = booking.starts_at.astimezone(settings.zone()).date()
    wanted = free_times.wanted(again(asking.site), booking.service_type)
    starts = free_times.offered(wanted, first_day=day, last_day=day)[day]
    before = max(start for start in starts if start < booking.starts_at)
    gap: timedelta = booking.starts_at - before
    return gap // timedelta(minutes=1) - 60


def rounded(minutes: int) -> int:
    """To starts every five minutes."""
    return -(-minutes // 5) * 5


def test_an_unknown_place_takes_the_fixed_time_to_drive_to(visited: tuple[Household, Booking]) -> None:
    assert drive_before(visited) == 20
    settings.change({'driving.unknown_minutes': 33}, by=SYSTEM)
    assert drive_before(visited) == 35


def test_a_neighbour_that_gets_its_pin_moves_a_visit_at_once(
    visited: tuple[Household, Booking], north: Territory
) -> None:
    there = visited[1].site
    neighbour = site(postcode='60614')
    sites.set_territory(there, north, by=SYSTEM)
    Site.update(postcode='60614').where(Site.id == there.id).execute()
    assert drive_before(visited) == 20

    sites.pin(neighbour, FAR.latitude, FAR.longitude, by=SYSTEM)
    assert drive_before(visited) == rounded(drive_minutes(NEAR, FAR)) != 20

    sites.pin(there, FARTHER.latitude, FARTHER.longitude, by=SYSTEM)
    assert drive_before(visited) == rounded(drive_minutes(NEAR, FARTHER))

    sites.unpin(there, by=SYSTEM)
    end(neighbour)
    assert drive_before(visited) == 20

    site(pin=FAR, territory=north)
    assert drive_before(visited) == rounded(drive_minutes(NEAR, FAR))
