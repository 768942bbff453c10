"""What became of an invitation, in words: the same on the list of invitations and on the customer's page."""

from dataclasses import dataclass

from data.base.words import Words
from data.messages import message_lists
from data.messages.outbox import Message, MessageState
from data.people.invitations import Invitation

TONES = {  # of a message's state, as one of the design's states
    MessageState.SENT: 'completed',
    MessageState.HELD: 'traveling',
    MessageState.WAITING: 'scheduled',
    MessageState.FAILED: 'canceled',
    MessageState.NO_ADDRESS: 'canceled',
}


@dataclass(frozen=True, kw_only=True)
class Stage:
    """`words` and their colour, and `why` where there is more to tell."""

    words: str
    tone: str = ''
    why: str = ''


def stage(invitation: Invitation, message: Message | None, words: Words) -> Stage:
    """Redeemed, revoked, expired, else the state of its message: waiting, held, sent, failed (and why)."""
    _ = words
    if invitation.redeemed_at is not None:
        return Stage(words=_('Redeemed'), tone='completed', why=_.short_day(invitation.redeemed_at))
    if invitation.revoked_at is not None:
        return Stage(words=_('Revoked'))
    if not invitation.is_open:
        return Stage(words=_('Expired'), tone='canceled', why=_.short_day(invitation.expires_at))
    if message is None:
        return Stage(words=_('Waiting'), tone='scheduled')
    return Stage(
        words=message_lists.state(message, _),
        tone=TONES.get(MessageState(message.state), ''),
        why=message_lists.reason(message, _),
    )
