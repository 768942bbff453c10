"""A booking and a press as the tests have them, and the lines of history that a press must leave."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from booking_paths import CANCEL, COMMENT, DISPATCHER, MOVE, REASSIGN, SETTLE, STEP, STRETCH, TECHNICIAN, way

from data.visits.states import State

MINUTE = timedelta(minutes=1)
UNDER_WAY = (State.TRAVELING, State.IN_PROGRESS, State.ON_BREAK)
ARRANGING = (MOVE, STRETCH, REASSIGN)
Line = tuple[str, dict[str, Any], dict[str, Any]]  # kind, before, after


@dataclass(frozen=True, kw_only=True)
class Act:
    """One press of a button: what, by whom, and the booking as its page showed it."""

    command: str
    who: str
    booking_id: int
    seen: tuple[object, ...]
    start: datetime | None = None
    minutes: int | None = None
    technician_id: int | None = None
    override: str | None = None
    at: datetime | None = None
    words: str | None = None  # comment or note
    internal_note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A row as it must be. `left` is what it was before it was over, `said_at` when that was said."""

    id: int
    customer_id: int
    contact_id: int
    site_id: int
    technician_id: int
    status_id: int
    starts_at: datetime
    ends_at: datetime
    blocks_until: datetime
    comment: str | None
    override_reason: str | None
    state: State = State.SCHEDULED
    sequence: int = 0
    version: int = 1
    travel_started_at: datetime | None = None
    work_started_at: datetime | None = None
    completed_at: datetime | None = None
    canceled_at: datetime | None = None
    cancel_reason: str | None = None
    cancel_note: str | None = None
    cancel_note_internal: str | None = None
    told: datetime | None = field(default=None, metadata={'is_inner': True})  # the true time of the last step
    left: 'Visit | None' = field(default=None, metadata={'is_inner': True})
    said_at: datetime | None = field(default=None, metadata={'is_inner': True})
    made_at: datetime | None = field(default=None, metadata={'is_inner': True})

    def columns(self) -> dict[str, Any]:
        """What must stand in the row."""
        fields = self.__dataclass_fields__.values()
        return {each.name: getattr(self, each.name) for each in fields if not each.metadata}

    def seen(self) -> tuple[object, ...]:
        """What their page shows somebody of it."""
        return self.state, self.starts_at, self.ends_at, self.technician_id, self.comment

    def facts(self) -> dict[str, object]:
        """What a message needs of it."""
        return {
            'state': self.state,
            'status': self.status_id,
            'starts_at': self.starts_at,
            'ends_at': self.ends_at,
            'blocks_until': self.blocks_until,
            'technician': self.technician_id,
            'site': self.site_id,
            'contact': self.contact_id,
            'service': 'Annual inspection',
            'zone': 'America/Chicago',
            'sequence': self.sequence,
        }

    def last_told(self) -> datetime | None:
        times = (self.told, self.travel_started_at, self.work_started_at)
        return max((each for each in times if each is not None), default=None)

    def touches(self, start: datetime, end: datetime) -> bool:
        return self.starts_at < end and start < self.blocks_until

    def keeps_busy(self, start: datetime, end: datetime, now: datetime) -> bool:
        """What is under way lasts from when it truly began until now at least."""
        if self.state not in UNDER_WAY:
            return self.touches(start, end)
        begun = min(self.travel_started_at or self.work_started_at or self.starts_at, self.starts_at)
        return begun < end and start < max(self.blocks_until, whole_cell(now))


def lines(act: Act, visit: Visit, after: Visit, part: str, at_work: int) -> list[Line]:
    """What history tells of it, with all that a message needs; `at_work` is the status of settled work meanwhile."""
    kinds = way(visit.state, act.command, after.state).kinds
    before, told = visit.facts(), after.facts()
    told['who'] = {DISPATCHER: 'staff', TECHNICIAN: 'technician'}.get(part, 'customer')
    if act.command in {*ARRANGING, COMMENT}:
        before |= {'comment': visit.comment, 'override': visit.override_reason}
        told |= {'comment': after.comment, 'override': after.override_reason}
    if act.command in CANCEL.values():
        told |= {name: getattr(after, name) for name in ('cancel_reason', 'cancel_note', 'cancel_note_internal')}
    if act.command in {*STEP.values(), *CANCEL.values()}:
        told['at'] = after.told
    if act.command != SETTLE:
        return [(kinds[0], before, told)]
    between = {**before, 'state': State.IN_PROGRESS, 'status': at_work}
    started, completed = settled_times(visit)
    first = (kinds[0], before, {**between, 'at': started, 'who': 'staff'})
    return [first, (kinds[1], between, {**told, 'at': completed})]


def settled_times(visit: Visit) -> tuple[datetime, datetime]:
    """When the work began and was done, as staff enter it in these tests."""
    return visit.starts_at + 5 * MINUTE, visit.ends_at - 7 * MINUTE


def whole_cell(instant: datetime) -> datetime:
    """The next full five minutes."""
    return instant + timedelta(seconds=-int(instant.timestamp()) % 300)
