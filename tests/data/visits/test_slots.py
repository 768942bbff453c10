"""The rules of free times, one after the other."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import slot_oracle
from slot_makers import (
    BERLIN,
    FAR,
    HERE,
    LONG_AGO,
    MONDAY,
    NEAR,
    at,
    away,
    hours,
    offer,
    seconds,
    technician,
    visit,
    who,
)

from data.visits import slots
from data.visits.search import Business, Wanted
from data.visits.travel import no_driving

# R1: instants, half-open spans


def test_a_visit_may_begin_when_the_last_one_ends_and_end_when_the_next_begins() -> None:
    busy = technician(visits=[visit('8:00', '9:00'), visit('10:00', '11:00', 8)])
    assert offer(busy) == ['09:00', '11:00']


def test_a_visit_may_fill_a_window_to_its_ends() -> None:
    assert offer(technician(hours('9:00-10:00'))) == ['09:00']


def test_every_offer_is_an_instant_of_utc() -> None:
    answer = slots.offered(
        Wanted(duration_minutes=60),
        [technician()],
        Business(zone=BERLIN),
        first_day=MONDAY,
        last_day=MONDAY,
        now=LONG_AGO,
    )
    assert answer[MONDAY][0] == datetime(2026, 5, 4, 6, tzinfo=UTC)
    assert {start.tzinfo for start in answer[MONDAY]} == {UTC}


# R7: what stands in the way


@pytest.mark.parametrize(
    ('standing', 'wanted', 'free'),
    [
        ({}, {}, ['08:00', '10:00', '11:00']),
        ({'set_up_minutes': 1}, {}, ['10:00', '11:00']),
        ({'clean_up_minutes': 1}, {}, ['08:00', '11:00']),
        ({}, {'set_up_minutes': 1}, ['08:00', '11:00']),
        ({}, {'clean_up_minutes': 1}, ['10:00', '11:00']),
        ({'set_up_minutes': 60, 'clean_up_minutes': 60}, {}, ['11:00']),
        ({'set_up_minutes': 61, 'clean_up_minutes': 61}, {}, []),
        ({'clean_up_minutes': 30}, {'set_up_minutes': 30}, ['08:00', '11:00']),
        ({'clean_up_minutes': 30}, {'set_up_minutes': 31}, ['08:00']),
    ],
    ids=[
        'none',
        'its set-up',
        'its clean-up',
        'my set-up',
        'my clean-up',
        'an hour on both sides',
        'and a minute',
        'both just fit',
        'both and a minute',
    ],
)
def test_r7_set_up_and_clean_up_of_both_visits_keep_them_apart(
    standing: dict[str, Any],
    wanted: dict[str, Any],
    free: list[str],
) -> None:
    busy = technician(visits=[visit('9:00', '10:00', **standing)])
    assert offer(busy, **wanted) == free


def test_r7_set_up_and_clean_up_may_lie_outside_hours_and_in_breaks() -> None:
    exact = technician(hours('8:00-10:00', breaks=('9:00-9:30',)))
    assert offer(exact, set_up_minutes=45, clean_up_minutes=45) == ['08:00']


@pytest.mark.parametrize(
    ('start', 'end', 'free'),
    [
        ('9:00', '10:00', ['08:00', '10:00', '11:00']),
        ('8:59', '10:01', ['11:00']),
        ('9:30', '9:30', ['08:00', '09:00', '10:00', '11:00']),
        ('2026-05-01 0:00', '2026-05-09 0:00', []),
    ],
    ids=['an hour', 'odd minutes', 'an empty one', 'a week'],
)
def test_r7_time_off_blocks_its_own_span(start: str, end: str, free: list[str]) -> None:
    assert offer(technician(time_off=[away(start, end)])) == free


def test_r7_set_up_and_clean_up_do_not_reach_into_time_off() -> None:
    resting = technician(time_off=[away('9:00', '10:00')])
    assert offer(resting, set_up_minutes=1) == ['08:00', '11:00']
    assert offer(resting, clean_up_minutes=1) == ['10:00', '11:00']


def test_r7_an_empty_time_off_blocks_no_set_up_either() -> None:
    nothing = technician(time_off=[away('9:30', '9:30')])
    assert offer(nothing, set_up_minutes=5, clean_up_minutes=5) == ['08:00', '09:00', '10:00', '11:00']


def test_r7_a_visit_blocks_until_blocks_until() -> None:
    assert offer(technician(visits=[visit('8:00', '8:25')]), granularity_minutes=5)[0] == '08:25'


def test_r7_visits_that_overlap_each_other_block_all_that_they_cover() -> None:
    forced = [
        visit('10:00', '10:30', 2),
        visit('9:00', '11:00', 1),
        visit('9:00', '9:45', 3),
        visit('10:30', '11:00', 4),
    ]
    free = offer(technician(visits=forced), duration_minutes=15, granularity_minutes=15)
    assert free == ['08:00', '08:15', '08:30', '08:45', '11:00', '11:15', '11:30', '11:45']


# R8: the way between visits


def test_r8_the_drive_keeps_visits_apart_on_both_sides() -> None:
    busy = technician(hours('7:00-13:00'), visits=[visit('9:00', '10:00', place=NEAR)])
    assert slot_oracle.drive_minutes(NEAR, HERE) == 7
    assert offer(busy, drive=slot_oracle.drive_minutes, place=HERE) == ['07:00', '11:00', '12:00']
    assert offer(busy, drive=slot_oracle.drive_minutes, place=NEAR) == ['07:00', '08:00', '10:00', '11:00', '12:00']


def test_r8_the_way_from_and_to_home_is_not_blocked() -> None:
    assert offer(technician(home=FAR), drive=slot_oracle.drive_minutes, place=HERE)[0] == '08:00'


def test_r8_a_place_nobody_knows_costs_what_the_business_says() -> None:
    busy = technician(visits=[visit('8:00', '9:00')])
    assert offer(busy, drive=slot_oracle.drive_minutes, place=HERE, granularity_minutes=5)[0] == '09:20'


# R11: who is fit for it


@pytest.mark.parametrize(
    ('held', 'wanted', 'fit'),
    [
        ({'skills': {1: 2}}, {'skills': {1: 2}}, True),
        ({'skills': {1: 3}}, {'skills': {1: 2}}, True),
        ({'skills': {1: 1}}, {'skills': {1: 2}}, False),
        ({'skills': {2: 9}}, {'skills': {1: 0}}, False),
        ({'skills': {1: 2}}, {'skills': {1: 2, 2: 1}}, False),
        ({'territory_ids': {1, 2}}, {'territory_id': 2}, True),
        ({'territory_ids': {1}}, {'territory_id': 2}, False),
        ({'territory_ids': {1}}, {'territory_id': None}, True),
        ({'home': FAR, 'radius_km': 12}, {'place': HERE}, True),
        ({'home': FAR, 'radius_km': 11}, {'place': HERE}, False),
        ({'home': FAR, 'radius_km': 0}, {'place': HERE}, True),
        ({'home': FAR, 'radius_km': 1}, {'place': None}, True),
        ({'home': None, 'radius_km': 1}, {'place': HERE}, True),
    ],
    ids=[
        'the level',
        'above it',
        'below it',
        'without it',
        'one of two',
        'the territory',
        'another one',
        'no territory',
        'within the radius',
        'beyond it',
        'no limit',
        'an unknown place',
        'no home',
    ],
)
def test_r11_a_technician_qualifies(held: dict[str, Any], wanted: dict[str, Any], fit: bool) -> None:
    assert bool(offer(technician(**held), **wanted)) is fit


# R12: the crew


def test_r12_the_offer_is_what_anybody_can_take() -> None:
    crew = [technician(hours('10:00-11:00')), technician(hours('8:00-9:00', '10:00-11:00'), technician_id=2)]
    assert offer(crew) == ['08:00', '10:00']
    assert offer([]) == []


def test_r12_a_visit_is_not_shared_between_technicians() -> None:
    crew = [technician(hours('8:00-9:00')), technician(hours('9:00-10:00'), technician_id=2)]
    assert offer(crew, duration_minutes=120) == []


# R14: moving, and that offering is booking


def test_r14_a_booking_that_moves_does_not_stand_in_its_own_way() -> None:
    busy = technician(hours('8:00-10:00'), visits=[visit('8:00', '9:00', 4), visit('9:00', '10:00', 5)])
    assert offer(busy) == []
    assert offer(busy, moving=4) == ['08:00']
    assert offer(busy, set_up_minutes=5, moving=4) == ['08:00']
    assert who([busy], '8:00', moving=4, drive=no_driving) == [1]
    assert who([busy], '9:00', moving=4, drive=no_driving) == []


def test_r14_what_is_offered_can_be_booked_and_nothing_else() -> None:
    crew = [technician(visits=[visit('9:00', '10:00')]), technician(hours('10:00-11:00'), technician_id=2)]
    business, wanted = Business(zone=BERLIN), Wanted(duration_minutes=60)
    free = slots.offered(wanted, crew, business, first_day=MONDAY, last_day=MONDAY, now=LONG_AGO)[MONDAY]
    every_five_minutes = [at('0:00') + timedelta(minutes=5 * n) for n in range(288)]
    assert [
        start for start in every_five_minutes if slots.is_offered(wanted, crew, business, start, now=LONG_AGO)
    ] == free


@pytest.mark.parametrize('beside', [timedelta(seconds=1), timedelta(minutes=1), timedelta(microseconds=-1)], ids=str)
def test_r14_a_start_beside_the_grid_is_not_offered(beside: timedelta) -> None:
    start = at('9:00')
    business, wanted = Business(zone=BERLIN), Wanted(duration_minutes=60)
    assert slots.is_offered(wanted, [technician()], business, start, now=LONG_AGO)
    assert not slots.is_offered(wanted, [technician()], business, start + beside, now=LONG_AGO)


def test_the_days_that_are_open_are_those_with_a_start() -> None:
    business, wanted = Business(zone=BERLIN, closed_days={MONDAY}), Wanted(duration_minutes=60)
    weekdays = technician(
        week=dict.fromkeys(range(5), hours('8:00-9:00')), visits=[visit('2026-05-06 8:30', '2026-05-06 9:00')]
    )
    assert slots.open_days(
        wanted, [weekdays], business, first_day=MONDAY, last_day=MONDAY + timedelta(6), now=LONG_AGO
    ) == {date(2026, 5, 5), date(2026, 5, 7), date(2026, 5, 8)}


# R15: multiples of five minutes


@pytest.mark.parametrize(
    'wrong',
    [
        {'duration_minutes': 62},
        {'duration_minutes': 0},
        {'duration_minutes': -60},
        {'granularity_minutes': 7},
        {'granularity_minutes': 0},
    ],
    ids=str,
)
def test_r15_durations_and_granularities_are_multiples_of_five_minutes(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match='multiples of 5'):
        Wanted(**{'duration_minutes': 60, **wrong})


# R16: work that is not done


@pytest.mark.parametrize(
    ('now', 'first'),
    [
        ('8:50', '09:00'),
        ('9:00', '09:00'),
        ('9:01', '09:05'),
        ('9:05', '09:05'),
    ],
    ids='at {}'.format,
)
def test_r16_a_visit_under_way_keeps_its_technician_busy_until_now(now: str, first: str) -> None:
    late = technician(visits=[visit('8:00', '9:00', under_way_since=seconds('8:05'))])
    assert offer(late, now=at(now), granularity_minutes=5)[0] == first


def test_r16_a_technician_on_the_way_early_is_busy_until_then() -> None:
    early = technician(visits=[visit('11:00', '12:00', under_way_since=seconds('8:50'))])
    assert offer(early, now=at('9:00')) == []
    assert offer(technician(visits=[visit('11:00', '12:00')]), now=at('9:00')) == ['09:00', '10:00']


def test_r16_the_clean_up_follows_when_the_work_is_done() -> None:
    late = technician(visits=[visit('8:00', '9:00', under_way_since=seconds('8:05'), clean_up_minutes=3)])
    assert offer(late, now=at('9:11'), granularity_minutes=5)[0] == '09:20'


def test_r16_a_visit_that_nobody_began_ends_when_it_was_to_end() -> None:
    assert offer(technician(visits=[visit('8:00', '9:00')]), now=at('9:01'), granularity_minutes=5)[0] == '09:05'
    assert offer(technician(visits=[visit('8:00', '12:00')]), now=at('7:00')) == []
