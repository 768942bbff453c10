"""Weekly hours, other hours on a date, time off: what is entered decides what is free."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import makers
import pytest
import time_machine
from makers import Cast

from data.base import clock
from data.base.actor import SYSTEM
from data.base.changes import ChangeRow
from data.base.refusals import NotFound
from data.base.words import Words
from data.crew import calendars, closed_days, technicians
from data.crew.calendars import (
    DateOverride,
    Hours,
    HoursWrong,
    OverrideHours,
    TimeOff,
    TimeOffWrong,
    WeekdayWrong,
    WeeklyHours,
)
from data.crew.technicians import Technician

pytestmark = pytest.mark.usefixtures('database')

CHICAGO = ZoneInfo('America/Chicago')
NOW = '2030-05-06T12:00:00+00:00'  # Monday, 7 in the morning in Chicago
MORNING, BREAK = Hours(8 * 60, 12 * 60), Hours(10 * 60, 11 * 60, is_break=True)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In May 2030, by Chicago's clocks."""
    return datetime(2030, 5, day, hour, minute, tzinfo=CHICAGO).astimezone(UTC)


def as_kept(hours: Hours) -> dict[str, object]:
    """As history keeps them."""
    return dict(vars(hours))


def history(latest: int, kind: str = 'HoursChanged') -> list[tuple[object, object]]:
    """What was before and after each of the latest changes of this kind, in order."""
    rows = ChangeRow.select().where(ChangeRow.kind == kind).order_by(ChangeRow.id.desc()).limit(latest)
    return [(json.loads(row.before), json.loads(row.after)) for row in reversed(rows)]


def offered(cast: Cast, day: int) -> list[str]:
    """The starts of a visit of an hour on this day of May."""
    kind = makers.make_service_type(cast.household.asset.product, minutes=60, granularity_minutes=60)
    starts = [start.astimezone(CHICAGO) for start in makers.free_starts(cast.household, kind)]
    return [f'{start:%H:%M}' for start in starts if start.day == day]


@pytest.fixture
def cast() -> Cast:
    with time_machine.travel(NOW, tick=False):
        cast = makers.make_cast()
        calendars.set_week(cast.technician_row, {2: [MORNING, BREAK]}, by=SYSTEM)
        return cast


@time_machine.travel(NOW, tick=False)
def test_weekly_hours_and_their_breaks_decide(cast: Cast) -> None:
    assert offered(cast, 8) == ['08:00', '09:00', '11:00']
    assert offered(cast, 9) == []


@time_machine.travel(NOW, tick=False)
def test_new_weekly_hours_take_the_place_of_all_old_ones(cast: Cast) -> None:
    calendars.set_week(cast.technician_row, {3: [Hours(13 * 60, 24 * 60)]}, by=SYSTEM)

    assert offered(cast, 8) == []
    assert offered(cast, 9)[:2] == ['13:00', '14:00']
    assert offered(cast, 9)[-1] == '23:00'
    assert WeeklyHours.select().count() == 1


@time_machine.travel(NOW, tick=False)
def test_other_hours_on_a_date_take_the_place_of_that_dates_hours_and_breaks(cast: Cast) -> None:
    day = at(8, 12).date()
    calendars.set_override(cast.technician_row, day, [Hours(10 * 60, 12 * 60)], by=SYSTEM)
    assert offered(cast, 8) == ['10:00', '11:00']

    calendars.set_override(cast.technician_row, day, [], reason='A fair', by=SYSTEM)
    assert offered(cast, 8) == []
    assert offered(cast, 15) == ['08:00', '09:00', '11:00']
    assert (DateOverride.select().count(), OverrideHours.select().count()) == (1, 0)


@time_machine.travel(NOW, tick=False)
def test_time_off_takes_its_span_and_no_more(cast: Cast) -> None:
    calendars.add_time_off(cast.technician_row, at(8, 7), at(8, 9), reason='Dentist', by=SYSTEM)

    assert offered(cast, 8) == ['09:00', '11:00']


def test_time_off_over_a_booking_is_taken_and_the_booking_stays(cast: Cast) -> None:
    booking = makers.make_booking(cast.household, makers.make_service_type(cast.household.asset.product))

    calendars.add_time_off(booking.technician, booking.starts_at, booking.ends_at, by=cast.dispatcher)

    assert type(booking).get_by_id(booking.id).state == 'scheduled'


BACKWARDS = 'Working hours must end after they start.'
OUTSIDE = 'Working hours must lie within one day.'
OFF_GRID = 'Working hours start and end at full five minutes, such as 8:05.'
NO_WORK = 'A break must lie within the working hours of its day.'
WRONG = {
    'no length': (Hours(480, 480), BACKWARDS),
    'backwards': (Hours(540, 480), BACKWARDS),
    'before midnight': (Hours(-5, 480), OUTSIDE),
    'after midnight': (Hours(480, 1445), OUTSIDE),
    'off the grid': (Hours(481, 540), OFF_GRID),
    'ends off the grid': (Hours(480, 541), OFF_GRID),
    'a break outside all hours': (Hours(720, 750, is_break=True), NO_WORK),
    'a break that outlasts the hours': (Hours(690, 750, is_break=True), NO_WORK),
}


