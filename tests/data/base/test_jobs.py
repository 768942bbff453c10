"""What the clock starts is done once, by whoever takes it; what fails is tried again."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from conftest import EmptyDatabase

from data.base import jobs
from data.base.database import own_connection
from data.base.jobs import Job, JobRow
from data.upkeep import chores

Clock = time_machine.Traveller
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock_of_test(database: EmptyDatabase) -> Iterator[Clock]:
    assert database
    jobs.forget_all()  # the house's own
    with time_machine.travel('2030-05-06T12:00:00+00:00', tick=False) as clock:
        yield clock
    jobs.forget_all()


def declare(work: Callable[[], object], name: str = 'sweep') -> None:
    jobs.declare(Job(name=name, every=DAY, work=work))


def test_a_job_is_due_at_once_and_then_once_in_its_time(clock_of_test: Clock) -> None:
    done: list[str] = []
    declare(lambda: done.append('swept'))

    assert jobs.run_due() == ['sweep']
    assert jobs.run_due() == []
    clock_of_test.shift(DAY)
    assert jobs.run_due() == ['sweep']
    assert len(done) == 2


def test_a_job_that_slept_while_the_house_was_off_runs_once_afterwards(clock_of_test: Clock) -> None:
    declare(lambda: None)
    jobs.run_due()
    clock_of_test.shift(10 * DAY)

    assert jobs.run_due() == ['sweep']
    assert jobs.run_due() == []


def test_while_somebody_works_on_it_nobody_else_does() -> None:
    begun, may_end, others = threading.Event(), threading.Event(), []

    def work() -> None:
        begun.set()
        may_end.wait(10)

    def run() -> None:
        with own_connection():
            jobs.run_due()

    declare(work)
    worker = threading.Thread(target=run)
    worker.start()
    begun.wait(10)
    others = jobs.run_due()
    may_end.set()
    worker.join()

    assert others == []
    assert JobRow.get().lease_until is None


def test_a_job_that_fails_stays_due_and_keeps_no_other_from_its_time(clock_of_test: Clock) -> None:
    tries: list[str] = []

    def fail() -> None:
        tries.append('tried')
        raise LookupError

    declare(fail, 'fails')
    declare(lambda: None, 'works')

    assert jobs.run_due() == ['works']
    assert jobs.run_due() == []  # its lease still runs
    clock_of_test.shift(jobs.LEASE)
    jobs.run_due()
    assert tries == ['tried', 'tried']


def test_who_was_so_slow_that_another_took_over_does_not_put_it_off(clock_of_test: Clock) -> None:
    def slow() -> None:
        clock_of_test.shift(jobs.LEASE)
        declare(lambda: None)
        assert jobs.run_due() == ['sweep']  # another process, meanwhile
        clock_of_test.shift(timedelta(hours=1))

    declare(slow)
    jobs.run_due()

    assert JobRow.get().due_at.isoformat() == '2030-05-07T12:10:00+00:00'


def test_a_clock_that_was_years_ahead_puts_no_job_off_for_years(clock_of_test: Clock) -> None:
    declare(lambda: None)
    clock_of_test.shift(3000 * DAY)
    jobs.run_due()
    clock_of_test.shift(-3000 * DAY)

    assert jobs.run_due() == ['sweep']
    assert jobs.run_due() == []


def test_a_lease_taken_while_the_clock_was_years_ahead_ends_all_the_same(clock_of_test: Clock) -> None:
    clock_of_test.shift(3000 * DAY)
    declare(lambda: 1 / 0)
    jobs.run_due()
    clock_of_test.shift(-3000 * DAY)
    declare(lambda: None)

    assert jobs.run_due() == ['sweep']


def test_every_chore_of_the_house_runs() -> None:
    chores.declare()

    assert jobs.run_due() == ['sweep']
