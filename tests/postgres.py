"""A real PostgreSQL server of our own for the tests: private socket folder, no network, nothing forced to disk."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier, Literal

START_SECONDS = 30
SETTINGS = {
    'listen_addresses': '',
    'fsync': 'off',
    'synchronous_commit': 'off',
    'full_page_writes': 'off',
    'max_connections': '120',
    'shared_buffers': '32MB',
    'autovacuum': 'off',
}
_numbers = count(1)


@dataclass(frozen=True)
class Server:
    folder: Path

    def url(self, name: str) -> str:
        return f'postgresql:///{name}?host={self.folder}&user=doorstep'

    def create(self, *, template: str = 'template0') -> str:
        """The name of a new database with all that stands in `template`."""
        name = f'doorstep_{next(_numbers)}'
        self._run(f'CREATE DATABASE {name} TEMPLATE {template}')
        return name

    def drop(self, name: str) -> None:
        """Also when somebody is still connected."""
        self._run(f'DROP DATABASE {name} WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url('postgres'), autocommit=True) as connection:
            connection.execute(statement.encode())


# what tells whether a test has changed the schema: rows are taken back, anything else is not
SHAPE = """SELECT md5(string_agg(line, ' ' ORDER BY line)) FROM (
    SELECT concat_ws(' ', attrelid, attname, atttypid, attnotnull) FROM pg_attribute JOIN pg_class ON oid = attrelid
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'constraint', oid, conname) FROM pg_constraint
    UNION ALL SELECT concat_ws(' ', 'trigger', oid, tgname, tgenabled) FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', 'function', oid, prosrc) FROM pg_proc
    UNION ALL SELECT concat_ws(' ', 'index', indexrelid) FROM pg_index
) AS lines (line)"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
AWAY_WITH_OTHERS = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND datname = current_database() AND backend_type = 'client backend'"""
FROM_THE_START = """SELECT setval(quote_ident(sequencename)::regclass, start_value, false) FROM pg_sequences"""
AFTER_THE_LAST = 'SELECT setval({}, max(id)) FROM {}'


class Pool:
    """Databases like a template. One that comes back with its schema as it was is emptied and given out again: making a
    new one takes forty times as long.
    """

    def __init__(self, server: Server, template: str) -> None:
        self._server, self._template = server, template
        self._spare: list[str] = []
        with psycopg.connect(server.url(template)) as connection:
            self._shape = connection.execute(SHAPE).fetchone()
            self._tables = [name for (name,) in connection.execute(TABLES)]
            self._rows = {table: _rows_of(connection, table) for table in self._tables}

    def take(self) -> str:
        return self._spare.pop() if self._spare else self._server.create(template=self._template)

    def give_back(self, name: str) -> None:
        """Also when somebody is still connected."""
        with psycopg.connect(self._server.url(name)) as connection:
            connection.execute(AWAY_WITH_OTHERS)
            is_as_before = connection.execute(SHAPE).fetchone() == self._shape
            if is_as_before:
                self._empty(connection)
        if is_as_before:
            self._spare.append(name)
        else:
            self._server.drop(name)

    def _empty(self, connection: 'psycopg.Connection[tuple[Any, ...]]') -> None:
        connection.execute("SET LOCAL session_replication_role = 'replica'")  # no trigger, no foreign key looks on
        for table in self._tables:
            connection.execute(SQL('DELETE FROM {}').format(Identifier(table)))
        connection.execute(FROM_THE_START)
        for table, rows in self._rows.items():
            for row in rows:
                values = SQL(', ').join(SQL('%s') for _ in row)
                connection.execute(SQL('INSERT INTO {} VALUES ({})').format(Identifier(table), values), row)
            if rows:
                connection.execute(SQL(AFTER_THE_LAST).format(Literal(f'{table}_id_seq'), Identifier(table)))


def _rows_of(connection: 'psycopg.Connection[tuple[Any, ...]]', table: str) -> list[tuple[Any, ...]]:
    return connection.execute(SQL('SELECT * FROM {}').format(Identifier(table))).fetchall()


def tools() -> Path | None:
    """The newest folder of PostgreSQL's programs in Debian's places, or that of PATH."""
    found = sorted(Path('/usr/lib/postgresql').glob('*/bin/initdb'), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which('initdb')
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def running() -> Iterator[Server]:
    """Starts a server and ends it afterwards; it also ends when this process is killed."""
    programs = tools()
    if programs is None:
        raise RuntimeError('PostgreSQL is missing. Type: sudo apt-get install postgresql - or leave it out: PG=skip')
    user = 'postgres' if os.getuid() == 0 else None  # initdb refuses root
    folder = Path(tempfile.mkdtemp(prefix='doorstep-pg-'))  # a socket's path may have 107 characters: not tmp_path
    try:
        if user:
            shutil.chown(folder, user)
        initialise = f'{programs}/initdb -D data -U doorstep -A trust -N -E UTF8 --locale=C.UTF-8'
        subprocess.run(initialise.split(), user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with _started(programs, folder, user):
            yield Server(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(programs: Path, folder: Path, user: str | None) -> Iterator[None]:
    settings = [f'--{name}={value}' for name, value in SETTINGS.items()]
    command = f'setpriv --pdeathsig QUIT {programs}/postgres -D data -k {folder}'
    with (folder / 'log').open('w') as log:
        process = subprocess.Popen([*command.split(), *settings], user=user, cwd=folder, stdout=log, stderr=log)
    try:
        _wait_for(process, Server(folder), folder / 'log')
        yield
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: nobody needs these data again
        process.wait()


def _wait_for(process: 'subprocess.Popen[bytes]', server: Server, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(server.url('postgres')).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f'PostgreSQL did not start:\n{log.read_text()}') from None
            time.sleep(0.02)
        else:
            return
