"""Every message to a person, written in the transaction of the change that it tells, its facts as they were then."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from peewee import SQL, BlobField, Check, IntegerField, TextField

from data.base import changes, clock, environment, keys
from data.base.actor import SYSTEM
from data.base.changes import Change
from data.base.columns import InstantField
from data.base.database import transaction
from data.base.table import Table
from data.messages.recipients import Recipient


class MessageState(StrEnum):
    """What became of a message."""

    WAITING = 'waiting'  # to be carried out when it is due
    HELD = 'held'  # there is no mail server
    SENT = 'sent'
    FAILED = 'failed'  # given up; staff may send it again
    DROPPED = 'dropped'  # no longer of use, or replaced
    NO_ADDRESS = 'no_address'


UNSENT = (MessageState.WAITING, MessageState.HELD)
IS_UNSENT = SQL("state IN ('waiting', 'held')")  # no parameters: an index may be over this

USELESS = 'useless'  # our own reasons; whatever else stands there is what the mail server said
REPLACED = 'replaced'
REVOKED = 'revoked'


class Message(Table):
    """One message to one person. `wording` is its kind, by the name of its files in mail/wording."""

    wording = TextField()
    booking_id = IntegerField(null=True)
    customer_id = IntegerField(null=True, index=True)  # erasure; a customer's messages
    contact_id = IntegerField(null=True)
    account_id = IntegerField(null=True)
    subject_id = IntegerField(null=True)  # the invitation, or whatever else the wording speaks of
    channel = TextField(default='email')
    to_name = TextField()
    to_address = TextField(null=True)  # None: nobody knew one
    language = TextField()
    facts = TextField()  # JSON
    sealed_facts = BlobField(null=True)  # codes and one-time links; None: none, or wiped
    sequence = IntegerField(default=0)  # the calendar entry's SEQUENCE when this was written
    message_id = TextField(unique=True)  # the same for each try, so that a mailbox may know it again
    state = TextField()
    reason = TextField(null=True)
    due_at = InstantField()
    next_try_at = InstantField()
    attempts = IntegerField(default=0)
    lease_until = InstantField(null=True)  # None: no worker has it
    leased_by = TextField(null=True)
    useless_after = InstantField(null=True)  # None: of use whenever it arrives
    created_at = InstantField()
    sent_at = InstantField(null=True)
    subject_sent = TextField(null=True)  # as it was read, with dots for secrets
    text_sent = TextField(null=True)

    class Meta:
        table_name = 'messages'
        constraints = [
            Check("state IN ('waiting', 'held', 'sent', 'failed', 'dropped', 'no_address')", name='messages_state'),
            Check("state <> 'sent' OR sent_at IS NOT NULL", name='messages_sent_at'),
            Check("state IN ('waiting', 'held') OR sealed_facts IS NULL", name='messages_secrets_are_wiped'),
            Check("(state = 'no_address') = (to_address IS NULL)", name='messages_address'),
        ]
        indexes = (
            (('state', 'next_try_at'), False),  # what is due, and how many are stuck
            (('booking_id', 'id'), False),  # is an earlier message of this booking on its way?
            (('contact_id', 'wording', 'id'), False),  # is an earlier invitation of this contact on its way?
            (('account_id', 'wording', 'id'), False),  # the same for colleagues, who have an account only
            (('wording', 'subject_id'), False),  # what became of these invitations?
            (('created_at',), False),  # the latest, for the messages page
        )

    _unsent = f'CREATE INDEX messages_unsent ON messages (next_try_at) WHERE {IS_UNSENT.sql}'  # few among all
    statements = {'sqlite': [_unsent], 'postgresql': [_unsent]}  # never changed

    @property
    def plain_facts(self) -> dict[str, Any]:
        """The facts without the secrets."""
        return dict(json.loads(self.facts))

    @property
    def secrets(self) -> dict[str, str]:
        """Codes and one-time links in clear; empty when there are none or they are wiped. Never log or show them.

        Raises keys.KeyGone.
        """
        return dict(json.loads(keys.unseal(self.sealed_facts))) if self.sealed_facts else {}

    @property
    def is_lost(self) -> bool:
        """Its secrets were sealed with a key that is gone: it can never go out."""
        return self.sealed_facts is not None and not keys.can_unseal(self.sealed_facts)


class MessageChanged(Change):
    """A message was written or its state moved: announced to whoever carries or shows messages, not kept as history."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a message needs to be written. Facts whose key ends in `_at` are instants; secrets are kept sealed."""

    wording: str
    to: Recipient
    facts: Mapping[str, object]
    secrets: Mapping[str, str] = field(default_factory=dict)
    booking_id: int | None = None
    subject_id: int | None = None
    sequence: int = 0
    useless_after: datetime | None = None


