"""However and whenever Book is killed, the booking and its message are both there, or neither is; nothing is lost."""

import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random

import figures
import letterbox
import pytest
import racers
from conftest import EmptyDatabase
from makers import Household, make_business, make_product, make_service_type, make_technician
from racers import Racer, Stable, at, press
from racing import READY, Book, Count, DieBefore, Open, Outcome, Run, ShowPages
from server import running_server, wait_for

import main
from data.access import settings
from data.base import clock
from data.base.actor import Actor
from data.base.changes import ChangeRow
from data.base.database import close_database, transaction
from data.base.database import database as connected
from data.base.form_keys import FormKey
from data.messages.outbox import Message
from data.offer.service_types import ServiceType
from data.visits.booking_table import Booking

KILLS = 50
LEAST_OF_EACH = 5
MOST_TRIES = 300
MAIL_SECONDS = 60
A_LONG_REDRAW = 60.0  # seconds; nobody waits for its end


@pytest.fixture(scope='module')
def stable() -> Iterator[Stable]:
    with racers.running() as stable:
        yield stable


@dataclass(frozen=True)
class Desk:
    """One customer who presses Book from processes that do not live long, each time for another hour."""

    stable: Stable
    database: EmptyDatabase
    household: Household
    actor: Actor
    service_type: ServiceType
    gate: Path
    presses: Iterator[int] = field(default_factory=count)

    def racer(self) -> Racer:
        racer = self.stable.racer()
        racer.tell(Open(self.database.url, self.database.data))
        return racer

    def next_press(self) -> Book:
        """Half an hour of work, and time enough to drive between two places that nobody knows."""
        day, hour = divmod(next(self.presses), 9)
        start = at(clock.today(settings.zone()) + timedelta(2 + day), 8 + hour)
        return press(self.household, self.service_type, start, by=self.actor, key=f'press at {start}')

    def begin(self, racer: Racer, act: Book) -> None:
        """Returns when the call has begun."""
        with racers.closed(self.gate):
            racer.send(Run(self.gate, (act,)))
            assert racer.answer() == READY

    def book(self, racer: Racer, act: Book) -> Outcome:
        self.begin(racer, act)
        (outcome,) = racer.answer()
        assert isinstance(outcome, Outcome)
        return outcome


@pytest.fixture
def desk(database: EmptyDatabase, stable: Stable, tmp_path: Path) -> Desk:
    make_business()
    make_technician()
    product = make_product()
    (household,) = racers.make_households(1, product)
    service_type = make_service_type(product, minutes=30)
    return Desk(stable, database, household, household.actor, service_type, tmp_path / 'gate')


def written(start: datetime) -> tuple[int, int, int, int]:
    """Bookings, changes, messages and form keys of this start; once the killed process's transaction is over."""
    with transaction():
        numbers = [row.id for row in Booking.select().where(Booking.starts_at == start)]
        of_booking = (ChangeRow.subject_type == 'bookings') & ChangeRow.subject_id.in_(numbers)
        return (
            len(numbers),
            ChangeRow.select().where(of_booking).count(),
            Message.select().where(Message.booking_id.in_(numbers)).count(),
            FormKey.select().where(FormKey.key == f'press at {start}').count(),
        )


def totals() -> tuple[int, int, int, int]:
    made = ChangeRow.kind == 'BookingMade'
    told = Message.wording == 'booking_confirmed'
    return (
        Booking.select().count(),
        ChangeRow.select().where(made).count(),
        Message.select().where(told).count(),
        FormKey.select().count(),
    )


NOTHING = (0, 0, 0, 0)
ALL_OF_IT = (1, 1, 1, 1)


def test_killed_before_any_of_its_statements_book_leaves_nothing_and_can_be_pressed_again(desk: Desk) -> None:
    racer = desk.racer()
    racer.tell(DieBefore(0))
    assert desk.book(racer, desk.next_press()).end == 'done'
    statements = racer.tell(Count())

    survivor = desk.racer()
    for number in range(1, statements + 1):
        act, racer = desk.next_press(), desk.racer()
        racer.tell(DieBefore(number))
        desk.begin(racer, act)

        assert racer.last_words() is None
        assert (number, *written(act.starts_at)) == (number, *NOTHING)
        assert totals() == (number,) * 4

        assert desk.book(survivor, act).end == 'done'
    assert statements > 20, 'or they were not counted'


