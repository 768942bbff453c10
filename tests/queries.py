"""Counts the queries that run inside `with counted() as queries:`, as peewee logs them."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def counted() -> Iterator[list[str]]:
    """The SQL of each, in order; savepoints and the like do not count."""
    found: list[str] = []
    log, handler = logging.getLogger('peewee'), _Kept(found)
    level = log.level
    log.setLevel(logging.DEBUG)
    log.addHandler(handler)
    try:
        yield found
    finally:
        log.removeHandler(handler)
        log.setLevel(level)


class _Kept(logging.Handler):
    def __init__(self, found: list[str]) -> None:
        super().__init__()
        self.found = found

    def emit(self, record: logging.LogRecord) -> None:
        sql = str(record.msg[0])
        if sql.startswith(('SELECT', 'WITH', 'INSERT', 'UPDATE', 'DELETE')):
            self.found.append(sql)
