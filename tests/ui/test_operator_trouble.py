"""What an operator can put right is told by the true main.py in one sentence, with exit code 1 and no traceback."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import makers
import postgres
import psycopg
import pytest
from server import REPOSITORY, free_port

# to root as well a folder may be read-only
MORTAL = ('setpriv', '--bounding-set=-dac_override,-dac_read_search') if os.getuid() == 0 else ()
WITHOUT_GUARD = (
    'The database lacks its guards against double bookings and broken records, or somebody changed them ({}). '
    'Restore a backup.'
)
COMMANDS = ['serve', 'setup-link', 'migrate', 'demo']


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that was in use."""
    with makers.house(tmp_path / 'data'):
        makers.make_business()
        makers.make_owner()
        makers.make_invitation(makers.make_customer(signs_in=False).contact)  # sealed: the key is there
    return tmp_path / 'data'


def told(data: Path, command: str = 'migrate', *, by: tuple[str, ...] = MORTAL, **environment: str) -> str:
    """The one line that it writes before it ends."""
    given = {'PATH': os.environ['PATH'], 'DOORSTEP_DATA': str(data), 'DOORSTEP_PORT': str(free_port())}
    ended = subprocess.run(
        [*by, sys.executable, 'main.py', command],
        cwd=REPOSITORY,
        env=given | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    assert ended.stdout == ''
    assert ended.stderr.startswith('Error: ')
    assert ended.stderr.count('\n') == 1, ended.stderr
    assert ended.stderr.endswith('.\n')
    return ended.stderr.removeprefix('Error: ').strip()


@pytest.mark.parametrize('command', COMMANDS)
def test_a_file_that_is_no_database(data: Path, command: str) -> None:
    (data / 'doorstep.db').write_bytes(b'no database' * 1000)

    assert told(data, command) == f'The database {data}/doorstep.db cannot be used: file is not a database.'


def test_a_database_that_is_damaged_behind_its_head(data: Path) -> None:
    file = data / 'doorstep.db'
    content = file.read_bytes()
    file.write_bytes(content[:100] + b'\xff' * (len(content) - 100))

    assert told(data) == f'The database {file} cannot be used: database disk image is malformed.'


def test_a_data_folder_that_may_only_be_read(data: Path) -> None:
    with only_readable(data, data / 'doorstep.db'):
        sentence = told(data)

    assert sentence == f'The database {data}/doorstep.db cannot be used: attempt to write a readonly database.'


def test_a_fresh_data_folder_that_may_only_be_read(tmp_path: Path) -> None:
    with only_readable(tmp_path):
        assert told(tmp_path / 'data') == f'{tmp_path}/data cannot be used: Permission denied.'
        assert 'cannot be used: Permission denied.' in told(tmp_path)


@pytest.mark.parametrize('content', ['', 'no key'])
def test_a_damaged_key_is_told_before_anybody_needs_it(data: Path, content: str) -> None:
    (data / 'secret.key').write_text(content)

    assert told(data) == f'The key in {data}/secret.key is damaged. Put the one of your backup there.'


@pytest.mark.parametrize('url', ['nonsense', 'mysql://alder:swordfish@localhost/doorstep', 'postgresql://a:b@c:d/e'])
def test_an_address_of_no_database(tmp_path: Path, url: str) -> None:
    sentence = told(tmp_path, DATABASE_URL=url)

    assert sentence == 'DOORSTEP_DATABASE_URL: must look like postgresql://user:password@host/name.'


def test_a_postgresql_that_is_not_there(tmp_path: Path) -> None:
    sentence = told(tmp_path, DATABASE_URL=f'postgresql://alder:swordfish@127.0.0.1:{free_port()}/doorstep')

    assert sentence.startswith('The database doorstep cannot be used: ')
    assert sentence.endswith('Connection refused.')
    assert 'swordfish' not in sentence


def test_a_file_with_a_secret_that_is_not_there(tmp_path: Path) -> None:
    sentence = told(tmp_path, DOORSTEP_SMTP_PASSWORD_FILE='/nowhere/password')

    assert sentence == '/nowhere/password cannot be used: No such file or directory.'


ON_SQLITE = {
    'bookings_guard_insert': 'DROP TRIGGER bookings_guard_insert',
    'bookings_guard_update': 'DROP TRIGGER bookings_guard_update',
    'bookings_revision_update': 'DROP TRIGGER bookings_revision_update',
    'bookings_one_traveling': 'DROP INDEX bookings_one_traveling',
}
ON_POSTGRESQL = {
    'bookings_guard': 'ALTER TABLE bookings DROP CONSTRAINT bookings_guard',
    'bookings_revision': 'ALTER TABLE bookings DISABLE TRIGGER bookings_revision',
    'bookings_one_traveling': 'DROP INDEX bookings_one_traveling',
}


@pytest.mark.parametrize(('name', 'change'), ON_SQLITE.items(), ids=ON_SQLITE)
def test_a_sqlite_database_without_a_guard_is_not_served(data: Path, name: str, change: str) -> None:
    with sqlite3.connect(data / 'doorstep.db') as other:
        other.execute(change)
    other.close()

    for command in COMMANDS if name == 'bookings_guard_insert' else ['serve']:
        assert told(data, command) == WITHOUT_GUARD.format(name)


def test_a_postgresql_without_a_guard_is_not_served(
    tmp_path: Path, postgresql_server: postgres.Server, postgresql_template: str
) -> None:
    for name, change in ON_POSTGRESQL.items():
        database = postgresql_server.create(template=postgresql_template)
        with psycopg.connect(postgresql_server.url(database)) as other:
            other.execute(change.encode())

        # by root: the way to the server is the server's own
        sentence = told(tmp_path / 'data', 'serve', by=(), DATABASE_URL=postgresql_server.url(database))
        assert sentence == WITHOUT_GUARD.format(name)
        postgresql_server.drop(database)


def test_a_database_that_another_process_keeps_for_itself(data: Path) -> None:
    other = sqlite3.connect(data / 'doorstep.db', isolation_level=None)
    other.execute('BEGIN IMMEDIATE')

    assert told(data, 'setup-link') == 'The system is very busy. Please try again in a moment.'
    other.close()


@contextmanager
def only_readable(*paths: Path) -> Iterator[None]:
    modes = {path: path.stat().st_mode for path in paths}
    for path, mode in modes.items():
        path.chmod(mode & 0o555)
    yield
    for path, mode in modes.items():
        path.chmod(mode)
