"""Every row that decides about free times, by its model and without a thought about which of them may matter."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from data.access import settings
from data.crew.calendars import DateOverride, OverrideHours, TimeOff, WeeklyHours
from data.crew.closed_days import ClosedDay
from data.crew.technicians import Technician, skills_of, territories_of
from data.people.customers import Site
from data.visits import places
from data.visits.booking_table import Booking
from data.visits.rosters import Roster, Span, Visit
from data.visits.search import Business
from data.visits.states import UNDER_WAY, State
from data.visits.travel import Place, drive_minutes
from data.visits.working_time import DayHours, Window


def business() -> Business:
    closed = {row.day for row in ClosedDay.select()}
    return Business(zone=settings.zone(), closed_days=closed, drive=drive_minutes)


def crew() -> list[Roster]:
    return [
        Roster(
            technician_id=row.id,
            week=_week(row),
            overrides=_overrides(row),
            time_off=[Span(_seconds(off.starts_at), _seconds(off.ends_at)) for off in _of(TimeOff, row)],
            visits=[_visit(booking) for booking in _of(Booking, row) if booking.state != State.CANCELED],
            skills=skills_of(row),
            territory_ids=territories_of(row),
            home=None if row.home_lat is None or row.home_lon is None else Place(row.home_lat, row.home_lon),
            radius_km=row.radius_km,
        )
        for row in Technician.select().where(Technician.ended_at.is_null())
    ]


def _of(table: Any, technician: Technician) -> list[Any]:
    return list(table.select().where(table.technician == technician))


def _week(technician: Technician) -> dict[int, DayHours]:
    rows = defaultdict[int, list[Any]](list)
    for row in _of(WeeklyHours, technician):
        rows[row.weekday].append(row)
    return {weekday: _hours(of_day) for weekday, of_day in rows.items()}


def _overrides(technician: Technician) -> dict[date, DayHours]:
    return {
        row.day: _hours(list(OverrideHours.select().where(OverrideHours.date_override == row)))
        for row in _of(DateOverride, technician)
    }


def _hours(rows: Sequence[Any]) -> DayHours:
    windows, breaks = (
        tuple(Window(row.start_minute, row.end_minute) for row in rows if row.is_break == is_break)
        for is_break in (False, True)
    )
    return DayHours(windows, breaks)


def _visit(row: Booking) -> Visit:
    since = row.travel_started_at or row.work_started_at or row.starts_at
    return Visit(
        booking_id=row.id,
        starts_at=_seconds(row.starts_at),
        blocks_until=_seconds(row.blocks_until),
        set_up_minutes=row.set_up_minutes,
        clean_up_minutes=row.clean_up_minutes,
        place=places.of_site(Site.get_by_id(row.site_id)),
        under_way_since=_seconds(since) if row.state in UNDER_WAY else None,
    )


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())
