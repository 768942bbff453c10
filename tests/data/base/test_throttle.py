"""Guessing is slowed down, also over a restart, and nobody is locked out for good."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from conftest import EmptyDatabase

from data.base import throttle
from data.base.database import close_database, open_database, transaction
from data.base.throttle import Bucket, TooOften

pytestmark = pytest.mark.usefixtures('database')

Clock = time_machine.Traveller
QUARTER = timedelta(minutes=15)


@pytest.fixture
def clock_of_test() -> Iterator[Clock]:
    with time_machine.travel('2030-05-06T12:00:00+00:00', tick=False) as clock:
        yield clock


def spend(key: str = 'sign-in:ada@example.com') -> None:
    throttle.spend(key, allowed=10, per=QUARTER)


def exhaust() -> None:
    for _ in range(10):
        spend()


def tries_left() -> int:
    """How often it can be tried at once; it is, then."""
    for number in range(20):
        try:
            spend()
        except TooOften:
            return number
    raise AssertionError('no limit')


@pytest.mark.usefixtures('clock_of_test')
def test_so_many_tries_at_once_and_no_more() -> None:
    assert tries_left() == 10
    with pytest.raises(TooOften) as refused:
        spend()
    assert refused.value.facts == {'minutes': 2}


@pytest.mark.usefixtures('clock_of_test')
def test_one_address_does_not_spend_the_tries_of_another() -> None:
    exhaust()

    spend('sign-in:bruno@example.org')


def test_a_try_comes_back_with_time_and_never_more_than_there_were(clock_of_test: Clock) -> None:
    exhaust()
    clock_of_test.shift(timedelta(seconds=89))
    assert tries_left() == 0
    clock_of_test.shift(timedelta(seconds=1))
    assert tries_left() == 1

    clock_of_test.shift(timedelta(days=300))
    assert tries_left() == 10


def test_somebody_who_goes_on_guessing_locks_nobody_out_for_good(clock_of_test: Clock) -> None:
    exhaust()
    taken = 0
    for _ in range(60 * 15 + 10):  # a good quarter of an hour with a guess every second
        clock_of_test.shift(timedelta(seconds=1))
        taken += tries_left()

    assert taken == 10


def test_the_count_outlives_a_restart(database: EmptyDatabase, clock_of_test: Clock) -> None:
    exhaust()

    close_database()
    open_database(database.url)

    assert tries_left() == 0


@pytest.mark.usefixtures('clock_of_test')
def test_a_try_counts_even_if_what_was_tried_fails() -> None:
    def command() -> None:
        spend()
        with transaction():
            raise LookupError

    for _ in range(10):
        with pytest.raises(LookupError):
            command()

    assert tries_left() == 0


def test_a_clock_that_jumps_back_gives_no_try_and_takes_none(clock_of_test: Clock) -> None:
    for _ in range(4):
        spend()
    clock_of_test.shift(-timedelta(days=300))
    assert tries_left() == 6

    clock_of_test.shift(timedelta(seconds=90))
    assert tries_left() == 1


def test_a_clock_that_was_years_ahead_locks_nobody_out(clock_of_test: Clock) -> None:
    clock_of_test.shift(timedelta(days=3000))
    exhaust()
    clock_of_test.shift(-timedelta(days=3000))
    assert tries_left() == 0

    clock_of_test.shift(QUARTER)
    assert tries_left() == 10


@pytest.mark.usefixtures('clock_of_test')
def test_who_proved_to_be_who_they_are_gets_all_tries_back() -> None:
    exhaust()
    throttle.forgive('sign-in:ada@example.com')

    assert tries_left() == 10


def test_what_nobody_touched_for_a_week_is_forgotten(clock_of_test: Clock) -> None:
    exhaust()
    clock_of_test.shift(timedelta(days=7))
    throttle.sweep()
    assert Bucket.select().count() == 1
    clock_of_test.shift(timedelta(seconds=1))
    throttle.sweep()
    assert Bucket.select().count() == 0
