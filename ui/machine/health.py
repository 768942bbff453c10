"""`/healthz`: says whether this process answers and its database reads; asked often, so it costs next to nothing."""

import time
from collections.abc import Callable

import structlog
from peewee import PeeweeException, Select, Value

from data.base.database import database

log = structlog.get_logger()

ADDRESS = '/healthz'
KEPT_SECONDS = 1.0


class Health:
    """Asks `is_well` at most once a second, however often somebody asks us."""

    def __init__(self, is_well: Callable[[], bool]) -> None:
        self._is_well = is_well
        self._asked_at = -KEPT_SECONDS
        self._well = False

    def answer(self) -> tuple[int, str]:
        """Status and text: 200 ok, or 503 when the database does not read."""
        if time.monotonic() - self._asked_at >= KEPT_SECONDS:
            self._well = self._is_well()
            self._asked_at = time.monotonic()
        return (200, 'ok\n') if self._well else (503, 'the database does not answer\n')


def database_reads() -> bool:
    """Whether the database answers the smallest question there is."""
    try:
        Select(columns=[Value(1)]).bind(database).scalar()
    except PeeweeException as error:
        log.warning('the database does not answer', reason=str(error))
        return False
    return True
