"""A command of a page waits for a busy database in a thread, while the event loop goes on."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from random import Random

import figures
import pytest
import racers
from conftest import EmptyDatabase
from makers import Household, make_business, make_customer, make_product, make_service_type, make_technician, make_wish
from nicegui.testing import User
from racers import ENGINES, Racer, Stable, at
from racing import HELD, Hold, Leave, Open

from data.access import settings
from data.base import clock
from data.base.actor import Actor
from data.base.database import database as connected
from data.base.throttle import Bucket
from data.messages.outbox import Message
from data.offer.service_types import ServiceType
from data.visits import bookings
from data.visits.booking_table import Booking
from ui import doorkeeper, routes
from ui.forms import done

HELD_SECONDS = 1.0
PAGES, PRESSES = 8, 25
LONGEST_STALL = 0.5  # seconds, on a machine that does much else; a call stalls the loop for 50 ms by design


@pytest.fixture(scope='module')
def stable() -> Iterator[Stable]:
    with racers.running() as stable:
        yield stable


@pytest.fixture
def writer(database: EmptyDatabase, stable: Stable) -> Iterator[Racer]:
    """Another process on the same database."""
    racer = stable.racer()
    racer.tell(Open(database.url, database.data))
    yield racer
    racer.tell(Leave())


@dataclass(frozen=True)
class CustomersPage:
    """A customer's page, which presses Book; `threads` are those in which the command ran."""

    household: Household
    actor: Actor
    service_type: ServiceType
    threads: list[threading.Thread]

    async def press(self, day: date, half_hour: int) -> Booking:
        start = at(day, 8) + timedelta(minutes=30 * half_hour)
        wish = make_wish(self.household, self.service_type, start)

        def command() -> Booking:
            booking = bookings.book(wish, by=self.actor, key=str(start))
            self.threads.append(threading.current_thread())
            return booking

        return await done(command)


@pytest.fixture
def customers_page(database: EmptyDatabase) -> CustomersPage:
    make_business()
    make_technician()
    product = make_product()
    household = make_customer(product=product)
    return CustomersPage(household, household.actor, make_service_type(product, minutes=30), [])


@asynccontextmanager
async def a_clock_beside() -> AsyncIterator[list[float]]:
    """The seconds between two turns of a task that only wants to go on: what every open page feels."""
    gaps: list[float] = []

    async def tick() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.01)
            gaps.append(time.perf_counter() - began)

    task = asyncio.create_task(tick())
    yield gaps
    task.cancel()


def tomorrow() -> date:
    return clock.today(settings.zone()) + timedelta(1)


async def test_while_another_process_writes_for_long_book_waits_in_a_thread_and_succeeds(
    customers_page: CustomersPage, writer: Racer
) -> None:
    writer.send(Hold((HELD_SECONDS,)))
    assert writer.answer() == HELD
    began = time.perf_counter()
    async with a_clock_beside() as gaps:
        booking = await customers_page.press(tomorrow() + timedelta(1), 4)

    assert time.perf_counter() - began > HELD_SECONDS / 2, 'nobody had to wait'
    assert customers_page.threads != [threading.main_thread()]
    assert [row.id for row in Booking.select()] == [booking.id]
    assert Message.select().count() == 1
    assert max(gaps) < LONGEST_STALL
    writer.answer()


async def test_with_the_database_free_book_runs_at_once_on_sqlite_and_in_a_thread_on_postgresql(
    customers_page: CustomersPage, database: EmptyDatabase
) -> None:
    await customers_page.press(tomorrow() + timedelta(1), 4)
    assert (customers_page.threads == [threading.main_thread()]) == (database.engine == 'sqlite')


async def test_a_wrong_code_counts_as_one_try_when_the_database_is_busy_halfway(
    user: User, writer: Racer, monkeypatch: pytest.MonkeyPatch
) -> None:
    routes.mount()
    user.http_client.cookies.set(doorkeeper.cookie_name(doorkeeper.INVITATION), 'WRONGONE')
    take_the_lock_before_the_second_transaction(writer, monkeypatch)

    answer = await user.http_client.get('/redeem')

    writer.answer()
    assert 'This invitation is not valid' in answer.text
    assert sorted(round(bucket.left) for bucket in Bucket.select()) == [19, 599]


def take_the_lock_before_the_second_transaction(writer: Racer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process is that unlucky rarely, and here always."""
    begin, numbers = connected.obj.begin, count(1)

    def hinder_the_second(*given: object) -> None:
        if next(numbers) == 2:
            writer.send(Hold((HELD_SECONDS,)))
            assert writer.answer() == HELD
        begin(*given)

    monkeypatch.setattr(connected.obj, 'begin', hinder_the_second)


@pytest.mark.prove
@pytest.mark.timeout(300)
async def test_eight_pages_book_beside_a_process_that_keeps_taking_the_lock(
    customers_page: CustomersPage, writer: Racer, database: EmptyDatabase
) -> None:
    holds, pauses, waits = Random(5), Random(6), list[float]()

    async def press(number: int) -> None:
        for turn in range(PRESSES):
            day, half_hour = divmod(number * PRESSES + turn, 18)
            began = time.perf_counter()
            await customers_page.press(tomorrow() + timedelta(1 + day), half_hour)
            waits.append(time.perf_counter() - began)
            await asyncio.sleep(pauses.uniform(0, 0.2))  # as nobody presses without a pause

    writer.send(Hold(tuple(holds.uniform(0.02, 0.4) for _ in range(20))))
    assert writer.answer() == HELD
    async with a_clock_beside() as gaps:
        await asyncio.gather(*(press(number) for number in range(PAGES)))
    writer.answer()

    assert Booking.select().count() == Message.select().count() == PAGES * PRESSES
    on_the_loop = customers_page.threads.count(threading.main_thread())
    figures.write(
        f'patience-{database.engine}',
        title=f'{PAGES} pages book beside a process that keeps taking the lock, on {ENGINES[database.engine]}',
        command='pytest -m prove tests/ui/test_patience.py',
        lines=figures.table(
            ('booked', 'on the loop', 'in a thread', 'refused', 'longest wait', 'longest stall of the loop'),
            (
                PAGES * PRESSES,
                on_the_loop,
                PAGES * PRESSES - on_the_loop,
                0,
                f'{max(waits):.2f} s',
                f'{max(gaps):.2f} s',
            ),
        ),
    )
