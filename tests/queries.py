"""Watches the queries that run inside `with counted() as queries:` or `with captured() as statements:`, as peewee logs
them.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

OURS = ('SELECT', 'WITH', 'INSERT', 'UPDATE', 'DELETE')


class Statement(NamedTuple):
    """One that ran."""

    sql: str
    params: Any


@contextmanager
def counted() -> Iterator[list[str]]:
    """The SQL of each, in order; savepoints and the like do not count."""
    found: list[str] = []
    with _listening(lambda statement: found.append(statement.sql)):
        yield found


@contextmanager
def captured() -> Iterator[list[Statement]]:
    """Each with what it was asked with."""
    found: list[Statement] = []
    with _listening(found.append):
        yield found


@contextmanager
def _listening(tell: Callable[[Statement], None]) -> Iterator[None]:
    log, handler = logging.getLogger('peewee'), _Told(tell)
    level = log.level
    log.setLevel(logging.DEBUG)
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)


class _Told(logging.Handler):
    def __init__(self, tell: Callable[[Statement], None]) -> None:
        super().__init__()
        self.tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        logged: Any = record.msg
        statement = Statement(*logged)
        if statement.sql.startswith(OURS):
            self.tell(statement)
