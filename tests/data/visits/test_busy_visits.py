"""What stands in the way of a month: found by its start or because it is under way, however long ago it began."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import makers
import pytest
from conftest import EmptyDatabase
from makers import Cast
from peewee import IntegrityError

from data.access import settings
from data.base import clock
from data.base.actor import SYSTEM
from data.offer.service_types import ServiceType
from data.people.customers import Site
from data.visits import offers
from data.visits.booking_table import LONGEST, Booking


@pytest.fixture
def cast(database: EmptyDatabase) -> Cast:
    assert database
    return makers.make_cast()


def starts_in_a_week(cast: Cast) -> list[datetime]:
    return starts_of(cast, clock.today(settings.zone()) + timedelta(7))


def starts_of(cast: Cast, day: date) -> list[datetime]:
    offer = offers.offered(cast.household.site, cast.service_type, first_day=day, last_day=day, by=SYSTEM)
    return offer.get(day, [])


def change(booking: Booking, **columns: Any) -> None:
    Booking.update(**columns).where(Booking.id == booking.id).execute()


@pytest.mark.parametrize(
    ('state', 'is_free'), [('scheduled', False), ('completed', False), ('canceled', True), ('on break', False)]
)
def test_a_visit_of_several_days_blocks_the_last_of_them(cast: Cast, state: str, is_free: bool) -> None:
    visit = makers.make_booking(cast.household, cast.service_type, starts_in_a_week(cast)[0])
    end = visit.starts_at + timedelta(hours=12)
    stamp = {'work_started_at': end - LONGEST} if state == 'on break' else {}
    change(visit, state=state, starts_at=end - LONGEST, ends_at=end, blocks_until=end, **stamp)

    assert bool(starts_in_a_week(cast)) == is_free


def test_work_that_began_long_ago_and_is_not_done_keeps_its_technician_until_now(cast: Cast) -> None:
    visit = makers.make_booking(cast.household, cast.service_type)
    day = clock.today(settings.zone())
    began = visit.starts_at - timedelta(days=40)
    change(
        visit,
        state='in progress',
        starts_at=began,
        ends_at=began + timedelta(hours=1),
        blocks_until=began + timedelta(hours=1),
        work_started_at=began,
    )
    long_over = offers.offered(
        cast.household.site, cast.service_type, first_day=day - timedelta(9), last_day=day - timedelta(9), by=SYSTEM
    )

    assert long_over == {}
    assert len(starts_in_a_week(cast)) > 10


def test_a_visit_longer_than_three_days_cannot_be_written(cast: Cast) -> None:
    visit = makers.make_booking(cast.household, cast.service_type)
    change(visit, ends_at=visit.starts_at + LONGEST)

    with pytest.raises(IntegrityError):
        change(visit, ends_at=visit.starts_at + LONGEST + timedelta(minutes=5))


def test_a_long_visit_at_the_end_of_the_world_blocks_until_its_technician_is_back(cast: Cast) -> None:
    """As far behind the asked day as anything can begin that still matters on it; also beyond the kept days."""
    for days in (7, 150):
        day = clock.today(settings.zone()) + timedelta(days)
        midnight = datetime.combine(day, time(), settings.zone()).astimezone(UTC)
        end = midnight - timedelta(hours=24 - 8)  # the drive of a day ends at eight, when work begins
        visit = booked_until(cast, end)

        assert [start.astimezone(settings.zone()).hour for start in starts_of(cast, day)[:1]] == [12]
        change(visit, clean_up_minutes=0)
        assert [start.astimezone(settings.zone()).hour for start in starts_of(cast, day)[:1]] == [8]


def booked_until(cast: Cast, end: datetime) -> Booking:
    """Three days at the other side of the earth, with four hours of clean-up."""
    here, there = cast.household.site, cast.other_household.site
    Site.update(lat=41.9, lon=-87.65).where(Site.id == here.id).execute()
    Site.update(lat=-41.9, lon=92.35).where(Site.id == there.id).execute()
    ServiceType.update(greatest_days=None).execute()
    visit = makers.make_booking(cast.other_household, cast.service_type, starts_in_a_week(cast)[0])
    change(visit, starts_at=end - LONGEST, ends_at=end, blocks_until=end, clean_up_minutes=240)
    return visit
