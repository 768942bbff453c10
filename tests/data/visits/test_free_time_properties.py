"""What holds for free times whatever the diaries say: asked of the whole house, on the rows of both databases."""

import contextlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

import makers
import plain_rosters
import pytest
import region
import time_machine
from conftest import EmptyDatabase
from makers import Household
from region import DAY, LAST_DAY, MINUTE, NOW, TODAY, Region
from region_writes import sql

from data.base import clock
from data.base.actor import SYSTEM
from data.base.database import transaction
from data.crew.calendars import DateOverride
from data.crew.closed_days import ClosedDay
from data.offer.service_types import ServiceType
from data.visits import bookings, free_times, offers, slots
from data.visits.assignments import SlotTaken
from data.visits.booking_table import Booking
from data.visits.search import Wanted

EDGE = TODAY + 100 * DAY  # of what is kept
WEEK = timedelta(days=7)


class Undone(Exception):
    """Takes back what was written."""


@pytest.fixture
def company(database: EmptyDatabase) -> Iterator[Region]:
    assert database
    with time_machine.travel(NOW, tick=False):
        made = region.make_filled()
        region.fill(made, Random(5), first_day=EDGE - 12 * DAY, days=24, visits=50)
        yield made


def offered(wanted: Wanted, first_day: date, last_day: date) -> dict[date, list[datetime]]:
    return free_times.offered(wanted, first_day=first_day, last_day=last_day)


def asked(company: Region) -> list[tuple[str, ServiceType]]:
    """Each kind of place and each service, at least once."""
    return list(zip(company.households, [*company.services] * 2, strict=False))


def questions(company: Region) -> list[Wanted]:
    return [company.wanted(kind, service) for kind, service in asked(company)]


def days(first_day: date, last_day: date) -> list[date]:
    return [first_day + n * DAY for n in range((last_day - first_day).days + 1)]


@pytest.mark.parametrize('first_day', [TODAY - DAY, EDGE - 30 * DAY], ids=['from now on', 'across the edge'])
def test_a_day_has_the_same_starts_however_many_are_asked_for(company: Region, first_day: date) -> None:
    for wanted in questions(company):
        sixty = offered(wanted, first_day, first_day + 59 * DAY)
        one_by_one = [offered(wanted, day, day) for day in days(first_day, first_day + 59 * DAY)]
        weeks = [offered(wanted, day, day + 6 * DAY) for day in days(first_day, first_day + 52 * DAY)[::7]]

        assert merged(one_by_one) == sixty
        assert merged(weeks) == {day: starts for day, starts in sixty.items() if day < first_day + 56 * DAY}
        assert free_times.open_days(wanted, first_day=first_day, last_day=first_day + 59 * DAY) == set(sixty)


def merged(answers: list[dict[date, list[datetime]]]) -> dict[date, list[datetime]]:
    return {day: starts for answer in answers for day, starts in answer.items()}


def test_no_row_that_matters_is_left_unread_however_far_from_the_asked_days_it_lies(company: Region) -> None:
    """Against the same rules on all there is."""
    crew, business = plain_rosters.crew(), plain_rosters.business()
    for wanted in questions(company):
        for day in (*days(TODAY - DAY, TODAY + 12 * DAY), *days(EDGE - 14 * DAY, EDGE + 14 * DAY)):
            everything = slots.offered(wanted, crew, business, first_day=day, last_day=day, now=clock.now())
            assert offered(wanted, day, day) == everything, day


def test_what_is_offered_can_be_booked_and_nothing_else(company: Region) -> None:
    chance = Random(3)
    for kind, service in asked(company):
        free = free_starts(company, kind, service)
        step = service.granularity_minutes * MINUTE
        grid = {NOW + n * step for n in range(8 * DAY // step)}
        for start in (*some(free, chance), *some(grid - free, chance)):
            assert is_booked(company.households[kind], service, start) == (start in free)


def is_booked(household: Household, service: ServiceType, start: datetime) -> bool:
    """It is taken back."""
    done = False
    with contextlib.suppress(Undone, SlotTaken), transaction():
        done = makers.make_booking(household, service, start).starts_at == start
        raise Undone
    return done


def some(starts: set[datetime], chance: Random) -> list[datetime]:
    return chance.sample(sorted(starts), min(3, len(starts)))


def test_a_booking_takes_starts_away_and_adds_none_and_its_cancel_gives_them_back(company: Region) -> None:
    chance = Random(4)
    for kind, service in asked(company):
        before = company.answers(TODAY, LAST_DAY)
        start = some(free_starts(company, kind, service), chance)[0]
        made = makers.make_booking(company.households[kind], service, start)
        after = company.answers(TODAY, LAST_DAY)

        assert all(all_of(after[question]) <= all_of(before[question]) for question in before)
        assert after != before
        bookings.cancel(made, by=SYSTEM)
        assert company.answers(TODAY, LAST_DAY) == before


def test_a_booking_that_moves_does_not_stand_in_its_own_way(company: Region) -> None:
    chance = Random(6)
    for kind, service in asked(company):
        before = offered(company.wanted(kind, service), TODAY, LAST_DAY)
        start, to, *_ = some(all_of(before), chance)
        made = makers.make_booking(company.households[kind], service, start)

        again = offers.offered_again(made, first_day=TODAY, last_day=LAST_DAY, by=SYSTEM)

        assert again == before
        moved = bookings.move(made, to, by=SYSTEM, key=f'moved {made.id}')
        assert moved.starts_at == to
        assert offers.offered_again(moved, first_day=TODAY, last_day=LAST_DAY, by=SYSTEM) == before
        bookings.cancel(moved, by=SYSTEM)


def free_starts(company: Region, kind: str, service: ServiceType) -> set[datetime]:
    return all_of(offered(company.wanted(kind, service), TODAY, LAST_DAY))


def all_of(answer: dict[date, list[datetime]]) -> set[datetime]:
    return {start for starts in answer.values() for start in starts}


def test_all_a_week_later_the_answer_is_a_week_later(company: Region) -> None:
    before = company.answers(TODAY, EDGE + 10 * DAY)

    shift_by_a_week()
    with time_machine.travel(NOW + WEEK, tick=False):
        after = company.answers(TODAY + WEEK, EDGE + 10 * DAY + WEEK)

    assert after == {
        question: {day + WEEK: [start + WEEK for start in starts] for day, starts in answer.items()}
        for question, answer in before.items()
    }


def shift_by_a_week() -> None:
    """The last rows first, so that none runs into another."""
    for row in Booking.select().order_by(Booking.starts_at.desc()):
        later = {name: getattr(row, name) + WEEK for name in ('starts_at', 'ends_at', 'blocks_until')}
        Booking.update(**later).where(Booking.id == row.id).execute()
    sql('UPDATE time_off SET starts_at = starts_at + ?, ends_at = ends_at + ?', *[WEEK // timedelta(seconds=1)] * 2)
    for override in DateOverride.select().order_by(DateOverride.day.desc()):
        DateOverride.update(day=override.day + WEEK).where(DateOverride.id == override.id).execute()
    for closed in ClosedDay.select().order_by(ClosedDay.day.desc()):
        ClosedDay.update(day=closed.day + WEEK).where(ClosedDay.id == closed.id).execute()
