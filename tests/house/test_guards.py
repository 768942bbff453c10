"""What the schema refuses or keeps by itself is looked for at start: none may be missing, changed or switched off."""

import time
from collections.abc import Callable

import pytest

from data.base.database import database, engine
from data.base.upgrade import GuardMissing, check_guards, upgrade

Empty = Callable[[], str]

EXCLUDE = """ALTER TABLE bookings ADD CONSTRAINT bookings_guard EXCLUDE USING gist
    (technician_id WITH =, int8range(starts_at, blocks_until) WITH &&)"""
GUARDS = {  # what each engine itself calls a guard: name, how it is dropped
    'sqlite': """SELECT name, 'DROP ' || type || ' ' || name FROM sqlite_master
        WHERE type = 'trigger' OR type = 'index' AND sql LIKE 'CREATE UNIQUE INDEX% WHERE %'""",
    'postgresql': """SELECT tgname, concat('DROP TRIGGER ', tgname, ' ON ', tgrelid::regclass) FROM pg_trigger
            WHERE NOT tgisinternal
        UNION ALL SELECT conname, concat('ALTER TABLE ', conrelid::regclass, ' DROP CONSTRAINT ', conname)
            FROM pg_constraint WHERE contype = 'x'
        UNION ALL SELECT relname, concat('DROP INDEX ', relname) FROM pg_index JOIN pg_class ON oid = indexrelid
            WHERE indisunique AND indpred IS NOT NULL
        UNION ALL SELECT proname, concat('DROP FUNCTION ', proname, ' CASCADE') FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype""",
}
CHANGED = {  # what somebody did to a guard whose name is still there
    'sqlite': {
        'asks less': (
            'bookings_guard_insert',
            'DROP TRIGGER bookings_guard_insert',
            "CREATE TRIGGER bookings_guard_insert AFTER INSERT ON bookings BEGIN SELECT 'nothing'; END",
        ),
        'stands at another table': (
            'time_off_revision_delete',
            'DROP TRIGGER time_off_revision_delete',
            """CREATE TRIGGER time_off_revision_delete AFTER DELETE ON weekly_hours
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (OLD.technician_id);
END""",
        ),
        'allows two': (
            'bookings_one_traveling',
            'DROP INDEX bookings_one_traveling',
            "CREATE INDEX bookings_one_traveling ON bookings (technician_id) WHERE state = 'traveling'",
        ),
        'speaks of another state': (
            'bookings_one_traveling',
            'DROP INDEX bookings_one_traveling',
            "CREATE UNIQUE INDEX bookings_one_traveling ON bookings (technician_id) WHERE state = 'driving'",
        ),
        'was lost when the table was rebuilt': (
            'technician_skills_revision_insert',
            'CREATE TABLE rebuilt AS SELECT * FROM technician_skills',
            'DROP TABLE technician_skills',
            'ALTER TABLE rebuilt RENAME TO technician_skills',
        ),
    },
    'postgresql': {
        'is switched off': ('bookings_revision', 'ALTER TABLE bookings DISABLE TRIGGER bookings_revision'),
        'is switched off with all': ('time_off_revision', 'ALTER TABLE time_off DISABLE TRIGGER ALL'),
        'speaks to replicas only': (
            'sites_revision_insert',
            'ALTER TABLE sites ENABLE REPLICA TRIGGER sites_revision_insert',
        ),
        'does not speak to a replica': ('bookings_revision', "SET LOCAL session_replication_role = 'replica'"),
        'does less': (
            'revision_of_one',
            "CREATE OR REPLACE FUNCTION revision_of_one() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        ),
        'calls another': (
            'closed_days_revision_delete',
            'DROP TRIGGER closed_days_revision_delete ON closed_days',
            """CREATE TRIGGER closed_days_revision_delete AFTER DELETE ON closed_days
                FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()""",
        ),
        'guards less': (
            'bookings_guard',
            'ALTER TABLE bookings DROP CONSTRAINT bookings_guard',
            f"{EXCLUDE} WHERE (state = 'scheduled')",
        ),
        'guards the canceled ones too': (
            'bookings_guard',
            'ALTER TABLE bookings DROP CONSTRAINT bookings_guard',
            EXCLUDE,
        ),
        'may be put off': (
            'bookings_guard',
            'ALTER TABLE bookings DROP CONSTRAINT bookings_guard',
            f"{EXCLUDE} WHERE (state <> 'canceled') DEFERRABLE",
        ),
        'has an index that failed': (
            'bookings_one_at_work',
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'bookings_one_at_work'::regclass",
        ),
        'has an exclusion that failed': (
            'bookings_guard',
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'bookings_guard'::regclass",
        ),
        'allows two': (
            'bookings_one_traveling',
            'DROP INDEX bookings_one_traveling',
            "CREATE INDEX bookings_one_traveling ON bookings (technician_id) WHERE state = 'traveling'",
        ),
    },
}


def test_a_database_without_its_guard_is_refused(empty: Empty) -> None:
    empty()
    upgrade()
    check_guards()
    guards = database.execute_sql(GUARDS[engine()]).fetchall()
    assert len(guards) > 30

    noticed = {name: missing_after(drop) for name, drop in guards}

    assert [name for name, missing in noticed.items() if name not in missing] == []
    check_guards()


@pytest.mark.parametrize(
    ('empty', 'name', 'changes'),
    [
        pytest.param(engine, name, changes, id=f'{engine}-{what}')
        for engine, cases in CHANGED.items()
        for what, (name, *changes) in cases.items()
    ],
    indirect=['empty'],
)
def test_a_guard_that_is_not_as_the_code_declares_it_is_refused(empty: Empty, name: str, changes: list[str]) -> None:
    empty()
    upgrade()

    assert name in missing_after(*changes)
    assert missing_after() == ''


def test_looking_for_the_guards_takes_less_than_20_milliseconds(empty: Empty) -> None:
    empty()
    upgrade()
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        check_guards()
        took.append(time.perf_counter() - begun)

    assert min(took) < 0.02


def missing_after(*changes: str) -> str:
    """What is told when somebody has done this to the schema; it is taken back."""
    with database.atomic() as undone:
        for change in changes:
            database.execute_sql(change)
        try:
            check_guards()
        except GuardMissing as missing:
            return str(missing)
        finally:
            undone.rollback()
    return ''
