"""Kept drives: asked for without waiting, one for both directions, found by the index, forgotten when of no use."""

import re
from collections.abc import Iterator
from datetime import timedelta

import makers
import pytest
import time_machine
from conftest import EmptyDatabase
from people import BIRCH_LANE, BRUNO
from queries import counted

from data.base import clock
from data.base.actor import SYSTEM
from data.base.database import close_database, is_postgresql, open_database
from data.base.database import database as connected
from data.crew import technicians
from data.people import sites
from data.people.customers import Site
from data.visits import drive_times
from data.visits.booking_table import Booking
from data.visits.drive_times import DriveTime
from data.visits.travel import Place, drive_minutes

ALDER, BIRCH, ELM = Place(41.9214, -87.6513), Place(41.9719, -87.6628), Place(41.8938, -87.6204)
HOME = Place(41.9227, -87.6533)


@pytest.fixture(autouse=True)
def _no_wishes(database: EmptyDatabase) -> Iterator[None]:
    drive_times.forget_wishes()
    yield
    drive_times.forget_wishes()


def test_what_is_kept_counts_from_either_end() -> None:
    drive_times.keep(ALDER, {BIRCH: 17, ELM: 12})

    assert drive_times.from_place(ALDER) == {BIRCH: 17, ELM: 12}
    assert drive_times.from_place(BIRCH) == {ALDER: 17}
    assert drive_times.between([(ELM, ALDER), (ALDER, BIRCH), (BIRCH, ELM)]) == {(ELM, ALDER): 12, (ALDER, BIRCH): 17}
    assert drive_times.between([]) == {}


def test_what_is_told_again_replaces_what_was_kept() -> None:
    drive_times.keep(ALDER, {BIRCH: 17})
    drive_times.keep(BIRCH, {ALDER: 22})

    assert drive_times.from_place(ALDER) == {BIRCH: 22}
    assert DriveTime.select().count() == 2


def test_a_drive_of_more_than_a_day_counts_as_one() -> None:
    drive_times.keep(ALDER, {BIRCH: 9000})

    assert drive_times.from_place(ALDER) == {BIRCH: 1440}


def test_kept_drives_survive_a_restart(database: EmptyDatabase) -> None:
    drive_times.keep(ALDER, {BIRCH: 17})

    close_database()
    open_database(database.url)

    assert drive_times.from_place(ALDER) == {BIRCH: 17}


def test_pairs_are_asked_in_one_statement_however_many() -> None:
    others = [Place(41.0 + number / 1000, -87.0) for number in range(300)]
    drive_times.keep(ALDER, dict.fromkeys(others, 30))

    with counted() as asked:
        found = drive_times.between([(ALDER, other) for other in others])

    assert len(found) == 300
    assert len(asked) == 1


def test_pairs_are_sought_by_the_index() -> None:
    drive_times.keep(ALDER, {Place(41.0 + number / 1000, -87.0): 30 for number in range(300)})
    with counted() as asked:
        drive_times.between([(ALDER, BIRCH), (BIRCH, ELM)])

    connected.execute_sql('ANALYZE')
    if is_postgresql():
        connected.execute_sql('SET enable_seqscan = off')  # so few rows are read at once otherwise
    explain = 'EXPLAIN ' if is_postgresql() else 'EXPLAIN QUERY PLAN '
    plan = str(connected.execute_sql(explain + asked[0], [0.0] * 8).fetchall())

    assert re.search('SEARCH .*from_lat=\\? AND from_lon=\\? AND to_lat=|Index Cond: .*to_lat', plan)
    assert not re.search('SCAN (t1|drive_times)|Seq Scan', plan)


def test_wishes_are_taken_in_their_order_and_once_and_are_bounded() -> None:
    for place in (BIRCH, ALDER, BIRCH):
        drive_times.wish(place)
    assert [drive_times.next_wish() for _ in range(3)] == [BIRCH, ALDER, None]

    for number in range(2 * drive_times.MOST_WISHES):
        drive_times.wish(Place(41.0, number / 1000))
    taken = 0
    while drive_times.next_wish():
        taken += 1
    assert taken == drive_times.MOST_WISHES


