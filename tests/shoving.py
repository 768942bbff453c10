"""A racer that writes into the rows of bookings and asks nobody: only the guard stands in its way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from peewee import IntegrityError

from data.base.database import savepoint, transaction
from data.crew import technicians
from data.visits.assignments import SlotTaken
from data.visits.booking_table import Booking
from data.visits.states import State

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Move:
    """A booking that starts in [first, last), drawn by `seed`, gets another time, length, technician or state."""

    first: datetime
    last: datetime
    seed: int

    def loaded(self) -> tuple[str, Callable[[], object]]:
        return 'move', lambda: _move(self)


def _move(move: Move) -> None:
    chance = Random(move.seed)
    with transaction():
        there = (Booking.starts_at >= move.first) & (Booking.starts_at < move.last)
        rows = list(Booking.select().where(there).order_by(Booking.id))
        if not rows:
            return
        row = chance.choice(rows)
        same = (Booking.id == row.id) & (Booking.version == row.version)
        columns = _other(row, move, chance) | {'version': row.version + 1}
        try:
            with savepoint():
                moved = Booking.update(**columns).where(same).execute()
        except IntegrityError as clash:
            raise SlotTaken from clash
        assert moved == 1, 'somebody wrote while we held the lock'


def _other(row: Booking, move: Move, chance: Random) -> dict[str, Any]:
    match chance.choice(['time', 'length', 'technician', 'state']):
        case 'time':
            span = (move.last - move.first) // MINUTE
            start = move.first + chance.randrange(0, span, 30) * MINUTE
            end = start + (row.ends_at - row.starts_at)
            return {'starts_at': start, 'ends_at': end, 'blocks_until': end}
        case 'length':
            end = row.starts_at + chance.randrange(15, 180, 15) * MINUTE
            return {'ends_at': end, 'blocks_until': end}
        case 'technician':
            return {'technician': chance.choice(technicians.live())}
        case _:  # canceled and taken back: the guard watches this too
            return {'state': State.SCHEDULED if row.state == State.CANCELED else State.CANCELED}
