"""What staff see of the outbox, and what they may do with a message: hand it over, send it again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from peewee import fn

from data.access import accounts, rights, settings, staff
from data.access.accounts import Account
from data.access.rights import Right
from data.base import changes, clock
from data.base.actor import Actor
from data.base.changes import Change
from data.base.database import transaction
from data.base.marks import N_
from data.base.refusals import NotFound, Refusal
from data.base.words import Words
from data.messages import deliveries, outbox, recipients
from data.messages.outbox import Draft, Message, MessageState
from data.people import invitations
from data.people.customers import Contact
from data.people.invitations import Invitation, SecretOpened

LATE = timedelta(minutes=15)

TITLES = {
    'invitation': N_('Invitation'),
    'booking_confirmed': N_('Appointment confirmed'),
    'staff_invitation': N_('Staff invitation'),
    'staff_role_added': N_('New role'),
}
STATES = {
    MessageState.WAITING: N_('Waiting'),
    MessageState.HELD: N_('Held'),
    MessageState.SENT: N_('Sent'),
    MessageState.FAILED: N_('Failed'),
    MessageState.DROPPED: N_('Dropped'),
    MessageState.NO_ADDRESS: N_('No address'),
}
REASONS = {
    outbox.USELESS: N_('It would have come too late to be of use.'),
    outbox.REPLACED: N_('A newer message took its place.'),
    outbox.REVOKED: N_('What it told of was over before it went out.'),
    deliveries.SILENT: N_('The mail server did not answer in time.'),
    deliveries.UNREACHABLE: N_('The mail server could not be reached.'),
    deliveries.ADDRESS: N_('The mail server cannot write to this kind of address.'),
    deliveries.OUR_FAULT: N_('Something went wrong in Doorstep. The log says what.'),
    deliveries.KEY_GONE: N_('Its code was sealed with a key that is gone. Send it again.'),
}
STATE_REASONS = {
    MessageState.HELD: N_('No mail server is set up. It goes out as soon as there is one.'),
    MessageState.NO_ADDRESS: N_('Nobody has an e-mail address for this person.'),
}


class MessageSentAgain(Change):
    """Staff asked for a message to go out once more."""


class CannotOpen(Refusal):
    """Codes are wiped when a message is sent, dropped or given up, or their key is gone; those of colleagues are not
    for others.
    """

    words = N_('This message cannot be opened any more. Send it again instead.')


class NoLongerOfUse(Refusal):
    """What it tells lies in the past."""

    words = N_('This message would no longer be of use.')


@dataclass(frozen=True, kw_only=True)
class Stuck:
    """How many messages want somebody's attention."""

    held: int
    failed: int
    no_address: int
    late: int  # waiting for more than a quarter of an hour

    @property
    def any(self) -> bool:
        return bool(self.held or self.failed or self.no_address or self.late)


def recent(*, by: Actor, most: int = 100) -> list[Message]:
    """The latest messages, newest first."""
    rights.require(by, Right.SEE_MESSAGES)
    return list(Message.select().order_by(Message.created_at.desc(), Message.id.desc()).limit(most))


def find(message_id: int, *, by: Actor) -> Message:
    """Raises NotFound."""
    rights.require(by, Right.SEE_MESSAGES)
    return _read(message_id)


def of_invitation(invitation: Invitation, *, by: Actor) -> Message | None:
    """What became of an invitation's message: its latest one."""
    return of_invitations([invitation], by=by).get(invitation.id)


def of_invitations(rows: Iterable[Invitation], *, by: Actor) -> dict[int, Message]:
    """By invitation, its latest message; in one query, as lists of invitations show them."""
    rights.require(by, Right.SEE_MESSAGES)
    theirs = Message.subject_id.in_([invitation.id for invitation in rows])
    latest = Message.select(fn.MAX(Message.id)).where((Message.wording == 'invitation') & theirs)
    found = Message.select().where(Message.id.in_(latest.group_by(Message.subject_id)))
    return {message.subject_id: message for message in found if message.subject_id is not None}


