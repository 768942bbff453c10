"""Whoever writes past Doorstep, on a connection of their own: no statement gives a technician two visits at once."""

# ruff: noqa: S608  # statements of our own

import sqlite3
from collections.abc import Iterator

import psycopg
import pytest
from conftest import EmptyDatabase
from raw_sql import COLUMNS, NINE, TESS, TOM, UPSERT, Raw, Row, apart, copied, insert, moved, values, writer

STORED: list[Row] = [
    (1, TOM, 0, 12, 'scheduled'),
    (2, TOM, 18, 30, 'scheduled'),
    (3, TOM, 0, 12, 'canceled'),
    (4, TESS, 0, 12, 'scheduled'),
    (5, TOM, 40, 43, 'completed'),  # before its promised end
]
ONTO_1, ONTO_2 = (9, TOM, 6, 18, 'scheduled'), (9, TOM, 17, 19, 'scheduled')
REFUSED = {
    'a row': insert(ONTO_1),
    'a row around all': insert((9, TOM, -100, 100, 'scheduled')),
    'two rows, the second': insert((8, TOM, 12, 18, 'scheduled'), ONTO_2),
    'two rows that only meet each other': insert((8, TOM, 60, 72, 'scheduled'), (9, TOM, 66, 70, 'scheduled')),
    'an upsert that is new': insert(ONTO_1, then=UPSERT),
    'an upsert that changes': insert((2, TOM, 6, 18, 'scheduled'), then=UPSERT),
    'an upsert by uid': insert((2, TOM, 6, 18, 'scheduled'), then=UPSERT.replace('(id)', '(uid)')),
    'a copy': copied(state='scheduled'),
    'to another technician': 'UPDATE bookings SET technician_id = 1 WHERE id = 4',
    'an earlier start': 'UPDATE bookings SET starts_at = starts_at - 2100 WHERE id = 2',
    'a longer block': 'UPDATE bookings SET ends_at = ends_at + 2100, blocks_until = blocks_until + 2100 WHERE id = 1',
    'an earlier start of what was done early': 'UPDATE bookings SET starts_at = starts_at - 3300 WHERE id = 5',
    'taken back': "UPDATE bookings SET state = 'scheduled' WHERE id = 3",
    'taken back as done': "UPDATE bookings SET state = 'completed', id = 30 WHERE id = 3",
    'all to one time': f'UPDATE bookings SET starts_at = {NINE}, ends_at = {NINE + 300}, blocks_until = {NINE + 300}',
    'all to one technician': 'UPDATE bookings SET technician_id = 2 WHERE id IN (1, 4)',
    'all taken back': "UPDATE bookings SET state = 'scheduled'",
    'one moved, with another number': moved('12', where='id = 1').replace('SET', 'SET id = 90,'),
    'one moved from another table': moved('12', where='id = (SELECT min(id) FROM bookings)'),
}
REFUSED_BY = {
    'sqlite': {
        **{
            f'INSERT OR {word}': insert((8, TOM, 60, 72, 'scheduled'), ONTO_1, verb=f'INSERT OR {word}')
            for word in ('REPLACE', 'IGNORE', 'FAIL', 'ABORT', 'ROLLBACK')
        },
        **{
            f'UPDATE OR {word}': moved('12', where='id = 1', verb=f'UPDATE OR {word}')
            for word in ('REPLACE', 'IGNORE', 'FAIL', 'ABORT', 'ROLLBACK')
        },
        'REPLACE INTO': insert(ONTO_1, verb='REPLACE'),
        'REPLACE of one that is moved onto another': insert((2, TOM, 6, 18, 'scheduled'), verb='REPLACE'),
        'REPLACE of one by the uid of another': insert(ONTO_1, verb='REPLACE').replace('uid 9', 'uid 2'),
        'REPLACE of one by number and one by uid': insert((4, TOM, 6, 18, 'scheduled'), verb='REPLACE').replace(
            'uid 4', 'uid 3'
        ),
        'UPDATE OR REPLACE that takes another number': moved('12', where='id = 1', verb='UPDATE OR REPLACE').replace(
            'SET', 'SET id = 5,'
        ),
        'by rowid': insert(ONTO_1).replace('(id,', '(rowid,'),
        'with a fraction': insert(ONTO_1).replace(str(NINE + 1800), f'{NINE + 1800}.5'),
    },
    'postgresql': {
        'UPDATE FROM': "UPDATE bookings SET state = 'scheduled' FROM customers "
        'WHERE customers.id = customer_id AND bookings.id = 3',
        'WITH': f"WITH gone AS (UPDATE bookings SET state = 'canceled' WHERE id = 4) {insert(ONTO_1)}",
    },
}
IGNORED = insert(ONTO_1, then='ON CONFLICT DO NOTHING')  # on PostgreSQL without a word
TAKEN = {
    'just between two': insert((9, TOM, 12, 18, 'scheduled')),
    'two that touch': insert((8, TOM, 50, 60, 'scheduled'), (9, TOM, 60, 61, 'scheduled')),
    'canceled, onto others': insert((9, TOM, 0, 40, 'canceled')),
    'onto one that is canceled only, by another': insert((9, TESS, 12, 40, 'scheduled')),
    'right after what was done early': insert((9, TOM, 43, 52, 'scheduled')),
    'an upsert over its own time': insert((1, TOM, 3, 15, 'scheduled'), then=UPSERT),
    'an upsert by uid over its own time': insert((1, TOM, 3, 15, 'scheduled'), then=UPSERT.replace('(id)', '(uid)')),
    'a canceled copy': copied(state='canceled'),
    'moved over its own time': moved('1', where='id = 1'),
    'all moved by five minutes': moved('1'),
    'all moved back by a day': moved('-288'),
    'to another technician': 'UPDATE bookings SET technician_id = 2 WHERE id = 2',
    'taken back, once the other is canceled': "UPDATE bookings SET state = CASE id WHEN 1 THEN 'canceled' "
    "WHEN 2 THEN 'scheduled' ELSE state END",
    'another number': 'UPDATE bookings SET id = id + 100',
}
TAKEN_BY = {
    'sqlite': {
        'REPLACE over its own time': insert((1, TOM, 3, 15, 'scheduled'), verb='REPLACE'),
        'REPLACE by uid over its time': insert((9, TOM, 3, 15, 'scheduled'), verb='REPLACE').replace('uid 9', 'uid 1'),
        'INSERT OR IGNORE': insert((9, TOM, 12, 18, 'scheduled'), verb='INSERT OR IGNORE'),
        'INSERT OR IGNORE of one that is there': insert((1, TESS, 70, 80, 'scheduled'), verb='INSERT OR IGNORE'),
    },
    'postgresql': {},
}
CONNECTIONS = {  # how a connection may be set that wants to get through
    'sqlite': [
        'PRAGMA foreign_keys = 1',
        'PRAGMA recursive_triggers = 1',
        'PRAGMA ignore_check_constraints = 1',
        'PRAGMA defer_foreign_keys = 1',
        'PRAGMA legacy_alter_table = 1',
        'PRAGMA trusted_schema = 0',
        'PRAGMA read_uncommitted = 1',
        'PRAGMA reverse_unordered_selects = 1',
        'PRAGMA cell_size_check = 1',
        'PRAGMA automatic_index = 0',
        'CREATE TEMP TABLE technicians (id INTEGER, revision INTEGER)',
        'BEGIN',
    ],
    'postgresql': [
        "SET session_replication_role = 'replica'",
        'SET enable_indexscan = off',
        'SET enable_seqscan = off',
        "SET default_transaction_isolation = 'serializable'",
        "SET default_transaction_deferrable = 'on'",
        'CREATE TEMP TABLE technicians (id INTEGER, revision INTEGER)',
    ],
}
SETTINGS = [
    (engine, statement) for engine, statements in CONNECTIONS.items() for statement in ['SELECT 1', *statements]
]


