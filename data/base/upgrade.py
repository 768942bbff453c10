"""Brings a database to this version at start: a snapshot first, then the migrations it has not seen."""

import shutil
import sqlite3
from pathlib import Path

import structlog
from peewee import DatabaseError
from playhouse.migrations import Runner

from data.base import clock
from data.base.database import ADVISORY_LOCK, DatabaseUnusable, database, is_postgresql

log = structlog.get_logger()

MIGRATIONS = Path(__file__).parent / 'migrations'


class DatabaseTooNew(Exception):
    """The database was written by a newer Doorstep; running this one on it could lose what it does not know."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f'This database was used by a newer Doorstep (it has {", ".join(names)}). '
            'Start that version, or restore the snapshot that it made before its upgrade.'
        )


class GuardMissing(Exception):
    """The schema's refusal of double bookings is not there; nothing may be booked without it."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f'The database lacks its guard against double bookings ({", ".join(names)}). Restore a backup.'
        )


def upgrade(directory: Path = MIGRATIONS) -> list[str]:
    """Runs what is missing, on a fresh connection and outside any transaction; returns the names of what ran.

    Raises DatabaseTooNew and DatabaseUnusable; sqlite3.DatabaseError or peewee's errors for a migration that failed: on
    SQLite the snapshot beside the database is as it was before, on PostgreSQL nothing has changed.
    """
    runner = Runner(database.obj, str(directory))
    try:
        status = runner.status()
    except DatabaseError as damaged:
        raise DatabaseUnusable(damaged) from damaged
    unknown = [migration.name for migration in status if migration.path is None]
    if unknown:
        raise DatabaseTooNew(unknown)
    pending = [migration.name for migration in status if not migration.applied]
    if not pending:
        return []
    if is_postgresql():
        with database.atomic():
            database.execute_sql(f'SELECT pg_advisory_xact_lock({ADVISORY_LOCK})')
            done = runner.up()
    else:
        if len(pending) < len(status):
            snapshot()
        done = runner.up()
        _check_references()
    log.info('migrated', migrations=done)
    return list(done)


def snapshot() -> Path:
    """A checked copy of the SQLite file beside it, named by the time; raises OSError when the disk is full."""
    source = Path(str(database.obj.database))
    target = source.with_name(f'{source.stem}-before-{clock.now():%Y%m%dT%H%M%SZ}.db')
    copy = target.with_suffix('.part')
    connection = sqlite3.connect(copy)
    try:
        database.connection().backup(connection)
        sound = connection.execute('PRAGMA quick_check').fetchone()[0]
    finally:
        connection.close()
    if sound != 'ok':
        raise sqlite3.DatabaseError(f'the snapshot {copy} is damaged: {sound}')
    shutil.move(copy, target)
    log.info('snapshot', file=target.name)
    return target


def check_guard(names: dict[str, list[str]]) -> None:
    """Looks for the guard's triggers or constraints by engine; a rebuilt SQLite table loses its triggers silently."""
    if is_postgresql():
        rows = database.execute_sql('SELECT conname FROM pg_constraint')
        wanted = names['postgresql']
    else:
        rows = database.execute_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        wanted = names['sqlite']
    there = {row[0] for row in rows.fetchall()}
    if missing := [name for name in wanted if name not in there]:
        raise GuardMissing(missing)


def _check_references() -> None:
    lost = database.execute_sql('PRAGMA foreign_key_check').fetchall()
    if lost:
        raise sqlite3.IntegrityError(f'rows point to nothing after the migration: {lost[:5]}')
