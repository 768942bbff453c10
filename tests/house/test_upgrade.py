"""An upgrade happens whole or not at all, after a snapshot; what is newer or without its guard is refused."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import schema_reader
import time_machine
from peewee import IntegrityError, OperationalError, ProgrammingError

from data.base.database import close_database, database, open_database
from data.base.upgrade import MIGRATIONS, DatabaseTooNew, upgrade

Empty = Callable[[], str]
on_sqlite = pytest.mark.parametrize('empty', ['sqlite'], indirect=True)
on_postgresql = pytest.mark.parametrize('empty', ['postgresql'], indirect=True)

SHIPPED = sorted(path.stem for path in MIGRATIONS.glob('0*.py'))
FAILS_HALFWAY = """
def up(migrator, db):
    db.execute_sql("CREATE TABLE half (id INTEGER PRIMARY KEY)")
    db.execute_sql("INSERT INTO products (name, version) VALUES ('Half', 1)")
    db.execute_sql("CREATE NONSENSE")
"""
LOSES_A_PARENT = """
def up(migrator, db):
    db.execute_sql("PRAGMA defer_foreign_keys = 1")
    db.execute_sql("INSERT INTO account_roles (account_id, role) VALUES (99, 'owner')")
"""


def test_every_migration_runs_once(empty: Empty) -> None:
    empty()

    assert upgrade() == SHIPPED
    assert upgrade() == []


def test_a_newer_database_is_refused_and_left_as_it_is(empty: Empty, tmp_path: Path) -> None:
    empty()
    upgrade(
        migrations(
            tmp_path, '0001_ground', '0002_territories', '0003_the_road', more={'0099_later': 'def up(m, db): pass'}
        )
    )
    before = schema_reader.read_schema()

    with pytest.raises(DatabaseTooNew, match=r'newer Doorstep .*0099_later'):
        upgrade(migrations(tmp_path, '0001_ground', more={'0003_ours': FAILS_HALFWAY}))

    assert schema_reader.read_schema() == before


@on_sqlite
def test_before_an_upgrade_a_sound_snapshot_of_the_old_house_is_made(empty: Empty, tmp_path: Path) -> None:
    empty()
    upgrade(migrations(tmp_path, '0001_ground'))
    database.execute_sql("INSERT INTO products (name, version) VALUES ('Boiler', 1)")

    with time_machine.travel('2030-05-06T09:00:00+00:00', tick=False):
        upgrade()

    snapshot = tmp_path / 'house-0-before-20300506T090000Z.db'
    assert [path.name for path in tmp_path.glob('*before*')] == [snapshot.name]
    kept = sqlite3.connect(snapshot)
    assert kept.execute('PRAGMA integrity_check').fetchall() == [('ok',)]
    assert kept.execute('PRAGMA foreign_key_check').fetchall() == []
    assert kept.execute('SELECT name FROM products').fetchall() == [('Boiler',)]
    assert kept.execute('SELECT name FROM schema_migration').fetchall() == [('0001_ground',)]
    kept.close()


@on_sqlite
def test_a_snapshot_can_be_used_in_the_old_ones_stead(empty: Empty, tmp_path: Path) -> None:
    empty()
    upgrade(migrations(tmp_path, '0001_ground'))
    upgrade()
    snapshot = next(tmp_path.glob('*before*'))
    close_database()

    open_database(f'sqlite:///{snapshot}')

    assert upgrade() == SHIPPED[1:]


@on_sqlite
def test_no_snapshot_is_made_of_an_empty_house_or_of_one_that_is_up_to_date(empty: Empty, tmp_path: Path) -> None:
    empty()
    upgrade()
    upgrade()

    assert list(tmp_path.glob('*before*')) == []


@on_sqlite
def test_on_sqlite_a_migration_that_fails_leaves_the_house_as_it_was(empty: Empty, tmp_path: Path) -> None:
    empty()
    upgrade(migrations(tmp_path, '0001_ground'))
    before = schema_reader.read_schema()

    with pytest.raises(OperationalError):
        upgrade(migrations(tmp_path, '0001_ground', more={'0002_bad': FAILS_HALFWAY}))

    assert schema_reader.read_schema() == before
    assert products() == []
    assert upgrade() == SHIPPED[1:]


@on_sqlite
def test_on_sqlite_a_row_that_points_to_nothing_after_a_migration_is_noticed(empty: Empty, tmp_path: Path) -> None:
    empty()
    upgrade(migrations(tmp_path, '0001_ground'))

    with pytest.raises((sqlite3.IntegrityError, IntegrityError)):
        upgrade(migrations(tmp_path, '0001_ground', more={'0002_bad': LOSES_A_PARENT}))

    assert list(tmp_path.glob('*before*'))


@on_postgresql
def test_on_postgresql_all_migrations_are_one_transaction(empty: Empty, tmp_path: Path) -> None:
    empty()

    with pytest.raises(ProgrammingError):
        upgrade(migrations(tmp_path, '0001_ground', more={'0002_bad': FAILS_HALFWAY}))

    assert schema_reader.tables() == []
    assert upgrade() == SHIPPED


def migrations(folder: Path, *ours: str, more: dict[str, str] | None = None) -> Path:
    """A folder with some of our migrations, and others made up."""
    made = folder / f'migrations-{len(list(folder.glob("migrations-*")))}'
    made.mkdir()
    for name in ours:
        shutil.copy(MIGRATIONS / f'{name}.py', made)
    for name, source in (more or {}).items():
        (made / f'{name}.py').write_text(source, encoding='utf-8')
    return made


def products() -> list[tuple[str]]:
    return list(database.execute_sql('SELECT name FROM products').fetchall())
