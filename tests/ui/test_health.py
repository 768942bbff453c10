"""`/healthz`: honest about the database, and asking it no more than it must."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from peewee import SqliteDatabase

from data.base.database import database
from ui.machine.health import Health, database_reads


@pytest.fixture
def unreachable(tmp_path: Path) -> Iterator[None]:
    """A database in a folder that is not there."""
    before = database.obj
    database.initialize(SqliteDatabase(str(tmp_path / 'missing' / 'doorstep.db')))
    yield
    database.initialize(before)


@pytest.mark.usefixtures('database')
def test_it_says_ok_while_the_database_reads() -> None:
    assert Health(database_reads).answer() == (200, 'ok\n')


@pytest.mark.usefixtures('unreachable')
def test_it_says_so_when_the_database_does_not_read() -> None:
    status, words = Health(database_reads).answer()
    assert status == 503
    assert 'database' in words


def test_a_thousand_questions_ask_the_database_once() -> None:
    asked: list[bool] = []

    def is_well() -> bool:
        asked.append(True)
        return True

    health = Health(is_well)
    assert {health.answer()[0] for _ in range(1000)} == {200}
    assert len(asked) == 1
