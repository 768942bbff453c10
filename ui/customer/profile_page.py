"""What a person keeps about themselves, and the browsers in which they are signed in."""

from collections.abc import Callable

from nicegui import ui

from data.access import accounts, profiles, sessions
from data.access.accounts import Account
from data.access.sessions import Session
from data.base.refusals import ChangedMeanwhile
from data.base.words import LANGUAGES, Words
from data.people import customers
from ui.customer.help_line import help_line
from ui.doorkeeper import Visitor
from ui.forms import Form, busy_button, done, refusals_shown
from ui.frame import frame
from ui.parts.browser_words import browser_words
from ui.parts.pieces import block, button_link, card, facts, heading, notice, text

FORM = Form('profile', profiles.PROFILE)


def profile_page(visitor: Visitor) -> None:
    _ = visitor.words
    account = accounts.find(visitor.account.id)  # as it is now: its version counts when it is saved

    async def save() -> None:
        nonlocal account
        meanwhile.clear()
        with refusals_shown(_, form):
            try:
                saved = await done(profiles.change, account, form.values(), version=account.version, by=visitor.actor)
            except ChangedMeanwhile as changed:
                account = accounts.find(account.id)
                with meanwhile:
                    notice(_.refusal(changed), 'refused')
                    facts(_shown(account, _))
                return
            is_other_language, account = saved.language != account.language, saved
            ui.notify(_('Saved.'), type='positive')
            if is_other_language:
                ui.navigate.reload()

    with frame(visitor, _('Profile'), back=(_('Home'), '/home') if visitor.is_customer else None):
        with card('stack narrow'):
            meanwhile = block('div', 'stack')
            form = FORM.draw(_, {field.key: getattr(account, field.key) for field in FORM.fields})
            with block('div', 'actions'):
                busy_button(_('Save'), save).mark('save')
                if visitor.is_customer:  # who has just redeemed an invitation wants to go on
                    button_link(_('Book an appointment'), '/book', 'plain')
        _known(visitor, account)
        _browsers(visitor)


def _known(visitor: Visitor, account: Account) -> None:
    """What only the business changes."""
    _ = visitor.words
    with card('stack narrow'):
        heading(_('What else we know'))
        places = [site.address for site in customers.own_sites(visitor.actor)]
        facts({_('E-mail'): account.email, _('Address'): places[0] if len(places) == 1 else ''})
        if len(places) > 1:
            facts({_('Address {n}', n=n): place for n, place in enumerate(places, start=1)})
        text(_('Something is wrong here? Please tell us.'), 'quiet')
        help_line(visitor)


def _browsers(visitor: Visitor) -> None:
    _ = visitor.words

    @ui.refreshable
    def rows() -> None:
        for session in sessions.live_of(visitor.actor):
            _browser(visitor, session, rows.refresh)

    with card('stack narrow'):
        heading(_('Where you are signed in'))
        with block('div', 'rows'):
            rows()


def _browser(visitor: Visitor, session: Session, on_end: Callable[[], object]) -> None:
    _ = visitor.words
    is_this = session.id == visitor.actor.session_id
    name = browser_words(session.browser, _)

    async def end() -> None:
        with refusals_shown(_):
            await done(sessions.end, session, by=visitor.actor)
            on_end()

    with block('div', 'line-up ends'):
        with block('div'):
            text(name, 'strong')
            used = _('Used last: {used_at}', used_at=session.seen_at)
            text(_('This browser') if is_this else used, 'quiet')
        if not is_this:
            busy_button(_('Sign out'), end, 'plain').mark(f'end-{session.id}').props['aria-label'] = _(
                'Sign out there: {browser}', browser=name
            )


def _shown(account: Account, words: Words) -> dict[str, str]:
    """The stored values under the labels of the form."""
    values = {field: getattr(account, field.key) for field in FORM.fields}
    return {words(field.label): LANGUAGES.get(value, str(value or '')) for field, value in values.items()}
