"""Random writes past Doorstep: none leaves an overlap, and what overlaps nothing is not refused."""

from collections.abc import Iterator
from typing import Any

import pytest
from conftest import EmptyDatabase
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from raw_sql import TESS, TOM, UPSERT, Raw, Row, apart, insert, writer


@pytest.fixture
def raw(database: EmptyDatabase) -> Iterator[Raw]:
    with writer(database) as somebody:
        yield somebody


@st.composite
def a_row(draw: st.DrawFn) -> Row:
    start = draw(st.integers(0, 20))
    state = draw(st.sampled_from(['scheduled', 'scheduled', 'completed', 'canceled']))
    return draw(st.integers(1, 8)), draw(st.sampled_from([TOM, TESS])), start, start + draw(st.integers(1, 6)), state


SEVERAL = st.lists(a_row(), min_size=1, max_size=3, unique_by=lambda row: row[0])
CHANGES = {  # what an UPDATE does to a row, in SQL and here
    'by a cell': ('starts_at = starts_at + 300, ends_at = ends_at + 300, blocks_until = blocks_until + 300', (1, 1)),
    'back by two': (
        'starts_at = starts_at - 600, ends_at = ends_at - 600, blocks_until = blocks_until - 600',
        (-2, -2),
    ),
    'longer': ('ends_at = ends_at + 600, blocks_until = blocks_until + 600', (0, 2)),
    'begun earlier': ('starts_at = starts_at - 300', (-1, 0)),
    'done early': ('blocks_until = starts_at + 300', None),
    'canceled': ("state = 'canceled'", 'canceled'),
    'taken back': ("state = 'scheduled'", 'scheduled'),
    'given away': ('technician_id = 3 - technician_id', 'other'),
}
WRITE = st.one_of(
    st.tuples(st.sampled_from(['insert', 'upsert', 'replace']), SEVERAL),
    st.tuples(st.sampled_from(sorted(CHANGES)), st.sets(st.integers(1, 8), min_size=1)),
    st.tuples(st.just('delete'), st.sets(st.integers(1, 8), min_size=1, max_size=2)),
)


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(writes=st.lists(WRITE, min_size=1, max_size=12))
def test_no_sequence_of_writes_leaves_an_overlap_and_nothing_else_is_refused(
    raw: Raw, writes: list[tuple[str, Any]]
) -> None:
    raw.start_with([])
    for kind, what in writes:
        before = raw.rows()
        steps, statement = expected(raw.engine, {row[0]: row for row in before}, kind, what)

        said = raw.run(statement)

        after = raw.rows()
        assert apart(after)
        if said:
            assert 'bookings_guard' in said
            assert after == before
            assert not all(apart(step) for step in steps), f'{statement} was refused'
        else:
            assert after == sorted(steps[-1])


def expected(engine: str, there: dict[int, Row], kind: str, what: Any) -> tuple[list[list[Row]], str]:
    """What the table would hold step by step, and the statement; a step may also be a new span beside an old one."""
    if kind == 'delete':
        left = [row for key, row in there.items() if key not in what]
        return [left], f'DELETE FROM bookings WHERE id IN ({", ".join(map(str, what))})'  # noqa: S608  # numbers
    if kind in CHANGES:
        return _changed(there, kind, what)
    if kind == 'insert':
        what = [(row[0] + 100 + max(there, default=0), *row[1:]) for row in what]
    steps = []
    for row in what:
        there = {**there, row[0]: row}
        steps.append(list(there.values()))
    if kind == 'replace' and engine == 'sqlite':
        return steps, insert(*what, verb='REPLACE')
    return steps, insert(*what, then='' if kind == 'insert' else UPSERT)


def _changed(there: dict[int, Row], kind: str, keys: set[int]) -> tuple[list[list[Row]], str]:
    sql, change = CHANGES[kind]
    after = {key: _with(row, change) if key in keys else row for key, row in there.items()}
    statement = f'UPDATE bookings SET {sql} WHERE id IN ({", ".join(map(str, keys))})'  # noqa: S608  # our own
    # nobody knows in which order: a new span may meet any other's old one
    steps = [[new, old] for key, new in after.items() for other, old in there.items() if key in keys and other != key]
    return [*steps, list(after.values())], statement


def _with(row: Row, change: Any) -> Row:
    key, technician, start, until, state = row
    match change:
        case (begin, end):
            return key, technician, start + begin, until + end, state
        case 'other':
            return key, 3 - technician, start, until, state
        case None:
            return key, technician, start, start + 1, state
        case _:
            return key, technician, start, until, change
