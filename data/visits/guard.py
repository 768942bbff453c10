"""The guard: the schema itself refuses two bookings of one technician at one time, whoever writes.

It compares [starts_at, blocks_until) of bookings that are not canceled, row by row: a statement that moves several is
refused as well when one of them lands on another that has yet to go.

SQLite has triggers, which look at the last visit that starts before the new one ends: one seek in the index. That one
is enough. What was stored before never overlaps and no span is empty, so each visit ends before the next one starts;
if any visit reaches into the new one, the last that starts before its end does so too. This holds after every write
that was let through, and an early completion only shortens a span. They run after the row is written: then what it
replaced (OR REPLACE) is gone, an upsert is the update that it became, and what other triggers wrote meanwhile is there.
An empty span would hide others; it is refused here too, as a connection can switch a CHECK off.

PostgreSQL has an exclusion constraint, as a trigger there would not see what others have not committed yet.
"""

from peewee import IntegrityError

_TRIGGER = """CREATE TRIGGER {name} AFTER {event} ON bookings
WHEN NEW.state <> 'canceled' AND (NEW.blocks_until <= NEW.starts_at OR (
    SELECT blocks_until FROM bookings
    WHERE technician_id = NEW.technician_id AND state <> 'canceled' AND starts_at < NEW.blocks_until AND id <> NEW.id
    ORDER BY starts_at DESC LIMIT 1
) > NEW.starts_at)
BEGIN
    SELECT RAISE(ABORT, 'bookings_guard: the technician has another booking then');
END"""

SEEK = """CREATE INDEX bookings_guard_seek ON bookings (technician_id, starts_at, blocks_until)
WHERE state <> 'canceled'"""

STATEMENTS = {
    'sqlite': [
        SEEK,
        _TRIGGER.format(name='bookings_guard_insert', event='INSERT'),
        _TRIGGER.format(name='bookings_guard_update', event='UPDATE OF technician_id, starts_at, blocks_until, state'),
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
