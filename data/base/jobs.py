"""Work that the clock starts: a row for each, taken by a lease, so that several processes do it once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from peewee import TextField

from data.base import clock
from data.base.columns import InstantField
from data.base.database import transaction
from data.base.table import Table

log = structlog.get_logger()

LEASE = timedelta(minutes=10)


class JobRow(Table):
    """When a job is next due, and until when somebody who took it may work on it."""

    name = TextField(unique=True)
    due_at = InstantField()
    lease_until = InstantField(null=True)  # None: nobody works on it

    class Meta:
        table_name = 'jobs'


@dataclass(frozen=True, kw_only=True)
class Job:
    """A piece of work and how often it is due; the work opens its own short transactions."""

    name: str
    every: timedelta
    work: Callable[[], object]


_declared: dict[str, Job] = {}


def declare(job: Job) -> None:
    """Makes the job known; its row is made when it is first asked for and is due at once."""
    _declared[job.name] = job


def forget_all() -> None:
    """Takes every declared job away: before the house is wired anew, and between tests."""
    _declared.clear()


def run_due() -> list[str]:
    """Runs each declared job that is due and free, one after the other; returns their names.

    A job that fails stays due: its lease ends and it is tried again.
    """
    return [job.name for job in _declared.values() if run(job)]


def run(job: Job) -> bool:
    """Runs this one, declared or not, if it is due and free, in whatever process; whether it is done."""
    lease = _take(job)
    if lease is None:
        return False
    try:
        job.work()
    except Exception:  # one job that fails keeps no other from its time
        log.exception('job failed', job=job.name)
        return False
    with transaction():
        JobRow.update(due_at=clock.now() + job.every, lease_until=None).where(
            (JobRow.name == job.name) & (JobRow.lease_until == lease)
        ).execute()
    return True


def _take(job: Job) -> datetime | None:
    with transaction():
        now = clock.now()
        JobRow.insert(name=job.name, due_at=now).on_conflict_ignore().execute()
        # further ahead than it can be set: the clock was wrong when it was, and waiting would last for years
        is_free = JobRow.lease_until.is_null() | (JobRow.lease_until <= now) | (JobRow.lease_until > now + LEASE)
        is_due = (JobRow.due_at <= now) | (JobRow.due_at > now + job.every)
        due = (JobRow.name == job.name) & is_due & is_free
        return now + LEASE if JobRow.update(lease_until=now + LEASE).where(due).execute() else None
