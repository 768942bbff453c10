"""Real processes that press Book at the same moment, held back by a gate, and that can be killed."""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any

from makers import Household, make_customer
from people import ADA, Person
from racing import READY, Act, Book, Outcome, Run

from data.access import settings
from data.base.actor import Actor
from data.base.database import database, engine, transaction
from data.offer.products import Product
from data.offer.service_types import ServiceType
from data.visits import guard

REPOSITORY = Path(__file__).parent.parent
ANSWER_SECONDS = 60
ENGINES = {'sqlite': 'SQLite', 'postgresql': 'PostgreSQL'}

# every two bookings that hold one technician at one time, by a query that shares nothing with the guard
OVERLAPS = """SELECT a.id, b.id FROM bookings a JOIN bookings b ON b.technician_id = a.technician_id AND b.id > a.id
WHERE a.state <> 'canceled' AND b.state <> 'canceled'
AND a.starts_at < b.blocks_until AND b.starts_at < a.blocks_until"""


class Racer:
    """One process."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.pid: int = self.answer()

    def tell(self, order: object) -> Any:
        """What the racer answers once the order is done."""
        self.send(order)
        return self.answer()

    def send(self, order: object) -> None:
        self._connection.send(order)

    def answer(self, within_seconds: float = ANSWER_SECONDS) -> Any:
        if not self._connection.poll(within_seconds):
            raise AssertionError(f'a racer did not answer within {within_seconds} s')
        return self._connection.recv()

    def last_words(self) -> Any:
        """What it had still answered before it died, or None; returns when it is dead."""
        words = None
        try:
            while True:
                words = self.answer()
        except (EOFError, ConnectionResetError):
            self._connection.close()
            return words

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)


class Stable:
    """Where racers come from: each is a process of its own, forked where the house is imported and nothing is open."""

    def __init__(self, listener: Listener, process: 'subprocess.Popen[bytes]') -> None:
        self._listener = listener
        self._process = process

    def racer(self) -> Racer:
        assert self._process.stdin is not None
        self._process.stdin.write(b'\n')
        self._process.stdin.flush()
        return Racer(self._listener.accept())


@contextmanager
def running() -> Iterator[Stable]:
    """Its racers end with it."""
    paths = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / 'tests')])
    with tempfile.TemporaryDirectory(prefix='racers-') as folder, Listener(f'{folder}/socket', 'AF_UNIX', 64) as here:
        process = subprocess.Popen(
            [sys.executable, '-c', f'import racing; racing.breed({f"{folder}/socket"!r})'],
            env=os.environ | {'PYTHONPATH': paths},
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )
        try:
            yield Stable(here, process)
        finally:
            process.kill()
            process.wait()
            assert process.stdin is not None
            process.stdin.close()


def race(racers: Sequence[Racer], acts: Sequence[Sequence[Act]], gate: Path) -> list[Outcome]:
    """Each racer does its acts, all beginning at the same moment; returns when the last one is done."""
    with closed(gate):
        for racer, its in zip(racers, acts, strict=True):
            racer.send(Run(gate, tuple(its)))
        for racer in racers:
            assert racer.answer() == READY
    return [outcome for racer in racers for outcome in racer.answer()]


@contextmanager
def closed(gate: Path) -> Iterator[None]:
    """Nobody passes until the block ends."""
    with gate.open('w') as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make_households(count: int, product: Product) -> list[Household]:
    """Customers who can sign in, all with the same kind of thing."""
    with transaction():
        return [make_customer(Person(f'{ADA.name} {n}', f'ada{n}@example.com'), product=product) for n in range(count)]


def press(household: Household, service_type: ServiceType, start: datetime, *, by: Actor, key: str) -> Book:
    """One press of Book by this household."""
    return Book(
        contact_id=household.contact.id,
        site_id=household.site.id,
        asset_id=household.asset.id,
        service_type_id=service_type.id,
        starts_at=start,
        by=by,
        key=key,
    )


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """By the business's clock."""
    return datetime.combine(day, time(hour, minute), settings.zone())


def overlaps() -> list[tuple[int, int]]:
    return [(first, second) for first, second in database.execute_sql(OVERLAPS).fetchall()]


def drop_the_guard() -> None:
    drop = 'DROP TRIGGER {}' if engine() == 'sqlite' else 'ALTER TABLE bookings DROP CONSTRAINT {}'
    for name in guard.NAMES[engine()]:
        database.execute_sql(drop.format(name))