@pytest.fixture
def raw(database: EmptyDatabase) -> Iterator[Raw]:
    with writer(database) as somebody:
        yield somebody


@pytest.mark.parametrize(('database', 'setting'), SETTINGS, indirect=['database'])
def test_what_would_overlap_is_refused_and_leaves_the_table_as_it_was(raw: Raw, setting: str) -> None:
    raw.start_with(STORED)
    before = raw.whole()
    raw.connection.execute(setting)

    for what, statement in {**REFUSED, **REFUSED_BY[raw.engine], 'ignored': IGNORED}.items():
        said = raw.run(statement)
        assert 'bookings_guard' in said or (statement is IGNORED and not said), f'{what}: {said or "taken"}'
        assert raw.whole() == before, what


@pytest.mark.parametrize(('database', 'setting'), SETTINGS, indirect=['database'])
def test_what_overlaps_nothing_is_taken(raw: Raw, setting: str) -> None:
    raw.connection.execute(setting)
    for what, statement in (TAKEN | TAKEN_BY[raw.engine]).items():
        raw.start_with(STORED)
        assert (what, raw.run(statement)) == (what, '')
        assert apart(raw.rows()), what


@pytest.mark.parametrize('change', [moved('CASE id WHEN 1 THEN 18 ELSE -18 END', where='id IN (1, 2)'), moved('6')])
def test_what_lands_on_another_that_has_yet_to_go_may_be_refused_but_is_never_half_done(raw: Raw, change: str) -> None:
    raw.start_with([(key, TOM, key * 6, key * 6 + 6, 'scheduled') for key in (1, 2, 3, 4)])
    before = raw.whole()

    said = raw.run(change)

    assert 'bookings_guard' in said
    assert raw.whole() == before


