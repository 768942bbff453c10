"""Measures the slot engine beside a plain rival with lists of intervals: `python -m bench.slots`.

Both get the same plain values, drawn from a seed; each call asks for another service, site and now; their answers are
compared before anything is measured.
"""

import gc
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from data.visits import slots
from data.visits.rosters import Roster, Visit
from data.visits.search import Business, Wanted
from data.visits.travel import Place, drive_minutes, no_driving
from data.visits.working_time import DayHours, Window

ZONE = ZoneInfo('America/Chicago')
TODAY = date(2026, 5, 4)  # no clock changes in the sixty days after it: the rival would need much more care
DAYS, HISTORY_DAYS = 60, 180
TECHNICIANS, BOOKINGS = 5, 1500
CALLS = 200
OPEN, LUNCH, BACK, CLOSE = 480, 720, 750, 1020
MINUTE = timedelta(minutes=1)

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One call of the engine or its rival."""

    wanted: Wanted
    crew: list[Roster]
    business: Business
    first_day: date
    last_day: date
    now: datetime


def main() -> None:
    """Prints the table."""
    crew = small_company()
    plain = [_question(number, crew, drives=False) for number in range(CALLS)]
    driving = [_question(number, crew, drives=True) for number in range(CALLS)]
    if any(engine_offered(question) != rival_offered(question) for question in (*plain[:20], *driving[:20])):
        raise SystemExit('The engine and its rival do not agree: the figures would mean nothing.')
    ahead = sum(len(roster.visits) for roster in crew)
    print(f'{TECHNICIANS} technicians, {BOOKINGS} bookings, {ahead} ahead; {DAYS} days, median of {CALLS} calls')
    print(f'{"":32}{"engine":>10}{"rival":>10}{"ratio":>8}')
    _row('whole answer {day: [times]}', plain, engine_offered, rival_offered)
    _row('which days are open', plain, engine_open_days, lambda question: set(rival_offered(question)))
    _row('whole answer with driving', driving, engine_offered, rival_offered)
    _row('technicians for a start', list(map(_for_one_start, plain)), engine_candidates, rival_candidates)


def small_company(seed: int = 1) -> list[Roster]:
    """Technicians and all their bookings; a roster holds those from today on, as it is loaded for an answer."""
    chance, numbers = Random(seed), count(1)
    days = [TODAY + timedelta(number) for number in range(-HISTORY_DAYS, DAYS)]
    crew = []
    for technician_id in range(1, TECHNICIANS + 1):
        possible = [visit for day in days if day.weekday() < 5 for visit in _full_day(chance, day, numbers)]
        kept = chance.sample(possible, BOOKINGS // TECHNICIANS)
        crew.append(
            Roster(
                technician_id=technician_id,
                week=dict.fromkeys(range(5), DayHours((Window(OPEN, CLOSE),), (Window(LUNCH, BACK),))),
                visits=[visit for visit in kept if visit.starts_at >= _seconds(TODAY, 0)],
                home=_place(chance),
            )
        )
    return crew


def engine_offered(question: Question) -> dict[date, list[datetime]]:
    return slots.offered(
        question.wanted,
        question.crew,
        question.business,
        first_day=question.first_day,
        last_day=question.last_day,
        now=question.now,
    )


def engine_open_days(question: Question) -> set[date]:
    return slots.open_days(
        question.wanted,
        question.crew,
        question.business,
        first_day=question.first_day,
        last_day=question.last_day,
        now=question.now,
    )


def engine_candidates(question: Question) -> list[int]:
    start = _at(question.first_day, 600)
    return slots.candidates(question.wanted, question.crew, question.business, start, now=question.now)


def rival_offered(question: Question) -> dict[date, list[datetime]]:
    """As most booking systems do it: cut what is busy out of each day's windows, then step through what is left."""
    wanted, answer = question.wanted, dict[date, list[datetime]]()
    busy = [_rival_busy(question, roster) for roster in question.crew]
    day = question.first_day
    while day <= question.last_day:
        free = [
            interval
            for roster, taken in zip(question.crew, busy, strict=True)
            for interval in _rival_free(roster, day, taken)
        ]
        starts = {
            start
            for since, until in free
            for start in _rival_grid(wanted, day, since, until)
            if start >= question.now + wanted.least_notice_minutes * MINUTE
        }
        if starts:
            answer[day] = sorted(starts)
        day += timedelta(1)
    return answer


