"""Invented questions to the slot engine, drawn from a seed: odd hours, odd zones, the nights when clocks change."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

from data.visits.rosters import Roster, Span, Visit
from data.visits.search import Wanted
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
ROUND_THE_WEEK = dict.fromkeys(range(7), DayHours((Window(0, 1440),)))


@dataclass(frozen=True, kw_only=True)
class Case:
    """One question; `moving` is None or a booking of the crew, `drives` whether distances matter."""

    seed: int
    wanted: Wanted
    crew: list[Roster]
    zone: ZoneInfo
    closed_days: frozenset[date]
    drives: bool
    first_day: date
    last_day: date
    kept_days: tuple[date, date]
    now: datetime
    moving: int | None

    @cached_property
    def days(self) -> list[date]:
        return [self.first_day + timedelta(n) for n in range((self.last_day - self.first_day).days + 1)]


def invent(seed: int) -> Case:
    chance = Random(seed)
    zone = invent_zone(chance)
    night = chance.choice(NIGHTS[zone.key])
    first_day = night - timedelta(chance.randint(0, 2))
    last_day = first_day + timedelta(chance.randint(0, 2))
    now = _instant(chance, first_day - timedelta(chance.choice([-1, 0, 0, 1, 1, 1, 1, 2, 2, 9])))
    now += timedelta(seconds=chance.randint(0, 299))
    crew = [_roster(chance, number, first_day, now) for number in range(1, chance.choice([1, 2, 2, 3]) + 1)]
    wanted = invent_wanted(chance)
    if chance.random() < 0.1:  # somebody who is fit for all and starts at every cell: each minute in the way tells
        wanted = replace(
            wanted, granularity_minutes=5, territory_id=None, skills={}, least_days=0, least_notice_minutes=0
        )
        begun = _seconds(now) // 300 * 300 - 60 * chance.choice([180, 120, 60, 55, -900])
        visits = [
            *crew[0].visits,
            Visit(99, begun, begun + 3600, 0, 6, _place(chance), under_way_since=min(begun, _seconds(now)) - 420),
        ]
        crew = [replace(crew[0], week=ROUND_THE_WEEK, overrides={}, radius_km=0, visits=visits)]
    if chance.random() < 0.04:  # a visit of days, which only somebody who never rests can make
        wanted = replace(wanted, duration_minutes=chance.choice([1500, 3000, 4320]))
        crew = [replace(roster, week=ROUND_THE_WEEK, overrides={}) for roster in crew]
    bookings = [visit.booking_id for roster in crew for visit in roster.visits]
    return Case(
        seed=seed,
        wanted=wanted,
        crew=chance.sample(crew, len(crew)),
        zone=zone,
        closed_days=frozenset({_days(first_day, chance.randint(0, 3))} if chance.random() < 0.2 else ()),
        drives=chance.random() < 0.6,
        first_day=first_day,
        last_day=last_day,
        kept_days=(_days(first_day, chance.choice([0, 0, -2, -30, 1])), _days(last_day, chance.choice([1, 1, 3, 40]))),
        now=now,
        moving=chance.choice(bookings) if bookings and chance.random() < 0.6 else None,
    )


def invent_zone(chance: Random) -> ZoneInfo:
    return ZoneInfo(chance.choice(sorted(NIGHTS)))


def invent_wanted(chance: Random) -> Wanted:
    return Wanted(
        duration_minutes=chance.choice([5, 30, 30, 60, 60, 90, 125, 240, chance.choice([300, 600])]),
        set_up_minutes=chance.choice([0, 7, 13, 15]),
        clean_up_minutes=chance.choice([0, 3, 9, 10]),
        granularity_minutes=chance.choice([5, 5, 10, 15, 30, 30, 35, 60, 120]),
        least_notice_minutes=chance.choice([0, 0, 0, 0, 90, 91, 1441]),
        greatest_notice_minutes=chance.choice([*[None] * 7, 2000, 4000, 20000]),
        least_days=chance.choice([*[0] * 7, 1, 2]),
        greatest_days=chance.choice([*[None] * 6, 1, 2, 10]),
        place=_place(chance),
        territory_id=chance.choice([None, None, None, None, 1]),
        skills=chance.choice([*[{}] * 8, {1: 2}, {2: 0}, {1: 1, 2: 3}]),
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
            for count in range(chance.choice([0, 1, 3, 5, 9]))
        ],
        skills=chance.choice([{}, {1: 1}, {1: 2, 2: 0}, {1: 3, 2: 3}, {1: 3, 2: 3}]),
        territory_ids=chance.choice([set(), {1}, {1, 2}, {1, 2}]),
        home=_place(chance),
        radius_km=chance.choice([0, 0, 0, 0, 8, 12, 25]),
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
            [(0, 200), (1200, 1440)],
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
        starts_at + 60 * chance.choice([5, 30, 60, 60, 60, 120, 120, chance.choice([180, 4320])]),
        set_up_minutes=chance.choice([0, 4, 5, 11]),
        clean_up_minutes=chance.choice([0, 2, 6, 15]),
        place=_place(chance),
        under_way_since=_seconds(now) - chance.randint(0, 20000) if chance.random() < 0.07 else None,
    )


def _time_off(chance: Random, day: date) -> Span:
    start = _seconds(_instant(chance, day)) + 60 * chance.choice([0, 0, 1, 4])
    return Span(start, start + 60 * chance.choice([0, 3, 60, 480, 1440]))


def _days(day: date, count: int) -> date:
    return day + timedelta(count)


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())


def _instant(chance: Random, day: date) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(minutes=5 * chance.randint(0, 287))


def _place(chance: Random) -> Place | None:
    """Somewhere in a town of 20 km, or unknown, or by mistake on the other side of the earth."""
    if chance.random() < 0.15:
        return None
    if chance.random() < 0.02:
        return Place(-41.3, 174.8)
    return Place(52.5 + chance.uniform(-0.09, 0.09), 13.4 + chance.uniform(-0.15, 0.15))
