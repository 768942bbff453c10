"""What is kept with a roster, and what an override leaves of the rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from slot_makers import BERLIN, FAR, HERE, LONG_AGO, MONDAY, at, away, hours, seconds, technician, visit, who

from data.visits import slots
from data.visits.rosters import KEPT_MASKS
from data.visits.rules import ALL_RULES, Rule
from data.visits.search import Business, Wanted
from data.visits.travel import no_driving

TUESDAY = MONDAY + timedelta(1)
KEPT = (MONDAY - timedelta(2), MONDAY + timedelta(90))
KEPT_BUSINESS = Business(zone=BERLIN, kept_days=KEPT)
BASE = Wanted(duration_minutes=60)
OTHERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {  # what else is asked: of the visit, of the business
    'set-up': ({'set_up_minutes': 7}, {}),
    'clean-up': ({'clean_up_minutes': 7}, {}),
    'length': ({'duration_minutes': 120}, {}),
    'grid': ({'granularity_minutes': 45}, {}),
    'closed days': ({}, {'closed_days': frozenset({MONDAY})}),
    'zone': ({}, {'zone': ZoneInfo('Pacific/Kiritimati')}),
    'kept days': ({}, {'kept_days': (MONDAY, TUESDAY)}),
}


@pytest.mark.parametrize(('visit_facts', 'business_facts'), OTHERS.values(), ids=OTHERS)
def test_masks_that_are_kept_are_not_mixed_up(visit_facts: dict[str, Any], business_facts: dict[str, Any]) -> None:
    questions = [
        (BASE, KEPT_BUSINESS),
        (replace(BASE, **visit_facts), replace(KEPT_BUSINESS, **business_facts)),
        (BASE, KEPT_BUSINESS),
    ]
    days: dict[str, Any] = {'first_day': MONDAY, 'last_day': TUESDAY}
    busy = technician(hours('0:00-24:00', breaks=('12:00-12:30',)), visits=[visit('9:00', '10:00')])
    kept = [slots.offered(each, [busy], business, **days, now=LONG_AGO) for each, business in questions]
    for (each, business), answer in zip(questions, kept, strict=True):
        anew = replace(business, kept_days=None)
        assert answer == slots.offered(each, [replace(busy)], anew, **days, now=LONG_AGO) != {}
    assert kept[0] == kept[2]
    assert kept[0] != kept[1] or 'kept_days' in business_facts


def test_more_masks_than_are_kept_are_made_again() -> None:
    busy = technician(visits=[visit('9:00', '10:00')])
    for minutes in [*range(KEPT_MASKS + 5), 0]:
        answer = slots.offered(
            replace(BASE, set_up_minutes=minutes, clean_up_minutes=minutes),
            [busy],
            KEPT_BUSINESS,
            first_day=MONDAY,
            last_day=MONDAY,
            now=LONG_AGO,
        )
    assert [f'{start.astimezone(BERLIN):%H:%M}' for start in answer[MONDAY]] == ['08:00', '10:00', '10:30', '11:00']


@pytest.mark.parametrize('first', [KEPT[0] - timedelta(1), KEPT[0], KEPT[1] - timedelta(1), KEPT[1]], ids=str)
@pytest.mark.parametrize('zone', ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/Berlin'])
@pytest.mark.parametrize('minutes', [60, 1500, 4320])
def test_at_the_edges_of_the_kept_days_the_answer_is_the_same(first: date, zone: str, minutes: int) -> None:
    always = technician(hours('0:00-24:00'))
    wanted, exact = replace(BASE, duration_minutes=minutes), Business(zone=ZoneInfo(zone))
    days: dict[str, Any] = {'first_day': first, 'last_day': first}
    kept = slots.offered(wanted, [always], replace(exact, kept_days=KEPT), **days, now=LONG_AGO)
    assert kept == slots.offered(wanted, [always], exact, **days, now=LONG_AGO)
    assert len(kept[first]) == 48


def test_a_notice_of_months_is_kept_over_any_range() -> None:
    now = datetime(2026, 1, 4, 5, tzinfo=UTC)
    for notice, is_free in ((120 * 1440 + 60, True), (130 * 1440, False)):
        wanted = replace(BASE, least_notice_minutes=notice)
        free = slots.offered(wanted, [technician()], KEPT_BUSINESS, first_day=MONDAY, last_day=MONDAY, now=now)
        assert bool(free) is is_free


# Overrides: staff heed fewer rules


def test_an_override_of_all_rules_leaves_everybody_and_any_five_minutes() -> None:
    busy = technician(week={}, visits=[visit('9:00', '12:00')], time_off=[away('0:00', '23:00')])
    unfit = technician(technician_id=2, home=FAR, radius_km=1)
    wanted, business = Wanted(duration_minutes=60, place=HERE, skills={1: 1}), Business(zone=BERLIN)
    asked: dict[str, Any] = {'now': at('10:00'), 'heeding': frozenset()}
    assert slots.candidates(wanted, [busy, unfit], business, at('9:05'), **asked) == [2, 1]
    assert slots.candidates(wanted, [busy, unfit], business, at('9:05') + timedelta(minutes=1), **asked) == []
    assert slots.candidates(wanted, [busy, unfit], business, at('9:05'), now=at('10:00')) == []


@pytest.mark.parametrize('rule', [Rule.HOURS, Rule.TIME_OFF, Rule.VISITS], ids=str)
def test_an_override_of_one_rule_keeps_the_others(rule: Rule) -> None:
    standing = {
        Rule.HOURS: technician(hours('0:00-5:00')),
        Rule.TIME_OFF: technician(time_off=[away('9:00', '11:00')]),
        Rule.VISITS: technician(visits=[visit('9:30', '10:30', under_way_since=seconds('9:30'))]),
    }
    for each, roster in standing.items():
        chosen = who([roster], drive=no_driving, heeding=ALL_RULES - {rule, Rule.DRIVING})
        assert chosen == ([1] if each == rule else [])
