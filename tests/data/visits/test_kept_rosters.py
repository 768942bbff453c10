"""Rosters are kept with their masks, and yet the next answer is always that of a process that has read nothing yet."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import makers
import pytest
import region
import time_machine
from conftest import EmptyDatabase
from people import Person
from queries import counted
from region import DAY, LAST_DAY, NOW, TODAY, Answers, Region
from region_writes import WRITES, sql

from data.base.actor import SYSTEM
from data.base.database import close_database, open_database, savepoint, transaction
from data.base.database import database as opened
from data.crew import calendars
from data.visits import free_times

ROUNDS = 6
ASKERS, SWINGS = 8, 30


class Undone(Exception):
    """Takes back what was written."""


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def company(database: EmptyDatabase, now: time_machine.Traveller) -> Region:
    assert database
    assert now
    return region.make_filled()


def answers(company: Region) -> Answers:
    return company.answers(TODAY, LAST_DAY)


def of_a_fresh_process(company: Region, database: EmptyDatabase) -> Answers:
    return company.of_a_fresh_process(database.url, TODAY, LAST_DAY)


def written(company: Region, what: str, chance: Random) -> None:
    """In one of the ways in which a write may come about; in most of them free times are asked amid it."""
    way = chance.choice(['alone', 'asked amid it', 'after one taken back', 'after a savepoint taken back'])
    other = WRITES[chance.choice(list(WRITES))]
    if way == 'after one taken back':
        with contextlib.suppress(Undone), transaction():
            other(company, chance)
            answers(company)
            raise Undone
    with transaction() if way != 'alone' else contextlib.nullcontext():
        if way == 'after a savepoint taken back':
            with contextlib.suppress(Undone), savepoint():
                other(company, chance)
                answers(company)
                raise Undone
        WRITES[what](company, chance)
        if way == 'asked amid it':
            answers(company)


def test_after_any_write_the_next_answer_is_that_of_a_fresh_process(company: Region, database: EmptyDatabase) -> None:
    chance, idle = Random(1), set(WRITES)
    after = answers(company)
    for _ in range(ROUNDS):
        for what in chance.sample(sorted(idle), len(idle)):
            before = after
            written(company, what, chance)
            after = answers(company)
            assert after == of_a_fresh_process(company, database), what
            idle -= {what} if after != before else set()

    assert len(idle) <= len(WRITES) // 4, f'{idle} never changed an answer'


@pytest.mark.parametrize('taken_back', [transaction, savepoint])
def test_what_was_read_of_rows_that_never_came_to_be_is_not_kept(
    company: Region, database: EmptyDatabase, taken_back: Callable[[], Any]
) -> None:
    """The revision of what is taken back comes again, with other rows behind it."""
    tom = company.technicians[0]
    answers(company)
    with transaction() if taken_back is savepoint else contextlib.nullcontext():
        with contextlib.suppress(Undone), taken_back():
            calendars.add_time_off(tom, NOW, NOW + 4 * DAY, by=SYSTEM)
            answers(company)
            raise Undone
        calendars.add_time_off(tom, NOW + 4 * DAY, NOW + 8 * DAY, by=SYSTEM)

    assert answers(company) == of_a_fresh_process(company, database)


def test_when_the_day_has_changed_the_answer_is_still_that_of_a_fresh_process(
    company: Region, database: EmptyDatabase, now: time_machine.Traveller
) -> None:
    region.fill(company, Random(2), first_day=TODAY + 90 * DAY, days=60, visits=60)
    for days in (0, 1, 3, 5, 6, 8, 120):
        now.move_to(NOW + days * DAY)
        today = TODAY + days * DAY
        for first_day in (today, today + 91 * DAY):
            asked = (first_day, first_day + 12 * DAY)
            assert company.answers(*asked) == company.of_a_fresh_process(database.url, *asked), f'{days} days later'


def test_two_databases_in_one_process_are_never_taken_for_each_other(
    company: Region, sqlite_template: Path, tmp_path: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / 'other.db')
    same = 'UPDATE technicians SET revision = 1000'
    sql(same)
    first, expected = opened.obj, answers(company)
    second = open_database(f'sqlite:///{tmp_path / "other.db"}')
    other = region.make_region()
    sql(same)
    there = answers(other)
    seen = []
    for _ in range(2):
        opened.initialize(first)
        seen.append(answers(company))
        opened.initialize(second)
        seen.append(answers(other))
    close_database()
    opened.initialize(first)

    assert seen == [expected, there] * 2
    assert there != expected


def test_a_warm_answer_asks_only_whether_anything_has_changed(company: Region) -> None:
    wanted = company.wanted('pinned', company.services[0])
    free_times.offered(wanted, first_day=TODAY, last_day=TODAY)
    with counted() as statements:
        free_times.offered(wanted, first_day=TODAY, last_day=TODAY + 60 * DAY)

    assert len(statements) == 1, statements


def test_a_cold_answer_takes_the_same_number_of_statements_however_many_there_are(company: Region) -> None:
    def cold() -> int:
        sql('UPDATE technicians SET revision = revision + 1')
        with counted() as queries:
            answers(company)
        return len(queries)

    answers(company)
    before = cold()
    for number in range(5):
        makers.make_technician(Person(f'Nia {number}', 'nia@alder.example'), territories=[company.north])
    region.fill(company, Random(3), first_day=TODAY, days=90, visits=60)

    assert cold() == before
