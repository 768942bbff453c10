"""The business's own names for states; each state has exactly one default, which comes with the database."""

import re
from collections.abc import Mapping
from typing import Any

from peewee import BooleanField, Check, TextField

from data.access import rights
from data.access.rights import Right
from data.base import clock
from data.base.actor import Actor
from data.base.changes import Change, record
from data.base.columns import InstantField
from data.base.database import transaction
from data.base.fields import Choice, Text, YesNo
from data.base.marks import N_
from data.base.refusals import NotFound, Refusal
from data.base.table import Table, rows
from data.visits.states import NAMES, State

OF_STATE = Choice(key='state', label=N_('State'), options=tuple(NAMES.items()))
CHANGING = (
    Text(key='name', label=N_('Name'), most=40),
    Text(key='color', label=N_('Color'), help=N_('Such as #3366cc; empty: as the state.'), required=False, most=7),
    YesNo(key='is_shown_to_customers', label=N_('Customers see this name')),
)
ADDING = (OF_STATE, *CHANGING)
COLOR = re.compile('#[0-9a-f]{6}')


class Status(Table):
    """One of them."""

    state = TextField()
    name = TextField(null=True)  # None: the state's own name, in the reader's language
    color = TextField(null=True)  # None: the state's own
    is_default = BooleanField(default=False)
    is_shown_to_customers = BooleanField(default=True)
    ended_at = InstantField(null=True)

    class Meta:
        table_name = 'statuses'
        constraints = (
            Check("state IN ('scheduled', 'traveling', 'in progress', 'on break', 'completed', 'canceled')"),
        )

    _one_default = 'CREATE UNIQUE INDEX statuses_one_default ON statuses (state) WHERE is_default AND ended_at IS NULL'
    statements = {'sqlite': [_one_default], 'postgresql': [_one_default]}  # never changed


class StatusChanged(Change):
    """Anything about a status; bookings that have it show it at once."""


class StatusAdded(StatusChanged):
    """It can be chosen from now on."""


class StatusEnded(StatusChanged):
    """It can be chosen no more; bookings that have it keep it."""


class DefaultChanged(StatusChanged):
    """Steps into the state set this one from now on."""


class ColorWrong(Refusal):
    """Colors are written in one way."""

    words = N_('Please enter a color such as #3366cc.')


class DefaultCannotEnd(Refusal):
    """A step into the state must set something."""

    words = N_('New appointments get this status. Make another one the default first.')


def default_of(state: State) -> Status:
    """The status that a step into `state` sets."""
    ((number,),) = rows('SELECT id FROM statuses WHERE state = ? AND is_default AND ended_at IS NULL', state)
    return Status.get_by_id(number)


def live() -> list[Status]:
    """All that can be chosen, in the order of the states, the default of each first."""
    rows = Status.select().where(Status.ended_at.is_null())
    order = list(State)
    return sorted(rows, key=lambda row: (order.index(State(row.state)), not row.is_default, row.id))


def find(status_id: int) -> Status:
    """A live one. Raises NotFound."""
    found: Status | None = Status.find_live(status_id)
    if found is None:
        raise NotFound
    return found


def add(values: Mapping[str, Any], *, by: Actor) -> Status:
    """One more name for a state, by `ADDING`'s values. Raises NotFound, ColorWrong."""
    with transaction():
        rights.require(by, Right.CHANGE_SETTINGS)
        status = Status.create(**_checked(values))
        record(StatusAdded(status, by=by, after=_facts(status)))
        return status


def change(status: Status, values: Mapping[str, Any], *, by: Actor) -> Status:
    """Another name or color, by `CHANGING`'s values. Raises NotFound, ColorWrong."""
    with transaction():
        rights.require(by, Right.CHANGE_SETTINGS)
        now = find(status.id)
        before = _facts(now)
        for name, value in _checked(values).items():
            setattr(now, name, value)
        now.save()
        record(StatusChanged(now, by=by, before=before, after=_facts(now)))
        return now


def set_default(status: Status, *, by: Actor) -> None:
    """Steps into its state set it from now on. Twice is once. Raises NotFound."""
    with transaction():
        rights.require(by, Right.CHANGE_SETTINGS)
        now = find(status.id)
        if now.is_default:
            return
        before = default_of(State(now.state))
        Status.update(is_default=False).where(Status.id == before.id).execute()
        Status.update(is_default=True).where(Status.id == now.id).execute()
        record(DefaultChanged(now, by=by, before={'default': before.id}, after={'default': now.id}))


def end(status: Status, *, by: Actor) -> None:
    """It can be chosen no more. Raises NotFound, DefaultCannotEnd."""
    with transaction():
        rights.require(by, Right.CHANGE_SETTINGS)
        now = find(status.id)
        if now.is_default:
            raise DefaultCannotEnd
        Status.update(ended_at=clock.now()).where(Status.id == now.id).execute()
        record(StatusEnded(now, by=by, before=_facts(now)))


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    color = values.get('color')
    if color and not COLOR.fullmatch(color.lower()):
        raise ColorWrong
    return {**values, 'color': color.lower() if color else None}


def _facts(status: Status) -> dict[str, object]:
    return {name: getattr(status, name) for name in ('state', 'name', 'color', 'is_shown_to_customers')}
