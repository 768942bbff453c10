"""How far free times reach: whatever dates are asked for, no more is looked at than two years, and nothing fails."""

from datetime import UTC, date, datetime, timedelta

import makers
import pytest
import time_machine
from makers import Cast

from data.access import settings
from data.base.actor import SYSTEM
from data.base.refusals import NotFound
from data.offer.service_types import ServiceType
from data.visits import bookings, free_times
from data.visits.assignments import SlotTaken
from data.visits.reasons import AfterLastDay, BeforeFirstDay, Question, why_not
from data.visits.rules import Rule
from data.visits.search import Wanted

NOW = datetime(2030, 5, 6, 12, tzinfo=UTC)
TODAY = NOW.date()
LAST_DAY = TODAY + timedelta(730)
MISTYPED = datetime(2500, 1, 4, 15, tzinfo=UTC)
ENDS_OF_TIME = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
NOBODYS_RULES: frozenset[Rule] = frozenset()

pytestmark = pytest.mark.usefixtures('database')


@pytest.fixture
def cast() -> Cast:
    with time_machine.travel(NOW, tick=False):
        made = makers.make_cast()
    ServiceType.update(greatest_days=None).execute()
    return made


@pytest.fixture
def wanted(cast: Cast) -> Wanted:
    return free_times.wanted(cast.household.site, ServiceType.get_by_id(cast.service_type.id))


@time_machine.travel(NOW, tick=False)
def test_a_range_without_end_has_the_free_times_of_two_years(wanted: Wanted) -> None:
    ever = free_times.offered(wanted, first_day=date.min, last_day=date.max)

    assert (min(ever), max(ever)) == (TODAY, last_workday())
    assert ever == free_times.offered(wanted, first_day=TODAY, last_day=LAST_DAY)
    assert free_times.open_days(wanted, first_day=date.min, last_day=date.max) == set(ever)


def last_workday() -> date:
    """Of Monday to Friday."""
    return LAST_DAY - timedelta(max(0, LAST_DAY.weekday() - 4))


@pytest.mark.parametrize('day', [date.min, date(2000, 1, 1), LAST_DAY + timedelta(1), date(2131, 1, 6), date.max])
def test_beyond_it_no_date_is_open(wanted: Wanted, day: date) -> None:
    with time_machine.travel(NOW, tick=False):
        assert free_times.offered(wanted, first_day=day, last_day=day) == {}
        assert free_times.open_days(wanted, first_day=day, last_day=day) == set()
        assert free_times.nearby(wanted, day) == set()
        (reason,) = why_not(Question(wanted=wanted, day=day), by=SYSTEM)

    too_soon, too_late = BeforeFirstDay(day=TODAY), AfterLastDay(day=LAST_DAY)
    expected = too_soon if day < TODAY else too_late
    assert (type(reason), reason.facts) == (type(expected), expected.facts)


@pytest.mark.parametrize('start', [MISTYPED, *ENDS_OF_TIME], ids=['mistyped', 'the first', 'the last'])
def test_beyond_it_nobody_can_take_a_start_whatever_rules_are_set_aside(wanted: Wanted, start: datetime) -> None:
    with time_machine.travel(NOW, tick=False):
        assert free_times.candidates(wanted, start, heeding=NOBODYS_RULES) == []
        assert len(free_times.why_not(wanted, TODAY, start=start)) == 1


def test_no_override_books_beyond_it(cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False):
        wish = makers.make_wish(cast.household, cast.service_type, MISTYPED, override='The customer asks for it')
        with pytest.raises(SlotTaken):
            bookings.book(wish, by=SYSTEM, key='far')


@time_machine.travel(NOW, tick=False)
def test_staff_may_look_back_at_who_could_have_come(wanted: Wanted) -> None:
    last_week = NOW - timedelta(days=7)

    assert free_times.candidates(wanted, last_week, heeding=NOBODYS_RULES) != []
    assert settings.zone().key == 'America/Chicago'


def test_a_booking_with_an_endless_number_is_not_there(cast: Cast) -> None:
    with pytest.raises(NotFound):
        bookings.find(10**30, by=cast.customer)
