"""Makers for questions to the slot engine, in wall-clock times of one Monday in Berlin unless it is said otherwise."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import slot_oracle

from data.visits import slots
from data.visits.rosters import Roster, Span, Visit
from data.visits.rules import ALL_RULES, Rule
from data.visits.search import Business, Wanted
from data.visits.travel import Place, no_driving
from data.visits.working_time import DayHours, Window

BERLIN = ZoneInfo('Europe/Berlin')
MONDAY = date(2026, 5, 4)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
HERE, NEAR, FAR = Place(52.50, 13.40), Place(52.53, 13.40), Place(52.60, 13.40)


def hours(*windows: str, breaks: tuple[str, ...] = ()) -> DayHours:
    """hours('8:00-17:00', breaks=('12:00-12:30',))"""
    return DayHours(tuple(map(_window, windows)), tuple(map(_window, breaks)))


def _window(text: str) -> Window:
    start, end = (60 * int(hour) + int(minute) for hour, minute in (part.split(':') for part in text.split('-')))
    return Window(start, end)


def technician(day: DayHours | None = None, **facts: Any) -> Roster:
    """Number 1, who works these hours every day."""
    week = dict.fromkeys(range(7), day or hours('8:00-12:00'))
    return Roster(**{'technician_id': 1, 'week': week, **facts})


def at(text: str) -> datetime:
    """The instant of '8:00' or '2026-05-05 8:00'."""
    day, _, clock = text.rpartition(' ')
    hour, minute = map(int, clock.split(':'))
    return datetime.combine(date.fromisoformat(day) if day else MONDAY, time(hour, minute), BERLIN).astimezone(UTC)


def seconds(text: str) -> int:
    """The same instant as rosters have it."""
    return int(at(text).timestamp())


def away(start: str, end: str) -> Span:
    return Span(seconds(start), seconds(end))


def visit(start: str, end: str, booking_id: int = 7, **facts: Any) -> Visit:
    return Visit(booking_id, seconds(start), seconds(end), **facts)


def offer(
    crew: Roster | list[Roster],
    *,
    zone: ZoneInfo = BERLIN,
    closed: frozenset[date] = frozenset(),
    day: date = MONDAY,
    days: int = 1,
    now: datetime = LONG_AGO,
    moving: int | None = None,
    drive: Any = no_driving,
    **wanted: Any,
) -> list[str]:
    """The starts of an hour's visit on the hour by the wall clock: '08:30', of several days with their date."""
    answer = slots.offered(
        Wanted(**{'duration_minutes': 60, 'granularity_minutes': 60, **wanted}),
        crew if isinstance(crew, list) else [crew],
        Business(zone=zone, closed_days=closed, drive=drive),
        first_day=day,
        last_day=day + timedelta(days - 1),
        now=now,
        moving=moving,
    )
    pattern = '{:%H:%M}' if days == 1 else '{:%Y-%m-%d %H:%M}'
    return [pattern.format(start.astimezone(zone)) for starts in answer.values() for start in starts]


def who(
    crew: list[Roster],
    start: str = '10:00',
    *,
    place: Place = HERE,
    moving: int | None = None,
    drive: Any = slot_oracle.drive_minutes,
    heeding: frozenset[Rule] = ALL_RULES,
) -> list[int]:
    """Who may take an hour's visit at this start, best first."""
    return slots.candidates(
        Wanted(duration_minutes=60, place=place),
        crew,
        Business(zone=BERLIN, drive=drive),
        at(start),
        now=LONG_AGO,
        moving=moving,
        heeding=heeding,
    )
