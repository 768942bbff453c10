"""What the clock does at night: forgetting what is no longer of use."""

from datetime import timedelta

from data.access import sessions
from data.base import form_keys, jobs, throttle, tokens
from data.base.jobs import Job
from data.people import geocodes
from data.visits import drive_times


def declare() -> None:
    """Makes every chore known to `jobs`."""
    jobs.declare(Job(name='sweep', every=timedelta(days=1), work=sweep))


def sweep() -> None:
    """Deletes form keys, tokens, sessions and throttle rows whose time is over, and places and drives of no use."""
    for forget in (form_keys.sweep, tokens.sweep, sessions.sweep, throttle.sweep, geocodes.sweep, drive_times.sweep):
        forget()
