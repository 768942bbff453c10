"""One writer at a time, all or nothing, announced only once it is on disk; on both engines."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from conftest import EmptyDatabase
from peewee import IntegrityError
from postgres import AWAY_WITH_OTHERS

from data.base.database import (
    ADVISORY_LOCK,
    CannotSave,
    DatabaseBusy,
    after_commit,
    little_patience,
    own_connection,
    savepoint,
    transaction,
)
from data.offer.products import Product

pytestmark = pytest.mark.usefixtures('database')


class Stumble(Exception):
    """What goes wrong in the middle of a command."""


def names() -> list[str]:
    return [product.name for product in Product.select().order_by(Product.id)]


def write_and_stumble() -> None:
    with transaction():
        Product.create(name='Stove')
        raise Stumble


def test_what_was_written_is_there_for_others_once_it_is_committed() -> None:
    with transaction():
        Product.create(name='Boiler')

    assert seen_by_another() == ['Boiler']


def test_what_fails_leaves_nothing_and_its_error_is_told() -> None:
    with pytest.raises(Stumble):
        write_and_stumble()

    assert names() == []


def test_a_transaction_inside_another_belongs_to_it() -> None:
    def outer() -> None:
        with transaction():
            with transaction():
                Product.create(name='Boiler')
            raise Stumble

    with pytest.raises(Stumble):
        outer()

    assert names() == []


def test_a_refused_insert_in_a_savepoint_leaves_the_rest_of_the_transaction() -> None:
    with transaction():
        first = Product.create(name='Boiler')
        with pytest.raises(IntegrityError), savepoint():
            Product.insert(id=first.id, name='Again').execute()
        Product.create(name='Stove')

    assert names() == ['Boiler', 'Stove']


def test_announcements_come_in_order_after_the_outermost_commit() -> None:
    told: list[str] = []

    with transaction():
        with transaction():
            Product.create(name='Boiler')
            after_commit(lambda: told.append(f'first, seeing {seen_by_another()}'))
        after_commit(lambda: told.append('second'))
        assert told == []

    assert told == ["first, seeing ['Boiler']", 'second']


def test_what_is_rolled_back_is_not_announced_then_or_later() -> None:
    told: list[str] = []

    def command() -> None:
        with transaction():
            after_commit(lambda: told.append('never'))
            write_and_stumble()

    with pytest.raises(Stumble):
        command()
    with transaction():
        after_commit(lambda: told.append('the next one'))

    assert told == ['the next one']


def test_outside_a_transaction_an_announcement_is_made_at_once() -> None:
    told: list[str] = []

    after_commit(lambda: told.append('now'))

    assert told == ['now']


def test_an_announcement_may_write_and_one_that_fails_harms_nobody() -> None:
    def fail() -> None:
        raise Stumble

    def write() -> None:
        with transaction():
            Product.create(name='Written by a listener')

    with transaction():
        after_commit(fail)
        after_commit(write)

    assert names() == ['Written by a listener']


def test_with_little_patience_a_command_is_told_busy_before_anything_of_it_ran(database: EmptyDatabase) -> None:
    ran: list[str] = []

    def command() -> None:
        with transaction():
            ran.append('it')

    with another_process_writing(database), little_patience(), pytest.raises(DatabaseBusy):
        command()
    assert ran == []

    with little_patience():
        command()
    assert ran == ['it']


def test_another_thread_that_writes_makes_the_impatient_wait_no_longer_either() -> None:
    begun, may_end = threading.Event(), threading.Event()

    def write() -> None:
        with own_connection(), transaction():
            begun.set()
            may_end.wait(10)

    thread = threading.Thread(target=write)
    thread.start()
    begun.wait(10)
    try:
        with little_patience(), pytest.raises(DatabaseBusy), transaction():
            pass
    finally:
        may_end.set()
        thread.join()


def test_who_has_patience_gets_a_turn_when_the_other_process_is_done(database: EmptyDatabase) -> None:
    with another_process_writing(database) as let_go:
        threading.Timer(0.2, let_go).start()
        with transaction():
            Product.create(name='Boiler')

    assert names() == ['Boiler']


def test_who_was_told_busy_is_as_patient_as_before(database: EmptyDatabase) -> None:
    with another_process_writing(database) as let_go:
        with little_patience(), pytest.raises(DatabaseBusy), transaction():
            pass
        letting_go = threading.Timer(0.2, let_go)
        letting_go.start()
        Product.create(name='Boiler')
        letting_go.join()

    assert names() == ['Boiler']


def test_a_command_after_the_server_ended_the_connection_is_done_on_another(database: EmptyDatabase) -> None:
    names()
    hang_up(database)

    with transaction():
        Product.create(name='Boiler')

    assert names() == ['Boiler']


def test_a_command_whose_connection_ends_is_taken_back_and_the_next_one_is_done(database: EmptyDatabase) -> None:
    def interrupted() -> None:
        with transaction():
            Product.create(name='Lost')
            hang_up(database)
            Product.create(name='Lost too')
            raise Stumble  # on SQLite nobody can hang up

    with pytest.raises((CannotSave, Stumble)):
        interrupted()
    with transaction():
        Product.create(name='Boiler')

    assert names() == ['Boiler']


def hang_up(database: EmptyDatabase) -> None:
    """As a server does that restarts."""
    if database.engine == 'postgresql':
        with psycopg.connect(database.url, autocommit=True) as other:
            other.execute(AWAY_WITH_OTHERS)


def test_reading_does_not_wait_for_a_writer(database: EmptyDatabase) -> None:
    Product.create(name='Boiler')

    with another_process_writing(database):
        assert names() == ['Boiler']


def test_of_two_who_read_and_write_neither_loses_a_step() -> None:
    product = Product.create(name='Boiler')

    def steps() -> None:
        with own_connection():
            for _ in range(20):
                with transaction():
                    version = Product.get_by_id(product.id).version
                    Product.update(version=version + 1).where(Product.id == product.id).execute()

    threads = [threading.Thread(target=steps) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Product.get_by_id(product.id).version == 41


@contextmanager
def another_process_writing(database: EmptyDatabase) -> Iterator[Callable[[], object]]:
    """Holds the write lock as another process does; what it yields lets go of it."""
    if database.engine == 'sqlite':
        other = sqlite3.connect(database.data / 'doorstep.db', check_same_thread=False, isolation_level=None)
        other.execute('BEGIN IMMEDIATE')
        yield lambda: other.execute('ROLLBACK') if other.in_transaction else None
        other.close()
    else:
        with psycopg.connect(database.url) as holder:
            holder.execute(f'SELECT pg_advisory_xact_lock({ADVISORY_LOCK})')
            yield holder.rollback


def seen_by_another() -> list[str]:
    """As somebody else sees it, on a connection of their own."""
    found: list[str] = []

    def look() -> None:
        with own_connection():
            found.extend(names())

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return found
