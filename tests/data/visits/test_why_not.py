"""Why nobody can come: the first rule that says no, with its facts."""

from datetime import date, timedelta
from typing import Any

import pytest
from slot_makers import BERLIN, FAR, HERE, LONG_AGO, MONDAY, NEAR, at, away, hours, seconds, technician, visit

from data.visits import slots
from data.visits.rosters import Roster
from data.visits.rules import Rule
from data.visits.search import Business, Wanted
from data.visits.slots import No
from data.visits.travel import drive_minutes

TUESDAY = MONDAY + timedelta(1)


def why_not(
    *crew: Roster,
    start: str | None = None,
    now: str | None = None,
    closed: frozenset[date] = frozenset(),
    moving: int | None = None,
    **wanted: Any,
) -> list[No]:
    """Of Monday, or of one of its starts."""
    return slots.why_not(
        Wanted(**{'duration_minutes': 60, 'place': HERE, **wanted}),
        crew,
        Business(zone=BERLIN, closed_days=closed, drive=drive_minutes),
        MONDAY,
        start=at(start) if start else None,
        now=at(now) if now else LONG_AGO,
        moving=moving,
    )


def test_there_is_no_reason_where_somebody_can_come() -> None:
    assert why_not(technician(hours('20:00-21:00')), technician(technician_id=2)) == []
    assert why_not(technician(hours('20:00-21:00')), technician(technician_id=2), start='9:00') == []


@pytest.mark.parametrize(
    ('rule', 'asked'),
    [
        (Rule.GRID, {'start': '9:10'}),
        (Rule.LEAST_NOTICE, {'now': '9:00', 'start': '9:30', 'least_notice_minutes': 31}),
        (Rule.LEAST_NOTICE, {'now': '2026-05-04 23:31'}),
        (Rule.GREATEST_NOTICE, {'now': '2026-05-03 9:00', 'greatest_notice_minutes': 60}),
        (Rule.LEAST_DAYS, {'now': '0:00', 'least_days': 1}),
        (Rule.GREATEST_DAYS, {'now': '2026-05-02 9:00', 'greatest_days': 1}),
        (Rule.CLOSED_DAY, {'closed': frozenset({MONDAY})}),
        (Rule.CLOSED_DAY, {'closed': frozenset({TUESDAY}), 'start': '23:30'}),
    ],
    ids=str,
)
def test_what_holds_for_everybody_is_said_once(rule: Rule, asked: dict[str, Any]) -> None:
    assert why_not(technician(), technician(technician_id=2), **asked) == [No(rule)]


@pytest.mark.parametrize(
    ('rule', 'held', 'asked'),
    [
        (Rule.SKILLS, {'skills': {1: 1}}, {'skills': {1: 2}}),
        (Rule.TERRITORY, {'territory_ids': {1}}, {'territory_id': 2}),
        (Rule.RADIUS, {'home': FAR, 'radius_km': 5}, {}),
        (Rule.HOURS, {'week': {}}, {}),
        (Rule.HOURS, {}, {'start': '12:00'}),
        (Rule.TIME_OFF, {'time_off': [away('7:00', '12:00')]}, {}),
        (Rule.VISITS, {'visits': [visit('8:00', '12:00', place=HERE)]}, {}),
        (Rule.DRIVING, {'visits': [visit('9:05', '11:00', place=FAR)]}, {}),
    ],
    ids=str,
)
def test_what_holds_for_a_technician_is_said_of_each(rule: Rule, held: dict[str, Any], asked: dict[str, Any]) -> None:
    at_sea = technician(technician_id=2, week={}, skills={1: 9}, territory_ids={2})
    assert why_not(technician(**held), at_sea, **asked) == [No(rule, 1), No(Rule.HOURS, 2)]


def test_the_first_of_several_reasons_is_said() -> None:
    unfit = technician(week={}, time_off=[away('0:00', '23:00')], visits=[visit('8:00', '12:00')])
    assert why_not(unfit, skills={1: 1}, start='9:00') == [No(Rule.SKILLS, 1)]
    assert why_not(unfit, skills={1: 1}, start='9:05') == [No(Rule.GRID)]


def test_a_reason_counts_those_before_it() -> None:
    """Time off leaves the morning, the visit the afternoon: it is the visit that leaves nothing."""
    busy = technician(time_off=[away('8:00', '10:00')], visits=[visit('10:00', '12:00', place=HERE)])
    assert why_not(busy) == [No(Rule.VISITS, 1)]


def test_the_visit_in_the_way_is_named() -> None:
    visits = [visit('8:00', '9:00', 5, place=HERE), visit('9:30', '11:00', 6, place=HERE)]
    busy = technician(visits=visits)
    assert why_not(busy, start='9:00') == [No(Rule.VISITS, 1, visits[1])]
    assert why_not(busy, start='9:00', moving=6) == []


def test_the_visit_that_is_too_far_away_is_named_with_its_drive() -> None:
    near, far = visit('8:00', '8:50', 5, place=NEAR), visit('11:00', '12:00', 6, place=FAR)
    busy = technician(visits=[far, near])
    assert why_not(busy, start='9:00') == []
    assert why_not(busy, start='10:00') == [No(Rule.DRIVING, 1, far, 22)]
    assert why_not(busy, start='9:00', set_up_minutes=4) == [No(Rule.DRIVING, 1, near, 7)]


def test_work_that_is_not_done_is_named_with_the_time_it_takes_by_now() -> None:
    late = visit('8:00', '9:00', 5, place=HERE, under_way_since=seconds('7:50'))
    true_times = late._replace(starts_at=seconds('7:50'), blocks_until=seconds('9:35'))
    reasons = why_not(technician(visits=[late]), start='9:35', now='9:31', granularity_minutes=5, set_up_minutes=1)
    assert reasons == [No(Rule.VISITS, 1, true_times)]


def test_a_day_is_full_without_one_visit_to_name() -> None:
    assert why_not(technician(visits=[visit('8:00', '12:00', place=HERE)])) == [No(Rule.VISITS, 1)]


def test_a_start_is_asked_about_on_its_own_date() -> None:
    only_monday = technician(week={0: hours('8:00-12:00')})
    assert why_not(only_monday, start='2026-05-05 9:00') == [No(Rule.HOURS, 1)]
    assert why_not(only_monday, start='2026-05-11 9:00') == []


def test_nobody_works_where_there_is_nobody() -> None:
    assert why_not() == [No(Rule.HOURS)]
