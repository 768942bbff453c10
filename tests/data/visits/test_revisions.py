"""Whatever decides about free times raises a technician's revision, by trigger, whoever writes."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import makers
import pytest
from conftest import EmptyDatabase
from makers import Cast
from people import TESS

from data.access import settings
from data.base import clock
from data.base.actor import SYSTEM
from data.base.database import transaction
from data.crew.calendars import DateOverride, OverrideHours, TimeOff, WeeklyHours
from data.crew.closed_days import ClosedDay
from data.crew.technicians import Technician
from data.visits.booking_table import Booking

DAY = date(2030, 5, 6)


@dataclass
class House:
    """Two technicians, with a row of each kind that belongs to the first one."""

    cast: Cast
    tom: Technician
    tess: Technician
    booking: Booking
    time_off: TimeOff
    override: DateOverride
    override_hours: OverrideHours


@pytest.fixture
def house(database: EmptyDatabase) -> House:
    assert database
    cast = makers.make_cast()
    tom = cast.technician_row
    override = DateOverride.create(technician=tom, day=DAY)
    return House(
        cast=cast,
        tom=tom,
        tess=makers.make_technician(TESS),
        booking=makers.make_booking(cast.household, cast.service_type),
        time_off=time_off(tom),
        override=override,
        override_hours=OverrideHours.create(date_override=override, start_minute=480, end_minute=600),
    )


def time_off(technician: Technician) -> TimeOff:
    start = clock.now() + timedelta(days=90)
    return TimeOff.create(technician=technician, starts_at=start, ends_at=start + timedelta(hours=1))


def update(row: object, **columns: object) -> None:
    kind = type(row)
    kind.update(**columns).where(kind.id == row.id).execute()  # type: ignore[attr-defined]  # any row of ours


def hours_of(technician: Technician) -> WeeklyHours:
    found: WeeklyHours = WeeklyHours.get(WeeklyHours.technician == technician)
    return found


def another_booking(house: House) -> Booking:
    start = makers.free_starts(house.cast.household, house.cast.service_type)[30]
    return makers.make_booking(house.cast.household, house.cast.service_type, start)


OF_ONE: dict[str, Callable[[House], object]] = {
    'a booking moved': lambda h: update(h.booking, blocks_until=h.booking.ends_at - timedelta(minutes=5)),
    'a booking canceled': lambda h: update(h.booking, state='canceled'),
    'a booking deleted': lambda h: h.booking.delete_instance(),
    'time off entered': lambda h: time_off(h.tom),
    'time off changed': lambda h: update(h.time_off, ends_at=h.time_off.ends_at + timedelta(hours=1)),
    'time off taken back': lambda h: h.time_off.delete_instance(),
    'weekly hours entered': lambda h: WeeklyHours.create(technician=h.tom, weekday=0, start_minute=0, end_minute=60),
    'weekly hours changed': lambda h: update(hours_of(h.tom), end_minute=600),
    'weekly hours taken away': lambda h: hours_of(h.tom).delete_instance(),
    'an override entered': lambda h: DateOverride.create(technician=h.tom, day=DAY + timedelta(days=1)),
    'an override changed': lambda h: update(h.override, day=DAY + timedelta(days=2)),
    'an override taken back': lambda h: h.override.delete_instance(),
    'hours of an override entered': lambda h: OverrideHours.create(
        date_override=h.override, start_minute=660, end_minute=720
    ),
    'hours of an override changed': lambda h: update(h.override_hours, end_minute=660),
    'hours of an override taken away': lambda h: h.override_hours.delete_instance(),
    'another home': lambda h: update(h.tom, home_lat=41.9, home_lon=-87.6),
    'another radius': lambda h: update(h.tom, radius_km=20),
}
OF_ALL: dict[str, Callable[[House], object]] = {
    'a day closed': lambda _: ClosedDay.create(day=DAY, name='Fair'),
    'a site found on the map': lambda h: update(h.cast.household.site, lat=41.9, lon=-87.6),
    'another zone': lambda _: settings.change({'business.zone': 'Europe/Berlin'}, by=SYSTEM),
}
OF_NOBODY: dict[str, Callable[[House], object]] = {
    'another name': lambda h: update(h.tom, name='Tim'),
    'an address corrected': lambda h: update(h.cast.household.site, address='19 Alder Street'),
    'another setting': lambda _: settings.change({'business.name': 'Else'}, by=SYSTEM),
    'a contact renamed': lambda h: update(h.cast.household.contact, name='Ada'),
    'a service type renamed': lambda h: update(h.cast.service_type, name='Check'),
}


class Undone(Exception):
    """Takes back what was written."""


def risen(house: House, write: Callable[[House], object]) -> tuple[bool, bool]:
    """Whether what is written raises the revisions of the first and of the second technician; it is taken back."""
    before = after = revisions(house)
    with contextlib.suppress(Undone), transaction():
        write(house)
        after = revisions(house)
        raise Undone
    return after[0] > before[0], after[1] > before[1]


def revisions(house: House) -> tuple[int, int]:
    tom, tess = (Technician.get_by_id(each.id).revision for each in (house.tom, house.tess))
    return tom, tess


def test_what_concerns_one_technician_raises_theirs(house: House) -> None:
    assert house.booking.technician_id == house.tom.id
    assert {what: risen(house, write) for what, write in OF_ONE.items()} == dict.fromkeys(OF_ONE, (True, False))


def test_what_concerns_everybody_raises_all(house: House) -> None:
    assert {what: risen(house, write) for what, write in OF_ALL.items()} == dict.fromkeys(OF_ALL, (True, True))


def test_what_decides_nothing_raises_none(house: House) -> None:
    assert {what: risen(house, write) for what, write in OF_NOBODY.items()} == dict.fromkeys(OF_NOBODY, (False, False))


def test_a_new_booking_raises_the_revision_of_who_got_it(house: House) -> None:
    made: list[Booking] = []

    rose = risen(house, lambda h: made.append(another_booking(h)))

    assert rose == (made[0].technician_id == house.tom.id, made[0].technician_id == house.tess.id)


def test_what_goes_from_one_technician_to_another_raises_both(house: House) -> None:
    assert risen(house, lambda h: update(h.booking, technician=h.tess)) == (True, True)
    assert risen(house, lambda h: update(h.time_off, technician=h.tess)) == (True, True)


def test_what_is_rolled_back_raises_nothing(house: House) -> None:
    before = revisions(house)

    def stumble() -> None:
        with transaction():
            update(house.booking, state='canceled')
            raise LookupError

    with pytest.raises(LookupError):
        stumble()

    assert revisions(house) == before
