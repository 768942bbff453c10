"""Working time by the wall clock, and the nights when clocks change."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from slot_makers import LONG_AGO, MONDAY, hours, offer, technician, visit

from data.visits import slots
from data.visits.search import Business, Wanted
from data.visits.working_time import DAY_OFF, DayHours

# R2: working time is what the wall clock shows


@pytest.mark.parametrize(
    ('day', 'free'),
    [
        (hours('8:00-10:00'), ['08:00', '09:00']),
        (hours('8:00-10:00', '10:00-11:00'), ['08:00', '09:00', '10:00']),
        (hours('8:00-9:32', '9:32-11:00'), ['08:00', '09:00', '10:00']),
        (hours('8:00-10:30', '9:00-11:00'), ['08:00', '09:00', '10:00']),
        (hours('8:00-12:00', breaks=('9:30-9:35',)), ['08:00', '10:00', '11:00']),
        (hours('8:00-12:00', breaks=('9:59-10:00',)), ['08:00', '10:00', '11:00']),
        (hours('8:01-11:00'), ['09:00', '10:00']),
        (hours('8:00-10:59'), ['08:00', '09:00']),
        (hours('22:00-24:00'), ['22:00', '23:00']),
        (DAY_OFF, []),
    ],
    ids=[
        'a window',
        'windows that touch',
        'that touch at an odd minute',
        'that overlap',
        'a break',
        'a break of a minute',
        'an odd beginning',
        'an odd end',
        '24:00 ends a day',
        'a day off',
    ],
)
def test_r2_a_visit_lies_in_one_stretch_of_working_time(day: DayHours, free: list[str]) -> None:
    assert offer(technician(day)) == free


def test_r2_windows_that_touch_at_midnight_are_one_stretch() -> None:
    assert offer(technician(hours('0:00-2:00', '23:00-24:00')), duration_minutes=120) == ['00:00', '23:00']


def test_r2_a_weekday_without_hours_is_off() -> None:
    only_mondays = technician(week={0: hours('8:00-9:00')})
    assert offer(only_mondays, days=14) == ['2026-05-04 08:00', '2026-05-11 08:00']


NIGHTS = {  # zone, date, hours, minutes of the visit: the starts as UTC instants
    'Berlin skips 2:00': (
        'Europe/Berlin',
        '2026-03-29',
        hours('0:00-5:00'),
        60,
        ['28 23:00', '29 00:00', '29 01:00', '29 02:00'],
    ),
    'Berlin, only within the skipped hour': ('Europe/Berlin', '2026-03-29', hours('2:00-3:00'), 5, []),
    'Berlin, a visit across the skipped hour': ('Europe/Berlin', '2026-03-29', hours('1:00-4:00'), 120, ['29 00:00']),
    'Berlin repeats 2:00': (
        'Europe/Berlin',
        '2026-10-25',
        hours('1:00-4:00'),
        60,
        ['24 23:00', '25 00:00', '25 01:00', '25 02:00'],
    ),
    'Berlin, only within the repeated hour': ('Europe/Berlin', '2026-10-25', hours('2:00-3:00'), 120, ['25 00:00']),
    'Berlin, a window that ends in the repeated hour': (
        'Europe/Berlin',
        '2026-10-25',
        hours('1:00-2:30'),
        30,
        ['24 23:00', '24 23:30', '25 00:00', '25 01:00'],
    ),
    'Lord Howe skips half an hour': (
        'Australia/Lord_Howe',
        '2026-10-04',
        hours('1:00-4:00'),
        60,
        ['03 14:30', '03 16:00'],
    ),
    'Lord Howe repeats half an hour': (
        'Australia/Lord_Howe',
        '2026-04-05',
        hours('1:00-3:00'),
        60,
        ['04 14:00', '04 15:30'],
    ),
    'Troll skips two hours': (
        'Antarctica/Troll',
        '2026-03-29',
        hours('0:00-5:00'),
        60,
        ['29 00:00', '29 01:00', '29 02:00'],
    ),
    'Santiago has no midnight': ('America/Santiago', '2026-09-06', hours('0:00-3:00'), 60, ['06 04:00', '06 05:00']),
    'Santiago has 23:00 twice': (
        'America/Santiago',
        '2026-04-04',
        hours('22:00-24:00'),
        60,
        ['05 01:00', '05 02:00', '05 03:00'],
    ),
    'Cairo has no midnight': ('Africa/Cairo', '2026-04-24', hours('0:00-3:00'), 60, ['23 22:00', '23 23:00']),
    'Beirut has 23:00 twice': ('Asia/Beirut', '2026-10-24', hours('23:00-24:00'), 60, ['24 20:00', '24 21:00']),
    'Havana has midnight twice': ('America/Havana', '2026-11-01', hours('0:00-1:00'), 60, ['01 04:00', '01 05:00']),
    'São Paulo had no midnight': ('America/Sao_Paulo', '2018-11-04', hours('0:00-2:00'), 60, ['04 03:00']),
    'Apia never had this Friday': ('Pacific/Apia', '2011-12-30', hours('0:00-24:00'), 60, []),
    'Apia, a visit across the date that never was': (
        'Pacific/Apia',
        '2011-12-29',
        hours('0:00-1:00', '23:00-24:00'),
        120,
        ['30 09:00'],
    ),
    'Kathmandu is 5:45 ahead': ('Asia/Kathmandu', '2026-05-04', hours('8:00-10:00'), 60, ['04 02:15', '04 03:15']),
    'Kiritimati is 14:00 ahead': ('Pacific/Kiritimati', '2026-05-04', hours('0:00-2:00'), 60, ['03 10:00', '03 11:00']),
    'Pago Pago is 11:00 behind': (
        'Pacific/Pago_Pago',
        '2026-05-04',
        hours('22:00-24:00'),
        60,
        ['05 09:00', '05 10:00'],
    ),
}


@pytest.mark.parametrize(('zone', 'day', 'working', 'minutes', 'instants'), NIGHTS.values(), ids=NIGHTS)
def test_r2_a_night_when_the_clocks_change(
    zone: str,
    day: str,
    working: DayHours,
    minutes: int,
    instants: list[str],
) -> None:
    on = date.fromisoformat(day)
    answer = slots.offered(
        Wanted(duration_minutes=minutes, granularity_minutes=30 if minutes == 30 else 60),
        [technician(working)],
        Business(zone=ZoneInfo(zone)),
        first_day=on,
        last_day=on,
        now=LONG_AGO,
    )
    assert [f'{start:%d %H:%M}' for start in answer.get(on, [])] == instants
    assert not set(answer) - {on}


def test_r2_a_visit_may_last_over_a_repeated_hour_but_not_over_a_gap() -> None:
    night_shift = technician(hours('0:00-4:00', '22:00-24:00'))
    assert offer(night_shift, duration_minutes=420, day=date(2026, 10, 24)) == ['22:00']
    assert offer(night_shift, duration_minutes=420, day=date(2026, 10, 23)) == []
    assert offer(night_shift, duration_minutes=360, day=date(2026, 3, 28)) == []


# R3, R4: dates with hours of their own, closed dates


def test_r3_an_override_replaces_windows_and_breaks_of_its_date() -> None:
    other = technician(hours('8:00-12:00', breaks=('9:00-10:00',)), overrides={MONDAY: hours('9:00-11:00')})
    assert offer(other) == ['09:00', '10:00']
    assert offer(other, day=MONDAY + timedelta(1)) == ['08:00', '10:00', '11:00']


def test_r3_an_override_without_windows_is_a_day_off() -> None:
    assert offer(technician(overrides={MONDAY: DAY_OFF})) == []


def test_r4_a_closed_date_closes_its_whole_local_date_against_an_override_too() -> None:
    night_shift = technician(hours('0:00-24:00'), overrides={MONDAY: hours('8:00-12:00')})
    free = offer(night_shift, closed=frozenset({MONDAY}), day=MONDAY - timedelta(1), days=3)
    assert (free[0], free[23], free[24], free[-1]) == (
        '2026-05-03 00:00',
        '2026-05-03 23:00',
        '2026-05-05 00:00',
        '2026-05-05 23:00',
    )


def test_r4_a_visit_does_not_reach_into_a_closed_date() -> None:
    around_the_clock = technician(hours('0:00-24:00'))
    assert offer(around_the_clock, duration_minutes=120, closed=frozenset({MONDAY + timedelta(1)}))[-1] == '22:00'
    assert offer(around_the_clock, duration_minutes=120)[-1] == '23:00'


# R5: the grid


@pytest.mark.parametrize(
    ('granularity', 'free'),
    [
        (30, ['09:00', '09:30', '10:00']),
        (25, ['09:10', '09:35', '10:00']),
        (45, ['09:00', '09:45']),
        (120, ['10:00']),
        (
            5,
            [
                '09:00',
                '09:05',
                '09:10',
                '09:15',
                '09:20',
                '09:25',
                '09:30',
                '09:35',
                '09:40',
                '09:45',
                '09:50',
                '09:55',
                '10:00',
            ],
        ),
        (1440, []),
    ],
    ids='every {} min'.format,
)
def test_r5_a_start_is_a_multiple_of_the_granularity_since_midnight(granularity: int, free: list[str]) -> None:
    assert offer(technician(hours('8:57-11:00')), granularity_minutes=granularity) == free


def test_r5_the_grid_is_every_half_hour_unless_the_service_says_otherwise() -> None:
    assert Wanted(duration_minutes=60).granularity_minutes == 30


def test_r5_the_grid_does_not_shift_after_a_booking() -> None:
    assert offer(technician(visits=[visit('8:00', '8:35')]), granularity_minutes=30, duration_minutes=30)[0] == '09:00'


def test_r5_the_grid_counts_wall_clock_time_on_a_day_without_midnight() -> None:
    free = offer(
        technician(hours('0:00-6:00')), zone=ZoneInfo('Africa/Cairo'), day=date(2026, 4, 24), granularity_minutes=120
    )
    assert free == ['02:00', '04:00']
