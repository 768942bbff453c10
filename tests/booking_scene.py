"""A small business whose bookings are driven by `Act`s: everybody works day and night, no drive takes a minute."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

import makers
from booking_model import Model
from booking_paths import CANCEL, COMMENT, SET_STATUS, SETTLE, STEP, UNDO
from booking_rows import ARRANGING, MINUTE, Act, Line, Visit, settled_times
from makers import Household
from people import TESS

from data.access import settings
from data.access.roles import Role
from data.base.actor import SYSTEM, Actor
from data.base.changes import ChangeRow
from data.base.database import transaction
from data.base.form_keys import FormKey
from data.base.refusals import Refusal
from data.crew import calendars
from data.crew.calendars import Hours
from data.messages.outbox import Message
from data.offer.service_types import ServiceType
from data.visits import booking_steps, bookings, corrections, statuses
from data.visits.booking_table import Booking
from data.visits.states import Reason, State
from data.visits.statuses import Status

MONDAY_NINE = datetime(2030, 5, 6, 14, tzinfo=UTC)  # in Chicago
PEOPLE = ('ada', 'bruno', 'tom', 'tess', 'cleo')  # two customers, two technicians, a dispatcher
OPEN_ALL_DAY = dict.fromkeys(range(7), (Hours(0, 24 * 60),))


@dataclass(frozen=True)
class Scene:
    """Who acts, on whose sites, with which technicians."""

    actors: dict[str, Actor]
    households: dict[str, Household]
    technicians: dict[int, str]
    service_type: ServiceType
    statuses: dict[State, tuple[int, int]]
    keys: Iterator[int]

    def begin_again(self) -> Model:
        """No bookings."""
        with transaction():
            Booking.delete().execute()
            Message.delete().execute()
            FormKey.delete().execute()
        customers = {household.customer.id: who for who, household in self.households.items()}
        return Model(self.technicians, customers, self.statuses)

    def book(self, who: str, whose: str, start: datetime, *, override: str | None = None) -> str | Booking:
        """The booking, or by what name it is refused."""
        wish = makers.make_wish(self.households[whose], self.service_type, start, override=override)
        try:
            return bookings.book(wish, by=self.actors[who], key=f'key-{next(self.keys)}')
        except Refusal as no:
            return type(no).__name__

    def do(self, act: Act, page: Booking) -> str | None:
        """By what name it is refused; `page` is the booking as its page showed it."""
        by = self.actors[act.who]
        try:
            self._run(act, page, by)
        except Refusal as no:
            return type(no).__name__
        return None

    def _run(self, act: Act, page: Booking, by: Actor) -> None:
        if act.command in STEP.values():
            booking_steps.advance(page, State(act.command.removeprefix('step to ')), by=by, at=act.at)
        elif act.command in CANCEL.values():
            reason = Reason(act.command.removeprefix('cancel: '))
            bookings.cancel(page, reason, by=by, note=act.words, internal_note=act.internal_note, at=act.at)
        elif act.command in ARRANGING:
            technician = None if act.technician_id is None else Booking(technician=act.technician_id).technician
            more: dict[str, Any] = {'minutes': act.minutes, 'technician': technician, 'override': act.override}
            bookings.move(page, act.start or page.starts_at, by=by, key=f'key-{next(self.keys)}', **more)
        elif act.command == COMMENT:
            bookings.modify(page, act.words, by=by)
        elif act.command == UNDO:
            corrections.undo(page, by=by)
        elif act.command == SETTLE:
            started, completed = settled_times(visit_of(page))
            corrections.settle(page, work_started_at=started, completed_at=completed, by=by)
        else:
            booking_steps.set_status(page, self._status(act, page), by=by)

    def _status(self, act: Act, page: Booking) -> Status:
        state = State(Booking.get_by_id(page.id).state)
        if act.command != SET_STATUS:
            state = State.ON_BREAK if state == State.SCHEDULED else State.SCHEDULED
        default, other = self.statuses[state]
        now = Booking.get_by_id(page.id).status_id
        found: Status = Status.get_by_id(other if now == default else default)
        return found


def make_scene() -> Scene:
    """Ada and Bruno, who book; Tom and Tess, who come; Cleo, who arranges."""
    cast = makers.make_cast()
    account = makers.make_account(TESS, Role.TECHNICIAN)
    tess = makers.make_technician(TESS, account=account)
    for technician in (cast.technician_row, tess):
        calendars.set_week(technician, OPEN_ALL_DAY, by=SYSTEM)
    ServiceType.update(duration_minutes=60, least_notice_minutes=0).execute()
    settings.change({'driving.unknown_minutes': 0, 'bookings.cut_off_hours': 1}, by=SYSTEM)
    added = {state: statuses.add({'state': state, 'name': f'Our {state}', 'color': None}, by=SYSTEM) for state in State}
    people = (cast.customer, cast.other_customer, cast.technician, makers.signed_in(account), cast.dispatcher)
    return Scene(
        actors=dict(zip(PEOPLE, people, strict=True)),
        households={'ada': cast.household, 'bruno': cast.other_household},
        technicians={cast.technician_row.id: 'tom', tess.id: 'tess'},
        service_type=cast.service_type,
        statuses={state: (statuses.default_of(state).id, status.id) for state, status in added.items()},
        keys=count(1),
    )


def visit_of(row: Booking) -> Visit:
    """The row as the model has it."""
    names = [each.name for each in Visit.__dataclass_fields__.values() if not each.metadata]
    return Visit(**{**{name: getattr(row, name) for name in names}, 'state': State(row.state)})


def rows() -> dict[int, Visit]:
    """Every booking as it is now."""
    return {row.id: visit_of(row) for row in Booking.select()}


def written_after(last: int) -> list[Line]:
    """The lines of history of bookings since that one: kind, before, after."""
    found = ChangeRow.select().where(ChangeRow.id > last, ChangeRow.subject_type == 'bookings').order_by(ChangeRow.id)
    return [(row.kind, json.loads(row.before), json.loads(row.after) | _frame(row)) for row in found]


def last_line() -> int:
    """The id of the last line of history, of whatever it is."""
    row = ChangeRow.select(ChangeRow.id).order_by(ChangeRow.id.desc()).first()
    return row.id if row else 0


def counts() -> tuple[int, int, int]:
    """How much there is of what a refused command must not have written: history, messages, form keys."""
    return ChangeRow.select().count(), Message.select().count(), FormKey.select().count()


def half_hour_after(instant: datetime) -> datetime:
    """The next start on the grid, or this one."""
    return instant + MINUTE * (-instant.minute % 30) if not instant.second else half_hour_after(_minute(instant))


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0) + MINUTE


def _frame(row: ChangeRow) -> dict[str, Any]:
    return {'*subject': row.subject_id, '*account': row.account_id, '*customer': row.customer_id, '*at': row.at}
