"""Staff and customer act on one booking at the same moment: one legal thing comes of it, and the other is told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations_with_replacement, product
from pathlib import Path

import makers
import pytest
import racers
from conftest import EmptyDatabase
from histories import disagreements
from makers import Cast
from pressing import Press
from racers import Racer, at
from racing import READY, Leave, Open, Outcome, Run

from data.access import settings
from data.base import clock
from data.base.changes import ChangeRow
from data.messages.outbox import Message
from data.visits import booking_steps, bookings
from data.visits.booking_table import Booking
from data.visits.states import State

Deed = tuple[str, str]  # who, and which button
CUSTOMER_CANCELS, CUSTOMER_MOVES = ('customer', 'cancels'), ('customer', 'moves')
STAFF_CANCEL, STAFF_MOVE = ('dispatcher', 'cancels'), ('dispatcher', 'moves')
DRIVES, STAFF_START = ('technician', 'drives'), ('dispatcher', 'works')
COMPLETES, STAFF_COMPLETE = ('technician', 'completes'), ('dispatcher', 'completes')
BREAKS, NOBODY_THERE = ('technician', 'has a break'), ('technician', 'says nobody is there')
STRETCHES, UNDOES, OWNER_UNDOES = ('dispatcher', 'stretches'), ('dispatcher', 'undoes'), ('owner', 'undoes')

WORDS = {
    'BookingHasChanged': 'This appointment was changed meanwhile. Please look at it again.',
    'IsOver': 'This appointment is over and cannot be changed any more.',
    'NoSuchStep': 'That cannot be done with this appointment now.',
    'NothingToUndo': 'Only an appointment that was completed or canceled can be taken back.',
    'OnTheWay': 'Your technician is on the way. Call (312) 555-0100.',
    'WorkHasBegun': 'Your technician is at work. Call (312) 555-0100.',
    'OnlyLength': 'The technician is on the way or at work: only the length can be changed.',
}
SCHEDULED, TRAVELING, IN_PROGRESS, ON_BREAK, COMPLETED, CANCELED = State

# what comes of a button on a page that shows the booking as it is: a state, or who presses is told
LEADS: Mapping[State, Mapping[Deed, State | str]] = {
    SCHEDULED: {
        CUSTOMER_CANCELS: CANCELED,
        CUSTOMER_MOVES: SCHEDULED,
        STAFF_CANCEL: CANCELED,
        STAFF_MOVE: SCHEDULED,
        DRIVES: TRAVELING,
        STAFF_START: IN_PROGRESS,
        UNDOES: 'NothingToUndo',
        OWNER_UNDOES: 'NothingToUndo',
    },
    TRAVELING: {
        CUSTOMER_CANCELS: 'OnTheWay',
        CUSTOMER_MOVES: 'OnTheWay',
        STAFF_CANCEL: CANCELED,
        STAFF_MOVE: 'OnlyLength',
        DRIVES: 'NoSuchStep',
        STAFF_START: IN_PROGRESS,
    },
    IN_PROGRESS: {
        CUSTOMER_CANCELS: 'WorkHasBegun',
        CUSTOMER_MOVES: 'WorkHasBegun',
        STAFF_CANCEL: 'NoSuchStep',
        STAFF_MOVE: 'OnlyLength',
        DRIVES: 'NoSuchStep',
        STAFF_START: 'NoSuchStep',
        COMPLETES: COMPLETED,
        STAFF_COMPLETE: COMPLETED,
        BREAKS: ON_BREAK,
        NOBODY_THERE: CANCELED,
        STRETCHES: IN_PROGRESS,
        UNDOES: 'NothingToUndo',
        OWNER_UNDOES: 'NothingToUndo',
    },
    ON_BREAK: {
        CUSTOMER_CANCELS: 'WorkHasBegun',
        COMPLETES: COMPLETED,
        STAFF_COMPLETE: COMPLETED,
        BREAKS: 'NoSuchStep',
        NOBODY_THERE: 'NoSuchStep',
        STRETCHES: ON_BREAK,
    },
    COMPLETED: {
        CUSTOMER_CANCELS: 'IsOver',
        CUSTOMER_MOVES: 'IsOver',
        COMPLETES: 'NoSuchStep',
        STAFF_COMPLETE: 'NoSuchStep',
        BREAKS: 'NoSuchStep',
        NOBODY_THERE: 'NoSuchStep',
        STRETCHES: 'IsOver',
        UNDOES: IN_PROGRESS,
        OWNER_UNDOES: IN_PROGRESS,
    },
    CANCELED: {
        CUSTOMER_CANCELS: 'IsOver',
        CUSTOMER_MOVES: 'IsOver',
        STAFF_CANCEL: 'NoSuchStep',
        STAFF_MOVE: 'IsOver',
        DRIVES: 'NoSuchStep',
        STAFF_START: 'NoSuchStep',
        COMPLETES: 'NoSuchStep',
        STAFF_COMPLETE: 'NoSuchStep',
        BREAKS: 'NoSuchStep',
        NOBODY_THERE: 'NoSuchStep',
        STRETCHES: 'IsOver',
        UNDOES: SCHEDULED,
        OWNER_UNDOES: SCHEDULED,
    },
}
SCENES: Mapping[State, Sequence[Deed]] = {
    SCHEDULED: [CUSTOMER_CANCELS, CUSTOMER_MOVES, STAFF_CANCEL, STAFF_MOVE, DRIVES, STAFF_START],
    IN_PROGRESS: [CUSTOMER_CANCELS, COMPLETES, STAFF_COMPLETE, BREAKS, NOBODY_THERE, STRETCHES],
    COMPLETED: [CUSTOMER_CANCELS, STRETCHES, UNDOES, OWNER_UNDOES],
    CANCELED: [CUSTOMER_CANCELS, CUSTOMER_MOVES, STAFF_MOVE, UNDOES, OWNER_UNDOES],
}
DONE = 'done'
DAY = timedelta(days=1)


def on_a_page_of_before(now: State, deed: Deed) -> str:
    """What is told there: first what stands against it, as that says why."""
    who, button = deed
    if now in {COMPLETED, CANCELED} and (who == 'customer' or button in {'moves', 'stretches'}):
        return 'IsOver'
    if who == 'customer' and now in {TRAVELING, IN_PROGRESS, ON_BREAK}:
        return 'OnTheWay' if now == TRAVELING else 'WorkHasBegun'
    return 'BookingHasChanged'


def in_this_order(state: State, first: Deed, second: Deed) -> tuple[str, str, State]:
    """What each is told whose page was opened before, and the state that is left."""
    led = LEADS[state][first]
    if isinstance(led, State):
        return DONE, on_a_page_of_before(led, second), led
    then = LEADS[state][second]
    return (led, DONE, then) if isinstance(then, State) else (led, then, state)


@dataclass(frozen=True)
class Stage:
    """Two processes in which two people look at one booking."""

    racers: Sequence[Racer]
    cast: Cast
    folder: Path

    def booking_that_is(self, state: State) -> Booking:
        start = at(clock.today(settings.zone()) + 2 * DAY, 10)
        booking = makers.make_booking(self.cast.household, self.cast.service_type, start)
        if state == CANCELED:
            return bookings.cancel(booking, by=self.cast.customer)
        for target in {IN_PROGRESS: [IN_PROGRESS], COMPLETED: [IN_PROGRESS, COMPLETED]}.get(state, []):
            booking = booking_steps.advance(booking, target, by=self.cast.technician)
        return booking

    def pressing(self, booking: Booking, deeds: Sequence[Deed]) -> list[Press]:
        """Each moves or stretches it to somewhere else."""
        return [
            Press(
                button=button,
                booking_id=booking.id,
                by=getattr(self.cast, who),
                key=f'press {number} of {booking.id}',
                start=booking.starts_at + (1 + number) * DAY,
                minutes=120 + 30 * number,
            )
            for number, (who, button) in enumerate(deeds)
        ]

    def at_once(self, booking: Booking, deeds: Sequence[Deed]) -> list[Outcome]:
        acts = [[press] for press in self.pressing(booking, deeds)]
        return racers.race(self.racers, acts, self.folder / 'gate')

    def in_order(self, booking: Booking, deeds: Sequence[Deed]) -> list[Outcome]:
        """Both have the page before them when the first presses. A second who is told looks and presses again."""
        presses, outcomes = self.pressing(booking, deeds), list[Outcome]()
        with racers.closed(self.folder / 'second'):
            with racers.closed(self.folder / 'first'):
                for gate, racer, press in zip(('first', 'second'), self.racers, presses, strict=True):
                    racer.send(Run(self.folder / gate, (press,)))
                    assert racer.answer() == READY
            outcomes += self.racers[0].answer()
        outcomes += self.racers[1].answer()
        if outcomes[1].end == 'told':
            outcomes += racers.race(self.racers[1:], [presses[1:]], self.folder / 'again')
        return outcomes


@pytest.fixture(scope='module')
def two() -> Iterator[list[Racer]]:
    with racers.running() as stable:
        yield [stable.racer(), stable.racer()]


@pytest.fixture
def stage(database: EmptyDatabase, two: list[Racer], tmp_path: Path) -> Iterator[Stage]:
    cast = makers.make_cast()
    for racer in two:
        racer.tell(Open(database.url, database.data))
    yield Stage(two, cast, tmp_path)
    for racer in two:
        racer.tell(Leave())


@pytest.mark.parametrize('state', SCENES)
def test_of_two_who_press_one_after_the_other_the_second_is_told_what_the_first_has_done(
    stage: Stage, state: State
) -> None:
    for first, second in product(SCENES[state], repeat=2):
        booking = stage.booking_that_is(state)
        before = changes_of(booking)
        *expected, led = in_this_order(state, first, second)
        if expected[1] != DONE:
            then = LEADS[led][second]
            expected, led = ([*expected, DONE], then) if isinstance(then, State) else ([*expected, then], led)

        told = [ended(outcome) for outcome in stage.in_order(booking, (first, second))]
        assert told == expected, (first, second)
        assert_agrees(booking, before + told.count(DONE), led)


@pytest.mark.parametrize('state', SCENES)
def test_of_two_who_press_at_the_same_moment_it_is_as_if_one_had_come_first(stage: Stage, state: State) -> None:
    for deeds in combinations_with_replacement(SCENES[state], 2):
        booking = stage.booking_that_is(state)
        before = changes_of(booking)
        *forth, led = in_this_order(state, *deeds)
        *back, led_back = in_this_order(state, *reversed(deeds))

        told = [ended(outcome) for outcome in stage.at_once(booking, deeds)]
        assert told in (forth, back[::-1]), deeds
        assert_agrees(booking, before + told.count(DONE), led if told == forth else led_back)


def ended(outcome: Outcome) -> str:
    """'done', or which refusal has told it in fitting words."""
    if outcome.end == 'done':
        return DONE
    assert outcome.end == 'told', outcome
    assert outcome.words == WORDS[outcome.error]
    return outcome.error


def assert_agrees(booking: Booking, changes: int, state: State) -> None:
    """And makes room for the next one."""
    confirmed = (Message.booking_id == booking.id) & (Message.wording == 'booking_confirmed')
    assert Booking.get_by_id(booking.id).state == state
    assert disagreements({booking.id: changes}) == []
    assert Message.select().where(confirmed).count() == 1
    Booking.update(state='canceled').where(Booking.id == booking.id).execute()


def changes_of(booking: Booking) -> int:
    its = (ChangeRow.subject_type == 'bookings') & (ChangeRow.subject_id == booking.id)
    return ChangeRow.select().where(its).count()
