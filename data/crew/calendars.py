"""When technicians work: weekly hours with breaks, other hours on one date, time off, days closed for everybody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from peewee import BooleanField, Check, ForeignKeyField, IntegerField, TextField

from data.access import rights
from data.access.rights import Right
from data.base.actor import Actor
from data.base.changes import Change, record
from data.base.columns import DayField, InstantField
from data.base.database import Table, transaction
from data.base.marks import N_
from data.base.refusals import Refusal
from data.crew import technicians
from data.crew.technicians import Technician, TechnicianChanged

DAY_MINUTES = 24 * 60

_IN_A_DAY = Check('start_minute >= 0 AND start_minute < end_minute AND end_minute <= 1440')
_ON_CELLS = Check('start_minute / 5 * 5 = start_minute AND end_minute / 5 * 5 = end_minute')


class WeeklyHours(Table):
    """One window of wall-clock minutes on one weekday, or a break in it. 1440 ends a day."""

    technician_id: int
    technician = ForeignKeyField(Technician, backref='weekly_hours', on_delete='RESTRICT')
    weekday = IntegerField()  # 0: Monday
    start_minute = IntegerField()
    end_minute = IntegerField()
    is_break = BooleanField(default=False)

    class Meta:
        table_name = 'weekly_hours'
        constraints = (Check('weekday >= 0 AND weekday <= 6'), _IN_A_DAY, _ON_CELLS)
        indexes = ((('technician', 'weekday'), False),)  # a roster is read by technician


class DateOverride(Table):
    """Other hours on one local date; without windows, a day off. It replaces that date's windows and breaks."""

    technician_id: int
    technician = ForeignKeyField(Technician, backref='date_overrides', on_delete='RESTRICT')
    day = DayField()
    reason = TextField(default='')

    class Meta:
        table_name = 'date_overrides'
        indexes = ((('technician', 'day'), True),)


class OverrideHours(Table):
    """One window or break of a date override."""

    date_override_id: int
    date_override = ForeignKeyField(DateOverride, backref='hours', on_delete='CASCADE')
    start_minute = IntegerField()
    end_minute = IntegerField()
    is_break = BooleanField(default=False)

    class Meta:
        table_name = 'override_hours'
        constraints = (_IN_A_DAY, _ON_CELLS)


class TimeOff(Table):
    """A span in which a technician is away."""

    technician_id: int
    technician = ForeignKeyField(Technician, backref='time_off', on_delete='RESTRICT')
    starts_at = InstantField()
    ends_at = InstantField()
    reason = TextField(default='')

    class Meta:
        table_name = 'time_off'
        constraints = (Check('ends_at > starts_at'),)
        indexes = ((('technician', 'ends_at'), False),)  # what is still ahead of one technician


class ClosedDay(Table):
    """A local date on which nobody works: a public holiday or the business's own."""

    day = DayField(unique=True)
    name = TextField()

    class Meta:
        table_name = 'closed_days'


@dataclass(frozen=True)
class Hours:
    """Minutes after midnight, [start, end), on the wall clock."""

    start_minute: int
    end_minute: int
    is_break: bool = False


class HoursWrong(Refusal):
    """A window or break that ends before it starts; its kinds are wrong in other ways."""

    words = N_('Working hours must end after they start.')


class HoursOutsideDay(HoursWrong):
    """Before midnight or after the next one: a night's work is two windows."""

    words = N_('Working hours must lie within one day.')


class HoursOffGrid(HoursWrong):
    """Free times are looked for every five minutes."""

    words = N_('Working hours start and end at full five minutes, such as 8:05.')


class TimeOffWrong(Refusal):
    """A span that ends before it starts."""

    words = N_('Time off must end after it starts.')


class HoursChanged(TechnicianChanged):
    """A technician works at other times."""


class DayClosed(Change):
    """A local date is closed for everybody."""


def set_week(technician: Technician, week: Mapping[int, Sequence[Hours]], *, by: Actor) -> None:
    """Replaces all weekly hours; a weekday (0: Monday) that is not named is off. Raises NotFound, HoursWrong."""
    with transaction():
        rights.require(by, Right.CHANGE_CREW)
        technician = technicians.find(technician.id)
        _check(hours for day in week.values() for hours in day)
        WeeklyHours.delete().where(WeeklyHours.technician == technician).execute()
        for weekday, day in week.items():
            for hours in day:
                WeeklyHours.create(technician=technician, weekday=weekday, **vars(hours))
        record(HoursChanged(technician, by=by, after={str(day): [vars(h) for h in week[day]] for day in week}))


def set_override(technician: Technician, day: date, hours: Sequence[Hours], *, reason: str = '', by: Actor) -> None:
    """Other hours on one date; none: a day off. Raises NotFound, HoursWrong."""
    with transaction():
        rights.require(by, Right.CHANGE_ABSENCES)
        technician = technicians.find(technician.id)
        _check(hours)
        DateOverride.delete().where((DateOverride.technician == technician) & (DateOverride.day == day)).execute()
        override = DateOverride.create(technician=technician, day=day, reason=reason)
        for each in hours:
            OverrideHours.create(date_override=override, **vars(each))
        record(HoursChanged(technician, by=by, after={'day': day, 'hours': [vars(each) for each in hours]}))


def add_time_off(technician: Technician, start: datetime, end: datetime, *, reason: str = '', by: Actor) -> TimeOff:
    """Away in [start, end). Bookings inside stay where they are. Raises NotFound, TimeOffWrong."""
    with transaction():
        rights.require(by, Right.CHANGE_ABSENCES)
        technician = technicians.find(technician.id)
        if end <= start:
            raise TimeOffWrong
        row = TimeOff.create(technician=technician, starts_at=start, ends_at=end, reason=reason)
        record(HoursChanged(technician, by=by, after={'time_off': [start, end]}))
        return row


def close_day(day: date, name: str, *, by: Actor) -> ClosedDay:
    """Nobody works on this local date. Twice is once."""
    with transaction():
        rights.require(by, Right.CHANGE_CREW)
        row = ClosedDay.get_or_none(ClosedDay.day == day)
        if row is None:
            row = ClosedDay.create(day=day, name=name)
            record(DayClosed(row, by=by, after={'day': day, 'name': name}))
        return row


def _check(hours: Iterable[Hours]) -> None:
    for each in hours:
        if each.end_minute <= each.start_minute:
            raise HoursWrong
        if each.start_minute < 0 or each.end_minute > DAY_MINUTES:
            raise HoursOutsideDay
        if each.start_minute % 5 or each.end_minute % 5:
            raise HoursOffGrid
