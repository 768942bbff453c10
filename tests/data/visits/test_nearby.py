"""The starts of a day for which somebody drives least out of their way."""

from datetime import datetime
from typing import Any

from slot_makers import BERLIN, FAR, HERE, LONG_AGO, MONDAY, NEAR, hours, technician, visit

from data.visits import slots
from data.visits.rosters import Roster
from data.visits.search import Business, Wanted
from data.visits.travel import drive_minutes, no_driving


def nearby(*crew: Roster, drive: Any = drive_minutes, moving: int | None = None) -> list[str]:
    found: set[datetime] = slots.nearby(
        Wanted(duration_minutes=60, granularity_minutes=60, place=HERE),
        crew,
        Business(zone=BERLIN, drive=drive),
        MONDAY,
        now=LONG_AGO,
        moving=moving,
    )
    return [f'{start.astimezone(BERLIN):%H:%M}' for start in sorted(found)]


def busy_day() -> Roster:
    """From home far away to here and back far away."""
    visits = [
        visit('8:30', '9:30', 3, place=FAR),
        visit('11:30', '12:30', 4, place=HERE),
        visit('13:30', '14:00', 5, place=FAR),
    ]
    return technician(hours('7:00-15:00'), home=FAR, visits=visits)


def test_we_are_nearby_beside_a_visit_next_door() -> None:
    assert nearby(busy_day()) == ['10:00']


def test_a_booking_that_moves_makes_nothing_nearby() -> None:
    assert nearby(busy_day(), moving=4) == []


def test_we_are_nearby_where_the_way_leads_past() -> None:
    visits = [visit('8:00', '8:30', 3, place=HERE), visit('10:30', '11:00', 4, place=NEAR)]
    assert nearby(technician(hours('8:00-13:00'), home=NEAR, visits=visits)) == ['09:00']


def test_no_start_is_nearby_where_all_are_alike() -> None:
    assert nearby() == []
    assert nearby(technician(home=FAR)) == []
    assert nearby(technician(hours('8:00-9:00'), home=HERE)) == []
    assert nearby(technician(home=FAR, visits=[visit('9:00', '10:00', place=HERE)]), drive=no_driving) == []


def test_whoever_is_nearest_counts() -> None:
    far = technician(home=FAR)
    near = technician(hours('10:00-11:00'), technician_id=2, home=NEAR)
    assert nearby(far, near) == ['10:00']
