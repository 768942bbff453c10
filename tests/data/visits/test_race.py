"""However many press Book at once, from however many processes, a technician is at one place at a time."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from random import Random

import figures
import pytest
import racers
from conftest import EmptyDatabase
from makers import Household, make_business, make_product, make_service_type, make_technician
from people import TESS
from racers import Racer, Stable, at, overlaps, press
from racing import HELD, Act, ForgetTheLock, Hold, Leave, Open, Outcome
from shoving import Move

from data.access import settings
from data.base import clock
from data.base.actor import Actor
from data.base.changes import ChangeRow
from data.messages.outbox import Message
from data.offer.service_types import ServiceType
from data.visits.booking_table import Booking

PROCESSES = 20
ROUNDS = 3
LOST_WITHIN = 10  # rounds; seen: the first one
LONG_ROUNDS = 50
LENGTHS = (30, 60, 90, 120)
RESTLESS, SPANS, HELD_SECONDS, REST_SECONDS = 8, 60, 0.02, 0.002
KEPT_OUT_SECONDS = 3  # with SQLite's own waiting it was 4.5 and more
ONE_WINS = {'done': 1, 'taken': PROCESSES - 1}


@pytest.fixture(scope='module')
def stable() -> Iterator[Stable]:
    with racers.running() as stable:
        yield stable


@pytest.fixture(scope='module')
def long_lived(stable: Stable) -> list[Racer]:
    """Started once; each race opens its own database in them."""
    return [stable.racer() for _ in range(PROCESSES)]


@dataclass(frozen=True)
class Course:
    """Twenty processes, each pressing for another customer, on one database with one technician."""

    racers: list[Racer]
    customers: list[tuple[Household, Actor]]
    service_type: ServiceType
    gate: Path

    def race(self, day: date) -> list[Outcome]:
        """All want ten o'clock."""
        acts = [
            [press(household, self.service_type, at(day, 10), by=actor, key=f'press of {day}')]
            for household, actor in self.customers
        ]
        return racers.race(self.racers, acts, self.gate)

    def tell_all(self, order: object) -> None:
        for racer in self.racers:
            racer.tell(order)


@pytest.fixture
def course(database: EmptyDatabase, long_lived: list[Racer], tmp_path: Path) -> Iterator[Course]:
    make_business()
    make_technician()
    product = make_product()
    customers = [(household, household.actor) for household in racers.make_households(PROCESSES, product)]
    course = Course(long_lived, customers, make_service_type(product), tmp_path / 'gate')
    course.tell_all(Open(database.url, database.data))
    yield course
    course.tell_all(Leave())


def days(count: int) -> list[date]:
    first = clock.today(settings.zone()) + timedelta(2)
    return [first + timedelta(number) for number in range(count)]


def ends(outcomes: list[Outcome]) -> dict[str, int]:
    return dict(Counter(outcome.error or outcome.end for outcome in outcomes))


def booked(day: date) -> list[Booking]:
    """Whatever was written for this day."""
    return list(Booking.select().where((Booking.starts_at >= at(day, 0)) & (Booking.starts_at <= at(day, 23))))


def changes_of(bookings: list[Booking]) -> int:
    made = ChangeRow.subject_type == 'bookings'
    return ChangeRow.select().where(made & ChangeRow.subject_id.in_([row.id for row in bookings])).count()


def messages_of(bookings: list[Booking]) -> int:
    return Message.select().where(Message.booking_id.in_([row.id for row in bookings])).count()


def test_of_twenty_who_press_book_at_once_one_wins_and_the_others_are_told(course: Course) -> None:
    for day in days(ROUNDS):
        outcomes = course.race(day)

        won = booked(day)
        assert ends(outcomes) == ONE_WINS
        assert (len(won), changes_of(won), messages_of(won)) == (1, 1, 1)
    assert (Booking.select().count(), Message.select().count()) == (ROUNDS, ROUNDS)


def test_book_pressed_twice_at_once_with_one_form_key_makes_one_booking(course: Course) -> None:
    household, actor = course.customers[0]
    for day in days(ROUNDS):
        twice = [[press(household, course.service_type, at(day, 10), by=actor, key=f'press of {day}')]] * 2
        outcomes = racers.race(course.racers[:2], twice, course.gate)

        made = booked(day)
        assert ends(outcomes) == {'done': 2}
        assert (len(made), changes_of(made), messages_of(made)) == (1, 1, 1)


