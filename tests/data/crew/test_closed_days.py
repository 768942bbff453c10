"""Closed days: nobody works, under the name that they have."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import makers
import pytest
import time_machine
from makers import Cast

from data.base import clock
from data.base.actor import SYSTEM
from data.base.changes import ChangeRow
from data.base.refusals import NotFound
from data.crew import calendars, closed_days
from data.crew.calendars import Hours
from data.crew.closed_days import ClosedDay

pytestmark = pytest.mark.usefixtures('database')

CHICAGO = ZoneInfo('America/Chicago')
NOW = '2030-05-06T12:00:00+00:00'  # Monday, 7 in the morning in Chicago


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In May 2030, by Chicago's clocks."""
    return datetime(2030, 5, day, hour, minute, tzinfo=CHICAGO).astimezone(UTC)


def history(kind: str) -> tuple[object, object]:
    """What was before and after the latest change of this kind."""
    row = ChangeRow.select().where(ChangeRow.kind == kind).order_by(ChangeRow.id.desc()).get()
    return json.loads(row.before), json.loads(row.after)


def offered(cast: Cast, day: int) -> list[str]:
    """The starts of a visit of an hour on this day of May."""
    kind = makers.make_service_type(cast.household.asset.product, minutes=60, granularity_minutes=60)
    starts = [start.astimezone(CHICAGO) for start in makers.free_starts(cast.household, kind)]
    return [f'{start:%H:%M}' for start in starts if start.day == day]


@pytest.fixture
def cast() -> Cast:
    with time_machine.travel(NOW, tick=False):
        cast = makers.make_cast()
        calendars.set_week(cast.technician_row, {2: [Hours(8 * 60, 10 * 60)]}, by=SYSTEM)
        return cast


@time_machine.travel(NOW, tick=False)
def test_on_a_closed_day_nobody_works_and_closing_it_twice_is_once(cast: Cast) -> None:
    for name in ('Fair', 'Fair again'):
        closed_days.close(at(8, 12).date(), name, by=SYSTEM)

    assert offered(cast, 8) == []
    assert [day.name for day in ClosedDay.select()] == ['Fair']
    assert ChangeRow.select().where(ChangeRow.kind == 'DayClosed').count() == 1


@time_machine.travel(NOW, tick=False)
def test_on_a_day_that_is_opened_again_who_has_hours_works(cast: Cast) -> None:
    day = at(8, 12).date()
    closed_days.close(day, 'Fair', by=SYSTEM)

    for _ in range(2):
        closed_days.reopen(day, by=SYSTEM)

    assert offered(cast, 8) == ['08:00', '09:00']
    assert history('DayReopened') == ({'day': '2030-05-08', 'name': 'Fair'}, {})


def test_a_closed_day_gets_another_name_and_an_open_one_none() -> None:
    day = clock.now().date()
    closed_days.close(day, 'Fair', by=SYSTEM)

    closed_days.rename(day, 'Parade', by=SYSTEM)

    assert [row.name for row in closed_days.between(day, day)] == ['Parade']
    kept = {'day': day.isoformat()}
    assert history('ClosedDayRenamed') == ({**kept, 'name': 'Fair'}, {**kept, 'name': 'Parade'})
    with pytest.raises(NotFound):
        closed_days.rename(day + timedelta(days=1), 'Parade', by=SYSTEM)


def test_closed_days_are_listed_in_order_with_the_first_and_the_last_date() -> None:
    first = date(2030, 1, 1)
    for number in (3, 0, 1, 4, -1):
        closed_days.close(first + timedelta(days=number), f'Day {number}', by=SYSTEM)

    listed = closed_days.between(first, first + timedelta(days=3))

    assert [row.name for row in listed] == ['Day 0', 'Day 1', 'Day 3']
