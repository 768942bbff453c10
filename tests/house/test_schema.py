"""The migrations end where the code begins: the same tables, checks, indexes and triggers, and no row is lost."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import schema_reader
from schema_reader import read_schema

from data.base import schema
from data.base.database import database, engine
from data.base.upgrade import MIGRATIONS, upgrade

ROWS = Path(__file__).with_name('rows_of_0001.sql')
Empty = Callable[[], str]
Rows = list[dict[str, object]]


def test_an_empty_database_becomes_what_the_code_declares(empty: Empty) -> None:
    empty()
    upgrade()

    assert differences(read_schema(), declared(empty)) == []


def test_an_older_database_in_use_becomes_what_the_code_declares_and_loses_no_row(empty: Empty, tmp_path: Path) -> None:
    empty()
    fill(tmp_path)
    before = {table: rows_of(table) for table in schema_reader.tables()}
    assert [table for table, rows in before.items() if not rows] == []

    upgrade()

    there = {table: rows_of(table, like=rows) for table, rows in before.items()}
    assert there == before
    assert differences(read_schema(), declared(empty)) == []


SMALL = {  # what a migration might get wrong: in both files' words, and how it is noticed
    'a null allowed': ('"uid" TEXT NOT NULL', '"uid" TEXT', 'uid'),
    'a default': ('"sequence" INTEGER NOT NULL', '"sequence" INTEGER NOT NULL DEFAULT 0', 'sequence'),
    'another name': ('"cancel_note" TEXT', '"canceled_note" TEXT', 'cancel_note'),
    'a check left out': ("role IN ('technician', 'dispatcher', 'owner')", '1 = 1', 'role IN|role = ANY'),
    'a check weakened': (' AND blocks_until <= ends_at', '', 'blocks_until <= ends_at'),
    'rows that vanish with others': ('ON DELETE RESTRICT', 'ON DELETE CASCADE', 'CASCADE|on delete CASCADE'),
    'two of what is unique': ('CREATE UNIQUE INDEX "bookings_uid"', 'CREATE INDEX "bookings_uid"', 'bookings_uid'),
    'an index over too much': (" WHERE state = 'traveling'", '', 'bookings_one_traveling'),
    'an index under another name': ('INDEX "changes_customer_id"', 'INDEX "other"', 'changes_customer_id'),
    'an index over other columns': ('("customer_id", "starts_at")', '("starts_at", "customer_id")', 'starts_at'),
}
SMALL_ON_SQLITE = {
    'another type': ('"blocks_until" INTEGER NOT NULL', '"blocks_until" REAL NOT NULL', 'blocks_until: REAL'),
    'another order': ('"email" TEXT NOT NULL', '"email" TEXT NOT NULL COLLATE NOCASE', 'COLLATE NOCASE'),
    'a guard that refuses too much': (') > NEW.starts_at', ') >= NEW.starts_at', 'bookings_guard_insert'),
    'a trigger under another name': ('TRIGGER time_off_revision_insert', 'TRIGGER other', 'time_off_revision_insert'),
}
SMALL_ON_POSTGRESQL = {
    'another type': ('"blocks_until" BIGINT NOT NULL', '"blocks_until" INTEGER NOT NULL', 'blocks_until integer'),
    'another order': ('"email" TEXT NOT NULL', '"email" TEXT COLLATE "C" NOT NULL', 'email text NO C'),
    'a guard that refuses too little': (") WHERE (state <> 'canceled')", ') WHERE (false)', 'bookings_guard EXCLUDE'),
    'a trigger under another name': ('TRIGGER time_off_revision', 'TRIGGER other', 'time_off_revision'),
    'a trigger that does less': (
        'IN (OLD.technician_id, NEW.technician_id)',
        'IN (NEW.technician_id)',
        'revision_of_one',
    ),
}
CASES = [
    pytest.param(engine, *change, id=f'{engine}-{name}')
    for engine, changes in (('sqlite', SMALL | SMALL_ON_SQLITE), ('postgresql', SMALL | SMALL_ON_POSTGRESQL))
    for name, change in changes.items()
]


@pytest.fixture(scope='module')
def known() -> dict[str, set[str]]:
    """What the code declares on each engine, once it was asked."""
    return {}


@pytest.mark.parametrize(('empty', 'old', 'new', 'noticed'), CASES, indirect=['empty'])
def test_the_smallest_difference_is_seen(
    empty: Empty, known: dict[str, set[str]], tmp_path: Path, old: str, new: str, noticed: str
) -> None:
    empty()
    name = engine()
    wanted = known.get(name) or known.setdefault(name, declared(empty))
    empty()
    upgrade(migrations_with(tmp_path, old, new))

    found = differences(read_schema(), wanted)

    assert any(part in line for line in found for part in noticed.split('|')), found


def fill(folder: Path) -> None:
    """A database as migration 0001 left it, in use."""
    (folder / 'old').mkdir()
    shutil.copy(MIGRATIONS / '0001_ground.py', folder / 'old')
    upgrade(folder / 'old')
    for statement in ROWS.read_text(encoding='utf-8').split(';\n'):
        if statement.strip():
            database.execute_sql(statement)


def migrations_with(folder: Path, old: str, new: str) -> Path:
    """The migrations with every `old` in them as `new`."""
    changed = folder / 'changed'
    changed.mkdir()
    for path in MIGRATIONS.glob('0*.py'):
        (changed / path.name).write_text(path.read_text(encoding='utf-8').replace(old, new), encoding='utf-8')
    return changed


def declared(empty: Empty) -> set[str]:
    """The schema that is made from the code, in a database of its own."""
    empty()
    schema.create()
    return read_schema()


def differences(there: set[str], wanted: set[str]) -> list[str]:
    """Lines that stand on one side only."""
    return sorted({f'missing: {line}' for line in wanted - there} | {f'too much: {line}' for line in there - wanted})


def rows_of(table: str, *, like: Rows | None = None) -> Rows:
    """Every row by id, all its columns or those that the rows of `like` have."""
    cursor = database.execute_sql(f'SELECT * FROM {table} ORDER BY id')  # noqa: S608  # the name of a table of ours
    names = [column[0] for column in cursor.description]
    kept = set(like[0]) if like else set(names)
    return [{name: plain(value) for name, value in zip(names, row, strict=True) if name in kept} for row in cursor]


def plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value