def stuck(*, by: Actor) -> Stuck:
    """Counts over all messages that are held, failed, late or without an address."""
    rights.require(by, Right.SEE_MESSAGES)
    late = outbox.IS_UNSENT & (Message.state == MessageState.WAITING) & (Message.due_at <= clock.now() - LATE)
    return Stuck(
        held=_count(outbox.IS_UNSENT & (Message.state == MessageState.HELD)),
        failed=_count(Message.state == MessageState.FAILED),
        no_address=_count(Message.state == MessageState.NO_ADDRESS),
        late=_count(late),
    )


def title(message: Message, words: Words) -> str:
    return words(TITLES.get(message.wording, message.wording))


def state(message: Message, words: Words) -> str:
    return words(STATES[MessageState(message.state)])


def reason(message: Message, words: Words) -> str:
    """Why the message stands as it does; the mail server's own sentence where it gave one; empty: nothing to tell."""
    if why := STATE_REASONS.get(MessageState(message.state)):
        return words(why)
    return words(REASONS[message.reason]) if message.reason in REASONS else message.reason or ''


def open_secret(message: Message, *, by: Actor) -> dict[str, str]:
    """The code and link of a customer's invitation that has not gone out, to be handed over. Raises CannotOpen."""
    with transaction():
        rights.require(by, Right.SEE_MESSAGES)
        rights.require(by, Right.INVITE)
        current = _read(message.id)
        if current.wording != 'invitation' or current.state not in outbox.UNSENT or current.is_lost:
            raise CannotOpen
        changes.record(SecretOpened(Invitation.get_by_id(current.subject_id), by=by))
        return current.secrets


def send_again(message: Message, *, by: Actor) -> Message:
    """A new message with the same facts, to where the person can be reached now; one that still waits is tried at
    once. Where a secret was in it, a new one is made. Raises NoLongerOfUse; invitations.AlreadyIn.
    """
    with transaction():
        rights.require(by, Right.SEE_MESSAGES)
        current = _read(message.id)
        if current.state in outbox.UNSENT and not current.is_lost:
            again = _tried_now(current)
        elif current.useless_after is not None and current.useless_after <= clock.now():
            raise NoLongerOfUse
        elif current.wording == 'invitation':
            invitations.invite(Contact.get_by_id(current.contact_id), by=by)
            again = _newest_of_its_kind(current)
        elif current.wording == 'staff_invitation':
            staff.invite_again(accounts.find(current.account_id), by=by)
            again = _newest_of_its_kind(current)
        else:
            again = _written_again(current)
        changes.record(MessageSentAgain(again, by=by, before={'message': current.id}))
        return again


def obstacle(message: Message, words: Words) -> str:
    """What keeps a message that was just sent again from going out; empty: nothing does."""
    if message.state == MessageState.NO_ADDRESS:
        return words(STATE_REASONS[MessageState.NO_ADDRESS])
    return '' if settings.has_mail_server() else words(STATE_REASONS[MessageState.HELD])


def _count(condition: object) -> int:
    return int(Message.select().where(condition).count())


def _tried_now(message: Message) -> Message:
    Message.update(next_try_at=clock.now()).where(Message.id == message.id).execute()
    outbox.announce(message)
    return _read(message.id)


def _written_again(message: Message) -> Message:
    if message.contact_id is not None:
        to = recipients.of_contact(Contact.get_by_id(message.contact_id), or_primary=True)
    else:
        to = recipients.of_account(Account.get_by_id(message.account_id))
    draft = Draft(
        wording=message.wording,
        to=to,
        facts=message.plain_facts,
        booking_id=message.booking_id,
        subject_id=message.subject_id,
        sequence=message.sequence,
        useless_after=message.useless_after,
    )
    return outbox.write(draft)


def _newest_of_its_kind(message: Message) -> Message:
    """What the new invitation wrote as its reaction."""
    newest: Message = Message.select().where(outbox.newer_of_its_kind(message)).order_by(Message.id.desc()).get()
    return newest


def _read(message_id: int) -> Message:
    found = Message.get_or_none(Message.id == message_id)
    if found is None:
        raise NotFound
    return found
