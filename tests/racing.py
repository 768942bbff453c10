"""What a racer does: a process of its own on data/, with its own connection, that obeys orders from a socket."""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Client, Connection
from pathlib import Path
from random import Random
from typing import Any

from peewee import IntegrityError

import main
from data.base import changes, environment
from data.base.actor import Actor
from data.base.database import (
    DatabaseBusy,
    close_database,
    database,
    engine,
    open_database,
    savepoint,
    transaction,
)
from data.crew import technicians
from data.offer import service_types
from data.people.assets import Asset
from data.people.customers import Contact, Site
from data.visits import bookings
from data.visits.assignments import SlotTaken
from data.visits.booking_table import Booking
from data.visits.bookings import BookingMade
from data.visits.states import State
from data.visits.wishes import Wish

MINUTE = timedelta(minutes=1)
READY = 'ready'
HELD = 'held'


@dataclass(frozen=True, kw_only=True)
class Book:
    """One press of Book, as the page of a signed-in customer does it."""

    contact_id: int
    site_id: int
    asset_id: int
    service_type_id: int
    starts_at: datetime
    by: Actor
    key: str


@dataclass(frozen=True, kw_only=True)
class Move:
    """A booking that starts in [first, last), drawn by `seed`, gets another time, length, technician or state.

    It asks nobody whether that is free: only the guard stands in the way.
    """

    first: datetime
    last: datetime
    seed: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`end` is 'done', 'taken' (SlotTaken) or 'failed'; `error` names what it failed with."""

    act: str
    end: str
    seconds: float
    error: str = ''


@dataclass(frozen=True)
class Open:
    """Leave the database before, and open this one as the program does, with all that guards it."""

    url: str
    data: Path


@dataclass(frozen=True)
class Leave:
    """Close the connection."""


@dataclass(frozen=True)
class ForgetTheLock:
    """From now on Book runs in a transaction that takes no write lock when it begins."""


@dataclass(frozen=True)
class ShowPages:
    """From now on pages redraw after each commit, within the call, for so long."""

    seconds: float


@dataclass(frozen=True)
class DieBefore:
    """Be killed in the next run, just before the act's statement of this number; 0: only count them."""

    statement: int


@dataclass(frozen=True)
class Count:
    """How many statements the act has run."""


@dataclass(frozen=True)
class Run:
    """Load what these acts need, say READY, wait until the gate opens, and do one after the other."""

    gate: Path
    acts: tuple[Book | Move, ...]


@dataclass(frozen=True)
class Hold:
    """Take the write lock for each of these spans, with a rest between; say HELD when it is first held."""

    seconds: tuple[float, ...]
    rest: float = 0.1


@dataclass(frozen=True)
class Waited:
    """For the lock, at the longest; `refused` counts DatabaseBusy."""

    longest: float
    refused: int


@dataclass
class Statements:
    """`deadly`: None where nobody counts."""

    run: int = 0
    deadly: int | None = None


_statements = Statements()


