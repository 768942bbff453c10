"""Measures how long Book takes beside a plain rival that checks and then inserts: `python -m bench.booking`.

Both write to a SQLite file of their own with the same settings. Book also asks for the right, looks through hours and
visits, and writes history, form key and message; the rival writes one row and nobody guards it.
"""

import multiprocessing
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

sys.path.append(str(Path(__file__).parent.parent / 'tests'))  # its makers

import makers

from data.base import clock, environment, logs
from data.base.actor import Actor
from data.base.database import DatabaseBusy, open_database
from data.visits import bookings
from data.visits.assignments import SlotTaken
from data.visits.wishes import Wish

ZONE = ZoneInfo('America/Chicago')
WRITERS = 8
PRESSES = 20  # of each writer
REST_SECONDS = 0.002  # nobody presses without any
HALF_HOURS = 18  # of a working day from 8 to 17
RIVAL = """CREATE TABLE visits (
    id INTEGER PRIMARY KEY, technician INTEGER NOT NULL, starts_at INTEGER NOT NULL, ends_at INTEGER NOT NULL
);
CREATE INDEX visits_by_technician ON visits (technician, starts_at)"""
CLASHES = 'SELECT count(*) FROM {0} a JOIN {0} b ON a.id < b.id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at'

FORK = multiprocessing.get_context('fork')  # nothing is open here that a fork could not bear
_barrier: list[Any] = []  # of the writers of one row, who inherit it

Press = Callable[[datetime], bool]  # whether it was booked


@dataclass(frozen=True)
class Side:
    """Book, or its rival. `opened` gives a process its own connection and its way to press."""

    opened: Callable[[], Press]
    clashes: Callable[[], int]


def main() -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as folder:
        sides = [_book(Path(folder)), _rival(Path(folder))]
        print(f'{"median / longest call, calls a second":34}{"Book":>21}{"rival":>24}{"ratio":>8}')
        _row('one writer', sides, writers=1, first=0, together=False)
        _row(f'{WRITERS} writers, each its own times', sides, writers=WRITERS, first=PRESSES, together=False)
        first = PRESSES * (1 + WRITERS)
        _row(f'{WRITERS} writers, all the same times', sides, writers=WRITERS, first=first, together=True)
        print(f'{"double bookings":34}{sides[0].clashes():>24}{sides[1].clashes():>24}')


def _book(folder: Path) -> Side:
    logs.start(stream=open(os.devnull, 'w', encoding='utf-8'))  # noqa: PTH123, SIM115  # as if nobody read them
    with makers.house(folder):
        makers.make_business()
        makers.make_technician()
        product = makers.make_product()
        household = makers.make_customer(product=product)
        service_type = makers.make_service_type(product, minutes=30)
        wish = partial(makers.make_wish, household, service_type)
        actor = household.actor
    url = environment.current().database
    return Side(partial(_opened_house, url, wish, actor), partial(_clashes, folder / 'doorstep.db', 'bookings'))


def _opened_house(url: str, wish: Callable[[datetime], Wish], actor: Actor) -> Press:
    open_database(url)

    def press(start: datetime) -> bool:
        try:
            bookings.book(wish(start), by=actor, key=f'{os.getpid()} {start}')
        except SlotTaken:
            return False
        except DatabaseBusy:
            print('refused: the database was busy for five seconds')
            return False
        return True

    return press


def _rival(folder: Path) -> Side:
    file = folder / 'rival.db'
    with closing(_connected(file)) as connection:
        connection.executescript(RIVAL)
    return Side(partial(_opened_rival, file), partial(_clashes, file, 'visits'))


def _opened_rival(file: Path) -> Press:
    connection = _connected(file)

    def press(start: datetime) -> bool:
        since, until = int(start.timestamp()), int(start.timestamp()) + 1800
        there = 'SELECT 1 FROM visits WHERE technician = 1 AND starts_at < ? AND ends_at > ?'
        if connection.execute(there, (until, since)).fetchone():
            return False
        connection.execute('INSERT INTO visits (technician, starts_at, ends_at) VALUES (1, ?, ?)', (since, until))
        return True

    return press


def _connected(file: Path) -> sqlite3.Connection:
    """As our own connections are set."""
    connection = sqlite3.connect(file, timeout=5, isolation_level=None)
    connection.executescript('PRAGMA journal_mode = wal; PRAGMA synchronous = full')
    return connection


def _clashes(file: Path, table: str) -> int:
    with closing(_connected(file)) as connection:
        return int(connection.execute(CLASHES.format(table)).fetchone()[0])


def _row(title: str, sides: list[Side], *, writers: int, first: int, together: bool) -> None:
    medians, cells = [], []
    for side in sides:
        seconds, whole = _measured(side, writers=writers, first=first, together=together)
        medians.append(statistics.median(seconds))
        cells.append(f'{1000 * medians[-1]:.1f} / {1000 * max(seconds):.0f} ms, {len(seconds) / whole:.0f}/s')
    print(f'{title:34}{cells[0]:>24}{cells[1]:>24}{medians[0] / medians[1]:>7.0f}×')


def _measured(side: Side, *, writers: int, first: int, together: bool) -> tuple[list[float], float]:
    """The seconds of each call, and from the first call to the end of the last one."""
    _barrier[:] = [FORK.Barrier(writers)]
    begins = [first + (0 if together else writer * PRESSES) for writer in range(writers)]
    with ProcessPoolExecutor(writers, mp_context=FORK) as processes:  # each is held by the barrier: one call for each
        runs = list(processes.map(partial(_write, side), begins))
    whole = max(run[-1][1] for run in runs) - min(run[0][0] for run in runs)
    return [end - began for run in runs for began, end in run], whole


def _write(side: Side, first: int) -> list[tuple[float, float]]:
    press, taken = side.opened(), []
    _barrier[0].wait(timeout=60)
    for number in range(first, first + PRESSES):
        began = time.perf_counter()
        press(_start(number))
        taken.append((began, time.perf_counter()))
        time.sleep(REST_SECONDS)
    return taken


def _start(number: int) -> datetime:
    day, half_hour = divmod(number, HALF_HOURS)
    midnight = datetime.combine(clock.today(ZONE) + timedelta(2 + day), datetime.min.time(), ZONE)
    return midnight + timedelta(hours=8, minutes=30 * half_hour)


if __name__ == '__main__':
    main()
