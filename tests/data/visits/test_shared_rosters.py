"""Rosters are kept in every process and for all its threads: whoever asks gets one true answer, whoever writes."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from random import Random
from typing import Any

import pytest
import racers
import region
import time_machine
from conftest import EmptyDatabase
from racers import Racer
from racing import Leave, Open
from region import DAY, LAST_DAY, MINUTE, NOW, TODAY, Region
from region_writes import WRITES, Ask, Do, change, sql

from data.base.actor import SYSTEM
from data.base.database import database as opened
from data.base.database import own_connection, transaction
from data.crew import calendars, closed_days
from data.visits import free_times
from data.visits.booking_table import Booking

ASKERS, SWINGS = 8, 30


@pytest.fixture
def company(database: EmptyDatabase) -> Iterator[Region]:
    assert database
    with time_machine.travel(NOW, tick=False):
        yield region.make_filled()


@pytest.fixture(scope='module')
def others() -> Iterator[list[Racer]]:
    """Processes that live as long as the tests."""
    with racers.running() as stable:
        yield [stable.racer() for _ in range(3)]


def test_processes_that_live_on_one_database_see_at_once_what_another_writes(
    company: Region, database: EmptyDatabase, others: list[Racer]
) -> None:
    chance = Random(4)
    for racer in others:
        racer.tell(Open(database.url, database.data))
        racer.tell(Ask(company, NOW, TODAY, LAST_DAY))
    for what in chance.sample(list(WRITES), len(WRITES)):
        chance.choice(others).tell(Do(company, what, chance.randrange(10**6)))

        told = [racer.tell(Ask(company, NOW, TODAY, LAST_DAY)) for racer in others]
        assert [*told, company.answers(TODAY, LAST_DAY)] == [
            company.of_a_fresh_process(database.url, TODAY, LAST_DAY)
        ] * 4, what
    for racer in others:
        racer.tell(Leave())


Swing = tuple[Callable[[], object], Callable[[], object]]  # there and back again


def asked(company: Region) -> dict[date, list[datetime]]:
    """What only one of them can do: each visit of his counts."""
    return free_times.offered(company.wanted('pinned', company.services[1]), first_day=TODAY, last_day=LAST_DAY)


def visit_that_counts(company: Region) -> Booking:
    """In the middle of what would else be free."""
    before = asked(company)
    for visit in Booking.select().where((Booking.starts_at > NOW + DAY) & (Booking.state == 'scheduled')):
        change(visit, state='canceled')
        is_missed = asked(company) != before
        change(visit, state='scheduled')
        if is_missed:
            return visit
    raise AssertionError('none')


def swings(company: Region) -> dict[str, Swing]:
    """Each side is one transaction, and takes the other back."""
    visit = visit_that_counts(company)
    tom, start, free_day = visit.technician, visit.starts_at, min(asked(company))

    def to_time_off() -> None:
        with transaction():
            change(visit, state='canceled')
            calendars.add_time_off(tom, start, start + 600 * MINUTE, by=SYSTEM)

    def from_time_off() -> None:
        with transaction():
            sql('DELETE FROM time_off WHERE starts_at = ?', int(start.timestamp()))
            change(visit, state='scheduled')

    return {
        'travel': (
            lambda: change(visit, state='traveling', travel_started_at=NOW),
            lambda: change(visit, state='scheduled'),
        ),
        'time off': (to_time_off, from_time_off),
        'closed day': (
            lambda: closed_days.close(free_day, 'Fair', by=SYSTEM),
            lambda: closed_days.reopen(free_day, by=SYSTEM),
        ),
    }


def in_a_thread(write: Callable[[], object]) -> None:
    def on_its_connection() -> None:
        with own_connection():
            write()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(on_its_connection).result()


@contextmanager
def before_statement(number: int, write: Callable[[], object]) -> Iterator[list[int]]:
    """Somebody else writes just before this statement of ours, counted from 1; 0 is left when that has happened."""
    execute, left = opened.obj.execute_sql, [number]

    def interrupted(*args: Any, **options: Any) -> Any:
        if threading.current_thread() is threading.main_thread() and left[0]:
            left[0] -= 1
            if left[0] == 0:
                in_a_thread(write)
        return execute(*args, **options)

    opened.obj.execute_sql = interrupted
    try:
        yield left
    finally:
        del opened.obj.execute_sql


@pytest.mark.parametrize('what', ['travel', 'time off', 'closed day'])
def test_a_write_between_any_two_statements_gives_the_answer_before_or_after_it(company: Region, what: str) -> None:
    there, back = swings(company)[what]
    for write, take_back in ((there, back), (back, there)):
        before = asked(company)
        write()
        after = asked(company)
        assert before != after or what == 'travel'
        for number in range(1, 30):
            take_back()
            sql('UPDATE technicians SET revision = revision + 1')
            with before_statement(number, write) as left:
                seen = asked(company)
            if left[0]:
                break
            assert seen in (before, after), f'statement {number}'
            assert asked(company) == after
        write()
        assert number > 8


def test_whoever_asks_while_somebody_writes_gets_the_answer_before_or_after_it(company: Region) -> None:
    there, back = swings(company)['time off']
    states = [asked(company)]
    there()
    states.append(asked(company))
    is_over = threading.Event()

    def ask() -> list[bool]:
        seen = []
        with own_connection():
            while not is_over.is_set():
                seen.append(asked(company) in states)
        return seen

    with ThreadPoolExecutor(ASKERS) as pool:
        asking = [pool.submit(ask) for _ in range(ASKERS)]
        for _ in range(SWINGS):
            back()
            there()
        is_over.set()
        found = [answer for each in asking for answer in each.result()]

    assert all(found)
    assert asked(company) == states[1] != states[0]
