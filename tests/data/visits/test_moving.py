"""Moving and modifying: what was frozen stays, the old time is kept until the new one is had, nobody is run over."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import makers
import pytest
import time_machine
from conftest import EmptyDatabase
from makers import Cast
from people import OLGA, TESS

from data.access import settings
from data.base.actor import SYSTEM
from data.base.changes import ChangeRow
from data.base.database import transaction
from data.base.form_keys import FormKeyReused
from data.base.refusals import NotFound
from data.offer.service_types import ServiceType
from data.visits import booking_steps, bookings, offers, one_at_a_time
from data.visits.assignments import SlotTaken
from data.visits.booking_table import Booking, BookingHasChanged
from data.visits.hindrances import CallUs, CutOffPassed, IsOver, OnTheWay, WorkHasBegun
from data.visits.states import State

Act = Callable[[], object]
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


def offered_again(
    cast: Cast, visit: Booking, who: str = 'customer', minutes: int | None = None
) -> dict[date, list[datetime]]:
    day = MONDAY_SEVEN.date()
    return offers.offered_again(visit, first_day=day, last_day=day, by=getattr(cast, who), minutes=minutes)


def every_change(cast: Cast, visit: Booking) -> list[Act]:
    """All that a customer can do to it."""
    return [
        lambda: move(cast, visit, visit.starts_at + DAY),
        lambda: bookings.modify(visit, 'Late', by=cast.customer),
        lambda: bookings.cancel(visit, by=cast.customer),
    ]


@pytest.mark.parametrize('who', ['customer', 'dispatcher', 'owner'])
def test_a_moved_visit_keeps_its_length_its_minutes_and_its_names(cast: Cast, who: str) -> None:
    ServiceType.update(set_up_minutes=5, clean_up_minutes=10).execute()
    visit = makers.make_booking(cast.household, cast.service_type)
    ServiceType.update(name='Renamed', duration_minutes=240, set_up_minutes=0, clean_up_minutes=0).execute()

    moved = move(cast, visit, visit.starts_at + DAY, who)

    assert (moved.starts_at, moved.ends_at) == (visit.starts_at + DAY, visit.ends_at + DAY)
    assert moved.blocks_until == moved.ends_at
    assert (moved.set_up_minutes, moved.clean_up_minutes) == (5, 10)
    assert (moved.service_name, moved.state, moved.uid) == ('Annual inspection', State.SCHEDULED, visit.uid)
    assert (moved.sequence, moved.version) == (visit.sequence + 1, visit.version + 1)


def test_a_visit_does_not_stand_in_its_own_way_and_its_old_time_is_free_afterwards(cast: Cast, visit: Booking) -> None:
    half_an_hour_later = visit.starts_at + 30 * MINUTE
    assert half_an_hour_later not in makers.free_starts(cast.household, cast.service_type)
    offer = offered_again(cast, visit)
    assert {visit.starts_at, half_an_hour_later} <= set(offer[MONDAY_SEVEN.date()])

    moved = move(cast, visit, half_an_hour_later)
    move(cast, moved, visit.starts_at + DAY, key='again')

    assert visit.starts_at in makers.free_starts(cast.household, cast.service_type)


def test_what_is_offered_again_is_for_who_may_move_it(cast: Cast, visit: Booking) -> None:
    with pytest.raises(NotFound):
        offered_again(cast, visit, 'other_customer')
    with pytest.raises(NotFound):
        offered_again(cast, visit, minutes=30)
    assert offered_again(cast, visit, 'dispatcher', minutes=30)


def test_a_taken_time_leaves_the_visit_where_it_is(cast: Cast, visit: Booking) -> None:
    other = makers.make_booking(cast.other_household, cast.service_type, visit.starts_at + DAY)

    with pytest.raises(SlotTaken):
        move(cast, visit, other.starts_at)

    assert Booking.get_by_id(visit.id) == visit
    assert [kind for kind, _, _ in history(visit)] == ['BookingMade']


def test_pressing_twice_moves_once(cast: Cast, visit: Booking) -> None:
    first = move(cast, visit, visit.starts_at + DAY)
    second = move(cast, visit, visit.starts_at + DAY)

    assert (first.version, second.version) == (visit.version + 1, visit.version + 1)
    with pytest.raises(FormKeyReused):
        move(cast, visit, visit.starts_at + 2 * DAY)


def test_a_move_to_where_it_is_changes_nothing(cast: Cast, visit: Booking) -> None:
    after = move(cast, visit, visit.starts_at)
    after = move(cast, after, visit.starts_at, 'dispatcher', minutes=90, technician=cast.technician_row)
    after = bookings.modify(after, None, by=cast.customer)

    assert (after.sequence, after.version) == (visit.sequence, visit.version)
    assert [kind for kind, _, _ in history(visit)] == ['BookingMade']


def test_on_a_tie_a_moved_visit_keeps_its_technician(cast: Cast, visit: Booking) -> None:
    tess = makers.make_technician(TESS)
    Booking.update(technician=tess).where(Booking.id == visit.id).execute()
    visit = Booking.get_by_id(visit.id)

    assert move(cast, visit, visit.starts_at + DAY).technician == tess


def test_a_moved_visit_goes_to_who_is_free(cast: Cast, visit: Booking) -> None:
    makers.make_booking(cast.other_household, cast.service_type, visit.starts_at + DAY)
    tess = makers.make_technician(TESS)

    moved = move(cast, visit, visit.starts_at + DAY)

    assert moved.technician == tess
    assert history(visit)[-1][0] == 'BookingMoved'


def test_a_comment_can_be_changed_with_the_time_and_alone(cast: Cast, visit: Booking) -> None:
    moved = move(cast, visit, visit.starts_at + DAY, comment='Gate 7')
    assert (moved.comment, moved.sequence) == ('Gate 7', visit.sequence + 1)

    modified = bookings.modify(moved, 'Gate 9', by=cast.customer)
    assert (modified.comment, modified.sequence, modified.starts_at) == ('Gate 9', moved.sequence, moved.starts_at)
    kind, before, after = history(visit)[-1]
    assert (kind, before['comment'], after['comment']) == ('BookingModified', 'Gate 7', 'Gate 9')
    assert move(cast, modified, modified.starts_at, key='same', comment='Gate 9').comment == 'Gate 9'
    assert len(history(visit)) == 3


def test_a_customer_can_change_nothing_from_the_cut_off_on(cast: Cast, visit: Booking, clock_of_test: Clock) -> None:
    settings.change({'bookings.cut_off_hours': 24}, by=SYSTEM)
    visit = move(cast, visit, visit.starts_at + 3 * DAY, 'dispatcher', key='far')
    clock_of_test.move_to(visit.starts_at - DAY - timedelta(seconds=1))
    visit = bookings.modify(visit, 'In time', by=cast.customer)

    clock_of_test.shift(timedelta(seconds=1))
    for change in every_change(cast, visit):
        with pytest.raises(CutOffPassed) as told:
            change()
        assert settings.words().refusal(told.value) == 'To change this, call (312) 555-0100.'
    assert OLGA.phone == '+13125550100'
    assert move(cast, visit, visit.starts_at + DAY, 'dispatcher').starts_at == visit.starts_at + DAY


def test_without_a_phone_number_the_sentence_names_none(cast: Cast, visit: Booking, clock_of_test: Clock) -> None:
    settings.change({'business.phone': None}, by=SYSTEM)
    clock_of_test.move_to(visit.starts_at)

    with pytest.raises(CallUs) as told:
        move(cast, visit, visit.starts_at + DAY)
    assert settings.words().refusal(told.value) == 'To change this, please call us.'


@pytest.mark.parametrize(
    ('state', 'refusal'),
    [(State.TRAVELING, OnTheWay), (State.IN_PROGRESS, WorkHasBegun), (State.CANCELED, IsOver)],
)
def test_a_customer_is_told_why_a_visit_cannot_be_changed_any_more(
    cast: Cast, visit: Booking, state: State, refusal: type[Exception]
) -> None:
    seen = visit
    if state == State.CANCELED:
        bookings.cancel(visit, by=cast.dispatcher)
    else:
        booking_steps.advance(visit, state, by=cast.technician)

    for change in every_change(cast, seen):
        with pytest.raises(refusal):
            change()


def test_nobody_else_moves_a_visit(cast: Cast, visit: Booking) -> None:
    for who in ('other_customer', 'technician', 'stranger'):
        with pytest.raises(NotFound):
            move(cast, visit, visit.starts_at + DAY, who)


def test_two_people_at_one_visit_make_one_legal_result_and_the_second_is_told(cast: Cast) -> None:
    acts: dict[str, Callable[[Booking], Booking]] = {
        'customer moves': lambda seen: move(cast, seen, seen.starts_at + 2 * DAY, key=f'{seen.id} a'),
        'staff move': lambda seen: move(cast, seen, seen.starts_at + 3 * DAY, 'dispatcher', key=f'{seen.id} b'),
        'customer cancels': lambda seen: bookings.cancel(seen, by=cast.customer),
        'staff cancel': lambda seen: bookings.cancel(seen, by=cast.dispatcher),
        'technician starts': lambda seen: booking_steps.advance(seen, State.IN_PROGRESS, by=cast.technician),
    }
    for first, one in acts.items():
        for second, other in acts.items():
            if first != second:
                seen = makers.make_booking(cast.household, cast.service_type)
                legal = one(seen)
                with pytest.raises((BookingHasChanged, IsOver, CallUs)):
                    other(seen)
                assert Booking.get_by_id(seen.id) == legal, (first, second)
                assert Booking.get_by_id(seen.id).version == legal.version
                bring_to_an_end(legal)


def test_who_saw_another_start_or_another_technician_is_told(cast: Cast, visit: Booking) -> None:
    tess = makers.make_technician(TESS)
    hers = move(cast, visit, visit.starts_at, 'dispatcher', technician=tess)
    with pytest.raises(BookingHasChanged):
        move(cast, visit, visit.starts_at + DAY, 'owner')

    shorter = move(cast, hers, hers.starts_at + 30 * MINUTE, 'dispatcher', key='shorter', minutes=60)
    assert shorter.ends_at == hers.ends_at
    with pytest.raises(BookingHasChanged):
        bookings.cancel(hers, by=cast.customer)


def test_what_another_program_wrote_meanwhile_is_not_written_over(cast: Cast, visit: Booking) -> None:
    Booking.update(state='canceled').where(Booking.id == visit.id).execute()

    with transaction(), pytest.raises(BookingHasChanged):
        one_at_a_time.write(visit, {'state': State.TRAVELING}, by=cast.dispatcher)


def test_a_moved_visit_tells_messages_old_and_new(cast: Cast, visit: Booking) -> None:
    moved = move(cast, visit, visit.starts_at + DAY)

    kind, before, after = history(visit)[-1]
    assert kind == 'BookingMoved'
    assert (before['starts_at'], before['ends_at']) == (visit.starts_at.isoformat(), visit.ends_at.isoformat())
    assert (after['starts_at'], after['ends_at']) == (moved.starts_at.isoformat(), moved.ends_at.isoformat())
    assert (after['zone'], after['service'], after['who']) == ('America/Chicago', 'Annual inspection', 'customer')


def bring_to_an_end(visit: Booking) -> None:
    """So that the technician is free for the next."""
    if visit.state == State.IN_PROGRESS:
        booking_steps.advance(visit, State.COMPLETED, by=SYSTEM)
    elif visit.state == State.SCHEDULED:
        bookings.cancel(visit, by=SYSTEM)
