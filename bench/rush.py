"""Measures how fast customers book in a large company, one after the other and eight at once: `python -m bench.rush`.

Each press is another customer's, for another service and time: with rights and rules, form key, history and letter.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Barrier

sys.path.append(str(Path(__file__).parent.parent / 'tests'))  # its makers

import makers

from bench import companies
from bench.companies import DAYS_AHEAD, LARGE, Size
from data.access import sessions, settings
from data.access.sessions import Session
from data.base import clock, logs
from data.base.actor import Actor
from data.base.database import own_connection
from data.offer import service_types
from data.people.assets import Asset
from data.people.customers import Contact, Site
from data.visits import bookings, free_times
from data.visits.assignments import SlotTaken
from data.visits.wishes import Wish

PRESSES = 200  # of one thread, and of all threads together
THREADS = 8
CHOICE = 3  # technicians who have a time free, at least
MOST_MS, LEAST_A_SECOND = 5.0, 150.0  # what is aimed at: the median of one thread, the rate of all


@dataclass(frozen=True, kw_only=True)
class Press:
    """One customer who chose a time that was free then."""

    wish: Wish
    by: Actor
    key: str


@dataclass(frozen=True, kw_only=True)
class Rush:
    """What was measured; `taken` were refused as somebody else had just got the time."""

    median_ms: float
    longest_ms: float
    a_second: float
    taken: int


def main() -> None:
    """Prints both."""
    logs.start(stream=open(os.devnull, 'w', encoding='utf-8'))  # noqa: PTH123, SIM115  # as if nobody read them
    one, all_together = measured()
    print('\n'.join(table(one, all_together)))


def measured(size: Size = LARGE) -> tuple[Rush, Rush]:
    """From one thread, then from all."""
    with tempfile.TemporaryDirectory() as folder, makers.house(Path(folder)):
        companies.make(size)
        one = _rush(presses(Random(3), PRESSES), threads=1)
        return one, _rush(presses(Random(4), PRESSES), threads=THREADS)


def table(one: Rush, all_together: Rush) -> list[str]:
    """A line for each."""
    head = f'{LARGE.technicians} technicians, {LARGE.bookings:,} bookings, SQLite, {PRESSES} presses of Book'
    return [
        f'{head:66}{"median":>9}{"longest":>12}{"a second":>10}{"taken":>7}',
        *(
            f'{name:66}{rush.median_ms:>6.1f} ms{rush.longest_ms:>9.1f} ms{rush.a_second:>10.0f}{rush.taken:>7}'
            for name, rush in (
                (f'one thread (aim {MOST_MS:g} ms)', one),
                (f'{THREADS} threads (aim {LEAST_A_SECOND:g} a second)', all_together),
            )
        ),
    ]


def presses(chance: Random, most: int) -> list[Press]:
    """Of so many customers who can sign in, at times that several technicians have free: few will be taken."""
    today = clock.today(settings.zone())
    last_day = today + timedelta(DAYS_AHEAD - 1)
    rows = list(Session.select().order_by(Session.id))
    presses: list[Press] = []
    for session in chance.sample(rows, len(rows)):
        contact = Contact.get(Contact.account == session.account_id)
        site = Site.get(Site.customer == contact.customer_id)
        asset = Asset.get(Asset.site == site)
        service_type = chance.choice(service_types.on_portal(asset.product))
        wanted = free_times.wanted(site, service_type)
        offer = free_times.offered(wanted, first_day=today, last_day=last_day)
        starts = [start for of_day in offer.values() for start in of_day]
        if not starts:
            continue
        start = chance.choice(starts)
        if len(free_times.candidates(wanted, start)) >= CHOICE:
            wish = Wish(contact=contact, site=site, service_type=service_type, starts_at=start, asset=asset)
            presses.append(Press(wish=wish, by=sessions.actor_of(session), key=str(start)))
        if len(presses) == most:
            break
    return presses


def _rush(presses: Sequence[Press], *, threads: int) -> Rush:
    barrier = Barrier(threads)

    def press_all(mine: Sequence[Press]) -> list[tuple[float, float, bool]]:
        with own_connection():
            barrier.wait(timeout=60)
            return [_timed(press) for press in mine]

    with ThreadPoolExecutor(threads) as pool:
        parts = pool.map(press_all, [presses[number::threads] for number in range(threads)])
        done = [each for part in parts for each in part]
    seconds = [end - began for began, end, _ in done]
    whole = max(end for _, end, _ in done) - min(began for began, _, _ in done)
    return Rush(
        median_ms=1000 * statistics.median(seconds),
        longest_ms=1000 * max(seconds),
        a_second=len(done) / whole,
        taken=sum(not is_booked for _, _, is_booked in done),
    )


def _timed(press: Press) -> tuple[float, float, bool]:
    """When it was pressed, when it was answered, and whether it is booked."""
    began = time.perf_counter()
    try:
        bookings.book(press.wish, by=press.by, key=press.key)
    except SlotTaken:
        return began, time.perf_counter(), False
    return began, time.perf_counter(), True


if __name__ == '__main__':
    main()
