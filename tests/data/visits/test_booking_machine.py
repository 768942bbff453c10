"""Two customers, two technicians and a dispatcher press whatever they like: only legal ways are gone, each of them is,
and every step leaves its facts.
"""

from collections.abc import Iterator

import booking_scene
import pytest
import time_machine
from booking_day import Day, Seen
from booking_model import DAY, HOUR
from booking_paths import (
    CANCEL,
    COMMANDS,
    DISPATCHER,
    EVERY_WALK,
    ILLEGAL,
    LEGAL,
    PARTS,
    SETTLE,
    STEP,
    UNDO,
    WAYS,
    B,
    C,
    P,
    S,
    T,
    Way,
    X,
)
from booking_rows import MINUTE
from booking_scene import MONDAY_NINE, Scene
from booking_walks import walk_in
from conftest import EmptyDatabase
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from data.base import clock
from data.visits.states import Reason, State

Clock = time_machine.Traveller
WALKS = {'sqlite': 60, 'postgresql': 12}
STEPS_OF_A_WALK = 50
SITUATIONS = {  # in which even a legal way is closed; what else is told follows from state and part alone
    'BeforeBooking',
    'BeforeLastStep',
    'BookingHasChanged',
    'NotOverYet',
    'NotYet',
    'TechnicianBooked',
    'TechnicianNotFree',
    'TechnicianStillAtWork',
    'TimeGone',
    'CutOffPassed',
    'TooLateToUndo',
    'TooLongAgo',
}
IN_VAIN = CANCEL[Reason.NOBODY_THERE]
ROUTES = {  # what a dispatcher presses to bring a booking there
    S: (),
    T: (STEP[T],),
    P: (STEP[T], STEP[P]),
    B: (STEP[P], STEP[B]),
    C: (STEP[P], STEP[C]),
    X: (CANCEL[Reason.OTHER],),
}
LAST_PRESS = {  # and what led there before an undo goes back
    (C, S): SETTLE,
    (C, P): STEP[C],
    (C, B): STEP[C],
    (X, S): CANCEL[Reason.BUSINESS],
    (X, T): IN_VAIN,
    (X, P): IN_VAIN,
}


@pytest.fixture
def clock_of_test(database: EmptyDatabase) -> Iterator[Clock]:
    assert database
    with time_machine.travel(MONDAY_NINE, tick=False) as clock_:
        yield clock_


@pytest.fixture
def scene(clock_of_test: Clock) -> Scene:
    assert clock_of_test
    return booking_scene.make_scene()


def test_on_random_days_nobody_goes_another_way_than_the_legal_ones(
    database: EmptyDatabase, scene: Scene, clock_of_test: Clock
) -> None:
    seen = Seen()

    run_state_machine_as_test(
        walk_in(scene, clock_of_test, seen),
        settings=settings(
            max_examples=WALKS[database.engine],
            stateful_step_count=STEPS_OF_A_WALK,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],  # to make a failing walk shorter takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert seen.walked <= EVERY_WALK
    if database.engine == 'sqlite':  # walks are the same each time, and more here
        assert {kind for each in WAYS for kind in each.kinds} <= seen.kinds
        assert set(seen.told) >= SITUATIONS


def test_every_legal_way_is_gone_by_everybody_who_may(scene: Scene, clock_of_test: Clock) -> None:
    seen = Seen()

    for each in WAYS:
        for part in sorted(each.by):
            day = Day(scene, clock_of_test, seen)
            booking_id = before(day, each)
            day.press_as(booking_id, each.command, part, number=3)

    assert seen.walked >= EVERY_WALK


@pytest.mark.parametrize('state', State, ids=lambda state: state.replace(' ', '-'))
def test_whatever_is_no_legal_way_is_refused_and_changes_nothing(
    scene: Scene, clock_of_test: Clock, state: State
) -> None:
    seen, refused = Seen(), {each for each in ILLEGAL if each[0] == state}
    day = Day(scene, clock_of_test, seen)
    booking_id = made(day)
    brought(day, booking_id, *ROUTES[state])

    for _, command, part in sorted(refused):
        day.press_as(booking_id, command, part, number=3)

    assert seen.refused == refused


def test_the_table_says_of_every_press_whether_it_is_legal() -> None:
    assert len(ILLEGAL) + len(LEGAL) == len(State) * len(COMMANDS) * len(PARTS)
    assert {origin for origin, _, _ in LEGAL} == set(State)


def before(day: Day, leading: Way) -> int:
    """A booking on which the way can be gone."""
    booking_id = made(day)
    if leading.command != UNDO:
        brought(day, booking_id, *ROUTES[leading.origin])
    else:
        brought(day, booking_id, *ROUTES[leading.target], LAST_PRESS[leading.origin, leading.target])
    if leading.command == SETTLE:
        day.clock.shift(DAY)
    return booking_id


def brought(day: Day, booking_id: int, *commands: str) -> None:
    for command in commands:
        day.clock.shift(DAY if command == SETTLE else 10 * MINUTE)
        day.press_as(booking_id, command, DISPATCHER)


def made(day: Day) -> int:
    """Early enough that its customer may still change it."""
    day.book('ada', 'ada', booking_scene.half_hour_after(clock.now()) + 4 * HOUR, None)
    return next(iter(day.model.visits))
