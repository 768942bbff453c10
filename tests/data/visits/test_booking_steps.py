"""Every step of a visit: who may take it, what it stamps, what it frees, and what stands against it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import makers
import pytest
import time_machine
from conftest import EmptyDatabase
from makers import Cast
from people import RUTH, TESS

from data.access import settings
from data.access.roles import Role
from data.base import clock
from data.base.actor import SYSTEM, Actor
from data.base.changes import ChangeRow
from data.base.refusals import NotFound, Refusal
from data.visits import booking_steps, bookings, statuses
from data.visits.booking_steps import NoSuchStep, WrongStatus
from data.visits.booking_table import Booking, BookingHasChanged
from data.visits.one_at_a_time import StillAtWork, StillDriving, TechnicianStillDriving
from data.visits.states import Reason, State
from data.visits.true_times import BeforeLastStep, NotYet, TooLongAgo

Clock = time_machine.Traveller
MONDAY_SEVEN = datetime(2030, 5, 6, 12, tzinfo=UTC)  # in Chicago, two hours before the first start on offer
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WAYS = {  # how a booking gets into a state, by steps
    State.SCHEDULED: (),
    State.TRAVELING: (State.TRAVELING,),
    State.IN_PROGRESS: (State.IN_PROGRESS,),
    State.ON_BREAK: (State.IN_PROGRESS, State.ON_BREAK),
    State.COMPLETED: (State.IN_PROGRESS, State.COMPLETED),
    State.CANCELED: (State.CANCELED,),
}
LEGAL = {  # as the business knows them; what is not here is refused
    (State.SCHEDULED, State.TRAVELING): 'TravelStarted',
    (State.SCHEDULED, State.IN_PROGRESS): 'WorkStarted',
    (State.TRAVELING, State.IN_PROGRESS): 'WorkStarted',
    (State.TRAVELING, State.SCHEDULED): 'TurnedBack',
    (State.IN_PROGRESS, State.ON_BREAK): 'WorkPaused',
    (State.IN_PROGRESS, State.COMPLETED): 'WorkCompleted',
    (State.ON_BREAK, State.IN_PROGRESS): 'WorkResumed',
    (State.ON_BREAK, State.COMPLETED): 'WorkCompleted',
}
EVERY_PAIR = [(origin, target) for origin in State for target in State]


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


def brought(visit: Booking, state: State, *, by: Actor = SYSTEM) -> Booking:
    for target in WAYS[state]:
        if target == State.CANCELED:
            visit = bookings.cancel(visit, Reason.BUSINESS, by=SYSTEM)
        else:
            visit = booking_steps.advance(visit, target, by=by)
    return visit


def last_change() -> ChangeRow:
    row: ChangeRow = ChangeRow.select().order_by(ChangeRow.id.desc()).first()
    return row


@pytest.mark.parametrize(('origin', 'target'), EVERY_PAIR, ids=lambda state: state.replace(' ', '-'))
def test_a_visit_takes_the_legal_steps_and_no_others(cast: Cast, visit: Booking, origin: State, target: State) -> None:
    there = brought(visit, origin)

    if (origin, target) not in LEGAL:
        with pytest.raises(NoSuchStep):
            booking_steps.advance(there, target, by=cast.technician)
        assert Booking.get_by_id(visit.id) == there
        return
    after = booking_steps.advance(there, target, by=cast.technician)
    assert (after.state, after.status.state, after.status.is_default) == (target, target, True)
    assert (last_change().kind, json.loads(last_change().after)['state']) == (LEGAL[origin, target], target)


@pytest.mark.parametrize('who', ['technician', 'dispatcher', 'owner'])
def test_the_visits_technician_and_staff_advance_it(cast: Cast, visit: Booking, who: str) -> None:
    by = getattr(cast, who)
    for target in (State.TRAVELING, State.SCHEDULED, State.TRAVELING, State.IN_PROGRESS, State.ON_BREAK):
        visit = booking_steps.advance(visit, target, by=by)
    for target in (State.IN_PROGRESS, State.COMPLETED):
        visit = booking_steps.advance(visit, target, by=by)

    assert visit.state == State.COMPLETED
    assert json.loads(last_change().after)['who'] == ('technician' if who == 'technician' else 'staff')


@pytest.mark.parametrize('who', ['customer', 'other_customer', 'stranger'])
def test_nobody_else_advances_a_visit(cast: Cast, visit: Booking, who: str) -> None:
    with pytest.raises(NotFound):
        booking_steps.advance(visit, State.TRAVELING, by=getattr(cast, who))


def test_another_technician_does_not_know_of_the_visit(cast: Cast, visit: Booking) -> None:
    account = makers.make_account(RUTH, Role.TECHNICIAN)
    makers.make_technician(RUTH, account=account)

    with pytest.raises(NotFound):
        booking_steps.advance(visit, State.TRAVELING, by=makers.signed_in(account))
    assert visit.state == State.SCHEDULED


def test_each_step_stamps_its_time_and_leaves_what_was_promised(visit: Booking, clock_of_test: Clock) -> None:
    promised = (visit.starts_at, visit.ends_at, visit.sequence)
    stamps = []
    for target in (State.TRAVELING, State.IN_PROGRESS, State.ON_BREAK, State.IN_PROGRESS, State.COMPLETED):
        clock_of_test.shift(17 * MINUTE)
        stamps.append(clock.now())
        visit = booking_steps.advance(visit, target, by=SYSTEM)

    assert (visit.travel_started_at, visit.work_started_at, visit.completed_at) == (stamps[0], stamps[1], stamps[4])
    assert (visit.starts_at, visit.ends_at, visit.sequence) == promised


def test_a_step_may_be_told_a_little_later_to_the_second(visit: Booking, clock_of_test: Clock) -> None:
    clock_of_test.shift(HOUR)
    at = MONDAY_SEVEN + timedelta(minutes=3, seconds=21)

    visit = booking_steps.advance(visit, State.TRAVELING, by=SYSTEM, at=at)

    assert visit.travel_started_at == at
    assert json.loads(last_change().after)['at'] == at.isoformat()


def test_a_step_is_neither_in_the_future_nor_before_the_one_before(visit: Booking, clock_of_test: Clock) -> None:
    clock_of_test.shift(HOUR)
    with pytest.raises(NotYet):
        booking_steps.advance(visit, State.TRAVELING, by=SYSTEM, at=clock.now() + MINUTE)
    visit = booking_steps.advance(visit, State.IN_PROGRESS, by=SYSTEM, at=clock.now() - 30 * MINUTE)
    paused = booking_steps.advance(visit, State.ON_BREAK, by=SYSTEM, at=clock.now() - 10 * MINUTE)

    with pytest.raises(BeforeLastStep):
        booking_steps.advance(paused, State.COMPLETED, by=SYSTEM, at=clock.now() - 11 * MINUTE)
    done = booking_steps.advance(paused, State.COMPLETED, by=SYSTEM, at=clock.now() - 10 * MINUTE)
    assert done.completed_at == clock.now() - 10 * MINUTE


def test_a_technician_tells_a_step_within_a_day(cast: Cast, visit: Booking, clock_of_test: Clock) -> None:
    clock_of_test.move_to(visit.starts_at + timedelta(days=3))

    with pytest.raises(TooLongAgo):
        booking_steps.advance(visit, State.IN_PROGRESS, by=cast.technician, at=clock.now() - 24 * HOUR - MINUTE)
    assert booking_steps.advance(visit, State.IN_PROGRESS, by=cast.technician, at=clock.now() - 24 * HOUR).state


def test_staff_may_enter_the_true_time_of_an_old_visit(cast: Cast, visit: Booking, clock_of_test: Clock) -> None:
    visit = bookings.move(visit, visit.starts_at + timedelta(days=3), by=cast.customer, key='moved')
    clock_of_test.move_to(visit.starts_at + timedelta(days=9))
    too_early = visit.starts_at - 24 * HOUR - MINUTE

    with pytest.raises(TooLongAgo):
        booking_steps.advance(visit, State.IN_PROGRESS, by=cast.dispatcher, at=too_early)
    visit = booking_steps.advance(visit, State.IN_PROGRESS, by=cast.dispatcher, at=visit.starts_at)
    visit = booking_steps.advance(visit, State.COMPLETED, by=cast.dispatcher, at=visit.starts_at + HOUR)
    assert visit.completed_at == visit.starts_at + HOUR


@pytest.mark.parametrize(
    ('seconds', 'blocked_minutes'),
    [(-600, 5), (0, 5), (1, 5), (300, 5), (301, 10), (30 * 60, 30), (30 * 60 + 1, 35), (90 * 60, 90), (7200, 90)],
)
def test_what_is_left_of_a_visit_that_is_done_early_is_free(
    visit: Booking, clock_of_test: Clock, seconds: int, blocked_minutes: int
) -> None:
    visit = booking_steps.advance(visit, State.IN_PROGRESS, by=SYSTEM)
    clock_of_test.move_to(visit.starts_at + timedelta(seconds=seconds))

    visit = booking_steps.advance(visit, State.COMPLETED, by=SYSTEM)

    assert visit.blocks_until == visit.starts_at + blocked_minutes * MINUTE
    assert visit.ends_at == visit.starts_at + 90 * MINUTE


def test_the_time_that_an_early_visit_frees_is_on_offer(cast: Cast, visit: Booking, clock_of_test: Clock) -> None:
    short = makers.make_service_type(None, minutes=30, least_notice_minutes=0)
    freed = visit.starts_at + HOUR
    visit = booking_steps.advance(visit, State.IN_PROGRESS, by=SYSTEM)
    clock_of_test.move_to(visit.starts_at + 10 * MINUTE)
    settings.change({'driving.unknown_minutes': 0}, by=SYSTEM)
    assert freed not in makers.free_starts(cast.other_household, short)

    booking_steps.advance(visit, State.COMPLETED, by=SYSTEM)

    assert freed in makers.free_starts(cast.other_household, short)


def test_a_technician_drives_to_one_place_at_a_time(cast: Cast, visit: Booking) -> None:
    other = makers.make_booking(cast.other_household, cast.service_type)
    booking_steps.advance(visit, State.TRAVELING, by=cast.technician)

    with pytest.raises(StillDriving) as told:
        booking_steps.advance(other, State.TRAVELING, by=cast.technician)
    assert settings.words().refusal(told.value) == (
        'You are still driving to Lind. Turn back or start work there first.'
    )
    with pytest.raises(TechnicianStillDriving) as told_to_staff:
        booking_steps.advance(other, State.TRAVELING, by=cast.dispatcher)
    assert settings.words().refusal(told_to_staff.value).startswith('Tom Reed is still driving to Lind.')
    assert Booking.get_by_id(other.id).state == State.SCHEDULED


@pytest.mark.parametrize('first', [State.IN_PROGRESS, State.ON_BREAK])
def test_a_technician_works_at_one_place_at_a_time(cast: Cast, visit: Booking, first: State) -> None:
    other = makers.make_booking(cast.other_household, cast.service_type)
    brought(visit, first)

    with pytest.raises(StillAtWork):
        booking_steps.advance(other, State.IN_PROGRESS, by=cast.technician)
    assert booking_steps.advance(other, State.TRAVELING, by=cast.technician).state == State.TRAVELING


def test_two_technicians_drive_at_one_time(cast: Cast, visit: Booking) -> None:
    makers.make_technician(TESS)
    other = makers.make_booking(cast.other_household, cast.service_type, visit.starts_at)

    states = [booking_steps.advance(each, State.TRAVELING, by=SYSTEM).state for each in (visit, other)]

    assert states == [State.TRAVELING, State.TRAVELING]


def test_who_acts_on_what_is_no_longer_so_is_told(cast: Cast, visit: Booking) -> None:
    bookings.cancel(visit, by=cast.customer)

    with pytest.raises(BookingHasChanged):
        booking_steps.advance(visit, State.TRAVELING, by=cast.technician)


def test_a_technician_does_not_drive_to_a_visit_that_was_moved_meanwhile(cast: Cast, visit: Booking) -> None:
    later = makers.free_starts(cast.household, cast.service_type)[20]
    moved = bookings.move(visit, later, by=cast.customer, key='moved')

    with pytest.raises(BookingHasChanged):
        booking_steps.advance(visit, State.TRAVELING, by=cast.technician)
    assert booking_steps.advance(moved, State.TRAVELING, by=cast.technician).state == State.TRAVELING


def test_a_turned_back_drive_leaves_no_stamp_and_the_next_one_makes_its_own(
    visit: Booking, clock_of_test: Clock
) -> None:
    visit = booking_steps.advance(visit, State.TRAVELING, by=SYSTEM)
    clock_of_test.shift(5 * MINUTE)
    visit = booking_steps.advance(visit, State.SCHEDULED, by=SYSTEM)
    assert visit.travel_started_at is None

    clock_of_test.shift(5 * MINUTE)
    assert booking_steps.advance(visit, State.TRAVELING, by=SYSTEM).travel_started_at == MONDAY_SEVEN + 10 * MINUTE


def test_a_page_offers_each_reader_the_steps_that_are_theirs(cast: Cast, visit: Booking) -> None:
    def buttons(by: Actor) -> set[str]:
        return {step.words for step in booking_steps.possible(visit, by=by)}

    assert buttons(cast.technician) == {'Start driving', 'Start work'}
    assert buttons(cast.dispatcher) == {'Start driving', 'Start work', 'Cancel appointment'}
    assert buttons(cast.customer) == {'Cancel appointment'}
    with pytest.raises(NotFound):
        buttons(cast.other_customer)


def test_a_step_sets_the_business_s_own_default_and_another_status_can_be_chosen(cast: Cast, visit: Booking) -> None:
    own = statuses.add({'state': State.TRAVELING, 'name': 'On the road', 'color': None}, by=cast.owner)
    waiting = statuses.add({'state': State.TRAVELING, 'name': 'In a jam', 'color': '#AA0000'}, by=cast.owner)
    statuses.set_default(own, by=cast.owner)

    visit = booking_steps.advance(visit, State.TRAVELING, by=cast.technician)
    assert visit.status == own
    visit = booking_steps.set_status(visit, waiting, by=cast.technician)

    assert (visit.status, visit.state, last_change().kind) == (waiting, State.TRAVELING, 'StatusSet')


def test_a_status_of_another_state_or_one_that_has_ended_is_refused(cast: Cast, visit: Booking) -> None:
    other = statuses.add({'state': State.COMPLETED, 'name': 'Invoiced', 'color': None}, by=cast.owner)
    ended = statuses.add({'state': State.SCHEDULED, 'name': 'Parts ordered', 'color': None}, by=cast.owner)
    statuses.end(ended, by=cast.owner)

    with pytest.raises(WrongStatus):
        booking_steps.set_status(visit, other, by=cast.dispatcher)
    with pytest.raises(NotFound):
        booking_steps.set_status(visit, ended, by=cast.dispatcher)


def test_every_step_is_a_change_with_what_messages_need(cast: Cast, visit: Booking) -> None:
    for target in (State.TRAVELING, State.IN_PROGRESS, State.COMPLETED):
        visit = booking_steps.advance(visit, target, by=cast.technician)

    rows = list(ChangeRow.select().where(ChangeRow.subject_type == 'bookings').order_by(ChangeRow.id))
    assert [row.kind for row in rows] == ['BookingMade', 'TravelStarted', 'WorkStarted', 'WorkCompleted']
    for row in rows[1:]:
        before, after = json.loads(row.before), json.loads(row.after)
        assert row.customer_id == cast.household.customer.id
        assert before['state'] != after['state']
        assert {'starts_at', 'ends_at', 'zone', 'technician', 'service', 'at', 'who'} <= set(after)


@pytest.mark.usefixtures('database')
def test_every_refusal_of_a_step_has_words_that_its_facts_fill() -> None:
    refusals: list[Refusal] = [
        NotYet(),
        BeforeLastStep(last=MONDAY_SEVEN),
        TooLongAgo(earliest=MONDAY_SEVEN),
        NoSuchStep(),
        BookingHasChanged(),
    ]
    assert all(settings.words().refusal(each) for each in refusals)
