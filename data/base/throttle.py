"""Limits on guessing that outlive a restart: a row for each thing that is tried, refilled by time.

A token bucket: `allowed` tries at once, one more each `per / allowed`. So nobody is locked out for good.
"""

from datetime import timedelta

from peewee import DoubleField, TextField

from data.base import clock
from data.base.columns import InstantField
from data.base.database import transaction
from data.base.marks import N_
from data.base.refusals import Refusal
from data.base.table import Table


class TooOften(Refusal):
    """Tried too often; `minutes` tells when the next try is taken."""

    words = N_('That was tried too often. Please wait {minutes} min and try again.')


class Bucket(Table):
    """How many tries are left for one key, as of `at`."""

    key = TextField(unique=True)
    left = DoubleField()
    at = InstantField(index=True)  # the nightly sweep

    class Meta:
        table_name = 'throttle'


def spend(key: str, *, allowed: int, per: timedelta) -> None:
    """Counts one try for `key`, in a transaction of its own so that a refusal later does not take it back.

    Raises TooOften. Call it before the command's own transaction.
    """
    with transaction():
        now = clock.now()
        bucket = Bucket.get_or_none(Bucket.key == key)
        left = float(allowed) if bucket is None else _refilled(bucket, allowed, per)
        enough = left >= 1
        left = left - 1 if enough else left
        if bucket is None:
            Bucket.create(key=key, left=left, at=now)
        else:
            Bucket.update(left=left, at=now).where(Bucket.id == bucket.id).execute()
    if not enough:
        raise TooOften(minutes=max(1, round(per.total_seconds() / allowed * (1 - left) / 60 + 0.5)))


def give_back(key: str) -> None:
    """Takes back one try that turned out to be right; the wrong ones before it stay counted."""
    with transaction():
        Bucket.update(left=Bucket.left + 1).where(Bucket.key == key).execute()  # no more than is allowed: see _refilled


def forgive(key: str) -> None:
    """Gives all tries back: who proved to be who they are is no guesser."""
    with transaction():
        Bucket.delete().where(Bucket.key == key).execute()


def sweep() -> None:
    """Forgets buckets that nobody touched for a week: they are full again."""
    with transaction():
        Bucket.delete().where(Bucket.at < clock.now() - timedelta(days=7)).execute()


def _refilled(bucket: Bucket, allowed: int, per: timedelta) -> float:
    # a clock that jumped back refills nothing, and takes nothing away
    elapsed = max(0.0, (clock.now() - bucket.at).total_seconds())
    refilled: float = bucket.left + elapsed * allowed / per.total_seconds()
    return min(float(allowed), refilled)
