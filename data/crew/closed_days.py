"""Local dates on which nobody works: public holidays and the business's own."""

from datetime import date

from peewee import TextField

from data.access import rights
from data.access.rights import Right
from data.base.actor import Actor
from data.base.changes import Change, record
from data.base.columns import DayField
from data.base.database import transaction
from data.base.refusals import NotFound
from data.base.table import Table


class ClosedDay(Table):
    """One of them. Who works otherwise, and when, does not matter."""

    day = DayField(unique=True)
    name = TextField()

    class Meta:
        table_name = 'closed_days'


class ClosedDaysChanged(Change):
    """Anything about the dates on which nobody works."""


class DayClosed(ClosedDaysChanged):
    """A local date is closed for everybody."""


class ClosedDayRenamed(ClosedDaysChanged):
    """It is closed for another reason."""


class DayReopened(ClosedDaysChanged):
    """Who has hours on that local date works again."""


def close(day: date, name: str, *, by: Actor) -> ClosedDay:
    """Nobody works on this local date. Twice is once."""
    with transaction():
        rights.require(by, Right.CHANGE_ABSENCES)
        row = ClosedDay.get_or_none(ClosedDay.day == day)
        if row is None:
            row = ClosedDay.create(day=day, name=name)
            record(DayClosed(row, by=by, after={'day': day, 'name': name}))
        return row


def rename(day: date, name: str, *, by: Actor) -> None:
    """Another reason for a date that is closed. Raises NotFound."""
    with transaction():
        rights.require(by, Right.CHANGE_ABSENCES)
        row = ClosedDay.get_or_none(ClosedDay.day == day)
        if row is None:
            raise NotFound
        before, row.name = row.name, name
        row.save()
        record(ClosedDayRenamed(row, by=by, before={'day': day, 'name': before}, after={'day': day, 'name': name}))


def reopen(day: date, *, by: Actor) -> None:
    """Takes a closed day back. Twice is once."""
    with transaction():
        rights.require(by, Right.CHANGE_ABSENCES)
        row = ClosedDay.get_or_none(ClosedDay.day == day)
        if row is not None:
            row.delete_instance()
            record(DayReopened(row, by=by, before={'day': day, 'name': row.name}))


def between(first_day: date, last_day: date) -> list[ClosedDay]:
    """Those from the first to the last date, both included, in order."""
    return list(ClosedDay.select().where(ClosedDay.day.between(first_day, last_day)).order_by(ClosedDay.day))
