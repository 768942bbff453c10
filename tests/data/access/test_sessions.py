"""Who is signed in: proved by a password, known by a token that only the browser has, over when it should be."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import makers
import pytest
import time_machine
from conftest import EmptyDatabase
from people import ADA, BRUNO, PASSWORD, Person

from data.access import accounts, rights, sessions
from data.access.accounts import Account
from data.access.rights import Right
from data.access.sessions import ABSOLUTE, IDLE, Session, SessionBegun, SessionEnded, SignedOut, SignInFailed
from data.base import changes, clock
from data.base.actor import Actor
from data.base.changes import ChangeRow
from data.base.database import database as connected
from data.base.refusals import NotFound
from data.base.throttle import TooOften

pytestmark = pytest.mark.usefixtures('database')

Clock = time_machine.Traveller


@pytest.fixture
def clock_of_test(database: EmptyDatabase) -> Iterator[Clock]:
    assert database
    with time_machine.travel('2030-05-06T12:00:00+00:00', tick=False) as clock:
        yield clock


def sign_in(
    email: str = ADA.email, password: str = PASSWORD, *, origin: str = '::1', replaces: str | None = None
) -> str:
    return sessions.sign_in(email, password, browser='Firefox', origin=origin, replaces=replaces)


def actor(token: str) -> Actor:
    session = sessions.find(token)
    assert session is not None
    return sessions.actor_of(session)


def may(by: Actor) -> bool:
    return rights.may(by, Right.BE_SIGNED_IN)


def test_the_right_password_begins_a_session_of_that_person() -> None:
    account = makers.make_account(ADA)

    by = actor(sign_in())

    assert by.account_id == account.id
    assert may(by)


def test_the_database_does_not_know_the_token() -> None:
    makers.make_account(ADA)

    token = sign_in()

    assert token not in str(connected.execute_sql('SELECT * FROM sessions').fetchall())
    assert len(token) >= 43  # 256 bits


@pytest.mark.parametrize(
    ('email', 'password'),
    [
        (ADA.email, 'another password'),
        (ADA.email, ''),
        (ADA.email, PASSWORD.upper()),
        ('nobody@example.com', PASSWORD),
        ('locked@example.com', PASSWORD),
        ('left@example.com', PASSWORD),
        ('new@example.com', PASSWORD),
    ],
    ids=['wrong', 'empty', 'other case', 'unknown', 'locked', 'left', 'not welcomed yet'],
)
def test_whatever_is_wrong_gets_the_same_answer(email: str, password: str) -> None:
    makers.make_account(ADA)
    changed: dict[str, dict[str, object]] = {
        'locked': {'locked_at': clock.now()},
        'left': {'ended_at': clock.now()},
        'new': {'password_hash': None},
    }
    for name, columns in changed.items():
        account = makers.make_account(Person(name, f'{name}@example.com'))
        Account.update(**columns).where(Account.id == account.id).execute()

    with pytest.raises(SignInFailed) as refused:
        sign_in(email, password)

    assert refused.value.facts == {}
    assert Session.select().count() == 0


def test_guessing_is_slowed_down_and_a_right_password_clears_the_count(clock_of_test: Clock) -> None:
    makers.make_account(ADA)
    for _ in range(9):
        with pytest.raises(SignInFailed):
            sign_in(password='wrong password')
    sign_in()
    for _ in range(10):
        with pytest.raises(SignInFailed):
            sign_in(password='wrong password')

    with pytest.raises(TooOften):
        sign_in()
    clock_of_test.shift(timedelta(seconds=90))
    assert may(actor(sign_in()))


def test_who_guesses_elsewhere_locks_nobody_out(clock_of_test: Clock) -> None:
    assert clock_of_test
    makers.make_account(ADA)
    for _ in range(10):
        with pytest.raises(SignInFailed):
            sign_in(password='wrong password', origin='203.0.113.7')
    with pytest.raises(TooOften):
        sign_in(origin='203.0.113.7')

    assert may(actor(sign_in(origin='::1')))


def test_a_planted_token_does_not_survive_sign_in() -> None:
    makers.make_account(ADA)
    planted = 'a token that somebody put into the browser'

    token = sign_in(replaces=planted)

    assert token != planted
    assert sessions.find(planted) is None


def test_signing_in_ends_the_session_that_the_browser_had_before() -> None:
    makers.make_account(ADA)
    makers.make_account(BRUNO)
    brunos = sign_in(BRUNO.email)
    other = sign_in(BRUNO.email)

    sign_in(replaces=brunos)

    assert sessions.find(brunos) is None
    assert sessions.find(other) is not None


def test_after_sign_out_the_old_token_and_the_open_page_do_nothing() -> None:
    makers.make_account(ADA)
    token = sign_in()
    by = actor(token)
    sessions.end(Session.get_by_id(by.session_id), by=by)

    assert sessions.find(token) is None
    with pytest.raises(SignedOut):
        rights.require(by, Right.BE_SIGNED_IN)


def test_a_session_ends_when_nobody_used_it_for_a_month(clock_of_test: Clock) -> None:
    makers.make_account(ADA)
    token = sign_in()
    clock_of_test.shift(IDLE - timedelta(seconds=1))
    assert sessions.find(token) is not None
    clock_of_test.shift(timedelta(seconds=1))

    assert sessions.find(token) is None


def test_a_session_in_use_goes_on_but_not_for_ever(clock_of_test: Clock) -> None:
    makers.make_account(ADA)
    token = sign_in()
    for _ in range(12):
        clock_of_test.shift(timedelta(days=14))
        session = sessions.find(token)
        assert session is not None
        sessions.touch(session)
    clock_of_test.shift(ABSOLUTE - timedelta(days=168))

    assert sessions.find(token) is None


def test_use_is_noted_at_most_every_five_minutes(clock_of_test: Clock) -> None:
    makers.make_account(ADA)
    session = Session.get_by_id(actor(sign_in()).session_id)
    begun = session.seen_at

    clock_of_test.shift(timedelta(minutes=4))
    sessions.touch(session)
    assert Session.get_by_id(session.id).seen_at == begun
    clock_of_test.shift(timedelta(minutes=1))
    sessions.touch(session)
    assert Session.get_by_id(session.id).seen_at == clock.now()


@pytest.mark.parametrize('column', ['locked_at', 'ended_at'])
def test_who_is_locked_or_has_left_is_out_of_every_browser_at_once(column: str) -> None:
    account = makers.make_account(ADA)
    token = sign_in()
    by = actor(token)

    Account.update(**{column: clock.now()}).where(Account.id == account.id).execute()

    assert not may(by)
    assert sessions.find(token) is None


def test_an_actor_is_who_the_session_says_and_nobody_else() -> None:
    ada, bruno = makers.make_account(ADA), makers.make_account(BRUNO)
    by = makers.signed_in(ada)

    assert not may(Actor(bruno.id, by.session_id, by.via))
    assert not may(Actor(ada.id, None, by.via))
    assert not may(Actor(ada.id, 10**6, by.via))


def test_a_person_sees_their_own_browsers_the_last_used_first(clock_of_test: Clock) -> None:
    account = makers.make_account(ADA)
    makers.signed_in(makers.make_account(BRUNO))
    gone = makers.signed_in(account)
    sessions.end(Session.get_by_id(gone.session_id), by=gone)
    first = makers.signed_in(account)
    clock_of_test.shift(timedelta(hours=1))
    second = makers.signed_in(account)

    assert [session.id for session in sessions.live_of(first)] == [second.session_id, first.session_id]


def test_a_person_can_end_another_browser_of_theirs_and_nobody_elses() -> None:
    ada = makers.make_account(ADA)
    here, there = makers.signed_in(ada), makers.signed_in(ada)
    brunos = makers.signed_in(makers.make_account(BRUNO))

    sessions.end(Session.get_by_id(there.session_id), by=here)
    with pytest.raises(NotFound):
        sessions.end(Session.get_by_id(brunos.session_id), by=here)

    assert [may(actor) for actor in (here, there, brunos)] == [True, False, True]


def test_beginnings_and_ends_are_told_and_kept() -> None:
    heard: list[str] = []
    for kind in (SessionBegun, SessionEnded):
        changes.listen(kind, lambda change: heard.append(change.kind))
    by = makers.signed_in(makers.make_account(ADA))

    for _ in range(2):  # the second time there is nothing left to end
        sessions.end_all(accounts.find(by.account_id), by=by)

    assert heard == ['SessionBegun', 'SessionEnded']
    assert [row.kind for row in ChangeRow.select().where(ChangeRow.subject_type == 'sessions')] == heard


def test_sessions_that_are_long_over_are_forgotten(clock_of_test: Clock) -> None:
    makers.make_account(ADA)
    sign_in()
    clock_of_test.shift(ABSOLUTE + timedelta(days=31))
    sign_in()

    sessions.sweep()

    assert Session.select().count() == 1


@pytest.mark.parametrize('strange', [lambda: '', lambda: 'x' * 10_000, lambda: '\x00', lambda: '🙂'])
def test_a_strange_token_is_nobodys(strange: Callable[[], str]) -> None:
    assert sessions.find(strange()) is None
