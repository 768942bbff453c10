"""What the worker asks of the outbox: take what is due by a lease, and say what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import fn

from data.base import clock
from data.base.database import transaction
from data.messages.outbox import (
    IS_UNSENT,
    REPLACED,
    USELESS,
    Message,
    MessageState,
    announce,
    close,
    is_free,
    newer_of_its_kind,
)

SILENT = 'silent'  # reasons that are ours; else the mail server's own sentence is kept
UNREACHABLE = 'unreachable'
ADDRESS = 'address'
OUR_FAULT = 'bug'
KEY_GONE = 'key'


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How long a worker may have a message, and the pauses between tries; after the last one it is given up."""

    lease: timedelta
    pauses: tuple[timedelta, ...]


PACE = Pace(
    lease=timedelta(minutes=3),
    pauses=tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440)),
)


def sort(*, has_carrier: bool) -> None:
    """Drops what is no longer of use; holds what is due while there is no mail server, and lets it go when there is."""
    with transaction():
        now = clock.now()
        useless = IS_UNSENT & (Message.useless_after <= now) & is_free(now)
        for message in Message.select().where(useless):
            close(message, MessageState.DROPPED, reason=USELESS)
        old, new = (
            (MessageState.HELD, MessageState.WAITING) if has_carrier else (MessageState.WAITING, MessageState.HELD)
        )
        due = IS_UNSENT & (Message.state == old) & (Message.next_try_at <= now)
        moving = list(Message.select().where(due & is_free(now)))
        if moving:
            Message.update(state=new).where(Message.id.in_([message.id for message in moving])).execute()
        for message in moving:
            announce(message)


def claim(worker: str, *, most: int, pace: Pace = PACE) -> list[Message]:
    """Up to `most` messages that are due and free, taken by this worker until their lease ends; oldest first."""
    with transaction():
        now = clock.now()
        due = (
            IS_UNSENT
            & (Message.state == MessageState.WAITING)
            & (Message.next_try_at <= now)
            & is_free(now)
            & _first_of_its_booking(now)
        )
        taken = list(Message.select().where(due).order_by(Message.id).limit(most))
        for message in taken:
            message.leased_by = worker
            message.lease_until = now + pace.lease
            message.attempts += 1
            message.save()
        return taken


def settle_sent(message: Message, *, subject: str, text: str) -> None:
    """The carrier has it. Counts also when the lease has ended meanwhile: what is sent is sent."""
    with transaction():
        close(message, MessageState.SENT, reason=None, sent_at=clock.now(), subject_sent=subject, text_sent=text)


def give_up(message: Message, reason: str) -> None:
    """The carrier will never take it."""
    with transaction():
        close(message, MessageState.FAILED, reason=reason)


def put_off(message: Message, reason: str, *, pace: Pace = PACE) -> None:
    """The carrier did not take it this time: a growing pause, and given up after the last."""
    with transaction():
        if (message.booking_id or message.sealed_facts) and Message.select().where(newer_of_its_kind(message)).exists():
            close(message, MessageState.DROPPED, reason=REPLACED)
            return
        if message.attempts > len(pace.pauses):
            close(message, MessageState.FAILED, reason=reason)
            return
        next_try_at = clock.now() + pace.pauses[message.attempts - 1]
        mine = (
            (Message.id == message.id)
            & (Message.state == MessageState.WAITING)
            & (Message.leased_by == message.leased_by)
        )
        Message.update(reason=reason, next_try_at=next_try_at, lease_until=None, leased_by=None).where(mine).execute()
        announce(message)


def next_due() -> datetime | None:
    """When there is something to do again; None: nothing waits."""
    now = clock.now()
    waiting = IS_UNSENT & (Message.state == MessageState.WAITING)
    free = Message.select(fn.MIN(Message.next_try_at)).where(waiting & is_free(now) & _first_of_its_booking(now))
    taken = Message.select(fn.MIN(Message.lease_until)).where(waiting & (Message.lease_until > now))
    return min((moment for moment in (free.scalar(), taken.scalar()) if moment is not None), default=None)


def _first_of_its_booking(now: datetime) -> object:
    """Condition: no earlier message of the same booking is still to go out."""
    earlier = Message.alias()
    return Message.booking_id.is_null() | ~fn.EXISTS(
        earlier.select(earlier.id).where(
            (earlier.booking_id == Message.booking_id) & (earlier.id < Message.id) & IS_UNSENT & (earlier.due_at <= now)
        )
    )
