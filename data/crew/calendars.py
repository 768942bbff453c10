"""When technicians work: weekly hours with breaks, other hours on one date, and time off."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from peewee import BooleanField, Check, ForeignKeyField, IntegerField, TextField

from data.access import rights
from data.access.rights import Right
from data.base.actor import Actor
from data.base.cells import CELL_MINUTES
from data.base.changes import record
from data.base.columns import DayField, InstantField
from data.base.database import transaction
from data.base.marks import N_
from data.base.refusals import NotFound, Refusal
from data.base.table import Table
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


class WeekdayWrong(HoursWrong):
    """A week has seven days."""

    words = N_('Please choose a day of the week.')


class BreakOutsideHours(HoursWrong):
    """It would change nothing: somebody has mistyped the break or forgotten the hours around it."""

    words = N_('A break must lie within the working hours of its day.')


class TimeOffWrong(Refusal):
    """A span that ends before it starts."""

    words = N_('Time off must end after it starts.')


class HoursChanged(TechnicianChanged):
    """A technician works at other times."""


def set_week(
    technician: Technician, week: Mapping[int, Sequence[Hours]], *, version: int | None = None, by: Actor
) -> None:
    """Replaces all weekly hours; a weekday (0: Monday) that is not named is off. `version` as technicians.edited says.

    Raises NotFound, ChangedMeanwhile, HoursWrong.
    """
    with transaction():
        rights.require(by, Right.CHANGE_CREW)
        technician = technicians.edited(technician, version)
        if not set(week) <= set(range(7)):
            raise WeekdayWrong
        for day in week.values():
            _check(day)
        before = _week_of(technician)
        WeeklyHours.delete().where(WeeklyHours.technician == technician).execute()
        for weekday, day in week.items():
            for hours in day:
                WeeklyHours.create(technician=technician, weekday=weekday, **vars(hours))
        record(HoursChanged(technician, by=by, before=before, after=_week_of(technician)))


def set_override(technician: Technician, day: date, hours: Sequence[Hours], *, reason: str = '', by: Actor) -> None:
    """Other hours on one date; none: a day off. Raises NotFound, HoursWrong."""
    with transaction():
        rights.require(by, Right.CHANGE_ABSENCES)
        technician = technicians.find(technician.id)
        _check(hours)
        before = _taken_override(technician, day)
        override = DateOverride.create(technician=technician, day=day, reason=reason)
        for each in hours:
            OverrideHours.create(date_override=override, **vars(each))
        after = {'day': day, 'hours': [vars(each) for each in hours], 'reason': reason}
        record(HoursChanged(technician, by=by, before=before, after=after))


def remove_override(technician: Technician, day: date, *, by: Actor) -> None:
    """The weekly hours hold on that date again. Twice is once. Raises NotFound."""
    with transaction():
        rights.require(by, Right.CHANGE_ABSENCES)
        technician = technicians.find(technician.id)
        before = _taken_override(technician, day)
        if before['hours'] is not None:
            record(HoursChanged(technician, by=by, before=before, after={'day': day, 'hours': None}))


def add_time_off(technician: Technician, start: datetime, end: datetime, *, reason: str = '', by: Actor) -> TimeOff:
    """Away in [start, end). Bookings inside stay where they are. Raises NotFound, TimeOffWrong."""
    with transaction():
        rights.require(by, Right.CHANGE_ABSENCES)
        technician = technicians.find(technician.id)
        if end <= start:
            raise TimeOffWrong
        row = TimeOff.create(technician=technician, starts_at=start, ends_at=end, reason=reason)
        record(HoursChanged(technician, by=by, after={'time_off': [start, end], 'reason': reason}))
        return row


def remove_time_off(time_off: TimeOff, *, by: Actor) -> None:
    """It does not happen, or was entered by mistake. Raises NotFound, also where it is removed already."""
    with transaction():
        rights.require(by, Right.CHANGE_ABSENCES)
        row = TimeOff.get_or_none(TimeOff.id == time_off.id)
        if row is None:
            raise NotFound
        technician = technicians.find(row.technician_id)
        row.delete_instance()
        before = {'time_off': [row.starts_at, row.ends_at], 'reason': row.reason}
        record(HoursChanged(technician, by=by, before=before))


def _check(day: Iterable[Hours]) -> None:
    """The windows and breaks of one date."""
    hours = list(day)
    for each in hours:
        if each.end_minute <= each.start_minute:
            raise HoursWrong
        if each.start_minute < 0 or each.end_minute > DAY_MINUTES:
            raise HoursOutsideDay
        if each.start_minute % CELL_MINUTES or each.end_minute % CELL_MINUTES:
            raise HoursOffGrid
    work: set[int] = set().union(*(range(each.start_minute, each.end_minute) for each in hours if not each.is_break))
    if any(not work.issuperset(range(each.start_minute, each.end_minute)) for each in hours if each.is_break):
        raise BreakOutsideHours


def _week_of(technician: Technician) -> dict[str, object]:
    """For history: the hours of each weekday that has some."""
    week: dict[int, list[object]] = defaultdict(list)
    for row in WeeklyHours.select().where(WeeklyHours.technician == technician).order_by(WeeklyHours.start_minute):
        week[row.weekday].append(_hours(row))
    return {'week': week}


def _taken_override(technician: Technician, day: date) -> dict[str, object]:
    """Deletes the other hours on that date, and returns them for history; None where the weekly hours hold."""
    row = DateOverride.get_or_none((DateOverride.technician == technician) & (DateOverride.day == day))
    if row is None:
        return {'day': day, 'hours': None}
    rows = OverrideHours.select().where(OverrideHours.date_override == row).order_by(OverrideHours.start_minute)
    hours = [_hours(each) for each in rows]
    row.delete_instance()
    return {'day': day, 'hours': hours, 'reason': row.reason}


def _hours(row: WeeklyHours | OverrideHours) -> dict[str, object]:
    return vars(Hours(row.start_minute, row.end_minute, row.is_break))
