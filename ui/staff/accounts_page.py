"""Staff accounts: who they are, what they may do, adding one by a one-time link."""

from nicegui import ui

from data.access import accounts, settings, staff
from data.access.accounts import Account, AccountChanged
from data.access.roles import NAMES, Role
from data.base import environment
from ui.doorkeeper import Visitor
from ui.forms import Form, busy_button, done, refusals_shown
from ui.frame import frame
from ui.live import redraw_on
from ui.parts.buttons import button, icon_button
from ui.parts.form_block import form_block, submits
from ui.parts.live_rows import LiveRows
from ui.parts.pieces import avatar, block, card, heading, notice, text
from ui.parts.question import agreed
from ui.parts.secret_line import secret_line

FORM = Form('staff account', staff.ADDING)
Member = tuple[Account, list[Role]]


def accounts_page(visitor: Visitor) -> None:
    """For owners."""
    _ = visitor.words

    async def add() -> None:
        with refusals_shown(_, drawn):
            added = await done(staff.add, drawn.values(), by=visitor.actor)
            drawn.clear()
            if added.link_token is None:
                _say(_('{name} already had an account and got the roles.', name=added.account.name))
            else:
                _show_link(visitor, added.account, added.link_token)

    with frame(visitor, _('Staff accounts'), wide=True), block('div', 'split wide-first'):
        with card('sheet'):
            heading(_('Who works here'))
            rows: LiveRows[Member] = LiveRows(
                block('div', 'rows'),
                lambda member: _person(visitor, *member),
                key=lambda member: member[0].id,
                reads=lambda member: (
                    member[0].name,
                    member[0].email,
                    accounts.is_welcomed(member[0]),
                    tuple(member[1]),
                ),
            )
            rows.show(staff.everyone(by=visitor.actor))
        with card('sheet'):
            with block('div'):
                heading(_('Add a staff account'))
                text(_('They get a link by e-mail and choose their own password.'), 'quiet')
            with form_block('stack'):
                drawn = FORM.draw(_)
                with block('div', 'line-up'):
                    submits(busy_button(_('Add'), add)).mark('save')
    redraw_on(AccountChanged, lambda: rows.show(staff.everyone(by=visitor.actor)))


def _person(visitor: Visitor, account: Account, roles: list[Role]) -> ui.element:
    _ = visitor.words

    async def again() -> None:
        with refusals_shown(_):
            token = await done(staff.invite_again, account, by=visitor.actor)
            _show_link(visitor, account, token)

    with block('div', 'person') as made:
        avatar(account.name)
        with block('div', 'what'):
            text(account.name, 'strong')
            text(account.email, 'quiet')
            if not accounts.is_welcomed(account):
                text(_('Has not chosen a password yet'), 'faint')
        with block('div', 'roles'):
            for role in roles:
                _role(visitor, account, role, is_last=len(roles) == 1)
        if not accounts.is_welcomed(account):
            with block('div', 'line-up person-end'):
                busy_button(_('New link'), again, 'plain').mark('new-link')
    return made


def _role(visitor: Visitor, account: Account, role: Role, *, is_last: bool) -> None:
    _ = visitor.words
    name = _(NAMES[role])

    async def take() -> None:
        if not await agreed(
            _('Take the role {role} from {name}?', role=name, name=account.name),
            _consequence(visitor, account, is_last=is_last),
            yes=_('Take the role away'),
            no=_('Keep it'),
        ):
            return
        with refusals_shown(_):
            await done(staff.take_role, account, role, by=visitor.actor)

    with block('span', 'chip role'):
        text(name, tag='span')
        words = _('{name}: take away {role}', name=account.name, role=name)
        icon_button('close', words, take).mark(f'take-{role.value}')


def _consequence(visitor: Visitor, account: Account, *, is_last: bool) -> str:
    _ = visitor.words
    if account.id == visitor.account.id:
        return _('This is you: you will be signed out at once.')
    if is_last:
        return _('{name} is signed out everywhere, is no longer staff and leaves this list.', name=account.name)
    return _('{name} is signed out everywhere and keeps the other roles.', name=account.name)


def _show_link(visitor: Visitor, account: Account, link_token: str) -> None:
    """Without a mail server the owner sees the link until they say that they have it; else the message carries it."""
    _ = visitor.words
    if settings.has_mail_server():
        _say(_('A link is on its way to {email}.', email=account.email))
        return
    with ui.dialog() as dialog, block('div', 'card sheet question'):
        title = heading(_('One-time link for {name}', name=account.name))
        notice(_('No mail server is set up. Hand this link over yourself; it is shown only now, for 72 hours.'))
        address = f'{environment.current().address}/welcome/{link_token}'
        secret_line(_('Link'), address, copy=_('Copy link'), copied=_('Link copied'), mark='link')
        with block('div', 'line-up'):
            button(_('I have the link'), dialog.close).mark('close-link')
    dialog.props['persistent'] = True  # neither Escape nor a press beside it closes
    dialog.props['aria-labelledby'] = title.html_id
    dialog.on('hide', dialog.delete)  # the link does not stay on the page
    dialog.open()


def _say(sentence: str) -> None:
    ui.notify(sentence, type='positive')
