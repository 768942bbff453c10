"""The base of all tables, and the statements that every command makes again and again.

Building a query costs peewee ten times what running it does. So a row by its id and the writing of a new row, which
are most of what a command asks for, keep their text; `rows` runs text of our own where a question is as frequent.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar, Self

from peewee import OP, AutoField, DoesNotExist, Expression, Field, Model

from data.base.actor import Actor
from data.base.database import database, is_postgresql

GREATEST_ID = 2**63 - 1  # more is no number for either engine


class Table(Model):
    """The base of all tables. Checks stand in Meta.constraints, triggers and the like in `statements`."""

    id = AutoField()
    statements: ClassVar[dict[str, list[str]]] = {}  # engine → what runs once all tables are made: triggers, exclusions

    class Meta:
        database = database
        legacy_table_names = False
        only_save_dirty = True

    @classmethod
    def table_name(cls) -> str:
        """As histories know it."""
        return str(cls._meta.table_name)

    @classmethod
    def get(cls, *query: Any, **filters: Any) -> Self:
        """By id alone, as foreign keys and get_by_id ask, the text is kept; anything else is peewee's."""
        number = _asked_id(cls, query[0]) if len(query) == 1 and not filters else None
        found: Self | None = super().get(*query, **filters) if number is None else _by_id(cls, number)
        if found is None:
            raise _not_there(cls)
        return found

    @classmethod
    def find_live(cls, number: int) -> Self | None:
        """The row, unless there is none or it has ended (`ended_at`)."""
        found: Self | None = cls.get_or_none(cls.id == number)
        return found if found is not None and getattr(found, 'ended_at', None) is None else None

    def save(self, force_insert: bool = False, only: Any = None) -> Any:  # noqa: FBT001, FBT002  # peewee's signature
        """A new row, as create() writes it, has its text kept; anything else is peewee's."""
        if not force_insert or only is not None or self.id is not None:
            return super().save(force_insert=force_insert, only=only)
        self._populate_unsaved_relations(self.__data__)
        self.id = _inserted(self)
        self._dirty.clear()
        return 1

    def is_own(self, by: Actor) -> bool:
        """Whether it is of the asker's own household or company; tables that customers may see say how they know."""
        return False

    def is_assigned(self, by: Actor) -> bool:
        """Whether the asker is the technician it is assigned to."""
        return False

    def is_self(self, by: Actor) -> bool:
        """Whether it is the asker's own account, session or technician."""
        return False

    def household(self) -> int | None:
        """The id of the customer this row belongs to; None for what belongs to the business."""
        return getattr(self, 'customer_id', None)


def rows(sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
    """What this text finds, as it is stored; `?` stands for a value on both engines."""
    text = sql.replace('?', '%s') if is_postgresql() else sql
    return database.execute_sql(text, values or None).fetchall()  # type: ignore[no-any-return]


def _not_there(table: type[Table]) -> DoesNotExist:
    """Each table has its own kind, which peewee makes."""
    kind: type[DoesNotExist] = vars(table)['DoesNotExist']
    return kind(f'{table.table_name()} has no such row')


def _asked_id(table: type[Table], condition: object) -> int | None:
    """The number in `Table.id == number`; None for any other condition."""
    if not isinstance(condition, Expression) or condition.op != OP.EQ or condition.lhs is not table.id:
        return None
    return condition.rhs if isinstance(condition.rhs, int) else None


def _by_id(table: type[Table], number: int) -> Any:
    found = rows(_select_text(table), number) if abs(number) <= GREATEST_ID else []
    if not found:
        return None
    row = table(__no_default__=1)
    for field, value in zip(_fields(table), found[0], strict=True):
        row.__data__[field.name] = field.python_value(value)  # type: ignore[no-untyped-call]  # peewee
    return row


def _inserted(row: Table) -> int:
    """Its new id."""
    fields = [field for field in _fields(type(row)) if field.name in row.__data__ and field.name != 'id']
    values = [field.db_value(row.__data__[field.name]) for field in fields]  # type: ignore[no-untyped-call]  # peewee
    text = _insert_text(type(row), tuple(field.column_name for field in fields))
    if is_postgresql():
        return int(rows(f'{text} RETURNING id', *values)[0][0])
    return int(database.execute_sql(text, values).lastrowid)


def _fields(table: type[Table]) -> list[Field]:
    return list(table._meta.sorted_fields)  # noqa: SLF001  # peewee's way to ask


@cache
def _select_text(table: type[Table]) -> str:
    columns = ', '.join(_quoted(field.column_name) for field in _fields(table))
    return f'SELECT {columns} FROM {_quoted(table.table_name())} WHERE id = ?'


@cache
def _insert_text(table: type[Table], columns: tuple[str, ...]) -> str:
    places = ', '.join('?' * len(columns))
    return f'INSERT INTO {_quoted(table.table_name())} ({", ".join(map(_quoted, columns))}) VALUES ({places})'


def _quoted(name: str) -> str:
    return f'"{name}"'