def breed(address: str) -> None:
    """Imports the house once; then each line on stdin is one more racer, a fork that has no connection yet."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead leave at once
    main.wire()
    for _ in sys.stdin:
        if os.fork() == 0:
            with Client(address) as orders:
                _obey(orders)
            os._exit(0)


def _obey(orders: Connection) -> None:
    """Until whoever gives the orders is gone."""
    orders.send(os.getpid())
    while True:
        try:
            order = orders.recv()
        except EOFError:
            return
        match order:
            case Run():
                orders.send(_run(order, orders))
            case Hold():
                orders.send(_hold(order, orders))
            case _:
                orders.send(_prepare(order))


def _prepare(order: object) -> object:
    match order:
        case Open(url, data):
            close_database()
            setattr(bookings, 'transaction', transaction)  # noqa: B010  # mypy: no export of theirs
            environment.load(data=data, database_url=url)
            open_database(url)
        case Leave():
            close_database()
        case ForgetTheLock():
            setattr(bookings, 'transaction', _without_lock)  # noqa: B010  # as above
        case ShowPages(seconds):
            changes.listen(BookingMade, lambda _: time.sleep(seconds))
        case DieBefore(number):
            _statements.deadly = number
        case Count():
            return _statements.run
        case _ if callable(order):
            return order()
    return None


@contextmanager
def _without_lock() -> Iterator[None]:
    with database.atomic('DEFERRED') if engine() == 'sqlite' else database.atomic():
        yield


def _count_statements() -> None:
    """Each statement asks the database for a cursor, BEGIN and COMMIT as well."""
    cursor = database.obj.cursor

    def counted(*args: Any, **options: Any) -> object:
        _statements.run += 1
        if _statements.run == _statements.deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        return cursor(*args, **options)

    database.obj.cursor = counted


def _run(order: Run, orders: Connection) -> list[Outcome]:
    acts = [_loaded(act) for act in order.acts]
    if _statements.deadly is not None:
        _count_statements()
    with order.gate.open() as gate:
        orders.send(READY)
        fcntl.flock(gate, fcntl.LOCK_SH)  # all who wait are let go at once
        return [_tried(name, act) for name, act in acts]


def _hold(order: Hold, orders: Connection) -> Waited:
    waits, refused = list[float](), 0
    for seconds in order.seconds:
        began = time.perf_counter()
        try:
            with transaction():
                waits.append(time.perf_counter() - began)
                if len(waits) == 1:
                    orders.send(HELD)
                time.sleep(seconds)
        except DatabaseBusy:
            refused += 1
        time.sleep(order.rest)
    return Waited(max(waits), refused)


def _loaded(act: Book | Move) -> tuple[str, Callable[[], object]]:
    if isinstance(act, Move):
        return 'move', lambda: _move(act)
    wish = Wish(
        contact=Contact.get_by_id(act.contact_id),
        site=Site.get_by_id(act.site_id),
        asset=Asset.get_by_id(act.asset_id),
        service_type=service_types.find(act.service_type_id),
        starts_at=act.starts_at,
    )
    return 'book', lambda: bookings.book(wish, by=act.by, key=act.key)


def _tried(name: str, act: Callable[[], object]) -> Outcome:
    began = time.perf_counter()
    end, error = 'done', ''
    try:
        act()
    except SlotTaken:
        end = 'taken'
    except Exception as failure:  # noqa: BLE001  # whatever it is, the test tells
        end, error = 'failed', f'{type(failure).__name__}: {failure}'
    return Outcome(act=name, end=end, seconds=time.perf_counter() - began, error=error)


def _move(move: Move) -> None:
    chance = Random(move.seed)
    with transaction():
        there = (Booking.starts_at >= move.first) & (Booking.starts_at < move.last)
        rows = list(Booking.select().where(there).order_by(Booking.id))
        if not rows:
            return
        row = chance.choice(rows)
        same = (Booking.id == row.id) & (Booking.version == row.version)
        columns = _other(row, move, chance) | {'version': row.version + 1}
        try:
            with savepoint():
                moved = Booking.update(**columns).where(same).execute()
        except IntegrityError as clash:
            raise SlotTaken from clash
        assert moved == 1, 'somebody wrote while we held the lock'


def _other(row: Booking, move: Move, chance: Random) -> dict[str, Any]:
    match chance.choice(['time', 'length', 'technician', 'state']):
        case 'time':
            span = (move.last - move.first) // MINUTE
            start = move.first + chance.randrange(0, span, 30) * MINUTE
            end = start + (row.ends_at - row.starts_at)
            return {'starts_at': start, 'ends_at': end, 'blocks_until': end}
        case 'length':
            end = row.starts_at + chance.randrange(15, 180, 15) * MINUTE
            return {'ends_at': end, 'blocks_until': end}
        case 'technician':
            return {'technician': chance.choice(technicians.live())}
        case _:  # canceled and taken back: the guard watches this too
            return {'state': State.SCHEDULED if row.state == State.CANCELED else State.CANCELED}
