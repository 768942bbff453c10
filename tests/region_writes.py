"""Every kind of write that decides about free times, as commands and as SQL of somebody else, drawn by chance."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import uuid4

import makers
import region
import time_machine
from people import Person
from region import DAY, MINUTE, NOW, TODAY, Answers, Region, unless_refused

from data.access import settings
from data.base.actor import SYSTEM
from data.base.database import database, transaction
from data.base.refusals import Refusal
from data.crew import calendars, closed_days, technicians
from data.crew.calendars import Hours, TimeOff
from data.crew.technicians import Technician
from data.people.customers import Site
from data.visits import booking_steps, bookings, offers
from data.visits.booking_table import Booking
from data.visits.states import Reason, State

Write = Callable[[Region, Random], object]


@dataclass(frozen=True)
class Ask:
    """What another process is told to do: it answers what is offered."""

    company: Region
    now: datetime
    first_day: date
    last_day: date

    def __call__(self) -> Answers:
        with time_machine.travel(self.now, tick=False):
            return self.company.answers(self.first_day, self.last_day)


@dataclass(frozen=True)
class Do:
    """What another process is told to write."""

    company: Region
    what: str
    seed: int

    def __call__(self) -> None:
        with time_machine.travel(NOW, tick=False):
            WRITES[self.what](self.company, Random(self.seed))


def someone(company: Region, chance: Random) -> Technician:
    return chance.choice(technicians.live())


def some_day(chance: Random) -> date:
    return TODAY + chance.randrange(9) * DAY


def visit(chance: Random) -> Booking:
    """One of the coming days."""
    coming = (Booking.starts_at > NOW) & (Booking.starts_at < NOW + 9 * DAY)
    return chance.choice(list(Booking.select().where(coming).order_by(Booking.id)))


def change(booking: Booking, **columns: object) -> object:
    return unless_refused(lambda: Booking.update(**columns).where(Booking.id == booking.id).execute())


def change_site(company: Region, chance: Random, **columns: object) -> None:
    site = company.site(chance.choice(list(company.households)))
    Site.update(**columns).where(Site.id == site.id).execute()


def sql(text: str, *values: object) -> None:
    if database.obj.param != '?':
        text = text.replace('?', '%s')
    with transaction():
        database.execute_sql(text, values)


def hours(chance: Random) -> dict[int, tuple[Hours, ...]]:
    start = chance.randrange(0, 720, 5)
    return dict.fromkeys(range(7), (Hours(start, start + 480), Hours(start + 60, start + 90, is_break=True)))


def scheduled(company: Region, chance: Random) -> Booking:
    """One that can be moved, canceled or begun."""
    coming = (Booking.starts_at > NOW) & (Booking.starts_at < NOW + 9 * DAY) & (Booking.state == State.SCHEDULED)
    rows = list(Booking.select().where(coming).order_by(Booking.id))
    return chance.choice(rows) if rows else book(company, chance)


def book(company: Region, chance: Random) -> Booking:
    household, service = chance.choice(list(company.households.values())), chance.choice(company.services)
    start = chance.choice(makers.free_starts(household, service, days=9) or [NOW])
    return bookings.book(makers.make_wish(household, service, start), by=SYSTEM, key=str(uuid4()))


def move(company: Region, chance: Random) -> None:
    booking = scheduled(company, chance)
    offer = offers.offered_again(booking, first_day=TODAY, last_day=TODAY + 9 * DAY, by=SYSTEM)
    to = chance.choice([start for starts in offer.values() for start in starts] or [NOW])
    bookings.move(booking, to, by=SYSTEM, key=str(uuid4()))


def close_or_open(day: date) -> None:
    if closed_days.between(day, day):
        closed_days.reopen(day, by=SYSTEM)
    else:
        closed_days.close(day, 'Fair', by=SYSTEM)


def unless_told_no(write: Write) -> Write:
    """Chance may ask for what nobody can do."""

    def tried(company: Region, chance: Random) -> None:
        with contextlib.suppress(Refusal):
            write(company, chance)

    return tried


def come_or_go(technician: Technician) -> None:
    now = Technician.get_by_id(technician.id)
    ended_at = NOW if now.ended_at is None else None
    Technician.update(ended_at=ended_at).where(Technician.id == technician.id).execute()


WRITES: dict[str, Write] = {
    'hours': lambda c, r: calendars.set_week(someone(c, r), hours(r), by=SYSTEM),
    'an override': lambda c, r: calendars.set_override(
        someone(c, r), some_day(r), r.choice([[], [Hours(300, 900)]]), by=SYSTEM
    ),
    'no override': lambda c, r: calendars.remove_override(someone(c, r), some_day(r), by=SYSTEM),
    'time off': lambda c, r: calendars.add_time_off(someone(c, r), (at := visit(r).starts_at), at + DAY, by=SYSTEM),
    'time off by SQL': lambda c, r: sql('UPDATE time_off SET ends_at = ends_at + ?', 60 * r.randrange(600)),
    'no time off': lambda c, r: [row.delete_instance() for row in TimeOff.select().limit(3)],
    'a day closed or opened': lambda c, r: close_or_open(some_day(r)),
    'skills': lambda c, r: technicians.give_skills(
        someone(c, r), r.choice([{}, {c.skill: 1}, {c.skill: 3}]), by=SYSTEM
    ),
    'territories': lambda c, r: technicians.set_territories(someone(c, r), r.choice([[], [c.north]]), by=SYSTEM),
    'a home': lambda c, r: technicians.set_home(someone(c, r), 42.1, -87.8, r.choice([0, 5, 30]), by=SYSTEM),
    'the zone': lambda c, r: settings.change(
        {'business.zone': r.choice(['Europe/Berlin', 'America/Chicago', 'Asia/Tokyo'])}, by=SYSTEM
    ),
    'unknown drives': lambda c, r: settings.change({'driving.unknown_minutes': r.randrange(90)}, by=SYSTEM),
    'a pin': lambda c, r: change_site(c, r, lat=42 + r.random() / 3, lon=-87.7),
    'a pin by SQL': lambda c, r: sql('UPDATE sites SET lat = lat - ?', r.random() / 2),
    'no pin': lambda c, r: change_site(c, r, lat=None, lon=None),
    'a postcode': lambda c, r: change_site(c, r, postcode=r.choice(['60614', '60640'])),
    'a territory': lambda c, r: change_site(c, r, territory=r.choice([None, c.north])),
    'an ended site': lambda c, r: change_site(c, r, ended_at=r.choice([None, NOW])),
    'booked': unless_told_no(book),
    'moved': unless_told_no(move),
    'canceled': unless_told_no(lambda c, r: bookings.cancel(scheduled(c, r), Reason.BUSINESS, by=SYSTEM)),
    'begun': unless_told_no(lambda c, r: booking_steps.advance(scheduled(c, r), State.IN_PROGRESS, by=SYSTEM)),
    'a visit': lambda c, r: region.write_visit(c, r, at=NOW + r.randrange(0, 9 * 24 * 60, 5) * MINUTE),
    'a move': lambda c, r: change(
        visit(r),
        starts_at=(at := NOW + r.randrange(0, 9 * 24 * 60, 5) * MINUTE),
        ends_at=at + timedelta(hours=3),
        blocks_until=at + timedelta(hours=3),
    ),
    'another technician': lambda c, r: change(visit(r), technician=someone(c, r)),
    'a cancel or its undo': lambda c, r: change(
        v := visit(r), state='scheduled' if v.state == 'canceled' else 'canceled'
    ),
    'travel': lambda c, r: change(visit(r), state='traveling', travel_started_at=NOW - 30 * MINUTE),
    'work': lambda c, r: change(visit(r), state='in progress', work_started_at=NOW),
    'completed early': lambda c, r: change(
        v := visit(r), state='completed', blocks_until=v.starts_at + 5 * MINUTE, completed_at=NOW
    ),
    'more clean-up by SQL': lambda c, r: sql('UPDATE bookings SET clean_up_minutes = ?', r.randrange(40)),
    'deleted by SQL': lambda c, r: sql('DELETE FROM bookings WHERE id = ?', visit(r).id),
    'a new technician': lambda c, r: makers.make_technician(
        Person('Nia Orr', 'nia@alder.example'), hours=hours(r), territories=[c.north]
    ),
    'somebody leaves or comes back': lambda c, r: come_or_go(r.choice(c.technicians)),
}
