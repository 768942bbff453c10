"""What stands in the way of a month: found by its start or because it is under way, however long ago it began."""

from datetime import timedelta
from typing import Any

import makers
import pytest
from conftest import EmptyDatabase
from makers import Cast
from peewee import IntegrityError

from data.access import settings
from data.base import clock
from data.base.actor import SYSTEM
from data.visits import bookings
from data.visits.booking_table import LONGEST, Booking


@pytest.fixture
def cast(database: EmptyDatabase) -> Cast:
    assert database
    return makers.make_cast()


def starts_in_a_week(cast: Cast) -> list[Any]:
    day = clock.today(settings.zone()) + timedelta(7)
    offer = bookings.offered(cast.household.site, cast.service_type, first_day=day, last_day=day, by=SYSTEM)
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
    long_over = bookings.offered(
        cast.household.site, cast.service_type, first_day=day - timedelta(9), last_day=day - timedelta(9), by=SYSTEM
    )

    assert long_over == {}
    assert len(starts_in_a_week(cast)) > 10


def test_a_visit_longer_than_three_days_cannot_be_written(cast: Cast) -> None:
    visit = makers.make_booking(cast.household, cast.service_type)
    change(visit, ends_at=visit.starts_at + LONGEST)

    with pytest.raises(IntegrityError):
        change(visit, ends_at=visit.starts_at + LONGEST + timedelta(minutes=5))