@pytest.mark.parametrize('database', ['postgresql'], indirect=True)
@pytest.mark.parametrize(('start', 'is_taken'), [(6, False), (12, True)])
def test_copy_is_guarded_too(raw: Raw, start: int, is_taken: bool) -> None:
    raw.start_with(STORED)
    before = raw.rows()
    row: Row = (9, TOM, start, start + 6, 'scheduled')
    line = values(row).strip('()').replace("''", '""').replace("'", '').replace(', ', ',')
    connection = raw.connection
    assert isinstance(connection, psycopg.Connection)

    try:
        with connection.cursor().copy(f'COPY bookings ({COLUMNS}) FROM STDIN WITH (FORMAT csv)'.encode()) as copy:
            copy.write(line)
    except psycopg.errors.ExclusionViolation:
        assert not is_taken

    assert raw.rows() == ([*before, row] if is_taken else before)


@pytest.mark.parametrize('database', ['sqlite'], indirect=True)
def test_a_whole_table_is_not_poured_in_unseen(raw: Raw) -> None:
    raw.start_with(STORED)
    (sql,) = raw.connection.execute("SELECT sql FROM sqlite_master WHERE name = 'bookings'").fetchone()
    raw.connection.execute(sql.replace('"bookings"', 'poured', 1))  # all alike, so that SQLite could copy pages
    raw.connection.execute('INSERT INTO poured SELECT * FROM bookings')
    raw.connection.execute("UPDATE poured SET id = id + 100, uid = uid || ' again'")

    assert 'bookings_guard' in raw.run('INSERT INTO bookings SELECT * FROM poured')
    assert raw.rows() == STORED
    raw.connection.execute('DELETE FROM bookings')
    assert raw.run('INSERT INTO bookings SELECT * FROM poured') == ''


@pytest.mark.parametrize('database', ['sqlite'], indirect=True)
@pytest.mark.parametrize('when', ['BEFORE', 'AFTER'])
def test_a_trigger_of_somebody_elses_does_not_slip_a_visit_in_between(raw: Raw, when: str) -> None:
    raw.start_with(STORED)
    second = insert((10, TOM, 72, 75, 'scheduled')).replace('INTO bookings', 'INTO main.bookings')
    for event in ('INSERT', 'UPDATE'):
        raw.connection.execute(
            f'CREATE TEMP TRIGGER slip_{event} {when} {event} ON main.bookings WHEN NEW.id = 9 '
            f'BEGIN {second.replace("main.", "")}; END'
        )

    assert 'bookings_guard' in raw.run(insert((9, TOM, 70, 80, 'scheduled')))
    assert raw.rows() == STORED
    assert raw.run(insert((9, TOM, 100, 110, 'scheduled'))) == ''
    raw.connection.execute('DELETE FROM bookings WHERE id = 10')
    assert 'bookings_guard' in raw.run(moved('-30', where='id = 9'))
    assert apart(raw.rows())


@pytest.mark.parametrize('database', ['sqlite'], indirect=True)
def test_a_file_that_is_attached_under_another_name_is_guarded_too(raw: Raw, database: EmptyDatabase) -> None:
    raw.start_with(STORED)
    other = sqlite3.connect(':memory:', isolation_level=None)
    other.execute('CREATE TABLE bookings (id)')
    other.execute('ATTACH ? AS house', [database.url.removeprefix('sqlite:///')])

    with pytest.raises(sqlite3.IntegrityError, match='bookings_guard'):
        other.execute(insert(ONTO_1).replace('INTO ', 'INTO house.'))
    other.execute(insert((9, TOM, 12, 18, 'scheduled')).replace('INTO ', 'INTO house.'))
    other.close()


@pytest.mark.parametrize('database', ['sqlite'], indirect=True)
def test_no_empty_span_hides_a_visit_where_checks_are_switched_off(raw: Raw) -> None:
    raw.start_with(STORED)
    raw.connection.execute('PRAGMA ignore_check_constraints = 1')

    for start, until in ((5, 5), (5, 4), (500, 0)):
        assert 'bookings_guard' in raw.run(insert((9, TOM, start, until, 'scheduled')))
    assert raw.run(insert((9, TOM, 5, 4, 'canceled'))) == ''
    assert 'bookings_guard' in raw.run("UPDATE bookings SET state = 'completed' WHERE id = 9")
