"""In the pseudo-language every message stands in brackets: what does not was written past gettext."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import available_timezones

import httpx
import makers
import pytest
from icalendar import Calendar
from people import ADA, CLEO, OLGA, RUTH
from playwright.sync_api import BrowserContext, Page, expect
from server import Server, running_server

from data.access import accounts, sessions, staff
from data.access.roles import Role
from data.base.actor import SYSTEM
from data.upkeep import set_up
from ui import routes

TEXTS = """() => {
    const shown = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
        if (!node.parentElement.closest('script, style, noscript, template, .nicegui-error-popup, .q-icon'))
            shown.push(node.data);
    for (const element of document.querySelectorAll('*'))
        for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
            if (element.hasAttribute(name)) shown.push(element.getAttribute(name));
    return shown.map(text => text.trim()).filter(text => text);
}"""
# what people typed, and names of the world; NiceGUI's own notices are hidden for good (frame.css), ours stand for them
NAMES = (
    'Alder Heating', 'Annual inspection', 'Ada Lind', 'ada@example.com', 'Lind', 'Tom Reed', 'Boiler', 'ecoTEC plus',
    '18 Alder Street', 'Chicago, IL 60614', 'Bruno Sá', 'Sá', 'bruno@example.org', '7 Birch Lane', 'Chicago, IL 60640',
    'Olga Winter', 'olga@alder.example', 'Cleo Marsh', 'cleo@alder.example', 'tom@alder.example', 'The gate sticks.',
    'English', 'Doorstep', 'Ruth Abel', 'Abel', 'ruth@example.net', 'IL',
)  # fmt: skip
SIGNED_IN = {'/home': ADA, '/book': ADA, '/booked/{own}': ADA, '/profile': ADA}


@dataclass(frozen=True)
class Portal:
    server: Server
    tokens: dict[str, str]
    links: dict[str, str]
    own: int
    customer: int


@pytest.fixture(scope='module')
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder: Path = tmp_path_factory.mktemp('pseudo')
    with makers.house(folder / 'data'):
        cast = makers.make_cast()
        booking = makers.make_booking(cast.household, cast.service_type, comment='The gate sticks.')
        guest = makers.make_customer(RUTH, signs_in=False)
        asked = makers.make_invitation(guest.contact)
        colleague = {'name': 'Ruth Abel', 'email': 'ruth@example.net', 'roles': (Role.DISPATCHER,)}
        welcome = staff.add(colleague, by=SYSTEM).link_token
        tokens = {}
        for person in (ADA, OLGA, CLEO):
            account = accounts.by_email(person.email)
            assert account
            tokens[person.email] = sessions.begin(account, browser='Test')
    with running_server(folder, DOORSTEP_PSEUDO_LANGUAGE='true') as server:
        links = {'invitation': asked.link_token, 'welcome': str(welcome)}
        yield Portal(server, tokens, links, booking.id, cast.household.customer.id)


PAGES = [route.address for route in routes.ROUTES if isinstance(route, routes.Page)]


@pytest.mark.parametrize('address', PAGES)
def test_every_text_of_a_page_is_a_message(portal: Portal, context: BrowserContext, address: str) -> None:
    person = OLGA if address.startswith('/staff') else ADA
    page = _page_of(portal, context, {'session': portal.tokens[person.email]})
    ids = {'booking_id': portal.own, 'customer_id': portal.customer}
    page.goto(portal.server.url + re.sub(r'\{(\w+):int\}', lambda found: str(ids[found[1]]), address))
    expect(page.locator('h1')).to_be_visible()
    if address == '/book':
        page.locator('.month button.day').first.click()
        expect(page.locator('.times button').first).to_be_visible()
    for opener in page.locator('summary, .q-expansion-item .q-item').all():
        opener.click()
    _all_in_brackets(page)


@pytest.mark.parametrize(
    ('address', 'cookie'),
    [
        ('/sign-in', None),
        ('/redeem', None),
        ('/redeem', 'invitation'),
        ('/welcome', 'welcome'),
        ('/welcome', None),
        ('/setup', None),
        ('/sign-in/nonsense', None),
    ],
)
def test_every_text_of_the_entry_is_a_message(
    portal: Portal, context: BrowserContext, address: str, cookie: str | None
) -> None:
    page = _page_of(portal, context, {cookie: portal.links[cookie]} if cookie else {})
    page.goto(portal.server.url + address)
    _all_in_brackets(page)
    if page.locator('form').count():
        page.locator('form button').first.click()
        _all_in_brackets(page)  # with its errors


def test_every_text_of_the_set_up_is_a_message(tmp_path: Path, page: Page) -> None:
    with running_server(tmp_path, DOORSTEP_PSEUDO_LANGUAGE='true') as server:
        page.goto(server.setup_link())
        _all_in_brackets(page)
        page.locator('form button').first.click()
        _all_in_brackets(page)
        page.goto(f'{server.url}/')
        _all_in_brackets(page)
    assert set_up.SET_UP


def test_every_text_of_the_calendar_entry_is_a_message(portal: Portal) -> None:
    cookie = {'Cookie': f'__Host-doorstep-session={portal.tokens[ADA.email]}'}
    answer = httpx.get(f'{portal.server.url}/booked/{portal.own}/calendar.ics', headers=cookie)
    (event,) = Calendar.from_ical(answer.content).walk('VEVENT')
    for line in (str(event['SUMMARY']), *str(event.get('DESCRIPTION', '')).splitlines()):
        assert _outside_brackets(line) == '', line


def _page_of(portal: Portal, context: BrowserContext, cookies: dict[str, str]) -> Page:
    for name, token in cookies.items():
        kept = f'__Host-doorstep-{name}'
        context.add_cookies([{'name': kept, 'value': token, 'url': portal.server.url.replace('http', 'https')}])
    return context.new_page()


def _all_in_brackets(page: Page) -> None:
    page.wait_for_load_state()
    bare = {text for text in page.evaluate(TEXTS) if _outside_brackets(text)}
    assert not bare, f'{page.url}: {sorted(bare)}'


def _outside_brackets(text: str) -> str:
    """The letters that stand in no message and are no name."""
    if text in available_timezones():
        return ''
    while (inner := re.sub(r'\[[^\[\]]*\]', '', text)) != text:
        text = inner
    for name in sorted(NAMES, key=len, reverse=True):
        text = text.replace(name, '')
    initials = re.compile(r'\b[A-ZÁ]{1,2}\b')
    return ''.join(re.findall(r'[^\W\d_]', initials.sub('', text)))
