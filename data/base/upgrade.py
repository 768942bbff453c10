"""Brings a database to this version at start: a snapshot first, then the migrations it has not seen."""

import re
import shutil
import sqlite3
from pathlib import Path

import structlog
from peewee import DatabaseError
from playhouse.migrations import Runner

from data.base import clock, schema
from data.base.database import ADVISORY_LOCK, DatabaseUnusable, database, engine, is_postgresql

log = structlog.get_logger()

MIGRATIONS = Path(__file__).parent / 'migrations'

_GUARD = re.compile(r'(?:CREATE (?:UNIQUE INDEX|TRIGGER|FUNCTION)|ALTER TABLE \w+ ADD CONSTRAINT) (\w+)')
_THERE = {  # what is in force, as statements
    'sqlite': "SELECT sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL",
    'postgresql': """SELECT pg_get_triggerdef(oid, true) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled =
        ANY (CASE current_setting('session_replication_role') WHEN 'replica' THEN '{A,R}' ELSE '{A,O}' END::"char"[])
    UNION ALL SELECT pg_get_indexdef(indexrelid, 0, true) FROM pg_index WHERE indisunique AND indisvalid
    UNION ALL SELECT concat('ALTER TABLE ', conrelid::regclass, ' ADD CONSTRAINT ', conname, ' ',
        pg_get_constraintdef(pg_constraint.oid, true)) FROM pg_constraint JOIN pg_index ON indexrelid = conindid
        WHERE contype = 'x' AND indisvalid
    UNION ALL SELECT concat('CREATE FUNCTION ', proname, '() RETURNS trigger LANGUAGE ', lanname, ' AS $$', prosrc,
        '$$') FROM pg_proc JOIN pg_language ON pg_language.oid = prolang WHERE prorettype = 'trigger'::regtype""",
}


class DatabaseTooNew(Exception):
    """The database was written by a newer Doorstep; running this one on it could lose what it does not know."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f'This database was used by a newer Doorstep (it has {", ".join(names)}). '
            'Start that version, or restore the snapshot that it made before its upgrade.'
        )


class GuardMissing(Exception):
    """What the schema refuses or keeps by itself is not there as the code declares it; nothing may be served then."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            'The database lacks its guards against double bookings and broken records, or somebody changed them '
            f'({", ".join(names)}). Restore a backup.'
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


def check_guards() -> None:
    """Raises GuardMissing unless each trigger, exclusion and unique partial index is in force as the tables declare it.

    A rebuilt SQLite table loses its triggers silently; PostgreSQL can switch them off.
    """
    there = {_plain(statement) for (statement,) in database.execute_sql(_THERE[engine()]).fetchall()}
    declared = [statement for table in schema.tables() for statement in table.statements.get(engine(), [])]
    guards = [(found.group(1), statement) for statement in declared if (found := _GUARD.match(statement))]
    if missing := [name for name, statement in guards if _plain(statement) not in there]:
        raise GuardMissing(missing)


def _plain(statement: str) -> str:
    """As both the code and the engine say it: PostgreSQL tells what it was told in words of its own."""
    if is_postgresql():
        statement = re.sub(r'= ANY \(ARRAY\[(.*?)\]\)', r'IN \1', statement)
        statement = re.sub(r'USING btree|[()]', ' ', statement.replace('::text', ''))
        statement = statement.replace('NEW.', 'new.').replace('OLD.', 'old.')
    return ' '.join(statement.replace('"', '').split())


def _check_references() -> None:
    lost = database.execute_sql('PRAGMA foreign_key_check').fetchall()
    if lost:
        raise sqlite3.IntegrityError(f'rows point to nothing after the migration: {lost[:5]}')
