"""What history says of bookings, held against their rows."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from data.base import changes
from data.base.changes import ChangeRow
from data.visits.booking_table import Booking, facts

Facts = Mapping[str, Any]
INSTANTS = {'starts_at', 'ends_at', 'blocks_until'}


def disagreements(done: Mapping[int, int]) -> list[str]:
    """Where a booking has not one change for each act `done` on it (by its id), where a change does not begin as the
    one before has ended, and where the last one does not end as the row is.
    """
    told, rows = _told(), Booking.select().where(Booking.id.in_(list(done)))
    return [f'booking {row.id}: {wrong}' for row in rows for wrong in _wrong(row, told[row.id], done[row.id])]


def _wrong(row: Booking, told: list[tuple[Facts, Facts]], acts: int) -> Iterator[str]:
    if not len(told) == acts == row.version:
        yield f'{len(told)} changes, {acts} acts, version {row.version}'
    now = _read(changes.as_json(facts(row)))
    for (_, end), (begin, _) in pairwise([*told, (now, now)]):
        if lost := {name: (end[name], begin[name]) for name in now if end[name] != begin[name]}:
            yield f'between two changes, {lost}'


def _told() -> dict[int, list[tuple[Facts, Facts]]]:
    """Before and after of each change, by booking."""
    told: dict[int, list[tuple[Facts, Facts]]] = defaultdict(list)
    for row in ChangeRow.select().where(ChangeRow.subject_type == 'bookings').order_by(ChangeRow.id):
        told[row.subject_id].append((_read(row.before), _read(row.after)))
    return told


def _read(facts_as_json: str) -> Facts:
    """An instant is the same in every zone."""
    told = json.loads(facts_as_json)
    return {name: datetime.fromisoformat(told[name]) if name in INSTANTS else told[name] for name in told}
