"""How far ahead a time is offered, and what a range of dates means: rules R9 and R10 of free times."""

import tracemalloc
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from slot_makers import LONG_AGO, at, hours, offer, technician, visit

# R9: lead time


@pytest.mark.parametrize(
    ('now', 'notice', 'first'),
    [
        ('8:00', {}, '08:00'),
        ('8:01', {}, '09:00'),
        ('7:00', {'least_notice_minutes': 60}, '08:00'),
        ('7:01', {'least_notice_minutes': 60}, '09:00'),
        ('2026-05-03 9:00', {'least_notice_minutes': 1440}, '09:00'),
        ('2026-05-03 23:59', {'least_days': 1}, '08:00'),
        ('0:00', {'least_days': 1}, None),
    ],
    ids=[
        'at once',
        'a minute late',
        'an hour',
        'an hour and a minute late',
        'a day of hours',
        'a calendar day',
        'the day itself',
    ],
)
def test_r9_a_visit_begins_no_sooner_than_the_least_notice(now: str, notice: dict[str, Any], first: str | None) -> None:
    assert next(iter(offer(technician(), now=at(now), **notice)), None) == first


@pytest.mark.parametrize(
    ('now', 'notice', 'last'),
    [
        ('2026-05-03 11:00', {'greatest_notice_minutes': 1440}, '11:00'),
        ('2026-05-03 10:59', {'greatest_notice_minutes': 1440}, '10:00'),
        ('2026-05-03 0:00', {'greatest_notice_minutes': 60}, None),
        ('2026-05-01 23:59', {'greatest_days': 2}, None),
        ('2026-05-02 0:00', {'greatest_days': 2}, '11:00'),
        ('6:00', {'greatest_days': 0}, '11:00'),
    ],
    ids=['a day', 'a day, a minute early', 'long before', 'three dates before', 'two dates before', 'today only'],
)
def test_r9_a_visit_begins_no_later_than_the_greatest_notice(
    now: str,
    notice: dict[str, Any],
    last: str | None,
) -> None:
    assert next(iter(offer(technician(), now=at(now), **notice)[::-1]), None) == last


def test_r9_a_second_of_now_counts() -> None:
    second = timedelta(seconds=1)
    assert offer(technician(), now=at('9:00'))[0] == '09:00'
    assert offer(technician(), now=at('9:00') + second)[0] == '10:00'
    assert offer(technician(), now=at('9:00') - second, greatest_notice_minutes=60) == ['09:00']
    assert offer(technician(), now=at('9:00'), greatest_notice_minutes=60) == ['09:00', '10:00']


def test_r9_today_is_the_date_of_the_business() -> None:
    late_sunday_in_utc = datetime(2026, 5, 3, 22, 30, tzinfo=UTC)
    assert offer(technician(), now=late_sunday_in_utc, greatest_days=0) != []
    assert offer(technician(), now=late_sunday_in_utc, least_days=1) == []


# R10: the range


def test_r10_the_range_limits_starts_and_not_ends() -> None:
    around_the_clock = technician(hours('0:00-24:00'))
    assert len(offer(around_the_clock, duration_minutes=600)) == 24
    assert len(offer(around_the_clock, duration_minutes=3000)) == 24


def test_r10_one_day_and_sixty_give_the_same_starts() -> None:
    night_shift = technician(hours('0:00-6:00', '20:00-24:00'), visits=[visit('2026-05-05 23:00', '2026-05-06 1:30')])
    first = date(2026, 3, 1)
    together = offer(night_shift, day=first, days=60, duration_minutes=240)
    one_by_one = [
        f'{day} {start}'
        for day in (first + timedelta(n) for n in range(60))
        for start in offer(night_shift, day=day, duration_minutes=240)
    ]
    assert together == one_by_one


@pytest.mark.parametrize('days', [0, -1, -30])
def test_r10_an_empty_range_has_no_starts(days: int) -> None:
    assert offer(technician(), days=days) == []


def test_r10_a_date_of_long_ago_or_far_ahead_costs_no_more_than_one_of_today() -> None:
    """The masks are those of the asked dates, wherever now lies."""
    for day, now in ((date(1, 2, 3), at('9:00')), (date(9999, 2, 3), LONG_AGO)):
        tracemalloc.start()
        free = offer(technician(), day=day, now=now, greatest_notice_minutes=90, least_days=1, greatest_days=2)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert free == []
        assert most < 1_000_000
