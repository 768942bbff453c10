"""The true server while its database is locked, full or away, while many sign in, and when it is told to stop."""

import asyncio
import resource
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import makers
import open_pages
import postgres
import psycopg
from open_pages import COOKIE
from people import ADA, CLEO, NIELS, PASSWORD
from raw_requests import ask
from server import Server, running_server

from data.access import accounts, sessions
from data.access.sessions import Session
from data.base import clock

NO_STALL_SECONDS = 1.5  # on a machine that does much else
STOP_SECONDS = 8.0
SILENT_PORT_BACKLOG = 5


@dataclass(frozen=True)
class Portal:
    """The true server, with the session of a dispatcher which was not used for a while."""

    server: Server
    token: str
    customer_id: int

    def get(self, address: str) -> httpx.Response:
        return httpx.get(self.server.url + address, headers={'Cookie': f'{COOKIE}={self.token}'}, timeout=30)

    def sign_in(self, email: str = ADA.email, password: str = PASSWORD) -> httpx.Response:
        form, headers = {'email': email, 'password': password}, {'Origin': self.server.url}
        return httpx.post(f'{self.server.url}/sign-in', data=form, headers=headers, timeout=60)


@contextmanager
def portal(folder: Path, *, database_url: str = '', **environment: str) -> Iterator[Portal]:
    with makers.house(folder / 'data', database_url=database_url):
        cast = makers.make_cast()
        account = accounts.by_email(CLEO.email)
        assert account is not None
        token = sessions.begin(account, browser='Test')
        Session.update(seen_at=clock.now() - timedelta(hours=1)).execute()
        makers.make_invitation(makers.make_contact(cast.household, NIELS, signs_in=False))
    given: dict[str, Any] = environment | ({'DATABASE_URL': database_url} if database_url else {})
    with running_server(folder, **given) as server:
        yield Portal(server, token, cast.household.customer.id)


@dataclass
class Watch:
    """Asks for /healthz all the time; what took longest tells how long the loop stood still."""

    url: str
    longest: float = 0.0
    _is_over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        with httpx.Client(timeout=30) as client:
            while not self._is_over.wait(0.05):
                begun = time.monotonic()
                client.get(f'{self.url}/healthz')
                self.longest = max(self.longest, time.monotonic() - begun)

    def __enter__(self) -> 'Watch':
        self._thread = threading.Thread(target=self.run)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()


def test_a_database_that_another_process_holds_stops_no_page_and_gets_a_sentence(tmp_path: Path) -> None:
    with portal(tmp_path) as house, ThreadPoolExecutor(2) as hands:
        holder = sqlite3.connect(house.server.data / 'doorstep.db', isolation_level=None)
        holder.execute('BEGIN IMMEDIATE')
        with Watch(house.server.url) as watch:
            pressed = hands.submit(house.sign_in)
            begun = time.monotonic()
            assert house.get('/staff/bookings').status_code == httpx.codes.OK
            assert time.monotonic() - begun < NO_STALL_SECONDS
            answer = pressed.result()
        assert 'The system is very busy' in answer.text
        assert watch.longest < NO_STALL_SECONDS
        holder.execute('ROLLBACK')
        holder.close()
        assert house.sign_in().status_code == httpx.codes.SEE_OTHER


def test_on_a_full_disk_pages_are_read_and_presses_get_a_sentence_until_there_is_room(tmp_path: Path) -> None:
    with portal(tmp_path) as house:
        with _no_room(house.server):
            assert house.get('/staff/bookings').status_code == httpx.codes.OK
            answer = house.sign_in()
            assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
            assert 'Nothing can be saved at the moment' in answer.text
            assert house.get('/staff/bookings').status_code == httpx.codes.OK
        assert house.sign_in().status_code == httpx.codes.SEE_OTHER


async def test_a_press_on_an_open_page_is_answered_while_nothing_can_be_saved(tmp_path: Path) -> None:
    with portal(tmp_path) as house:
        page = open_pages.opened(house.server, f'/staff/customers/{house.customer_id}', house.token)
        async with page.socket() as client:
            with _no_room(house.server):
                await page.press(client, page.button('Invite again'))
                await page.hears('notify')


def test_connections_that_postgresql_has_ended_are_made_anew(
    tmp_path: Path, postgresql_server: postgres.Server, postgresql_template: str
) -> None:
    name = postgresql_server.create(template=postgresql_template)
    admin = postgresql_server.url('postgres')
    with portal(tmp_path, database_url=postgresql_server.url(name)) as house:
        assert house.get('/staff/bookings').status_code == httpx.codes.OK
        _sql(admin, f'ALTER DATABASE {name} ALLOW_CONNECTIONS false')
        _sql(admin, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s', name)
        assert house.get('/staff/bookings').status_code in {500, 503}
        assert house.sign_in().status_code in {422, 500, 503}
        _sql(admin, f'ALTER DATABASE {name} ALLOW_CONNECTIONS true')
        assert house.get('/staff/bookings').status_code == httpx.codes.OK
        assert house.sign_in().status_code == httpx.codes.SEE_OTHER
    postgresql_server.drop(name)


def test_fifty_who_sign_in_at_once_do_not_stop_the_others(tmp_path: Path) -> None:
    with portal(tmp_path) as house, ThreadPoolExecutor(50) as hands:
        with Watch(house.server.url) as watch:
            answers = list(hands.map(lambda number: _posted(house.server, number), range(50)))
        assert set(answers) == {httpx.codes.UNPROCESSABLE_ENTITY}
        assert watch.longest < NO_STALL_SECONDS


async def test_it_stops_in_time_with_an_open_page_and_a_mail_server_that_is_silent(tmp_path: Path) -> None:
    with socket.create_server(('127.0.0.1', 0), backlog=SILENT_PORT_BACKLOG) as silent:
        mail = {'DOORSTEP_SMTP_HOST': '127.0.0.1', 'DOORSTEP_SMTP_PORT': str(silent.getsockname()[1])}
        with portal(tmp_path, DOORSTEP_SMTP_SECURITY='none', **mail) as house:
            silent.settimeout(10)
            connection, _ = await asyncio.to_thread(silent.accept)  # the worker waits for a greeting from now on
            page = open_pages.opened(house.server, '/staff/bookings', house.token)
            with connection:
                async with page.socket():
                    begun = time.monotonic()
                    house.server.process.send_signal(signal.SIGTERM)
                    await asyncio.to_thread(house.server.process.wait, 30)
                    assert time.monotonic() - begun < STOP_SECONDS


@contextmanager
def _no_room(server: Server) -> Iterator[None]:
    """None of its files can be written beyond the first 4,096 bytes, as on a disk that is full."""
    process = server.process.pid
    before = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, before)


def _posted(server: Server, number: int) -> int:
    """A try to sign in, by the plainest means: fifty of them in this process must not slow down its own watch."""
    body = f'email={number}%40example.com&password=wrong+password'
    form = {'content_type': 'application/x-www-form-urlencoded', 'origin': server.url}
    return ask(server, '/sign-in', 'POST', body.encode(), **form).status


def _sql(url: str, statement: str, *values: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode(), values or None)
