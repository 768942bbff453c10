"""Asks the pure engine (slots) with what the database knows: hours, time off, bookings, rules of the service type."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from data.access import settings
from data.base import clock
from data.crew import technicians
from data.crew.calendars import ClosedDay, DateOverride, OverrideHours, TimeOff, WeeklyHours
from data.offer.service_types import ServiceType
from data.people.customers import Site
from data.visits import slots
from data.visits.slots import Business, Roster, Span, Visit, Wanted
from data.visits.working_time import DayHours, Window

MARGIN = timedelta(days=3)  # what lies just outside the asked days may reach into them

VisitsOf = Mapping[int, Sequence[Visit]]  # by technician


def reach(first_day: date, last_day: date) -> Span:
    """Whose visits can matter for a start on these local dates."""
    midnight = datetime.combine(first_day, time(), UTC)
    return Span(midnight - MARGIN, midnight + (last_day - first_day) + timedelta(1) + MARGIN)


def offered(
    site: Site,
    service_type: ServiceType,
    visits: VisitsOf,
    *,
    first_day: date,
    last_day: date,
    moving: int | None = None,
) -> dict[date, list[datetime]]:
    """Free starts by local date, both dates included; `visits` are those of `reach`."""
    return slots.offered(
        wanted(site, service_type),
        rosters(reach(first_day, last_day), visits),
        business(),
        first_day=first_day,
        last_day=last_day,
        now=clock.now(),
        moving=moving,
    )


def candidates(
    site: Site, service_type: ServiceType, start: datetime, visits: VisitsOf, *, moving: int | None = None
) -> list[int]:
    """Technicians who can take this start, who should get it first; `visits` are those of `reach` of its date."""
    day = start.astimezone(settings.zone()).date()
    crew = rosters(reach(day, day), visits)
    return slots.candidates(wanted(site, service_type), crew, business(), start, now=clock.now(), moving=moving)


def wanted(site: Site, service_type: ServiceType) -> Wanted:
    """What the engine asks for: the rules of the service type, the place of the site."""
    return Wanted(
        duration_minutes=service_type.duration_minutes,
        set_up_minutes=service_type.set_up_minutes,
        clean_up_minutes=service_type.clean_up_minutes,
        granularity_minutes=service_type.granularity_minutes,
        least_notice_minutes=service_type.least_notice_minutes,
        greatest_notice_minutes=service_type.greatest_notice_minutes,
        least_days=service_type.least_days,
        greatest_days=service_type.greatest_days,
    )


def business() -> Business:
    """Zone and closed days. Every drive takes no time yet."""
    return Business(zone=settings.zone(), closed_days=frozenset(row.day for row in ClosedDay.select()))


def rosters(span: Span, visits: VisitsOf) -> list[Roster]:
    """What decides about each live technician in this span, in one query for each table."""
    week, overrides, time_off = _week(), _overrides(span.start.date(), span.end.date()), _time_off(span)
    return [
        Roster(
            technician_id=each.id,
            week=week[each.id],
            overrides=overrides[each.id],
            time_off=time_off[each.id],
            visits=visits.get(each.id, ()),
        )
        for each in technicians.live()
    ]


def _week() -> dict[int, dict[int, DayHours]]:
    rows: dict[tuple[int, int], list[WeeklyHours]] = defaultdict(list)
    for row in WeeklyHours.select():
        rows[row.technician_id, row.weekday].append(row)
    week: dict[int, dict[int, DayHours]] = defaultdict(dict)
    for (technician, weekday), hours in rows.items():
        week[technician][weekday] = _day(hours)
    return week


def _overrides(first_day: date, last_day: date) -> dict[int, dict[date, DayHours]]:
    found: dict[int, dict[date, DayHours]] = defaultdict(dict)
    hours: dict[int, list[OverrideHours]] = defaultdict(list)
    asked = (DateOverride.day >= first_day) & (DateOverride.day <= last_day)
    for each in OverrideHours.select(OverrideHours).join(DateOverride).where(asked):
        hours[each.date_override_id].append(each)
    for row in DateOverride.select().where(asked):
        found[row.technician_id][row.day] = _day(hours[row.id])
    return found


def _day(hours: Iterable[WeeklyHours | OverrideHours]) -> DayHours:
    parts = [(Window(each.start_minute, each.end_minute), each.is_break) for each in hours]
    return DayHours(
        tuple(window for window, is_break in parts if not is_break),
        tuple(window for window, is_break in parts if is_break),
    )


def _time_off(span: Span) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = defaultdict(list)
    for row in TimeOff.select().where((TimeOff.ends_at > span.start) & (TimeOff.starts_at < span.end)):
        found[row.technician_id].append(Span(row.starts_at, row.ends_at))
    return found
