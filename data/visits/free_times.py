"""Asks the pure engine (slots) with what the database knows: who works when, what is booked, rules, places, drives."""

from collections.abc import Set
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from data.base import clock
from data.offer import service_types
from data.offer.service_types import ServiceType
from data.people.customers import Site
from data.visits import drive_times, kept_rosters, places, slots
from data.visits.booking_table import Booking
from data.visits.kept_rosters import Crew
from data.visits.rules import ALL_RULES, Rule
from data.visits.search import Business, Wanted
from data.visits.slots import No
from data.visits.travel import Drive, drive_minutes
from data.visits.working_time import DAY_MINUTES

MOST_DAYS = (
    730  # ahead, as the longest notice of a service type; beyond it, a year was mistyped: no override goes there
)
REACH = timedelta(MOST_DAYS + 1)  # of dates that are looked at, whichever zone counts them
YESTERDAY = timedelta(2)  # likewise: nothing free lies before it


def wanted(site: Site, service_type: ServiceType, *, minutes: int | None = None) -> Wanted:
    """A new visit there; `minutes` is another length than the service type's."""
    return Wanted(
        duration_minutes=minutes or service_type.duration_minutes,
        set_up_minutes=service_type.set_up_minutes,
        clean_up_minutes=service_type.clean_up_minutes,
        granularity_minutes=service_type.granularity_minutes,
        least_notice_minutes=service_type.least_notice_minutes,
        greatest_notice_minutes=service_type.greatest_notice_minutes,
        least_days=service_type.least_days,
        greatest_days=MOST_DAYS if service_type.greatest_days is None else service_type.greatest_days,
        place=places.of_site(site),
        territory_id=site.territory_id,
        skills=service_types.skills_of(service_type),
    )


def wanted_again(booking: Booking, *, minutes: int | None = None) -> Wanted:
    """A booking that moves: what was frozen when it was made, by the rules of its service type as they are now."""
    length = booking.ends_at - booking.starts_at
    return replace(
        wanted(booking.site, booking.service_type, minutes=minutes or length // timedelta(minutes=1)),
        set_up_minutes=booking.set_up_minutes,
        clean_up_minutes=booking.clean_up_minutes,
    )


def offered(asked: Wanted, *, first_day: date, last_day: date, moving: int | None = None) -> dict[date, list[datetime]]:
    """Free starts by local date, both dates included; of dates beyond two years none."""
    first_day, last_day = max(first_day, _today() - YESTERDAY), min(last_day, _today() + REACH)
    if first_day > last_day:
        return {}
    crew = _crew(asked, first_day, last_day)
    return slots.offered(
        asked,
        crew.rosters.values(),
        _business(crew, asked),
        first_day=first_day,
        last_day=last_day,
        now=clock.now(),
        moving=moving,
    )


def open_days(asked: Wanted, *, first_day: date, last_day: date, moving: int | None = None) -> set[date]:
    """Those of these local dates, both included, with a free start."""
    first_day, last_day = max(first_day, _today() - YESTERDAY), min(last_day, _today() + REACH)
    if first_day > last_day:
        return set()
    crew = _crew(asked, first_day, last_day)
    return slots.open_days(
        asked,
        crew.rosters.values(),
        _business(crew, asked),
        first_day=first_day,
        last_day=last_day,
        now=clock.now(),
        moving=moving,
    )


def candidates(
    asked: Wanted, start: datetime, *, moving: int | None = None, heeding: Set[Rule] = ALL_RULES
) -> list[int]:
    """Technicians who can take this start, who should get it first. `heeding`: an override breaks the other rules.

    Also of a start that has passed, as staff put right what was; nobody beyond two years.
    """
    if not _is_in_reach(start.date()):
        return []
    crew = _crew_of(asked, start)
    business = _business(crew, asked, choosing_on=start.astimezone(crew.facts.zone).date())
    # masks of its own days: those of months would first be made anew for all who were booked since they were last asked
    business = replace(business, kept_days=None)
    rosters = crew.rosters.values()
    return slots.candidates(asked, rosters, business, start, now=clock.now(), moving=moving, heeding=heeding)


def nearby(asked: Wanted, day: date, *, moving: int | None = None) -> set[datetime]:
    """The free starts of this local date for which somebody drives least out of their way."""
    if not _is_in_reach(day):
        return set()
    crew = _crew(asked, day, day)
    business = _business(crew, asked, choosing_on=day)
    return slots.nearby(asked, crew.rosters.values(), business, day, now=clock.now(), moving=moving)


def why_not(
    asked: Wanted,
    day: date,
    *,
    start: datetime | None = None,
    technician_id: int | None = None,
    moving: int | None = None,
) -> list[No]:
    """Why nobody, or not this technician, can come then, or without a start at any time of that local date; empty where
    somebody can.
    """
    asked_day = day if start is None else start.date()
    if not _is_in_reach(asked_day):
        return [No(Rule.LEAST_DAYS if asked_day < _today() else Rule.GREATEST_DAYS)]
    crew = _crew(asked, day, day) if start is None else _crew_of(asked, start)
    chosen = [each for each in crew.rosters.values() if technician_id in {None, each.technician_id}]
    return slots.why_not(asked, chosen, _business(crew, asked), day, start=start, now=clock.now(), moving=moving)


def _today() -> date:
    """In UTC: the business's own may be the one before or after."""
    return clock.now().date()


def _is_in_reach(day: date) -> bool:
    return abs(day - _today()) <= REACH


def _crew(asked: Wanted, first_day: date, last_day: date) -> Crew:
    """A visit that begins on the last day may end on a later one."""
    return kept_rosters.crew(first_day, last_day + timedelta(-(-asked.duration_minutes // DAY_MINUTES)))


def _crew_of(asked: Wanted, start: datetime) -> Crew:
    """Around a start, whichever date it has in the business's zone."""
    day = start.date()
    return _crew(asked, day - timedelta(1), day + timedelta(1))


def _business(crew: Crew, asked: Wanted, *, choosing_on: date | None = None) -> Business:
    """`choosing_on`: who gets it is asked as well, and so the drives between the visits of that local date."""
    facts = crew.facts
    drive: Drive = partial(drive_minutes, unknown=facts.unknown_minutes)
    if facts.is_routed:
        if choosing_on is not None:
            legs = {leg for each in crew.rosters.values() for leg in slots.legs_on(choosing_on, each, facts.zone)}
            drive = drive_times.kept_between(legs, drive)
        drive = drive_times.kept_or(drive, asked.place)
    return Business(
        zone=facts.zone,
        closed_days=facts.closed_days,
        drive=drive,
        kept_days=crew.days if crew.is_kept else None,
    )
