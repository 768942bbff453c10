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
from typing import Any, Protocol

import main
from data.access import settings
from data.base import changes, environment
from data.base.actor import Actor
from data.base.database import (
    DatabaseBusy,
    close_database,
    database,
    engine,
    open_database,
    transaction,
)
from data.base.refusals import Refusal
from data.offer import service_types
from data.people.assets import Asset
from data.people.customers import Contact, Site
from data.visits import bookings
from data.visits.assignments import SlotTaken
from data.visits.bookings import BookingMade
from data.visits.wishes import Wish

MINUTE = timedelta(minutes=1)
READY = 'ready'
HELD = 'held'


class Act(Protocol):
    """What a racer can be told to do."""

    def loaded(self) -> tuple[str, Callable[[], object]]:
        """Its name, and what is left to do once the page is shown."""


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

    def loaded(self) -> tuple[str, Callable[[], object]]:
        wish = Wish(
            contact=Contact.get_by_id(self.contact_id),
            site=Site.get_by_id(self.site_id),
            asset=Asset.get_by_id(self.asset_id),
            service_type=service_types.find(self.service_type_id),
            starts_at=self.starts_at,
        )
        return 'book', lambda: bookings.book(wish, by=self.by, key=self.key)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`end` is 'done', 'taken' (SlotTaken), 'told' (another refusal, which `error` names) or 'failed' (with `error`).

    `words` is what the refusal says.
    """

    act: str
    end: str
    seconds: float
    error: str = ''
    words: str = ''


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
    acts: tuple[Act, ...]


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
    acts = [act.loaded() for act in order.acts]
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


def _tried(name: str, act: Callable[[], object]) -> Outcome:
    began = time.perf_counter()
    end, error, words = 'done', '', ''
    try:
        act()
    except SlotTaken as told:
        end, words = 'taken', settings.words().refusal(told)
    except Refusal as told:
        end, error, words = 'told', type(told).__name__, settings.words().refusal(told)
    except Exception as failure:  # noqa: BLE001  # whatever it is, the test tells
        end, error = 'failed', f'{type(failure).__name__}: {failure}'
    return Outcome(act=name, end=end, seconds=time.perf_counter() - began, error=error, words=words)
