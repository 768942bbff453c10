"""A contact as staff see it: who they are, whether they can sign in, and inviting them."""

from dataclasses import dataclass

from nicegui import ui

from data.base.words import Words
from data.messages import message_lists
from data.messages.outbox import Message
from data.people import invitations
from data.people.customers import Contact
from data.people.invitations import Invitation
from ui.doorkeeper import Visitor
from ui.forms import busy_button, done, refusals_shown
from ui.parts.pieces import avatar, block, call_link, state_chip, text
from ui.staff.hand_over import hand_over
from ui.staff.invitation_words import Stage, stage


@dataclass(frozen=True, kw_only=True)
class Access:
    """A contact with the last invitation and what became of its message."""

    contact: Contact
    latest: Invitation | None
    message: Message | None

    @property
    def is_open(self) -> bool:
        return self.latest is not None and self.latest.is_open


def access_of(visitor: Visitor, contact: Contact) -> Access:
    """As it is now."""
    latest = invitations.latest(contact, by=visitor.actor)
    message = message_lists.of_invitation(latest, by=visitor.actor) if latest else None
    return Access(contact=contact, latest=latest, message=message)


def stage_of(access: Access, words: Words) -> Stage:
    """What the contact can do on the portal, in words."""
    _ = words
    if access.contact.account_id is not None:
        return Stage(words=_('Can sign in'), tone='completed')
    if access.latest is None:
        return Stage(words=_('Not invited'))
    if access.is_open:
        sent = stage(access.latest, access.message, _)
        until = _('Valid until {day}.', day=_.short_day(access.latest.expires_at))
        return Stage(words=_('Invited'), tone='scheduled', why=' '.join(part for part in (until, sent.why) if part))
    gone = _('Invitation revoked') if access.latest.revoked_at is not None else _('Invitation expired')
    return Stage(words=gone, tone='canceled')


def contact_row(visitor: Visitor, access: Access) -> ui.element:
    """The person, how to reach them, their access and what can be done about it."""
    _ = visitor.words
    contact = access.contact
    its = stage_of(access, _)
    with block('div', 'person') as made:
        avatar(contact.name)
        with block('div', 'what'):
            text(contact.name, 'strong')
            with block('p', 'reach quiet'):
                if contact.email:
                    text(contact.email, tag='span')
                if contact.phone:
                    call_link(contact.phone, _)
            if its.why:
                text(its.why, 'faint').mark('why')
        state_chip(its.words, its.tone).mark('access')
        if contact.account_id is None:
            with block('div', 'line-up person-end'):
                _person_actions(visitor, access)
    return made


def _person_actions(visitor: Visitor, access: Access) -> None:
    _ = visitor.words
    contact, latest = access.contact, access.latest

    async def invite() -> None:
        with refusals_shown(_):
            await done(invitations.invite, contact, by=visitor.actor)
            ui.notify(_('{name} is invited.', name=contact.name), type='positive')

    async def revoke() -> None:
        with refusals_shown(_):
            if latest:
                await done(invitations.revoke, latest, by=visitor.actor)
                ui.notify(_('The invitation is revoked.'), type='positive')

    if access.is_open and access.message is not None:
        hand_over(visitor, access.message)
    if not contact.email:
        text(_('An invitation needs an e-mail address.'), 'faint')
    elif latest:
        busy_button(_('Invite again'), invite, 'bare').mark('invite')
    else:
        busy_button(_('Invite'), invite, 'plain').mark('invite')
    if access.is_open:
        busy_button(_('Revoke'), revoke, 'bare').mark('revoke')
