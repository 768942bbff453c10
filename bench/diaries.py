"""What fills the diaries of a crew: bookings drawn by chance that never overlap, lie in the working day and leave time
to drive.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from data.access import settings
from data.base import clock
from data.crew.calendars import WeeklyHours
from data.crew.technicians import Technician, TechnicianSkill
from data.offer.service_types import ServiceType, ServiceTypeSkill
from data.people.assets import Asset
from data.people.customers import Contact, Site
from data.visits import statuses
from data.visits.states import State

DAY_SECONDS = 86_400
EACH_DAY = 4  # visits that surely fit, on five days a week
BREAK_START, BREAK_END = 720, 750
GAPS = (5, 10, 15, 20, 30)  # minutes to the next visit
CLOSE_BY = 3  # of so many sites, the one next to home is visited
BECAME = {State.COMPLETED: 92, State.CANCELED: 6, State.SCHEDULED: 2}  # of a hundred; nobody confirmed the last
STARTED = (State.COMPLETED, State.IN_PROGRESS)
WITH_ASSET = 0.95
LEFT_OPEN = 5  # every fifth technician never pressed "Done" after the latest visit that is over

Row = dict[str, object]


class Visit(NamedTuple):
    """What is done, from which epoch second on."""

    starts_at: int
    service_type: ServiceType

    @property
    def ends_at(self) -> int:
        return self.starts_at + 60 * int(self.service_type.duration_minutes)


@dataclass(frozen=True, kw_only=True)
class Region:
    """Who can be visited, and the ids that a booking needs beside it."""

    sites: Sequence[Site]
    contacts: Mapping[int, int]  # by customer
    assets: Mapping[int, int]  # by site
    statuses: Mapping[State, int]

    @classmethod
    def load(cls) -> 'Region':
        return cls(
            sites=list(Site.select().order_by(Site.id)),
            contacts={row.customer_id: row.id for row in Contact.select().where(Contact.is_primary)},
            assets={row.site_id: row.id for row in Asset.select()},
            statuses={state: statuses.default_of(state).id for state in State},
        )


def bookings(chance: Random, crew: Sequence[Technician], *, behind: int, ahead: int, days_ahead: int) -> Iterator[Row]:
    """So many of each technician, by column: those of today count as ahead."""
    region, today = Region.load(), clock.today(settings.zone())
    midnight = int(datetime.combine(today, time(), settings.zone()).timestamp())
    past = [today - timedelta(number) for number in range(1, 9 + behind * 7 // (5 * EACH_DAY))]
    future = [today + timedelta(number) for number in range(days_ahead)]
    for technician in crew:
        done = _visits(chance, technician, past, most=behind)
        for visit in done[:-1]:
            state = chance.choices(list(BECAME), list(BECAME.values()))[0]
            yield _row(chance, technician, visit, region) | _as(state, visit, region)
        latest = State.COMPLETED if technician.id % LEFT_OPEN else State.IN_PROGRESS
        yield _row(chance, technician, done[-1], region) | _as(latest, done[-1], region)
        for visit in _visits(chance, technician, future, most=ahead):
            made_at = midnight - chance.randrange(30 * DAY_SECONDS)
            yield _row(chance, technician, visit, region) | _as(State.SCHEDULED, visit, region) | {'made_at': made_at}


def _visits(chance: Random, technician: Technician, days: Sequence[date], *, most: int) -> list[Visit]:
    """So many of those that would fill these days, in time order."""
    own = WeeklyHours.select().where((WeeklyHours.technician == technician) & ~WeeklyHours.is_break)
    hours = {row.weekday: (row.start_minute, row.end_minute) for row in own}
    able, zone = _able(technician), settings.zone()
    possible = []
    for day in days:
        if day.weekday() in hours:
            noon = int(datetime.combine(day, time(12), zone).timestamp())
            possible += list(_full_day(chance, noon, *hours[day.weekday()], able))
    return sorted(chance.sample(possible, most))


def _able(technician: Technician) -> list[ServiceType]:
    """What the technician has the skills for."""
    own = TechnicianSkill.select().where(TechnicianSkill.technician == technician)
    held = {row.skill_id: row.level for row in own}
    beyond = {row.service_type_id for row in ServiceTypeSkill.select() if held.get(row.skill_id, 0) < row.level}
    return [each for each in ServiceType.select().order_by(ServiceType.id) if each.id not in beyond]


def _full_day(chance: Random, noon: int, start: int, end: int, able: Sequence[ServiceType]) -> Iterator[Visit]:
    """From minute to minute after midnight, with half an hour free at noon."""
    minute = start
    while True:
        service_type = chance.choice(able)
        until = minute + service_type.duration_minutes
        if until > end:
            return
        if minute < BREAK_END and until > BREAK_START:
            minute = BREAK_END
            continue
        yield Visit(noon + 60 * (minute - 720), service_type)
        minute = until + chance.choice(GAPS)


def _row(chance: Random, technician: Technician, visit: Visit, region: Region) -> Row:
    site = min(chance.choices(region.sites, k=CLOSE_BY), key=lambda each: _away(technician, each))
    service_type, asset = visit.service_type, region.assets[site.id] if chance.random() < WITH_ASSET else None
    return {
        'customer_id': site.customer_id,
        'contact_id': region.contacts[site.customer_id],
        'site_id': site.id,
        'asset_id': asset,
        'service_type_id': service_type.id,
        'technician_id': technician.id,
        'starts_at': visit.starts_at,
        'ends_at': visit.ends_at,
        'set_up_minutes': service_type.set_up_minutes,
        'clean_up_minutes': service_type.clean_up_minutes,
        'service_name': service_type.name,
        'asset_name': asset and f'Unit {site.id}',
        'uid': f'{technician.id}-{visit.starts_at}',
        'made_at': visit.starts_at - chance.randrange(1, 30) * DAY_SECONDS,
    }


def _as(state: State, visit: Visit, region: Region) -> Row:
    """The columns that tell how far it has come: done five minutes early, called off a day before."""
    started, done, canceled = state in STARTED, state == State.COMPLETED, state == State.CANCELED
    done_at = visit.ends_at - 300
    return {
        'state': state.value,
        'status_id': region.statuses[state],
        'blocks_until': done_at if done else visit.ends_at,
        'travel_started_at': visit.starts_at - 1200 if started else None,
        'work_started_at': visit.starts_at if started else None,
        'completed_at': done_at if done else None,
        'canceled_at': visit.starts_at - DAY_SECONDS if canceled else None,
        'cancel_reason': 'customer' if canceled else None,
    }


def _away(technician: Technician, site: Site) -> float:
    """In degrees, good enough to compare; a site on no map is nowhere near."""
    if site.lat is None or site.lon is None or technician.home_lat is None or technician.home_lon is None:
        return math.inf
    return math.dist((technician.home_lat, technician.home_lon), (site.lat, site.lon))
