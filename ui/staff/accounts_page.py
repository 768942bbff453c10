"""Staff accounts: who they are, what they may do, adding one by a one-time link."""

from nicegui import ui

from data.access import accounts, staff
from data.access.accounts import Account, AccountChanged
from data.access.roles import NAMES, Role
from data.base import environment
from mail import smtp
from ui.doorkeeper import Visitor
from ui.forms import Form, busy_button, done, refusals_shown
from ui.frame import frame
from ui.live import redraw_on
from ui.parts.pieces import block, card, heading, notice, text

FORM = Form('staff account', staff.ADDING)


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

    with frame(visitor, _('Staff accounts'), wide=True), block('div', 'split'):
        with card('sheet'):

            @ui.refreshable
            def people() -> None:
                for account, roles in staff.everyone(by=visitor.actor):
                    _person(visitor, account, roles)

            people()
        with card('sheet'):
            heading(_('Add a staff account'))
            text(_('They get a link by e-mail and choose their own password.'), 'quiet')
            drawn = FORM.draw(_)
            busy_button(_('Add'), add).mark('save')
        redraw_on(AccountChanged, people.refresh)


def _person(visitor: Visitor, account: Account, roles: list[Role]) -> None:
    _ = visitor.words

    async def again() -> None:
        with refusals_shown(_):
            token = await done(staff.invite_again, account, by=visitor.actor)
            _show_link(visitor, account, token)

    with block('div', 'person'):
        with block('div'):
            text(account.name, 'strong')
            text(account.email, 'quiet')
            if not accounts.is_welcomed(account):
                text(_('Has not chosen a password yet'), 'faint')
        with block('div', 'line-up'):
            for role in roles:
                _role(visitor, account, role)
            if not accounts.is_welcomed(account):
                busy_button(_('New link'), again, 'plain').mark('new-link')


def _role(visitor: Visitor, account: Account, role: Role) -> None:
    _ = visitor.words

    async def take() -> None:
        with refusals_shown(_):
            await done(staff.take_role, account, role, by=visitor.actor)

    words = _('{name}: no longer {role}', name=account.name, role=_(NAMES[role]))
    with block('span', 'chip'):
        text(_(NAMES[role]), tag='span')
        button = busy_button('×', take, 'bare')  # the sign that closes
        button.props['aria-label'] = words
        button.props['title'] = words


def _show_link(visitor: Visitor, account: Account, link_token: str) -> None:
    """Without a mail server the owner sees the link, this once; else the message carries it."""
    _ = visitor.words
    if smtp.mail_server() is not None:
        _say(_('A link is on its way to {email}.', email=account.email))
        return
    with ui.dialog() as dialog, card('sheet'):
        heading(_('One-time link for {name}', name=account.name))
        notice(_('No mail server is set up. Hand this link over yourself; it is shown only now, for 72 hours.'))
        text(f'{environment.current().address}/welcome/{link_token}', 'handed-over').mark('link')
        ui.button(_('Close'), on_click=dialog.close, color=None)
    dialog.open()


def _say(sentence: str) -> None:
    ui.notify(sentence, type='positive')
