"""The guard: the schema itself refuses two bookings of one technician at one time, whoever writes.

It compares [starts_at, blocks_until) of bookings that are not canceled. SQLite has triggers: as what is stored never
overlaps, they need only look at the last visit that starts before the new one ends (one seek in the index).
PostgreSQL has an exclusion constraint, as a trigger there would not see what others have not committed yet.
"""

from peewee import IntegrityError

_LAST_BEFORE = """
    SELECT blocks_until FROM bookings
    WHERE technician_id = NEW.technician_id AND state <> 'canceled' AND starts_at < NEW.blocks_until{but_itself}
    ORDER BY starts_at DESC LIMIT 1"""

_TRIGGER = """CREATE TRIGGER {name} BEFORE {event} ON bookings
WHEN NEW.state <> 'canceled' AND ({last_before}
) > NEW.starts_at
BEGIN
    SELECT RAISE(ABORT, 'bookings_guard: the technician has another booking then');
END"""

SEEK = """CREATE INDEX bookings_guard_seek ON bookings (technician_id, starts_at, blocks_until)
WHERE state <> 'canceled'"""

STATEMENTS = {
    'sqlite': [
        SEEK,
        _TRIGGER.format(
            name='bookings_guard_insert',
            event='INSERT',
            last_before=_LAST_BEFORE.format(but_itself=''),
        ),
        _TRIGGER.format(
            name='bookings_guard_update',
            event='UPDATE OF technician_id, starts_at, blocks_until, state',
            last_before=_LAST_BEFORE.format(but_itself=' AND id <> OLD.id'),
        ),
    ],
    'postgresql': [
        SEEK,
        'CREATE EXTENSION IF NOT EXISTS btree_gist',
        """ALTER TABLE bookings ADD CONSTRAINT bookings_guard EXCLUDE USING gist (
    technician_id WITH =, int8range(starts_at, blocks_until) WITH &&
) WHERE (state <> 'canceled')""",
    ],
}
NAMES = {'sqlite': ['bookings_guard_insert', 'bookings_guard_update'], 'postgresql': ['bookings_guard']}


def refused(clash: IntegrityError) -> bool:
    """Whether it was the guard that said no, and no other rule of the schema."""
    return 'bookings_guard' in str(clash)
