"""What stands around every NiceGUI page: business, menus, skip link, a bar while the connection is lost.

    with frame(visitor, _('Home'), heading=_('Hello, {name}', name=name)):
        ...

On wide screens staff have a side navigation; on a phone the same list opens from the menu button.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from typing import get_args

from nicegui import ui
from nicegui.language import Language

from data.access.rights import Right
from data.base.marks import N_
from data.base.words import PSEUDO, Words
from ui import design
from ui.doorkeeper import Visitor
from ui.parts.banner import standing_banner
from ui.parts.pieces import avatar, block, button_link, call_link, icon, link, notice, text

SIGN_OUT = '/sign-out'


@dataclass(frozen=True, kw_only=True)
class Place:
    """One line of a menu, for those who have the right that its address names in ui/routes."""

    words: str
    address: str
    right: Right


NAVIGATION = (
    Place(words=N_('Appointments'), address='/staff/bookings', right=Right.SEE_APPOINTMENTS),
    Place(words=N_('Customers'), address='/staff/customers', right=Right.SEE_CUSTOMERS),
    Place(words=N_('Invitations'), address='/staff/invitations', right=Right.INVITE),
    Place(words=N_('Messages'), address='/staff/messages', right=Right.SEE_MESSAGES),
    Place(words=N_('Staff accounts'), address='/staff/accounts', right=Right.CHANGE_STAFF),
    Place(words=N_('Settings'), address='/staff/settings', right=Right.CHANGE_SETTINGS),
)
HOME = Place(words=N_('Home'), address='/home', right=Right.SEE_OWN_HOME)
PROFILE = Place(words=N_('Profile'), address='/profile', right=Right.BE_SIGNED_IN)


@contextmanager
def frame(
    visitor: Visitor,
    title: str,
    *,
    heading: str | None = None,
    lead: str = '',
    back: tuple[str, str] | None = None,
    action: tuple[str, str] | None = None,
    wide: bool = False,
) -> Iterator[ui.element]:
    """Encloses a page's content and draws its h1: `heading`, else `title`; `lead` is a quiet line under it.

    `back` and `action` are (words, address): the way back above the heading, and the page's one main link beside
    it, which adds something.
    `wide`: 1040 pixels instead of 920.
    """
    _ = visitor.words
    places = [place for place in NAVIGATION if place.right in visitor.rights]
    layout = _dressed_layout(_, title, visitor.business_name)
    marks = {'for-staff': places, 'has-back': back and not places, 'wide': wide}
    layout.classes(add=' '.join(name for name, wanted in marks.items() if wanted))
    with layout:
        with block('header', 'top-bar') as top_bar:
            _top_bar(visitor, title, with_menu=bool(places), back=back)
        side = _side_navigation(_, places) if places else None
        with block('div', 'lost-connection', role='status'):
            text(_('The connection is lost. This page comes back by itself.'))
    if side:
        side.move(target_index=0)
    top_bar.move(target_index=0)
    content = ui.context.client.content
    ui.skip_link(_('Skip to content'), target=content)
    with content:
        if banner := standing_banner(_):
            notice(banner, 'warning')
        _page_head(heading or title, lead, back, action)
        yield content


def _dressed_layout(_: Words, title: str, business_name: str) -> ui.element:
    client = ui.context.client
    client.title = f'{title} · {business_name}'
    client.page = copy(client.page)  # one route's page object is shared by readers of all languages
    client.page.language = _quasar_language(_)
    ui.add_head_html(f'<link rel="stylesheet" href="{design.asset_address("pages.css")}">')
    client.layout.props['lang'] = _.language
    client.layout.props['dir'] = _.direction
    return client.layout


def _quasar_language(_: Words) -> Language | None:
    """None where NiceGUI ships no such language: its few words are not on our pages, `lang` stands on the layout."""
    language = 'en' if _.language == PSEUDO else _.language
    for name in (f'{language}-{_.country}', language, 'en-US' if language == 'en' else ''):
        if name in get_args(Language):
            return name  # type: ignore[return-value]  # one of the Literal's own names
    return None


def _top_bar(visitor: Visitor, title: str, *, with_menu: bool, back: tuple[str, str] | None) -> None:
    _ = visitor.words
    if with_menu:
        with block('button', 'menu-button', type='button', popovertarget='places', aria_label=_('Menu')):
            icon('menu')
    elif back:
        with link('', back[1], 'back-button') as back_link:
            icon('back', turns=True)
        back_link.props['aria-label'] = back[0]
        text(title, 'bar-title', tag='span').props['aria-hidden'] = 'true'
    with link('', '/', 'business'):
        text(visitor.business_name[:1].upper(), 'mark', tag='span').props['aria-hidden'] = 'true'
        text(visitor.business_name, tag='span')
    if visitor.business_phone and not with_menu:
        with block('span', 'help-line end'):
            text(_('Help:'), tag='span')
            call_link(visitor.business_phone, _)
    _account_menu(visitor)


def _account_menu(visitor: Visitor) -> None:
    _ = visitor.words
    name = str(visitor.account.name)
    label = _('Account of {name}', name=name)
    with block('button', 'account-button end', type='button', popovertarget='account', aria_label=label):
        avatar(name)
    with block('div', 'account-menu', id='account', popover=''):
        text(name, 'strong')
        with block('nav', aria_label=_('Account')):
            for place in (HOME, PROFILE) if visitor.is_customer else (PROFILE,):
                link(_(place.words), place.address)
        with block('form', method='post', action=SIGN_OUT), block('button', type='submit'):
            text(_('Sign out'), tag='span')


def _side_navigation(_: Words, places: Sequence[Place]) -> ui.element:
    here = ui.context.client.request.url.path
    with block('nav', 'places', id='places', popover='', aria_label=_('Sections')) as made:
        for place in places:
            to = link(_(place.words), place.address)
            if here == place.address or here.startswith(f'{place.address}/'):
                to.props['aria-current'] = 'page'
    return made


def _page_head(heading: str, lead: str, back: tuple[str, str] | None, action: tuple[str, str] | None) -> None:
    with block('div', 'page-head'):
        with block('div'):
            if back:
                with link('', back[1], 'way-back'):
                    icon('back', turns=True)
                    text(back[0], tag='span')
            text(heading, tag='h1')
            if lead:
                text(lead, 'quiet')
        if action:
            button_link(*action, classes='large main-action', icon_name='plus')