def test_old_drives_count_and_are_wished_for_again() -> None:
    with time_machine.travel(clock.now() - timedelta(days=31)):
        drive_times.keep(ALDER, {BIRCH: 17})
        drive_times.keep(ELM, {HOME: 5})
    drive_times.keep(ELM, {HOME: 6})

    assert drive_times.from_place(ALDER) == {BIRCH: 17}
    assert drive_times.from_place(ELM) == {HOME: 6}
    assert [drive_times.next_wish(), drive_times.next_wish()] == [ALDER, None]


def test_what_is_kept_of_a_place_counts_and_what_is_missing_is_wished_for() -> None:
    drive_times.keep(ALDER, {BIRCH: 17, HOME: 9})
    drive = drive_times.kept_or(drive_minutes, ALDER)

    assert [drive(ALDER, BIRCH), drive(BIRCH, ALDER), drive(HOME, ALDER)] == [17, 17, 9]
    assert drive(ALDER, ALDER) == 0
    assert drive(ALDER, None) == drive_minutes(ALDER, None)
    assert drive(BIRCH, HOME) == drive_minutes(BIRCH, HOME)
    assert drive_times.next_wish() is None

    assert drive(ELM, ALDER) == drive_minutes(ELM, ALDER)
    assert drive(ALDER, ELM) == drive_minutes(ALDER, ELM)
    assert [drive_times.next_wish(), drive_times.next_wish()] == [ALDER, None]


def test_nobody_knows_the_drives_of_an_unknown_place() -> None:
    drive = drive_times.kept_or(drive_minutes, None)

    assert drive(None, ALDER) == drive_minutes(None, ALDER)
    assert drive(ALDER, BIRCH) == drive_minutes(ALDER, BIRCH)
    assert drive_times.next_wish() is None


def make_visit(place: Place, *, at: timedelta = timedelta(days=1)) -> Booking:
    """Of a customer at that place."""
    household = makers.make_customer(BRUNO, address=BIRCH_LANE, signs_in=False)
    sites.pin(household.site, *place, by=SYSTEM)
    booking = makers.make_booking(household, makers.make_service_type(household.asset.product))
    hour = (clock.now() + at).replace(minute=0, second=0, microsecond=0)
    times = {'starts_at': hour, 'ends_at': hour + timedelta(hours=1), 'blocks_until': hour + timedelta(hours=1)}
    Booking.update(times).where(Booking.id == booking.id).execute()
    return booking


def test_coming_visits_and_homes_are_asked_for_nearest_first() -> None:
    makers.make_business()
    technician = makers.make_technician()
    technicians.set_home(technician, *HOME, radius_km=0, by=SYSTEM)
    make_visit(BIRCH)
    make_visit(ELM, at=timedelta(days=2))
    make_visit(Place(1.0, 1.0), at=timedelta(days=61))
    make_visit(Place(2.0, 2.0), at=timedelta(days=-4))
    canceled = make_visit(Place(3.0, 3.0), at=timedelta(days=3))
    Booking.update(state='canceled').where(Booking.id == canceled.id).execute()

    assert drive_times.unknown_from(ALDER) == [HOME, ELM, BIRCH]
    assert drive_times.unknown_from(HOME) == [ELM, BIRCH]

    drive_times.keep(ALDER, {ELM: 12})
    assert drive_times.unknown_from(ALDER) == [HOME, BIRCH]
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert ELM not in drive_times.unknown_from(HOME)  # its visit is over by then


def test_the_sweep_forgets_places_that_nobody_has_any_more_and_drives_of_long_ago() -> None:
    stays, goes = (makers.make_customer(signs_in=False) for _ in range(2))
    sites.pin(stays.site, *ALDER, by=SYSTEM)
    sites.pin(goes.site, *BIRCH, by=SYSTEM)
    technicians.set_home(makers.make_technician(), *HOME, radius_km=0, by=SYSTEM)
    with time_machine.travel(clock.now() - timedelta(days=366)):
        drive_times.keep(HOME, {BIRCH: 3})
    drive_times.keep(ALDER, {BIRCH: 17, HOME: 9, ELM: 12})

    drive_times.sweep()
    assert drive_times.from_place(ALDER) == {BIRCH: 17, HOME: 9}
    assert drive_times.from_place(HOME) == {ALDER: 9}
    Site.update(ended_at=clock.now()).where(Site.id == goes.site.id).execute()
    drive_times.sweep()

    assert {(Place(row.from_lat, row.from_lon), Place(row.to_lat, row.to_lon)) for row in DriveTime.select()} == {
        (ALDER, HOME),
        (HOME, ALDER),
    }