def write(draft: Draft) -> Message:
    """Puts the message into the outbox, in the transaction of the change that it tells; an older unsent one of its
    kind is replaced.
    """
    with transaction():
        now = clock.now()
        message: Message = Message.create(
            wording=draft.wording,
            booking_id=draft.booking_id,
            customer_id=draft.to.customer_id,
            contact_id=draft.to.contact_id,
            account_id=draft.to.account_id,
            subject_id=draft.subject_id,
            to_name=draft.to.name,
            to_address=draft.to.address or None,
            language=draft.to.language,
            facts=changes.as_json(draft.facts),
            sealed_facts=keys.seal(json.dumps(dict(draft.secrets))) if draft.secrets and draft.to.address else None,
            sequence=draft.sequence,
            message_id=_new_message_id(),
            state=MessageState.WAITING if draft.to.address else MessageState.NO_ADDRESS,
            due_at=now,
            next_try_at=now,
            useless_after=draft.useless_after,
            created_at=now,
        )
        if draft.booking_id or draft.secrets:
            _replace_older(message)
        announce(message)
        return message


def drop(wording: str, *, subject_id: int) -> None:
    """What it speaks of is over before it went out."""
    with transaction():
        unsent = (Message.wording == wording) & (Message.subject_id == subject_id) & IS_UNSENT
        for message in Message.select().where(unsent):
            close(message, MessageState.DROPPED, reason=REVOKED)


def close(message: Message, state: str, *, reason: str | None, **columns: object) -> bool:
    """Ends a waiting or held message and wipes its secrets; False when it was ended already. Inside a transaction."""
    still_open = (Message.id == message.id) & IS_UNSENT
    ended = {'state': state, 'reason': reason, 'sealed_facts': None, 'lease_until': None, 'leased_by': None}
    if not Message.update(**ended, **columns).where(still_open).execute():
        return False
    announce(message)
    return True


def announce(message: Message) -> None:
    """Lets the worker and open pages know, after the commit."""
    changes.announce(MessageChanged(message, by=SYSTEM))


def is_free(now: datetime) -> Any:
    """Condition: no worker has the message now."""
    return Message.lease_until.is_null() | (Message.lease_until <= now)


def newer_of_its_kind(message: Message) -> Any:
    """Condition: the messages that were written later to the same person about the same thing."""
    return _same_kind(message) & (Message.id > message.id)


def _replace_older(message: Message) -> None:
    older = _same_kind(message) & (Message.id < message.id) & IS_UNSENT & is_free(clock.now())
    for each in Message.select().where(older):
        close(each, MessageState.DROPPED, reason=REPLACED)


def _same_kind(message: Message) -> Any:
    same = Message.wording == message.wording
    for column in (Message.booking_id, Message.contact_id, Message.account_id):
        value = getattr(message, column.name)
        same &= column.is_null() if value is None else column == value
    return same


def _new_message_id() -> str:
    host = urlsplit(environment.current().address).hostname or 'localhost'
    return f'<{secrets.token_hex(16)}@{host}>'