def rival_candidates(question: Question) -> list[int]:
    """Only who can take the start; the order of R13 is left out in the rival's favour."""
    day = question.first_day
    start = _at(day, 600)
    end = start + question.wanted.duration_minutes * MINUTE
    return [
        roster.technician_id
        for roster in question.crew
        if any(
            since <= start and end <= until for since, until in _rival_free(roster, day, _rival_busy(question, roster))
        )
    ]


def _rival_busy(question: Question, roster: Roster) -> dict[date, list[Interval]]:
    """What is in the way, by date: no visit of this company lasts over midnight."""
    wanted, spans = question.wanted, defaultdict[date, list[Interval]](list)
    for visit in roster.visits:
        drive = question.business.drive(visit.place, wanted.place)
        start, end = _instant(visit.starts_at), _instant(visit.blocks_until)
        spans[start.date()].append(
            (
                start - (visit.set_up_minutes + drive + wanted.clean_up_minutes) * MINUTE,
                end + (visit.clean_up_minutes + drive + wanted.set_up_minutes) * MINUTE,
            )
        )
    return spans


def _rival_free(roster: Roster, day: date, busy: dict[date, list[Interval]]) -> Iterator[Interval]:
    hours = roster.week.get(day.weekday())
    if hours is None:
        return
    breaks = [(_at(day, start), _at(day, end)) for start, end in hours.breaks]
    for start, end in hours.windows:
        since, until = _at(day, start), _at(day, end)
        for busy_from, busy_until in sorted(busy[day] + breaks):
            if since < min(busy_from, until):
                yield since, min(busy_from, until)
            since = max(since, busy_until)
        if since < until:
            yield since, until


def _rival_grid(wanted: Wanted, day: date, since: datetime, until: datetime) -> Iterator[datetime]:
    step = wanted.granularity_minutes * MINUTE
    midnight = _at(day, 0)
    start = midnight + -(-(since - midnight) // step) * step
    while start + wanted.duration_minutes * MINUTE <= until:
        yield start
        start += step


def _question(number: int, crew: list[Roster], *, drives: bool) -> Question:
    chance = Random(number)
    return Question(
        wanted=Wanted(
            duration_minutes=chance.choice([30, 60, 90, 120]),
            set_up_minutes=chance.choice([0, 5, 10]),
            clean_up_minutes=chance.choice([0, 5, 15]),
            place=_place(chance),
        ),
        crew=[replace(roster) for roster in crew],  # new ones: nothing is kept from the question before
        business=Business(zone=ZONE, drive=drive_minutes if drives else no_driving),
        first_day=TODAY,
        last_day=TODAY + timedelta(DAYS - 1),
        now=_at(TODAY, 0) + timedelta(seconds=chance.randint(0, 80_000)),
    )


def _for_one_start(question: Question) -> Question:
    """A week later, with the visits of the days around it only: so they are loaded when a start is booked."""
    day = question.first_day + timedelta(7)
    crew = [
        replace(
            roster, visits=[visit for visit in roster.visits if abs(visit.starts_at - _seconds(day, 0)) < 3 * 86_400]
        )
        for roster in question.crew
    ]
    return replace(question, crew=crew, first_day=day, last_day=day)


def _full_day(chance: Random, day: date, numbers: Iterator[int]) -> Iterator[Visit]:
    minute = OPEN
    while minute < CLOSE - 120:
        length = chance.choice([30, 60, 90])
        yield Visit(
            next(numbers),
            _seconds(day, minute),
            _seconds(day, minute + length),
            set_up_minutes=5,
            clean_up_minutes=10,
            place=_place(chance),
        )
        minute += length + chance.choice([15, 30, 60])


def _place(chance: Random) -> Place:
    return Place(41.88 + chance.uniform(-0.15, 0.15), -87.7 + chance.uniform(-0.2, 0.2))


@cache
def _at(day: date, minute: int) -> datetime:
    return (datetime(day.year, day.month, day.day, tzinfo=ZONE) + minute * MINUTE).astimezone(UTC)


@cache
def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _seconds(day: date, minute: int) -> int:
    return int(_at(day, minute).timestamp())


def _row(
    title: str, questions: list[Question], engine: Callable[[Question], object], rival: Callable[[Question], object]
) -> None:
    ours, theirs = _median_ms(engine, questions), _median_ms(rival, questions)
    print(f'{title:32}{ours:>7.2f} ms{theirs:>7.2f} ms{theirs / ours:>7.1f}×')


def _median_ms(answer: Callable[[Question], object], questions: list[Question]) -> float:
    taken = []
    gc.disable()
    for question in questions:
        began = time.perf_counter()
        answer(question)
        taken.append(1000 * (time.perf_counter() - began))
    gc.enable()
    return statistics.median(taken)


if __name__ == '__main__':
    main()
