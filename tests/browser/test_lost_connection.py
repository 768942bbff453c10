"""A connection that is lost for some seconds costs nothing that was typed or chosen, and the page says what happens."""

import re
from pathlib import Path

import makers
import pytest
from people import ADA
from playwright.sync_api import BrowserContext, expect
from server import running_server
from weak_network import way_to

from data.access import accounts, sessions

AWAY_SECONDS = 6  # more than NiceGUI's own default would wait for the page


@pytest.mark.usefixtures('_nothing_from_outside')
def test_the_page_comes_back_with_what_was_typed_and_books(tmp_path: Path, context: BrowserContext) -> None:
    with makers.house(tmp_path / 'data'):
        makers.make_cast()
        account = accounts.by_email(ADA.email)
        assert account
        token = sessions.begin(account, browser='Test')
    with running_server(tmp_path) as server, way_to(server.port) as way:
        context.add_cookies([{'name': '__Host-doorstep-session', 'value': token, 'url': 'https://127.0.0.1'}])
        page = context.new_page()
        page.goto(f'http://127.0.0.1:{way.port}/book')
        page.locator('.month button.day').first.click()
        page.locator('.times button').first.click()
        page.get_by_label('Comments').fill('The gate sticks.')
        chosen = page.locator('.book-bar .strong')
        expect(chosen).to_contain_text(re.compile(r'\d'))  # the answer to the click is here: a day and a time
        when = chosen.inner_text()

        way.cut()
        lost = page.get_by_text('The connection is lost. This page comes back by itself.')
        expect(lost).to_be_visible(timeout=15_000)
        page.wait_for_timeout(AWAY_SECONDS * 1000)
        way.mend()
        expect(lost).to_be_hidden(timeout=20_000)

        expect(page.get_by_label('Comments')).to_have_value('The gate sticks.')
        assert chosen.inner_text() == when
        page.get_by_role('button', name='Book', exact=True).click()
        expect(page).to_have_url(re.compile(r'/booked/\d+$'))
