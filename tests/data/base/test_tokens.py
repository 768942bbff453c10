"""One-time links: for one purpose, once, for a while; whatever is wrong gets the same answer."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from data.base import tokens
from data.base.database import database as connected
from data.base.database import own_connection, transaction
from data.base.tokens import LinkInvalid, Purpose, Token

pytestmark = pytest.mark.usefixtures('database')

HOUR = timedelta(hours=1)
NOON = '2030-05-06T12:00:00+00:00'


def make(purpose: Purpose = Purpose.STAFF_WELCOME, account_id: int | None = 7) -> str:
    return tokens.make(purpose, account_id=account_id, lifetime=HOUR)


def test_a_link_tells_whom_it_is_for_and_looking_consumes_nothing() -> None:
    text = make()

    assert [tokens.look_up(Purpose.STAFF_WELCOME, text).account_id for _ in range(2)] == [7, 7]
    assert tokens.use(Purpose.STAFF_WELCOME, text).account_id == 7


def test_the_database_does_not_know_the_text_of_a_link() -> None:
    text = make()
    random = text.partition('.')[0]

    rows = connected.execute_sql('SELECT * FROM tokens').fetchall()

    assert text not in str(rows)
    assert random not in str(rows)


def test_a_link_is_used_once() -> None:
    text = make()
    tokens.use(Purpose.STAFF_WELCOME, text)

    refused_everywhere(text)


def test_a_link_serves_no_other_purpose() -> None:
    text = make(Purpose.STAFF_WELCOME)

    refused_everywhere(text, Purpose.OWNER_SIGN_IN)


def test_a_link_ends_to_the_second() -> None:
    with time_machine.travel(NOON, tick=False) as clock_of_test:
        text = make()
        clock_of_test.shift(HOUR - timedelta(seconds=1))
        tokens.look_up(Purpose.STAFF_WELCOME, text)
        clock_of_test.shift(timedelta(seconds=1))

        refused_everywhere(text)


def test_a_newer_link_for_the_same_person_and_purpose_ends_the_older() -> None:
    old, others, another_purpose = make(), make(account_id=8), make(Purpose.OWNER_SIGN_IN)
    new = make()

    refused_everywhere(old)
    tokens.look_up(Purpose.STAFF_WELCOME, new)
    tokens.look_up(Purpose.STAFF_WELCOME, others)
    tokens.look_up(Purpose.OWNER_SIGN_IN, another_purpose)


def test_a_newer_link_for_nobody_in_particular_ends_the_older_too() -> None:
    old = make(Purpose.SET_UP, None)
    make(Purpose.SET_UP, None)

    refused_everywhere(old, Purpose.SET_UP)


@pytest.mark.parametrize(
    'wrong',
    [
        lambda text: '',
        lambda text: text[:-1],
        lambda text: f'{text}x',
        lambda text: text.swapcase(),
        lambda text: text.partition('.')[0],
        lambda text: 'x' * 100_000,
        lambda text: 'ü\x00🙂',
    ],
)
def test_a_forged_link_gets_the_same_answer(wrong: Callable[[str], str]) -> None:
    refused_everywhere(wrong(make()))


def test_of_two_who_press_at_once_one_gets_in() -> None:
    text, outcomes, barrier = make(), [], threading.Barrier(2)

    def press() -> None:
        with own_connection():
            barrier.wait(10)
            try:
                tokens.use(Purpose.STAFF_WELCOME, text)
                outcomes.append('in')
            except LinkInvalid:
                outcomes.append('no')

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ['in', 'no']


def test_a_use_that_comes_to_nothing_leaves_the_link_as_it_was() -> None:
    text = make()

    def stumble() -> None:
        with transaction():
            tokens.use(Purpose.STAFF_WELCOME, text)
            raise LookupError

    with pytest.raises(LookupError):
        stumble()

    tokens.look_up(Purpose.STAFF_WELCOME, text)


def test_what_expired_a_month_ago_is_forgotten() -> None:
    with time_machine.travel(NOON, tick=False) as clock_of_test:
        make()
        clock_of_test.shift(timedelta(days=30) + HOUR)
        tokens.sweep()
        assert Token.select().count() == 1

        clock_of_test.shift(timedelta(seconds=1))
        tokens.sweep()

    assert Token.select().count() == 0


def refused_everywhere(text: str, purpose: Purpose = Purpose.STAFF_WELCOME) -> None:
    with pytest.raises(LinkInvalid):
        tokens.look_up(purpose, text)
    with pytest.raises(LinkInvalid):
        tokens.use(purpose, text)