@pytest.mark.parametrize(('hours', 'sentence'), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize(
    'enter',
    [
        lambda technician, hours: calendars.set_week(technician, {0: [MORNING], 1: [MORNING, hours]}, by=SYSTEM),
        lambda technician, hours: calendars.set_override(technician, clock.now().date(), [MORNING, hours], by=SYSTEM),
    ],
    ids=['weekly', 'on a date'],
)
def test_hours_that_make_no_sense_are_refused_and_nothing_is_half_written(
    hours: Hours, sentence: str, enter: Callable[[Technician, Hours], None]
) -> None:
    technician = makers.make_technician(hours={4: [MORNING]})

    with pytest.raises(HoursWrong) as refused:
        enter(technician, hours)

    assert Words().refusal(refused.value) == sentence
    assert [row.weekday for row in WeeklyHours.select()] == [4]
    assert DateOverride.select().count() == 0


@pytest.mark.parametrize('weekday', [7, -1])
def test_a_week_has_seven_days(weekday: int) -> None:
    technician = makers.make_technician(hours={4: [MORNING]})

    with pytest.raises(WeekdayWrong) as refused:
        calendars.set_week(technician, {weekday: [MORNING]}, by=SYSTEM)

    assert Words().refusal(refused.value) == 'Please choose a day of the week.'
    assert [row.weekday for row in WeeklyHours.select()] == [4]


def test_a_break_may_lie_where_two_windows_meet() -> None:
    technician = makers.make_technician(hours={})
    noon = [Hours(480, 720), Hours(720, 960), Hours(690, 750, is_break=True)]

    calendars.set_week(technician, {0: noon}, by=SYSTEM)

    assert WeeklyHours.select().count() == 3


@time_machine.travel(NOW, tick=False)
def test_without_its_override_a_date_has_its_weekly_hours_again(cast: Cast) -> None:
    day = at(8, 12).date()
    calendars.set_override(cast.technician_row, day, [MORNING], reason='A fair', by=SYSTEM)
    calendars.set_override(cast.technician_row, at(15, 12).date(), [], by=SYSTEM)

    for _ in range(2):
        calendars.remove_override(cast.technician_row, day, by=SYSTEM)

    assert offered(cast, 8) == ['08:00', '09:00', '11:00']
    assert [row.day for row in DateOverride.select()] == [at(15, 12).date()]
    assert history(3) == [
        ({'day': '2030-05-08', 'hours': None}, {'day': '2030-05-08', 'hours': [as_kept(MORNING)], 'reason': 'A fair'}),
        ({'day': '2030-05-15', 'hours': None}, {'day': '2030-05-15', 'hours': [], 'reason': ''}),
        ({'day': '2030-05-08', 'hours': [as_kept(MORNING)], 'reason': 'A fair'}, {'day': '2030-05-08', 'hours': None}),
    ]


@time_machine.travel(NOW, tick=False)
def test_time_off_that_is_removed_is_free_again_and_kept_in_history(cast: Cast) -> None:
    away = calendars.add_time_off(cast.technician_row, at(8, 7), at(8, 9), reason='Dentist', by=SYSTEM)

    calendars.remove_time_off(away, by=SYSTEM)

    assert offered(cast, 8) == ['08:00', '09:00', '11:00']
    span = {'time_off': [at(8, 7).isoformat(), at(8, 9).isoformat()], 'reason': 'Dentist'}
    assert history(2) == [({}, span), (span, {})]
    with pytest.raises(NotFound):
        calendars.remove_time_off(away, by=SYSTEM)


def test_a_change_of_the_week_keeps_what_was_before() -> None:
    technician = makers.make_technician(hours={2: [MORNING, BREAK]})

    calendars.set_week(technician, {3: [MORNING]}, by=SYSTEM)

    before, after = {'week': {'2': [as_kept(MORNING), as_kept(BREAK)]}}, {'week': {'3': [as_kept(MORNING)]}}
    assert history(1) == [(before, after)]


@pytest.mark.parametrize(
    'take_back',
    [
        lambda t, away: calendars.remove_time_off(away, by=SYSTEM),
        lambda t, away: calendars.remove_override(t, away.starts_at.date(), by=SYSTEM),
        lambda t, away: closed_days.reopen(away.starts_at.date(), by=SYSTEM),
    ],
    ids=['time off', 'an override', 'a closed day'],
)
def test_what_is_taken_back_raises_the_revision(take_back: Callable[[Technician, TimeOff], None]) -> None:
    technician, start = makers.make_technician(), clock.now()
    away = calendars.add_time_off(technician, start, start + timedelta(hours=1), by=SYSTEM)
    calendars.set_override(technician, start.date(), [MORNING], by=SYSTEM)
    closed_days.close(start.date(), 'Fair', by=SYSTEM)
    before = technicians.find(technician.id).revision

    take_back(technician, away)

    assert technicians.find(technician.id).revision > before


@pytest.mark.parametrize('length', [timedelta(), -timedelta(hours=1)])
def test_time_off_must_end_after_it_starts(length: timedelta) -> None:
    technician, start = makers.make_technician(), clock.now()

    with pytest.raises(TimeOffWrong) as refused:
        calendars.add_time_off(technician, start, start + length, by=SYSTEM)

    assert Words().refusal(refused.value) == 'Time off must end after it starts.'


def test_technicians_are_listed_by_name_while_they_work_here() -> None:
    names = ['Zoe', 'Abe', 'Mia']
    for name in names:
        technicians.add({'name': name, 'phone': None}, by=SYSTEM)
    gone = Technician.get(Technician.name == 'Mia')
    Technician.update(ended_at=clock.now()).where(Technician.id == gone.id).execute()

    assert [technician.name for technician in technicians.live()] == ['Abe', 'Zoe']


def test_a_technician_is_themself_by_their_own_account_only(cast: Cast) -> None:
    without = technicians.add({'name': 'Zoe', 'phone': None}, by=SYSTEM)

    assert cast.technician_row.is_self(cast.technician)
    assert not cast.technician_row.is_self(cast.owner)
    assert not without.is_self(cast.stranger)
