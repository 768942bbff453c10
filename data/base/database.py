"""The database: one writer at a time on SQLite and on PostgreSQL."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

import structlog
from peewee import (
    Database,
    DatabaseError,
    DatabaseProxy,
    InterfaceError,
    OperationalError,
    PostgresqlDatabase,
    SqliteDatabase,
)
from playhouse import db_url

from data.base.marks import N_
from data.base.refusals import Refusal

log = structlog.get_logger()

database = DatabaseProxy()

PATIENCE_SECONDS = 5.0
LOOP_PATIENCE_SECONDS = 0.05
STORAGE_TROUBLE = ('disk is full', 'readonly', 'read-only', 'disk I/O error', 'unable to open database file')
LOOK_EVERY_SECONDS = 0.005
ADVISORY_LOCK = 0x_D005_7E9  # any constant of ours: one writer at a time on PostgreSQL

_writing = threading.Lock()
_local = threading.local()
_patience: ContextVar[float] = ContextVar('patience', default=PATIENCE_SECONDS)


class DatabaseBusy(Refusal):
    """The write lock was not free in time. Nothing has run yet, so the command may simply be tried again."""

    words = N_('The system is very busy. Please try again in a moment.')


class CannotSave(Refusal):
    """The disk is full, the file may only be read, or the database is away. Nothing was written; reading may go on."""

    words = N_('Nothing can be saved at the moment. Please try again later.')


class DatabaseUnusable(Exception):
    """The database cannot be opened or read: it is not there, not ours to write, damaged, or no database."""

    def __init__(self, reason: Exception) -> None:
        said = str(reason).strip().partition('\n')[0].removesuffix('.')
        super().__init__(f'The database {database.obj.database} cannot be used: {said}.')


class _Postgresql(PostgresqlDatabase):
    """Connects anew where the server has ended the connection meanwhile, but never inside a transaction."""

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        return self._once_more(partial(super().execute_sql, sql, params))

    def begin(self, isolation_level: Any = None) -> None:
        self._once_more(partial(super().begin, isolation_level))

    def _once_more(self, run: Callable[[], Any]) -> Any:
        try:
            return run()
        except (OperationalError, InterfaceError):
            if self.in_transaction() or self.is_connection_usable():
                raise
            self.close()
            return run()


def is_postgresql() -> bool:
    return engine() == 'postgresql'


def engine() -> str:
    """'sqlite' or 'postgresql'."""
    return 'sqlite' if isinstance(database.obj, SqliteDatabase) else 'postgresql'


def open_database(url: str) -> Database:
    """Connects to `url` (sqlite:///… or postgresql://…) and makes it the database of all tables.

    Raises DatabaseUnusable.
    """
    if url.startswith('sqlite'):
        opened: Database = SqliteDatabase(
            url.removeprefix('sqlite:///'),
            lock_type='IMMEDIATE',
            timeout=PATIENCE_SECONDS,
            # FULL: what was answered is on the disk, also after the power fails
            pragmas={'journal_mode': 'wal', 'synchronous': 'full', 'foreign_keys': 1, 'busy_timeout': 5000},
        )
    else:
        opened = _Postgresql(**db_url.parse(url))
    database.initialize(opened)
    try:
        opened.connect(reuse_if_open=True)
    except DatabaseError as trouble:
        raise DatabaseUnusable(trouble) from trouble
    return opened


def close_database() -> None:
    """Closes this thread's connection."""
    if database.obj is not None and not database.is_closed():
        database.close()


@contextmanager
def own_connection() -> Iterator[None]:
    """For work in a thread: a connection that is closed when the work is done. Raises CannotSave where none is had."""
    try:
        database.connect(reuse_if_open=True)
    except OperationalError as away:
        log.exception('the database is away')
        raise CannotSave from away
    try:
        yield
    finally:
        database.close()


@contextmanager
def little_patience() -> Iterator[None]:
    """On the event loop a transaction waits at most 50 ms for the locks, then raises DatabaseBusy."""
    token = _patience.set(LOOP_PATIENCE_SECONDS)
    try:
        yield
    finally:
        _patience.reset(token)


@contextmanager
def transaction() -> Iterator[None]:
    """One writer from here to the end, on both engines: read again, decide, write. Inside another it joins that one.

    Raises DatabaseBusy before anything has run when the lock is not free in time; CannotSave, with all taken back.
    """
    if database.in_transaction():
        yield
        return
    patience = _patience.get()
    if not _writing.acquire(timeout=patience):
        raise DatabaseBusy
    callbacks: list[Callable[[], None]] = []
    _local.after_commit = callbacks
    try:
        with _begun(patience):
            yield
    except DatabaseError as error:
        if not _is_storage_trouble(error):
            raise
        log.exception('nothing can be saved')
        raise CannotSave from error
    finally:
        _local.after_commit = None
        _writing.release()
    _run(callbacks)


@contextmanager
def savepoint() -> Iterator[None]:
    """For an insert that the schema may refuse: on PostgreSQL a refusal outside one spoils the whole transaction.

    What was to run after the commit is forgotten with what is taken back.
    """
    so_far = len(getattr(_local, 'after_commit', None) or ())
    try:
        with database.savepoint():
            yield
    except BaseException:
        del (getattr(_local, 'after_commit', None) or [])[so_far:]
        raise


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read inside is as it was at one moment, whoever writes meanwhile; nothing is written inside."""
    if database.in_transaction():  # nobody else writes
        yield
    elif is_postgresql():
        with database.atomic():
            database.execute_sql('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
            yield
    else:
        with database.atomic('DEFERRED'):
            yield


def after_commit(callback: Callable[[], None]) -> None:
    """Runs `callback` once the outermost transaction is on disk; at once where there is none."""
    waiting = getattr(_local, 'after_commit', None)
    if waiting is None:
        callback()
    else:
        waiting.append(callback)


@contextmanager
def _begun(patience: float) -> Iterator[None]:
    if is_postgresql():
        with database.atomic():
            database.execute_sql(f'SET LOCAL lock_timeout = {int(patience * 1000)}')
            _waiting_at_most(lambda: database.execute_sql(f'SELECT pg_advisory_xact_lock({ADVISORY_LOCK})'))
            yield
        return
    begun = _begun_on_sqlite(patience)
    try:
        yield
    except BaseException as error:
        begun.__exit__(type(error), error, error.__traceback__)
        raise
    begun.__exit__(None, None, None)


def _begun_on_sqlite(patience: float) -> Any:
    """SQLite's own waiting sleeps up to 100 ms between two looks, so that a process which writes without a rest keeps
    others out for seconds: here we look more often.
    """
    _set_busy_timeout(0)
    deadline = time.monotonic() + patience
    try:
        while True:
            begun = database.atomic('IMMEDIATE')
            try:
                _waiting_at_most(begun.__enter__)
            except DatabaseBusy:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(LOOK_EVERY_SECONDS)
            else:
                return begun
    finally:
        _set_busy_timeout(PATIENCE_SECONDS)


def _waiting_at_most(begin: Callable[[], object]) -> None:
    try:
        begin()
    except OperationalError as error:
        if _was_locked(error):
            raise DatabaseBusy from error
        raise


def _was_locked(error: OperationalError) -> bool:
    """By number, as servers speak the language of their country: SQLSTATE 55P03, SQLITE_BUSY, SQLITE_LOCKED."""
    cause = getattr(error, 'orig', None)
    primary = getattr(cause, 'sqlite_errorcode', 0) & 0xFF
    return getattr(cause, 'sqlstate', None) == '55P03' or primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def _is_storage_trouble(error: BaseException | None) -> bool:
    """Whether it, or what it hides, is the disk's or the server's fault: a rollback that fails hides "disk is full"."""
    while error is not None:
        if any(sign in str(error) for sign in STORAGE_TROUBLE) or (
            isinstance(error, OperationalError) and is_postgresql()
        ):
            return True
        error = error.__context__
    return False


def _set_busy_timeout(seconds: float) -> None:
    connection = database.connection()
    if isinstance(connection, sqlite3.Connection):
        connection.execute(f'PRAGMA busy_timeout = {int(seconds * 1000)}')


def _run(callbacks: list[Callable[[], None]]) -> None:
    for callback in callbacks:
        try:
            callback()
        except Exception:  # what is on disk stays on disk: a page that fails to redraw cannot fail the command
            log.exception('announcement failed')
