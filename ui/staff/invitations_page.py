"""Who was invited, and what became of it."""

from nicegui import ui

from data.base.words import Words
from data.messages import message_lists
from data.messages.outbox import Message, MessageChanged
from data.people import invitations
from data.people.invitations import Invitation, InvitationChanged
from ui.doorkeeper import Visitor
from ui.forms import busy_button, done, refusals_shown
from ui.frame import frame
from ui.live import redraw_on
from ui.parts.pieces import block, empty_state, link, state_chip, text
from ui.parts.record_table import Cell, record_table
from ui.staff.invitation_words import Stage, stage


def invitations_page(visitor: Visitor) -> None:
    """The latest ones, newest first."""
    _ = visitor.words

    @ui.refreshable
    def recent() -> None:
        rows = invitations.recent(by=visitor.actor)
        if not rows:
            sentence = _('Nobody is invited yet. Open a customer and press Invite beside a contact.')
            empty_state(sentence, (_('Customers'), '/staff/customers'))
            return
        its = message_lists.of_invitations(rows, by=visitor.actor)
        record_table(
            (_('Contact'), _('Customer'), _('State'), _('Valid until'), _('Actions')),
            [_cells(visitor, row, its.get(row.id)) for row in rows],
            label=_('Invitations'),
        )

    lead = _('Contacts who were asked to use the portal. Each one gets a link and a code by e-mail.')
    with frame(visitor, _('Invitations'), lead=lead, wide=True):
        recent()
        for kind in (InvitationChanged, MessageChanged):
            redraw_on(kind, recent.refresh)


def _cells(visitor: Visitor, invitation: Invitation, message: Message | None) -> tuple[Cell, ...]:
    _ = visitor.words
    contact = invitation.contact

    def who() -> None:
        text(contact.name, tag='span')
        if contact.email:
            text(contact.email, 'note', tag='span')

    async def again() -> None:
        with refusals_shown(_):
            await done(invitations.invite, contact, by=visitor.actor)
            ui.notify(_('{name} is invited.', name=contact.name), type='positive')

    async def revoke() -> None:
        with refusals_shown(_):
            await done(invitations.revoke, invitation, by=visitor.actor)
            ui.notify(_('The invitation is revoked.'), type='positive')

    def actions() -> None:
        with block('div', 'line-up'):
            if contact.account_id is None and invitation.revoked_at is None:
                busy_button(_('Invite again'), again, 'bare').mark('invite-again')
            if invitation.is_open:
                busy_button(_('Revoke'), revoke, 'bare').mark('revoke')

    return (
        who,
        lambda: link(contact.customer.name, f'/staff/customers/{contact.customer_id}'),
        lambda: _stage(stage(invitation, message, _)),
        lambda: text(_until(invitation, _), 'short', tag='span'),
        actions,
    )


def _stage(of: Stage) -> None:
    state_chip(of.words, of.tone)
    if of.why:
        text(of.why, 'note', tag='span')


def _until(invitation: Invitation, words: Words) -> str:
    return words.short_day(invitation.expires_at) if invitation.is_open else ''
