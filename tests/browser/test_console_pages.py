"""The console in a browser: accessible and inside its window at each size, also with names that do not break."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import journeys
import makers
import pytest
from people import OLGA, Person
from playwright.sync_api import Browser, Page, ViewportSize, expect
from server import Server, running_server

from data.access import accounts, sessions, staff
from data.access.roles import Role
from data.base.actor import SYSTEM
from data.people import invitations

ENDLESS = Person('Donaudampfschifffahrtsgesellschaftskapitaenswitwenverein', f'{"d" * 50}@example.com', '+493012345678')
PAGES = (
    '/staff/bookings',
    '/staff/customers',
    '/staff/customers/new',
    '/staff/customers/{customer}',
    '/staff/invitations',
    '/staff/messages',
    '/staff/accounts',
    '/staff/settings',
)


@dataclass(frozen=True)
class Console:
    server: Server
    token: str
    customer: int

    def page(self, browser: Browser, **options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]  # as Playwright names them
        url = self.server.url.replace('http', 'https')
        context.add_cookies([{'name': '__Host-doorstep-session', 'value': self.token, 'url': url}])
        return context.new_page()


@pytest.fixture(scope='module')
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    folder: Path = tmp_path_factory.mktemp('console')
    with makers.house(folder / 'data'):
        cast = makers.make_cast()
        makers.make_booking(cast.household, cast.service_type)
        endless = makers.make_customer(ENDLESS, address='Rindfleischetikettierungsueberwachung' * 2, signs_in=False)
        invitations.invite(endless.contact, by=SYSTEM)
        makers.make_contact(endless, Person('Ida Gone', 'ida@example.com', '+13125550100'))
        staff.add({'name': ENDLESS.name, 'email': 'nina@example.com', 'roles': tuple(Role)}, by=SYSTEM)
        owner = accounts.by_email(OLGA.email)
        assert owner
        token = sessions.begin(owner, browser='Test')
    with running_server(folder) as server:
        yield Console(server, token, endless.customer.id)


@pytest.mark.parametrize('dark', [False, True], ids=['light', 'dark'])
@pytest.mark.parametrize('size', [journeys.DESK, journeys.PHONE], ids=['desk', 'phone'])
def test_every_page_is_accessible_and_no_name_bursts_it(
    console: Console, browser: Browser, size: ViewportSize, dark: bool
) -> None:
    page = console.page(browser, viewport=size, color_scheme='dark' if dark else 'light')
    for address in PAGES:
        page.goto(console.server.url + address.format(customer=console.customer))
        expect(page.locator('h1')).to_be_visible()
        for line in page.locator('summary').all():
            line.click()
        journeys.is_accessible(page)
        wide = page.evaluate('document.documentElement.scrollWidth')
        assert wide <= size['width'], f'{address} is {wide} px wide'
    page.context.close()


def test_a_question_takes_the_keyboard_and_escape_is_no(console: Console, browser: Browser) -> None:
    page = console.page(browser, viewport=journeys.DESK)
    page.goto(f'{console.server.url}/staff/accounts')
    page.get_by_role('button', name='Cleo Marsh: take away Dispatcher').press('Enter')
    dialog = page.get_by_role('dialog', name='Take the role Dispatcher from Cleo Marsh?')
    expect(dialog).to_be_visible()
    page.keyboard.press('Escape')
    expect(dialog).to_be_hidden()
    expect(page.get_by_text('cleo@alder.example')).to_be_visible()
    page.context.close()


def test_a_one_time_link_is_copied_and_not_closed_by_accident(console: Console, browser: Browser) -> None:
    page = console.page(browser, viewport=journeys.DESK, permissions=['clipboard-read', 'clipboard-write'])
    page.goto(f'{console.server.url}/staff/accounts')
    page.get_by_role('button', name='New link').click()
    link = page.locator('.handed-over')
    shown = link.inner_text()
    page.keyboard.press('Escape')
    page.mouse.click(5, 5)
    expect(link).to_be_visible()
    page.get_by_role('button', name='Copy link').click()
    expect(page.get_by_role('button', name='Link copied')).to_be_visible()
    assert page.evaluate('navigator.clipboard.readText()') == shown
    page.get_by_role('button', name='I have the link').click()
    expect(link).to_have_count(0)
    page.context.close()


def test_enter_in_a_field_presses_the_forms_button(console: Console, browser: Browser) -> None:
    page = console.page(browser, viewport=journeys.DESK)
    page.goto(console.server.url + f'/staff/customers/{console.customer}')
    page.get_by_text('Add contact').first.click()
    page.get_by_label('Contact', exact=True).fill('Rosa Lind')
    page.get_by_label('Contact', exact=True).press('Enter')
    expect(page.get_by_text('Contact added.')).to_be_visible()
    expect(page.get_by_text('Rosa Lind', exact=True)).to_be_visible()
    expect(page.get_by_label('Contact', exact=True)).to_be_hidden()  # closed again, and empty
    page.context.close()
