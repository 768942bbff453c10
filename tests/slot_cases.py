"""Invented questions to the slot engine, drawn from a seed: odd hours, odd zones, the nights when clocks change."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from data.visits.rosters import Roster, Span, Visit
from data.visits.search import Business, Wanted
from data.visits.travel import Place
from data.visits.working_time import DayHours, Window

NIGHTS = {  # zones, and local dates around which their clocks do something
    'Europe/Berlin': [date(2026, 3, 29), date(2026, 10, 25)],
    'America/New_York': [date(2026, 3, 8), date(2026, 11, 1)],
    'Australia/Lord_Howe': [date(2026, 4, 5), date(2026, 10, 4)],  # by half an hour
    'Antarctica/Troll': [date(2026, 3, 29), date(2026, 10, 25)],  # by two hours
    'America/Santiago': [date(2026, 4, 5), date(2026, 9, 6)],  # at midnight, both ways
    'Africa/Cairo': [date(2026, 4, 24), date(2026, 10, 30)],  # at midnight
    'Asia/Beirut': [date(2026, 3, 29), date(2026, 10, 25)],  # at midnight
    'America/Havana': [date(2026, 3, 8), date(2026, 11, 1)],  # no 0:00 in spring, two in autumn
    'America/Sao_Paulo': [date(2018, 11, 4), date(2019, 2, 17)],  # at midnight, until 2019
    'Pacific/Apia': [date(2011, 12, 30)],  # a date that never was
    'Asia/Kathmandu': [date(2026, 5, 6)],  # UTC+5:45
    'Pacific/Chatham': [date(2026, 4, 5), date(2026, 9, 27)],  # UTC+12:45, and it changes
    'Pacific/Kiritimati': [date(2026, 5, 6)],  # UTC+14
    'UTC': [date(2026, 5, 6)],
}
ROUND_THE_CLOCK = DayHours((Window(0, 1440),))


@dataclass(frozen=True, kw_only=True)
class Case:
    """One question; `moving` is None or a booking of the crew."""

    wanted: Wanted
    crew: list[Roster]
    business: Business
    first_day: date
    last_day: date
    now: datetime
    moving: int | None


def invent(seed: int, drive: Callable[[Place | None, Place | None], int]) -> Case:
    chance = Random(seed)
    zone = chance.choice(sorted(NIGHTS))
    night = chance.choice(NIGHTS[zone])
    first_day = night - timedelta(chance.randint(0, 2))
    last_day = first_day + timedelta(chance.randint(0, 2))
    now = _instant(chance, first_day - timedelta(chance.choice([-1, 0, 0, 1, 1, 1, 2, 9])))
    now += timedelta(seconds=chance.randint(0, 299))
    crew = [_roster(chance, number, first_day, now) for number in range(1, chance.choice([1, 2, 2, 3]) + 1)]
    wanted = _wanted(chance)
    if chance.random() < 0.04:  # a visit of days, which only somebody who never rests can make
        wanted = replace(wanted, duration_minutes=chance.choice([1500, 3000]))
        crew = [replace(roster, week=dict.fromkeys(range(7), ROUND_THE_CLOCK), overrides={}) for roster in crew]
    visits = [visit.booking_id for roster in crew for visit in roster.visits]
    return Case(
        wanted=wanted,
        crew=chance.sample(crew, len(crew)),
        business=Business(
            zone=ZoneInfo(zone),
            closed_days={night} if chance.random() < 0.08 else set(),
            drive=chance.choice([drive, lambda start, end: 0]),
        ),
        first_day=first_day,
        last_day=last_day,
        now=now,
        moving=chance.choice(visits) if visits and chance.random() < 0.3 else None,
    )


def _wanted(chance: Random) -> Wanted:
    return Wanted(
        duration_minutes=chance.choice([5, 30, 30, 60, 60, 90, 125, 240, 600]),
        set_up_minutes=chance.choice([0, 0, 7, 15]),
        clean_up_minutes=chance.choice([0, 0, 3, 10]),
        granularity_minutes=chance.choice([5, 15, 30, 30, 35, 60, 120]),
        least_notice_minutes=chance.choice([0, 0, 0, 90, 1441]),
        greatest_notice_minutes=chance.choice([None, None, None, None, 2000, 4000]),
        least_days=chance.choice([0, 0, 0, 0, 1, 2]),
        greatest_days=chance.choice([None, None, None, None, 2, 10]),
        place=_place(chance),
        territory_id=chance.choice([None, None, None, None, 1]),
        skills=chance.choice([{}, {}, {}, {}, {}, {1: 2}, {2: 0}, {1: 1, 2: 3}]),
    )


def _roster(chance: Random, number: int, first_day: date, now: datetime) -> Roster:
    week = {weekday: _hours(chance) for weekday in range(7) if chance.random() < 0.9}
    near = [first_day + timedelta(days) for days in range(-1, 5)]
    return Roster(
        technician_id=number,
        week=week,
        overrides={day: _hours(chance) for day in near if chance.random() < 0.15},
        time_off=[_time_off(chance, day) for day in near if chance.random() < 0.1],
        visits=[
            _visit(chance, 100 * number + count, chance.choice(near), now)
            for count in range(chance.choice([0, 1, 3, 6, 12]))
        ],
        skills=chance.choice([{}, {1: 1}, {1: 2, 2: 3}, {1: 3, 2: 3}, {1: 3, 2: 3}]),
        territory_ids=chance.choice([set(), {1}, {1, 2}, {1, 2}]),
        home=_place(chance),
        radius_km=chance.choice([0, 0, 0, 8, 25]),
    )


def _hours(chance: Random) -> DayHours:
    windows = chance.choice(
        [
            [(480, 1020)],
            [(480, 1020)],
            [(420, 720), (720, 1080)],
            [(0, 1440)],
            [(0, 360), (1080, 1440)],
            [(0, 1440)],
            [(483, 778), (801, 1020)],
            [(0, 200)],
            [(1200, 1440)],
            [(0, 97), (97, 300), (250, 700)],
            [],
        ]
    )
    breaks = chance.choice([[], [], [(720, 750)], [(0, 30)], [(602, 604)], [(120, 180), (1410, 1440)]])
    return DayHours(tuple(Window(*window) for window in windows), tuple(Window(*span) for span in breaks))


def _visit(chance: Random, booking_id: int, day: date, now: datetime) -> Visit:
    starts_at = _seconds(_instant(chance, day))
    return Visit(
        booking_id,
        starts_at,
        starts_at + 60 * chance.choice([5, 30, 60, 60, 120]),
        set_up_minutes=chance.choice([0, 0, 5, 11]),
        clean_up_minutes=chance.choice([0, 0, 2, 15]),
        place=_place(chance),
        under_way_since=_seconds(now) - chance.randint(0, 20000) if chance.random() < 0.1 else None,
    )


def _time_off(chance: Random, day: date) -> Span:
    start = _seconds(_instant(chance, day)) + 60 * chance.choice([0, 0, 1, 4])
    return Span(start, start + 60 * chance.choice([0, 3, 60, 480, 1440]))


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())


def _instant(chance: Random, day: date) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(minutes=5 * chance.randint(0, 287))


def _place(chance: Random) -> Place | None:
    """Somewhere in a town of 20 km, or unknown."""
    if chance.random() < 0.15:
        return None
    return Place(52.5 + chance.uniform(-0.09, 0.09), 13.4 + chance.uniform(-0.15, 0.15))
