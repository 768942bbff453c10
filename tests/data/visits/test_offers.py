"""What is offered to whom: what the portal shows, also as open days and as starts with somebody nearby."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import makers
import pytest
import time_machine
from conftest import EmptyDatabase
from makers import Cast

from data.base.actor import SYSTEM
from data.base.refusals import NotFound
from data.offer.service_types import ServiceType
from data.people import sites
from data.visits import bookings, offers
from data.visits.booking_table import Booking

MONDAY_SEVEN = datetime(2030, 5, 6, 12, tzinfo=UTC)  # in Chicago, two hours before the first start on offer
DAY, LAST_DAY = MONDAY_SEVEN.date(), MONDAY_SEVEN.date() + timedelta(9)
FULLERTON, OAK_PARK = (41.92, -87.65), (41.89, -87.79)  # nine and thirteen kilometres from the middle of Chicago


@pytest.fixture
def cast(database: EmptyDatabase) -> Iterator[Cast]:
    assert database
    with time_machine.travel(MONDAY_SEVEN, tick=False):
        yield makers.make_cast()


@pytest.fixture
def visit(cast: Cast) -> Booking:
    return makers.make_booking(cast.household, cast.service_type)


def test_customers_are_offered_what_the_portal_shows_for_their_thing(cast: Cast) -> None:
    site, asset, kind = cast.household.site, cast.household.asset, cast.service_type
    hidden = makers.make_service_type(asset.product, is_on_portal=False)
    for_anything = makers.make_service_type()

    assert offers.offered(site, kind, asset=asset, first_day=DAY, last_day=DAY, by=cast.customer)
    assert offers.offered(site, for_anything, first_day=DAY, last_day=DAY, by=cast.customer)
    for service_type, thing in ((kind, None), (hidden, asset), (for_anything, asset)):
        with pytest.raises(NotFound):
            offers.offered(site, service_type, asset=thing, first_day=DAY, last_day=DAY, by=cast.customer)
        with pytest.raises(NotFound):
            offers.open_days(site, service_type, asset=thing, first_day=DAY, last_day=DAY, by=cast.customer)
        with pytest.raises(NotFound):
            offers.nearby(site, service_type, DAY, asset=thing, by=cast.customer)
        assert offers.offered(site, service_type, asset=thing, first_day=DAY, last_day=DAY, by=cast.dispatcher)


def test_nobody_is_offered_times_for_anothers_thing(cast: Cast) -> None:
    theirs = cast.other_household.asset

    for by in (cast.customer, cast.dispatcher):
        with pytest.raises(NotFound):
            offers.offered(cast.household.site, cast.service_type, asset=theirs, first_day=DAY, last_day=DAY, by=by)


def test_a_month_asks_which_days_are_open_and_a_day_for_its_times(cast: Cast, visit: Booking) -> None:
    site, asset, kind = cast.household.site, cast.household.asset, cast.service_type

    days = offers.open_days(site, kind, asset=asset, first_day=DAY, last_day=LAST_DAY, by=cast.customer)
    times = offers.offered(site, kind, asset=asset, first_day=DAY, last_day=LAST_DAY, by=cast.customer)
    days_again = offers.open_days_again(visit, first_day=DAY, last_day=LAST_DAY, by=cast.customer)
    times_again = offers.offered_again(visit, first_day=DAY, last_day=LAST_DAY, by=cast.customer)

    assert days == set(times)
    assert days_again == set(times_again)
    assert visit.starts_at in times_again[DAY]
    assert visit.starts_at not in times[DAY]


def test_starts_with_somebody_nearby_are_those_beside_a_visit_there(cast: Cast) -> None:
    for household, (lat, lon) in ((cast.household, FULLERTON), (cast.other_household, OAK_PARK)):
        sites.pin(household.site, lat, lon, by=SYSTEM)
    next_door = makers.make_booking(cast.household, cast.service_type, MONDAY_SEVEN + timedelta(hours=2))
    makers.make_booking(cast.other_household, cast.service_type, MONDAY_SEVEN + timedelta(hours=6))
    site, asset, kind = cast.household.site, cast.household.asset, cast.service_type

    near = offers.nearby(site, kind, DAY, asset=asset, by=cast.customer)
    offer = offers.offered(site, kind, asset=asset, first_day=DAY, last_day=DAY, by=cast.customer)[DAY]

    assert near
    assert near == {start for start in offer if start < MONDAY_SEVEN + timedelta(hours=6)}
    assert offers.nearby_again(next_door, DAY, by=cast.customer) == set()  # nobody else is there


def test_another_length_is_for_staff_and_whole_cells(cast: Cast, visit: Booking) -> None:
    with pytest.raises(NotFound):
        offers.open_days_again(visit, first_day=DAY, last_day=DAY, by=cast.customer, minutes=30)
    assert offers.open_days_again(visit, first_day=DAY, last_day=DAY, by=cast.dispatcher, minutes=30) == {DAY}


def test_a_visit_moves_though_its_service_left_the_portal(cast: Cast, visit: Booking) -> None:
    ServiceType.update(is_on_portal=False).execute()

    offer = offers.offered_again(visit, first_day=LAST_DAY, last_day=LAST_DAY, by=cast.customer)[LAST_DAY]

    assert bookings.move(visit, offer[0], by=cast.customer, key='moved').starts_at == offer[0]
