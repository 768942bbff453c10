"""Random days: Hypothesis draws who presses what, on which booking, and how time passes."""

from datetime import timedelta
from typing import ClassVar

import time_machine
from booking_day import Day, Seen
from booking_model import HOUR, OVER
from booking_paths import CANCEL, COMMANDS, DISPATCHER, MOVE, STEP, UNDO, WAYS, X
from booking_rows import ARRANGING, MINUTE
from booking_scene import PEOPLE, Scene
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

WHO = st.sampled_from(PEOPLE)
MOST_VISITS = 6
WHICH = st.integers(0, MOST_VISITS - 1)
AGO = st.sampled_from([None, None, None, None, 0, 4, 25 * 60, -5])  # minutes; None: no time is given
START, TURN = st.integers(0, 2), st.integers(0, 99)
OVERRIDE = st.sampled_from([None, None, 'Squeeze it in'])
IS_STALE = st.sampled_from([False] * 7 + [True])
TOO_LATE = timedelta(minutes=10, seconds=1)
PASSES = st.sampled_from([timedelta(minutes=3, seconds=20), 10 * MINUTE, 31 * MINUTE, HOUR, 3 * HOUR])


class Walk(RuleBasedStateMachine):
    """One random day."""

    scene: ClassVar[Scene]
    clock: ClassVar[time_machine.Traveller]
    seen: ClassVar[Seen]
    last_pressed: int

    def __init__(self) -> None:
        super().__init__()
        self.day = Day(self.scene, self.clock, self.seen)

    @initialize(first=START, second=START)
    def two_visits(self, first: int, second: int) -> None:
        self.day.book('cleo', 'ada', self.day.start(first), None)
        self.day.book('cleo', 'bruno', self.day.start(second), None)
        self.pick(0)

    @precondition(lambda self: len(self.day.model.visits) < MOST_VISITS)
    @rule(who=WHO, whose=st.sampled_from(['ada', 'bruno']), number=START, override=OVERRIDE)
    def book(self, who: str, whose: str, number: int, override: str | None) -> None:
        self.day.book(who, whose, self.day.start(number, override), override)

    @rule(passes=PASSES)
    def let_time_pass(self, passes: timedelta) -> None:
        self.day.clock.shift(passes)

    @rule(who=WHO, which=WHICH, command=st.sampled_from(sorted(STEP.values())), ago=AGO, is_stale=IS_STALE)
    def step(self, who: str, which: int, command: str, ago: int | None, is_stale: bool) -> None:
        self.day.press(self.pick(which), command, who, is_stale=is_stale, ago=ago)

    @rule(who=WHO, which=WHICH, command=st.sampled_from(sorted(CANCEL.values())), ago=AGO, is_stale=IS_STALE)
    def cancel(self, who: str, which: int, command: str, ago: int | None, is_stale: bool) -> None:
        self.day.press(self.pick(which), command, who, is_stale=is_stale, ago=ago)

    @rule(who=WHO, which=WHICH, number=START, override=OVERRIDE, is_stale=IS_STALE)
    def move(self, who: str, which: int, number: int, override: str | None, is_stale: bool) -> None:
        self.day.press(self.pick(which), MOVE, who, is_stale=is_stale, number=number, override=override)

    @rule(
        who=WHO,
        which=WHICH,
        command=st.sampled_from([command for command in COMMANDS if 'step' not in command and 'cancel' not in command]),
        number=START,
        override=OVERRIDE,
        is_stale=IS_STALE,
    )
    def press_anything_else(
        self, who: str, which: int, command: str, number: int, override: str | None, is_stale: bool
    ) -> None:
        self.day.press(self.pick(which), command, who, is_stale=is_stale, number=number, override=override)

    @rule(which=WHICH, turn=TURN, number=START, override=OVERRIDE)
    def go_a_legal_way(self, which: int, turn: int, number: int, override: str | None) -> None:
        visit = self.day.model.visits[self.pick(which)]
        ways = [(each.command, part) for each in WAYS if each.origin == visit.state for part in sorted(each.by)]
        self.day.press_as(self.pick(which), *ways[turn % len(ways)], number=number, override=override)

    @rule(which=WHICH, turn=TURN, ago=AGO)
    def go_on(self, which: int, turn: int, ago: int | None) -> None:
        visit = self.day.model.visits[self.pick(which)]
        onward = [each for each in WAYS if each.origin == visit.state and each.target not in {visit.state, X}]
        ways = [(each.command, part) for each in onward for part in sorted(each.by)] or [(UNDO, DISPATCHER)]
        self.day.press_as(self.pick(which), *ways[turn % len(ways)], ago=ago)

    @rule(which=WHICH, command=st.sampled_from(ARRANGING), number=START, override=OVERRIDE)
    def arrange(self, which: int, command: str, number: int, override: str | None) -> None:
        self.day.press_as(self.pick(which), command, DISPATCHER, number=number, override=override)

    @precondition(lambda self: self.last_is_over())
    @rule()
    def give_its_time_away(self) -> None:
        if len(self.day.model.visits) < MOST_VISITS:
            self.day.book('cleo', 'bruno', self.day.model.visits[self.last_pressed].starts_at, 'Squeeze it in')

    @precondition(lambda self: self.last_is_over())
    @rule(passes=st.sampled_from([0 * MINUTE, 10 * MINUTE, TOO_LATE]))
    def take_back_the_last_press(self, passes: timedelta) -> None:
        self.day.clock.shift(passes)
        self.day.press_as(self.last_pressed, UNDO, DISPATCHER)

    @invariant()
    def no_technician_is_at_two_places(self) -> None:
        self.day.no_technician_is_at_two_places()

    def last_is_over(self) -> bool:
        return self.day.model.visits[self.last_pressed].state in OVER

    def pick(self, which: int) -> int:
        """The booking that is pressed on."""
        numbers = list(self.day.model.visits)
        self.last_pressed = numbers[which % len(numbers)]
        return self.last_pressed


def walk_in(scene: Scene, clock: time_machine.Traveller, seen: Seen) -> type[Walk]:
    """Hypothesis makes the machines itself, without arguments."""

    class WalkHere(Walk):
        pass

    WalkHere.scene, WalkHere.clock, WalkHere.seen = scene, clock, seen
    return WalkHere
