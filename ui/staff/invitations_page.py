"""Who was invited, and what became of it."""

from nicegui import ui

from data.base.words import Words
from data.messages import message_lists, outbox
from data.messages.outbox import Message, MessageChanged
from data.people import invitations
from data.people.invitations import Invitation, InvitationChanged
from ui.doorkeeper import Visitor
from ui.forms import busy_button, done, refusals_shown
from ui.frame import frame
from ui.live import redraw_on
from ui.parts.pieces import block, empty_state, link
from ui.parts.record_table import Cell, record_table


def invitations_page(visitor: Visitor) -> None:
    """The latest ones, newest first."""
    _ = visitor.words

    @ui.refreshable
    def recent() -> None:
        rows = invitations.recent(by=visitor.actor)
        if not rows:
            empty_state(_('Nobody is invited yet.'), (_('Customers'), '/staff/customers'))
            return
        record_table(
            (_('Contact'), _('Customer'), _('E-mail'), _('State'), ''),
            [_cells(visitor, row) for row in rows],
            label=_('Invitations'),
        )

    with frame(visitor, _('Invitations'), wide=True):
        recent()
        for kind in (InvitationChanged, MessageChanged):
            redraw_on(kind, recent.refresh)


def state_of(invitation: Invitation, message: Message | None, _: Words) -> str:
    """Waiting, sent, redeemed, expired, revoked or failed (and why)."""
    if invitation.redeemed_at is not None:
        return _('Redeemed')
    if invitation.revoked_at is not None:
        return _('Revoked')
    if not invitation.is_open:
        return _('Expired')
    if message is None:
        return _('Waiting')
    why = message_lists.reason(message, _) if message.state != outbox.SENT else ''
    return ' · '.join(part for part in (message_lists.state(message, _), why) if part)


def _cells(visitor: Visitor, invitation: Invitation) -> tuple[Cell, ...]:
    _ = visitor.words
    contact = invitation.contact
    message = message_lists.of_invitation(invitation, by=visitor.actor)

    async def again() -> None:
        with refusals_shown(_):
            await done(invitations.invite, contact, by=visitor.actor)

    async def revoke() -> None:
        with refusals_shown(_):
            await done(invitations.revoke, invitation, by=visitor.actor)

    def actions() -> None:
        with block('div', 'actions'):
            if contact.account_id is None and invitation.revoked_at is None:
                busy_button(_('Invite again'), again, 'plain')
            if invitation.is_open:
                busy_button(_('Revoke'), revoke, 'bare')

    return (
        contact.name,
        lambda: link(contact.customer.name, f'/staff/customers/{contact.customer_id}'),
        contact.email or '',
        state_of(invitation, message, _),
        actions,
    )
