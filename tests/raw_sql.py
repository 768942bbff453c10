"""Somebody who writes past Doorstep, on a connection of their own by the engine's own module: sqlite3 or psycopg."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import makers
import people
import psycopg
from conftest import EmptyDatabase

NINE = 1_904_288_400  # 2030-05-06 09:00 UTC
COLUMNS = (
    'id, technician_id, starts_at, ends_at, blocks_until, state, uid, customer_id, contact_id, site_id, '
    'service_type_id, status_id, set_up_minutes, clean_up_minutes, service_name, sequence, made_at, version'
)
NEW = 'technician_id = excluded.technician_id, starts_at = excluded.starts_at, ends_at = excluded.ends_at'
UPSERT = f'ON CONFLICT (id) DO UPDATE SET {NEW}, blocks_until = excluded.blocks_until, state = excluded.state'
Row = tuple[int, int, int, int, str]  # id, technician, start and end of what is blocked in cells, state
TOM, TESS = 1, 2  # the ids of the technicians


class Connection(Protocol):
    """What sqlite3 and psycopg have in common."""

    def execute(self, sql: Any, /) -> Any: ...


class Raw:
    """Somebody with a connection and no idea of Doorstep."""

    def __init__(self, engine: str, connection: Connection) -> None:
        self.engine, self.connection = engine, connection

    def run(self, sql: str) -> str:
        """What was said against it; empty: nothing."""
        try:
            self.connection.execute(sql)
        except (sqlite3.Error, psycopg.Error) as refused:
            return str(refused)
        return ''

    def whole(self) -> list[tuple[Any, ...]]:
        return list(self.connection.execute('SELECT * FROM bookings ORDER BY id').fetchall())

    def rows(self) -> list[Row]:
        cells = f'(starts_at - {NINE}) / 300, (blocks_until - {NINE}) / 300'
        sql = f'SELECT id, technician_id, {cells}, state FROM bookings ORDER BY id'  # noqa: S608  # our own
        return list(self.connection.execute(sql).fetchall())

    def start_with(self, rows: Sequence[Row]) -> None:
        """These and no others."""
        self.connection.execute('DELETE FROM bookings')
        if rows:
            assert self.run(insert(*rows)) == ''


@contextmanager
def writer(database: EmptyDatabase) -> Iterator[Raw]:
    """A second connection. There are two technicians, one household and no visit."""
    makers.make_cast()
    makers.make_technician(people.TESS)
    if database.engine == 'sqlite':
        file = sqlite3.connect(database.url.removeprefix('sqlite:///'), isolation_level=None)
        file.execute('PRAGMA synchronous = 0')
        yield Raw(database.engine, file)
        file.close()
    else:
        with psycopg.connect(database.url, autocommit=True) as connection:
            yield Raw(database.engine, connection)


def values(row: Row) -> str:
    key, technician, start, until, state = row
    begin, end = NINE + start * 300, NINE + until * 300
    return f"({key}, {technician}, {begin}, {end}, {end}, '{state}', 'uid {key}', 1, 1, 1, 1, 1, 0, 0, '', 0, 0, 1)"


def insert(*rows: Row, verb: str = 'INSERT', then: str = '') -> str:
    return f'{verb} INTO bookings ({COLUMNS}) VALUES {", ".join(map(values, rows))} {then}'


def copied(*, state: str, key: str = 'id + 100') -> str:
    """The same visits once more, from the table itself."""
    more = COLUMNS.split(', ', maxsplit=7)[7]
    return (
        f'INSERT INTO bookings ({COLUMNS}) SELECT {key}, technician_id, starts_at, ends_at, blocks_until, '  # noqa: S608
        f"'{state}', uid || ' again', {more} FROM bookings"
    )


def moved(cells: str, *, where: str = 'true', verb: str = 'UPDATE') -> str:
    by = f'{cells} * 300'
    return (
        f'{verb} bookings SET starts_at = starts_at + {by}, ends_at = ends_at + {by}, '
        f'blocks_until = blocks_until + {by} WHERE {where}'
    )


def apart(rows: Sequence[Row]) -> bool:
    """Whether no two of them are of one technician at one time, each pair looked at."""
    busy = [row for row in rows if row[4] != 'canceled']
    return not any(together(one, other) for i, one in enumerate(busy) for other in busy[i + 1 :])


def together(one: Row, other: Row) -> bool:
    return one[1] == other[1] and one[2] < other[3] and other[2] < one[3] and 'canceled' not in (one[4], other[4])
