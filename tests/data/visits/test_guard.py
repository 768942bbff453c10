"""The schema itself refuses two visits of one technician at one time, whoever writes and however."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import makers
import psycopg
import pytest
from conftest import EmptyDatabase
from makers import Cast
from peewee import IntegrityError
from people import TESS
from structlog.testing import capture_logs

from data.base import clock
from data.base.database import CannotSave, savepoint, transaction
from data.base.database import database as connected
from data.crew.technicians import Technician
from data.visits import guard
from data.visits.booking_table import Booking

pytestmark = pytest.mark.usefixtures('database')

NINE = datetime(2030, 5, 6, 9, tzinfo=UTC)
Insert = Callable[..., Booking]


@pytest.fixture
def insert() -> Insert:
    """Writes a row past every command; from 9 to 10, unless it is said otherwise."""
    cast: Cast = makers.make_cast()

    def inserted(
        start: int = 0,
        end: int = 60,
        *,
        state: str = 'scheduled',
        technician: Technician | None = None,
        until: int | None = None,
    ) -> Booking:
        household, kind = cast.household, cast.service_type
        minutes = {'starts_at': start, 'ends_at': end, 'blocks_until': end if until is None else until}
        with transaction():
            return Booking.create(
                customer=household.customer,
                contact=household.contact,
                site=household.site,
                service_type=kind,
                technician=technician or cast.technician_row,
                status=1,
                state=state,
                made_at=clock.now(),
                set_up_minutes=0,
                clean_up_minutes=0,
                service_name='Visit',
                uid=str(Booking.select().count()),
                **{column: NINE + timedelta(minutes=each) for column, each in minutes.items()},
            )

    return inserted


TOGETHER = {
    'the same': (0, 60),
    'inside': (15, 45),
    'around': (-60, 120),
    'from before': (-30, 5),
    'until after': (55, 90),
    'five minutes at the start': (0, 5),
    'five minutes at the end': (55, 60),
}
APART = {'just before': (-60, 0), 'just after': (60, 120), 'long before': (-600, -540), 'long after': (600, 660)}


@pytest.mark.parametrize(('start', 'end'), TOGETHER.values(), ids=TOGETHER)
def test_an_overlap_is_refused(insert: Insert, start: int, end: int) -> None:
    insert()

    with pytest.raises(IntegrityError) as refused:
        insert(start, end)

    assert guard.refused(refused.value)
    assert Booking.select().count() == 1


@pytest.mark.parametrize(('start', 'end'), APART.values(), ids=APART)
def test_what_only_touches_is_taken(insert: Insert, start: int, end: int) -> None:
    insert()

    insert(start, end)


@pytest.mark.parametrize('state', ['scheduled', 'traveling', 'in progress', 'on break', 'completed'])
def test_every_state_but_canceled_blocks(insert: Insert, state: str) -> None:
    insert(state=state)

    with pytest.raises(IntegrityError):
        insert()


def test_what_is_canceled_neither_blocks_nor_is_blocked(insert: Insert) -> None:
    insert(state='canceled')
    insert()

    insert(state='canceled')


def test_a_visit_that_was_done_early_blocks_until_then_only(insert: Insert) -> None:
    insert(0, 60, until=30, state='completed')

    insert(30, 60)
    with pytest.raises(IntegrityError):
        insert(25, 30)


def test_another_technician_may_be_elsewhere_at_that_time(insert: Insert) -> None:
    insert()

    insert(technician=makers.make_technician(TESS))


MOVES: dict[str, Callable[[Booking, Booking], dict[str, object]]] = {
    'moved': lambda first, _: {'starts_at': first.starts_at, 'ends_at': first.ends_at, 'blocks_until': first.ends_at},
    'begun earlier': lambda first, _: {'starts_at': first.ends_at - timedelta(minutes=5)},
}


@pytest.mark.parametrize('change', MOVES.values(), ids=MOVES)
def test_a_visit_is_not_moved_onto_another(
    insert: Insert, change: Callable[[Booking, Booking], dict[str, object]]
) -> None:
    first, second = insert(0, 60), insert(90, 150)

    with pytest.raises(IntegrityError), transaction():
        Booking.update(**change(first, second)).where(Booking.id == second.id).execute()

    assert Booking.get_by_id(second.id).starts_at == second.starts_at


def test_a_visit_is_not_stretched_into_another(insert: Insert) -> None:
    first, _ = insert(0, 60), insert(90, 150)
    late = first.starts_at + timedelta(minutes=95)

    with pytest.raises(IntegrityError), transaction():
        Booking.update(ends_at=late, blocks_until=late).where(Booking.id == first.id).execute()


def test_a_visit_is_not_given_to_somebody_who_is_elsewhere(insert: Insert) -> None:
    tess = makers.make_technician(TESS)
    insert(technician=tess)
    mine = insert()

    with pytest.raises(IntegrityError), transaction():
        Booking.update(technician=tess).where(Booking.id == mine.id).execute()


def test_a_canceled_visit_does_not_come_back_onto_another(insert: Insert) -> None:
    canceled, _ = insert(state='canceled'), insert()

    with pytest.raises(IntegrityError), transaction():
        Booking.update(state='scheduled').where(Booking.id == canceled.id).execute()


def test_a_visit_may_be_moved_over_its_own_time_and_changed_in_place(insert: Insert) -> None:
    visit = insert()
    for minutes in (30, -15):
        start, end = NINE + timedelta(minutes=minutes), NINE + timedelta(minutes=minutes + 60)
        Booking.update(starts_at=start, ends_at=end, blocks_until=end).where(Booking.id == visit.id).execute()
    Booking.update(comment='Ring twice', state='traveling').where(Booking.id == visit.id).execute()

    assert Booking.get_by_id(visit.id).starts_at == NINE - timedelta(minutes=15)


def test_several_visits_may_be_moved_in_one_statement(insert: Insert) -> None:
    for start in (0, 120, 240):
        insert(start, start + 60)
    hour = 3600

    connected.execute_sql(
        f'UPDATE bookings SET starts_at = starts_at + {hour}, ends_at = ends_at + {hour}, '  # noqa: S608  # a number
        f'blocks_until = blocks_until + {hour}'
    )

    assert Booking.select().where(Booking.starts_at >= NINE + timedelta(hours=1)).count() == 3


def test_a_refusal_leaves_the_transaction_usable(insert: Insert) -> None:
    insert()
    with transaction():
        with pytest.raises(IntegrityError), savepoint():
            insert()
        insert(60, 120)

    assert Booking.select().count() == 2


def test_other_rules_of_the_schema_are_not_taken_for_the_guard(insert: Insert) -> None:
    visit = insert()

    with pytest.raises(IntegrityError) as refused, transaction():
        Booking.update(blocks_until=visit.ends_at + timedelta(hours=1)).where(Booking.id == visit.id).execute()

    assert not guard.refused(refused.value)


@pytest.mark.parametrize(
    'columns',
    [
        {'starts_at': NINE + timedelta(minutes=1)},
        {'ends_at': NINE},
        {'blocks_until': NINE},
        {'state': 'late'},
        {'cancel_reason': 'weather'},
        {'set_up_minutes': -5},
        {'technician': 10**6},
    ],
    ids=str,
)
def test_what_no_visit_can_be_is_refused_by_the_schema(insert: Insert, columns: dict[str, object]) -> None:
    visit = insert()

    with pytest.raises(IntegrityError), transaction():
        Booking.update(**columns).where(Booking.id == visit.id).execute()


@pytest.mark.parametrize('states', [('traveling', 'traveling'), ('in progress', 'on break'), ('on break', 'on break')])
def test_a_technician_is_under_way_to_one_place_and_at_work_in_one(insert: Insert, states: tuple[str, str]) -> None:
    insert(0, 60, state=states[0])

    with pytest.raises(IntegrityError):
        insert(90, 150, state=states[1])
    insert(90, 150, state='in progress' if states[0] == 'traveling' else 'traveling')


@pytest.mark.parametrize('database', ['postgresql'], indirect=True)
def test_on_postgresql_what_another_has_not_committed_yet_is_seen_too(insert: Insert, database: EmptyDatabase) -> None:
    visit = insert(0, 60, state='canceled')
    with psycopg.connect(database.url) as other:
        other.execute("UPDATE bookings SET state = 'scheduled' WHERE id = %s", [visit.id])
        connected.execute_sql("SET statement_timeout = '300ms'")

        with capture_logs(), pytest.raises(CannotSave) as waited:  # for the other to decide
            insert()
        assert 'statement timeout' in str(waited.value.__cause__)
        other.rollback()

    connected.execute_sql('SET statement_timeout = 0')
    insert()