def test_the_lock_alone_lets_one_win(course: Course) -> None:
    racers.drop_the_guard()
    for day in days(ROUNDS):
        assert ends(course.race(day)) == ONE_WINS


def test_the_guard_alone_lets_no_two_win(course: Course) -> None:
    course.tell_all(ForgetTheLock())
    for day in days(ROUNDS):
        course.race(day)
    assert overlaps() == []


def test_without_guard_and_lock_the_race_is_lost(course: Course) -> None:
    """Else the tests above could not fail."""
    racers.drop_the_guard()
    course.tell_all(ForgetTheLock())
    assert any(ends(course.race(day)) != ONE_WINS for day in days(LOST_WITHIN))


@pytest.mark.prove
@pytest.mark.timeout(600)
def test_in_fifty_rounds_of_overlapping_bookings_and_moves_nothing_collides_or_vanishes(
    course: Course, database: EmptyDatabase
) -> None:
    make_technician(TESS)
    product = course.customers[0][0].asset.product
    lengths = [make_service_type(product, minutes=minutes) for minutes in LENGTHS]
    chance, numbers, outcomes = Random(2), count(), list[Outcome]()
    for day in days(LONG_ROUNDS):
        acts = [_some_of_each(course, customer, day, lengths, chance, numbers) for customer in course.customers]
        outcomes += racers.race(course.racers, acts, course.gate)

    seen = Counter((outcome.act, outcome.error or outcome.end) for outcome in outcomes)
    everything = list(Booking.select())
    assert set(seen) == {('book', 'done'), ('book', 'taken'), ('move', 'done'), ('move', 'taken')}
    assert overlaps() == []
    assert len(everything) == seen['book', 'done'] == changes_of(everything) == messages_of(everything)
    assert ChangeRow.select().where(ChangeRow.kind == 'BookingMade').count() == Message.select().count()
    _keep_figures(database.engine, seen, outcomes)


@pytest.mark.prove
def test_of_processes_that_write_with_hardly_a_rest_none_is_kept_out(course: Course, database: EmptyDatabase) -> None:
    writers = course.racers[:RESTLESS]
    for writer in writers:
        writer.send(Hold((HELD_SECONDS,) * SPANS, REST_SECONDS))
    assert [writer.answer() for writer in writers] == [HELD] * RESTLESS
    waited = [writer.answer() for writer in writers]

    longest = max(each.longest for each in waited)
    assert sum(each.refused for each in waited) == 0
    assert longest < KEPT_OUT_SECONDS
    figures.write(
        f'rest-{database.engine}',
        title=f'{RESTLESS} processes take the write lock again and again, on {racers.ENGINES[database.engine]}',
        command='pytest -m prove tests/data/visits/test_race.py',
        lines=figures.table(
            ('transactions', 'each held for', 'rest', 'refused', 'longest wait'),
            (RESTLESS * SPANS, f'{HELD_SECONDS:g} s', f'{REST_SECONDS:g} s', 0, f'{longest:.2f} s'),
        ),
    )


def _some_of_each(
    course: Course,
    customer: tuple[Household, Actor],
    day: date,
    lengths: list[ServiceType],
    chance: Random,
    numbers: Iterator[int],
) -> list[Act]:
    """Two presses of Book and two moves in any order, at any half hour of the day."""
    household, actor = customer
    acts: list[Act] = []
    for _ in range(2):
        start = at(day, 8) + timedelta(minutes=chance.randrange(0, 8 * 60, 30))
        acts.append(press(household, chance.choice(lengths), start, by=actor, key=f'press {next(numbers)}'))
        acts.append(Move(first=at(day, 8), last=at(day, 17), seed=next(numbers)))
    chance.shuffle(acts)
    return acts


def _keep_figures(engine: str, seen: Counter[tuple[str, str]], outcomes: list[Outcome]) -> None:
    waited = sorted(outcome.seconds for outcome in outcomes)
    figures.write(
        f'race-{engine}',
        title=f'{PROCESSES} processes book and move at once, {LONG_ROUNDS} rounds, on {racers.ENGINES[engine]}',
        command='pytest -m prove tests/data/visits/test_race.py',
        lines=figures.table(
            ('booked', 'SlotTaken', 'moved', 'moves refused', 'other errors', 'overlaps', 'median', 'longest'),
            (
                seen['book', 'done'],
                seen['book', 'taken'],
                seen['move', 'done'],
                seen['move', 'taken'],
                0,
                0,
                f'{waited[len(waited) // 2]:.2f} s',
                f'{waited[-1]:.2f} s',
            ),
        ),
    )