def test_killed_after_the_commit_book_leaves_all_of_it_and_pressed_again_makes_no_second(desk: Desk) -> None:
    act, racer = desk.next_press(), desk.racer()
    racer.tell(ShowPages(A_LONG_REDRAW))
    desk.begin(racer, act)
    wait_for(lambda: totals() != NOTHING, 'the booking')
    racer.kill()

    assert racer.last_words() is None
    assert written(act.starts_at) == ALL_OF_IT
    assert desk.book(desk.racer(), act).end == 'done'
    assert totals() == ALL_OF_IT


@pytest.mark.prove
@pytest.mark.timeout(600)
def test_killed_at_random_moments_booking_and_message_are_both_there_or_neither_and_the_message_goes_out(
    desk: Desk,
) -> None:
    usual = usual_seconds(desk)
    undisturbed, chance = Booking.select().count(), Random(3)
    left, late = Counter[str](), 0
    while left.total() < KILLS or len(left) < 2 or min(left.values()) < LEAST_OF_EACH:
        act, racer = desk.next_press(), desk.racer()
        racer.tell(ShowPages(usual))  # so that the call goes on for as long again after its commit
        desk.begin(racer, act)
        time.sleep(chance.uniform(0, 2 * usual))
        racer.kill()

        if racer.last_words() is not None:
            late += 1  # the call was over
        else:
            assert written(act.starts_at) in {NOTHING, ALL_OF_IT}
            left['all of it' if written(act.starts_at) == ALL_OF_IT else 'nothing'] += 1
        assert left.total() + late < MOST_TRIES

    assert totals() == (undisturbed + left['all of it'] + late,) * 4
    assert_sound(desk.database)
    arrived = arrived_after_restart(desk.database)
    assert sorted(arrived) == sorted(row.message_id for row in Message.select())
    keep_figures(desk.database.engine, left, late, usual, len(arrived))


def usual_seconds(desk: Desk) -> float:
    """How long an undisturbed call takes in a process that has just begun."""

    def one() -> float:
        racer, act = desk.racer(), desk.next_press()
        desk.begin(racer, act)
        began = time.perf_counter()
        assert racer.answer()[0].end == 'done'
        return time.perf_counter() - began

    return statistics.median(one() for _ in range(9))


def assert_sound(database: EmptyDatabase) -> None:
    """The file itself is whole, and the program takes it up again."""
    close_database()
    main.open_house()
    if database.engine == 'sqlite':
        assert connected.execute_sql('PRAGMA integrity_check').fetchall() == [('ok',)]


def arrived_after_restart(database: EmptyDatabase) -> list[str]:
    """The Message-IDs of all letters that the true server hands over once it runs again."""
    with letterbox.running() as box:
        with running_server(
            database.data,
            DOORSTEP_DATA=str(database.data),
            DATABASE_URL=database.url,
            DOORSTEP_SMTP_HOST=box.host,
            DOORSTEP_SMTP_PORT=str(box.port),
            DOORSTEP_SMTP_SECURITY='none',
            DOORSTEP_SMTP_FROM='hello@alder.example',
        ):
            wait_for(lambda: not unsent(), 'every message to be sent', seconds=MAIL_SECONDS)
        return [str(each.letter['Message-ID']) for each in box.received]


def unsent() -> int:
    return Message.select().where(Message.state != 'sent').count()


def keep_figures(engine: str, left: Counter[str], late: int, usual: float, letters: int) -> None:
    rows = figures.table(
        ('kills', 'nothing was left', 'all of it was left', 'something between', 'letters after the restart'),
        (left.total(), left['nothing'], left['all of it'], 0, f'{letters} of {letters}'),
    )
    figures.write(
        f'kill-{engine}',
        title=f'Book is killed at random moments, on {racers.ENGINES[engine]}',
        command='pytest -m prove tests/data/visits/test_kill.py',
        lines=[*rows, '', f'An undisturbed call takes {usual * 1000:.0f} ms; {late} more kills came when it was over.'],
    )
