"""A racer as somebody whose page shows one booking, and who presses one of its buttons."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from data.base.actor import Actor
from data.visits import booking_steps, bookings, corrections
from data.visits.booking_table import Booking
from data.visits.states import Reason, State


@dataclass(frozen=True, kw_only=True)
class Press:
    """`button` is one of BUTTONS. `start` and `minutes` are what a move and a stretch go to."""

    button: str
    booking_id: int
    by: Actor
    key: str
    start: datetime
    minutes: int

    def loaded(self) -> tuple[str, Callable[[], object]]:
        seen = bookings.find(self.booking_id, by=self.by)
        return self.button, lambda: BUTTONS[self.button](seen, self)


def _step(target: State) -> Callable[[Booking, Press], Booking]:
    return lambda seen, press: booking_steps.advance(seen, target, by=press.by)


BUTTONS: dict[str, Callable[[Booking, Press], Booking]] = {
    'cancels': lambda seen, press: bookings.cancel(seen, by=press.by),
    'says nobody is there': lambda seen, press: bookings.cancel(seen, Reason.NOBODY_THERE, by=press.by),
    'moves': lambda seen, press: bookings.move(seen, press.start, by=press.by, key=press.key),
    'stretches': lambda seen, press: bookings.move(
        seen, seen.starts_at, minutes=press.minutes, by=press.by, key=press.key
    ),
    'drives': _step(State.TRAVELING),
    'works': _step(State.IN_PROGRESS),
    'has a break': _step(State.ON_BREAK),
    'completes': _step(State.COMPLETED),
    'undoes': lambda seen, press: corrections.undo(seen, by=press.by),
}
