"""A colleague comes by a one-time link, which the owner hands over where no mail server carries it."""

import re
from pathlib import Path

import journeys
from people import CLEO, OLGA, TOM
from playwright.sync_api import Browser, Page, expect
from server import running_server


def test_without_a_mail_server_the_owner_sees_the_link_once_and_the_colleague_comes_by_it(
    tmp_path: Path, browser: Browser
) -> None:
    with running_server(tmp_path) as server:
        office = browser.new_context(viewport=journeys.DESK).new_page()
        journeys.set_up(office, server.setup_link(), owner=OLGA, technician=TOM.name)
        link = _added(office, server.url)
        office.get_by_role('button', name='I have the link').click()
        expect(office.get_by_text(link)).to_have_count(0)
        office.reload()
        expect(office.get_by_text(CLEO.email)).to_be_visible()
        expect(office.get_by_text(link)).to_have_count(0)

        colleague = browser.new_context(viewport=journeys.PHONE).new_page()
        for _ in range(2):  # opening it uses nothing up
            colleague.goto(link)
            expect(colleague).to_have_url(re.compile(r'/welcome$'))
        journeys.is_accessible(colleague)
        colleague.get_by_label('Password').fill(journeys.PASSWORD)
        colleague.get_by_role('button', name='Set password and sign in').click()
        expect(colleague.get_by_role('heading', name='Appointments')).to_be_visible()

        late = browser.new_context(viewport=journeys.DESK).new_page()
        late.goto(link)
        expect(late.get_by_text('This link is no longer valid.')).to_be_visible()


def _added(office: Page, base: str) -> str:
    """Adds a dispatcher; returns the link that is shown."""
    office.goto(f'{base}/staff/accounts')
    office.get_by_label('Name', exact=True).fill(CLEO.name)
    office.get_by_label('E-mail').fill(CLEO.email)
    dispatcher = office.get_by_role('checkbox', name='Dispatcher')
    dispatcher.click()
    expect(dispatcher).to_be_checked()
    office.get_by_role('button', name='Add', exact=True).click()
    shown = office.get_by_text(re.compile(r'^http\S+/welcome/\S+$'))
    expect(shown).to_be_visible()
    return shown.inner_text()
