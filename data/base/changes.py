"""One record of what happened feeds history, reactions, messages and open pages."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import structlog
from peewee import IntegerField, TextField

from data.base import clock
from data.base.actor import Actor
from data.base.columns import InstantField
from data.base.database import after_commit
from data.base.table import Table

log = structlog.get_logger()


class ChangeRow(Table):
    """One line of history: who did what to which row. It is never changed, only anonymised by an erasure."""

    at = InstantField()
    account_id = IntegerField(null=True)  # None: the system, the operator or a stranger
    via = TextField()
    kind = TextField()
    subject_type = TextField()
    subject_id = IntegerField()
    customer_id = IntegerField(null=True, index=True)  # erasure and a customer's history
    before = TextField()
    after = TextField()

    class Meta:
        table_name = 'changes'
        indexes = ((('subject_type', 'subject_id', 'at'), False),)  # the history of one record


class Change:
    """What happened to one row. Each concept has its own kinds as subclasses: BookingMade is a BookingChanged."""

    def __init__(
        self,
        row: Table,
        *,
        by: Actor,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
        secrets: Mapping[str, str] | None = None,
    ) -> None:
        """`secrets`, such as a code, are for messages: neither history nor log sees them."""
        self.row = row
        self.by = by
        self.before = dict(before or {})
        self.after = dict(after or {})
        self.secrets = dict(secrets or {})

    @property
    def kind(self) -> str:
        return type(self).__name__

    @property
    def customer_id(self) -> int | None:
        return self.row.household()


Reaction = Callable[[Any], None]
# tuples, replaced and never changed: a thread may be going through one
_reactions: dict[type[Change], tuple[Reaction, ...]] = {}
_listeners: dict[type[Change], tuple[Reaction, ...]] = {}


def when(kind: type[Change], reaction: Reaction) -> None:
    """Lets `reaction(change)` run in the transaction of each change of this kind or a kind of it; it may refuse."""
    _reactions[kind] = (*_reactions.get(kind, ()), reaction)


def listen(kind: type[Change], callback: Reaction) -> Callable[[], None]:
    """Lets `callback(change)` run after the commit, in the thread that wrote. Returns how to stop listening."""
    _listeners[kind] = (*_listeners.get(kind, ()), callback)

    def stop() -> None:
        _listeners[kind] = tuple(each for each in _listeners.get(kind, ()) if each is not callback)

    return stop


def record(change: Change) -> None:
    """Writes the history line, lets reactions follow, and announces the change once all of it is on disk."""
    ChangeRow.create(
        at=clock.now(),
        account_id=change.by.account_id,
        via=change.by.via,
        kind=change.kind,
        subject_type=change.row.table_name(),
        subject_id=change.row.id,
        customer_id=change.customer_id,
        before=as_json(change.before),
        after=as_json(change.after),
    )
    for reaction in _of(_reactions, change):
        reaction(change)
    after_commit(lambda: _log(change))
    announce(change)


def happened(kind: type[Change], row: Table) -> bool:
    """Whether history has such a change of this row."""
    its = (ChangeRow.subject_type == row.table_name()) & (ChangeRow.subject_id == row.id)
    return bool(ChangeRow.select().where(its & (ChangeRow.kind == kind.__name__)).exists())


def announce(change: Change) -> None:
    """Lets listeners know after the commit; alone, without a history line, for what is no history."""
    after_commit(lambda: _announce(change))


def as_json(facts: Mapping[str, object]) -> str:
    """Facts as JSON; instants and dates as ISO 8601."""
    return json.dumps(facts, default=_plain, ensure_ascii=False, sort_keys=True)


def forget_all() -> None:
    """Takes every reaction and listener away: before the house is wired anew, and between tests."""
    _reactions.clear()
    _listeners.clear()


def _log(change: Change) -> None:
    log.info('change', change=change.kind, subject=change.row.table_name(), subject_id=change.row.id, by=change.by.key)


def _announce(change: Change) -> None:
    for callback in _of(_listeners, change):
        try:
            callback(change)
        except Exception:  # one page that cannot redraw keeps no other from it
            log.exception('listener failed', change=change.kind)


def _of(registry: dict[type[Change], tuple[Reaction, ...]], change: Change) -> list[Reaction]:
    return [found for kind in type(change).__mro__ for found in registry.get(kind, ())]


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Table):
        return value.id
    raise TypeError(f'no fact: {value!r}')
