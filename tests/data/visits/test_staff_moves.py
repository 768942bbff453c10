"""What staff may do when they move a visit: another technician, another length, against a rule with a reason."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import makers
import pytest
import time_machine
from conftest import EmptyDatabase
from makers import Cast
from people import RUTH, TESS

from data.access import settings
from data.base import clock
from data.base.changes import ChangeRow
from data.base.refusals import NotFound
from data.crew.technicians import Technician
from data.visits import booking_steps, bookings
from data.visits.assignments import SlotTaken, TechnicianBooked, TechnicianNotFree
from data.visits.booking_table import Booking
from data.visits.bookings import OnlyLength
from data.visits.states import State
from data.visits.wishes import NoReason, OffCells

Clock = time_machine.Traveller
MONDAY_SEVEN = datetime(2030, 5, 6, 12, tzinfo=UTC)  # in Chicago, two hours before the first start on offer
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def clock_of_test(database: EmptyDatabase) -> Iterator[Clock]:
    assert database
    with time_machine.travel(MONDAY_SEVEN, tick=False) as clock_:
        yield clock_


@pytest.fixture
def cast(clock_of_test: Clock) -> Cast:
    assert clock_of_test
    return makers.make_cast()


@pytest.fixture
def visit(cast: Cast) -> Booking:
    return makers.make_booking(cast.household, cast.service_type)


def move(
    cast: Cast, visit: Booking, start: datetime, who: str = 'customer', key: str = 'moved', **more: Any
) -> Booking:
    return bookings.move(visit, start, by=getattr(cast, who), key=key, **more)


def history(visit: Booking) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    rows = ChangeRow.select().where(ChangeRow.subject_type == 'bookings', ChangeRow.subject_id == visit.id)
    return [(row.kind, json.loads(row.before), json.loads(row.after)) for row in rows.order_by(ChangeRow.id)]


def test_another_technician_at_the_same_time_is_a_change_of_its_own_and_raises_nothing(
    cast: Cast, visit: Booking
) -> None:
    tess = makers.make_technician(TESS)

    after = move(cast, visit, visit.starts_at, 'dispatcher', technician=tess)

    assert (after.technician, after.sequence) == (tess, visit.sequence)
    kind, before, told = history(visit)[-1]
    assert (kind, before['technician'], told['technician']) == ('BookingReassigned', visit.technician_id, tess.id)


def test_staff_stretch_and_shorten_a_visit(cast: Cast, visit: Booking) -> None:
    longer = move(cast, visit, visit.starts_at, 'dispatcher', minutes=150)
    assert (longer.ends_at, longer.blocks_until) == (visit.starts_at + 150 * MINUTE, visit.starts_at + 150 * MINUTE)
    assert longer.sequence == visit.sequence + 1
    assert history(visit)[-1][0] == 'BookingMoved'

    assert move(cast, longer, visit.starts_at, 'dispatcher', key='short', minutes=30).ends_at == (
        visit.starts_at + 30 * MINUTE
    )


@pytest.mark.parametrize('minutes', [0, -30, 7, 4325], ids=['none', 'less than none', 'off the cells', 'too long'])
def test_a_length_that_no_visit_can_have_is_refused(cast: Cast, visit: Booking, minutes: int) -> None:
    with pytest.raises(OffCells):
        move(cast, visit, visit.starts_at, 'dispatcher', minutes=minutes)


def test_what_is_for_staff_does_not_exist_for_customers(cast: Cast, visit: Booking) -> None:
    later = visit.starts_at + DAY
    for more in ({'minutes': 90}, {'technician': cast.technician_row}, {'override': 'I want it'}):
        with pytest.raises(NotFound):
            move(cast, visit, later, **more)


def test_a_technician_whom_staff_choose_must_be_free(cast: Cast, visit: Booking) -> None:
    tess = makers.make_technician(TESS, hours={})
    later = visit.starts_at + DAY

    with pytest.raises(TechnicianNotFree) as told:
        move(cast, visit, later, 'dispatcher', technician=tess)
    assert settings.words().refusal(told.value).startswith('Tess Kowal cannot take this time.')
    with pytest.raises(NoReason):
        move(cast, visit, later, 'dispatcher', technician=tess, override=' ')
    moved = move(cast, visit, later, 'dispatcher', technician=tess, override='She said she would')
    assert (moved.technician, moved.override_reason) == (tess, 'She said she would')
    assert history(visit)[-1][2]['override'] == 'She said she would'


def test_no_override_goes_past_the_guard(cast: Cast, visit: Booking) -> None:
    taken = makers.make_booking(cast.other_household, cast.service_type, visit.starts_at + DAY)

    with pytest.raises(TechnicianBooked):
        move(cast, visit, taken.starts_at, 'dispatcher', technician=cast.technician_row, override='Squeeze it in')
    with pytest.raises(SlotTaken):
        move(cast, visit, taken.starts_at, 'dispatcher', override='Squeeze it in')
    with pytest.raises(OffCells):
        move(cast, visit, taken.starts_at + 2 * DAY + MINUTE, 'dispatcher', override='Now or never')


def test_the_reason_of_an_override_goes_when_the_visit_moves_by_the_rules(cast: Cast, visit: Booking) -> None:
    at_night = visit.starts_at.replace(hour=4) + DAY
    odd = move(cast, visit, at_night, 'dispatcher', override='They work at night')
    assert (odd.starts_at, odd.override_reason) == (at_night, 'They work at night')

    assert move(cast, odd, visit.starts_at + DAY, key='again').override_reason is None


def test_the_reason_of_an_override_stays_while_start_and_technician_do(cast: Cast, visit: Booking) -> None:
    tess = makers.make_technician(TESS)
    off_grid = visit.starts_at + 5 * MINUTE
    odd = move(cast, visit, off_grid, 'dispatcher', technician=tess, override='After the school run')

    shorter = move(cast, odd, off_grid, 'dispatcher', key='shorter', minutes=30)
    assert (shorter.ends_at, shorter.override_reason) == (off_grid + 30 * MINUTE, 'After the school run')
    assert history(visit)[-1][2]['override'] == 'After the school run'
    longer = move(cast, shorter, off_grid, 'dispatcher', key='longer', minutes=600, override='It takes all day')
    assert longer.override_reason == 'It takes all day'
    short = move(cast, longer, off_grid, 'dispatcher', key='short', minutes=30)
    another = move(cast, short, off_grid, 'dispatcher', key='another', technician=cast.technician_row)
    assert (another.technician, another.override_reason) == (cast.technician_row, None)


def test_staff_stretch_a_visit_that_is_under_way_and_nothing_else(cast: Cast, visit: Booking) -> None:
    tess = makers.make_technician(TESS)
    visit = booking_steps.advance(visit, State.IN_PROGRESS, by=cast.technician)

    with pytest.raises(OnlyLength):
        move(cast, visit, visit.starts_at + DAY, 'dispatcher')
    with pytest.raises(OnlyLength):
        move(cast, visit, visit.starts_at, 'dispatcher', technician=tess)
    longer = move(cast, visit, visit.starts_at, 'dispatcher', minutes=180)
    assert (longer.ends_at, longer.state) == (visit.starts_at + 180 * MINUTE, State.IN_PROGRESS)
    assert longer.technician == visit.technician


def test_a_visit_that_is_under_way_stays_its_technicians_also_when_it_gets_too_long(cast: Cast, visit: Booking) -> None:
    makers.make_booking(cast.other_household, cast.service_type)
    makers.make_technician(TESS)
    visit = booking_steps.advance(visit, State.IN_PROGRESS, by=cast.technician)

    with pytest.raises(TechnicianNotFree):
        move(cast, visit, visit.starts_at, 'dispatcher', minutes=300)


def test_who_comes_and_how_long_may_change_until_the_last_minute(
    cast: Cast, visit: Booking, clock_of_test: Clock
) -> None:
    tess = makers.make_technician(TESS)
    clock_of_test.move_to(visit.starts_at - MINUTE)

    visit = move(cast, visit, visit.starts_at, 'dispatcher', technician=tess, minutes=60)

    assert (visit.technician, visit.ends_at) == (tess, visit.starts_at + HOUR)
    assert visit.override_reason is None


def test_a_visit_nobody_came_to_is_moved_by_staff(cast: Cast, visit: Booking, clock_of_test: Clock) -> None:
    clock_of_test.shift(3 * DAY)

    moved = move(cast, visit, visit.starts_at + 5 * DAY, 'dispatcher')

    assert (moved.state, moved.starts_at) == (State.SCHEDULED, visit.starts_at + 5 * DAY)


def test_a_technician_who_has_left_cannot_be_chosen(cast: Cast, visit: Booking) -> None:
    left = makers.make_technician(RUTH)
    Technician.update(ended_at=clock.now()).where(Technician.id == left.id).execute()

    with pytest.raises(NotFound):
        move(cast, visit, visit.starts_at + DAY, 'dispatcher', technician=left, override='She may still')
