"""A page loads what it needs and nothing that NiceGUI brings besides: no Tailwind, icon font or cookie of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import makers
import pytest
from people import ADA
from playwright.sync_api import BrowserContext, Page, expect
from server import Server, running_server

from data.access import accounts, sessions

COOKIE = '__Host-doorstep-session'


@dataclass(frozen=True)
class Visit:
    page: Page
    asked: list[str]


@pytest.fixture(scope='module')
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    folder: Path = tmp_path_factory.mktemp('lean')
    with makers.house(folder / 'data'):
        cast = makers.make_cast()
        makers.make_booking(cast.household, cast.service_type)
        account = accounts.by_email(ADA.email)
        assert account
        token = sessions.begin(account, browser='Test')
    with running_server(folder) as server:
        yield server, token


@pytest.fixture(params=['/home', '/book', '/profile'])
def visit(house: tuple[Server, str], context: BrowserContext, request: pytest.FixtureRequest) -> Visit:
    server, token = house
    context.add_cookies([{'name': COOKIE, 'value': token, 'url': server.url.replace('http', 'https')}])
    page, asked = context.new_page(), []
    page.on('request', lambda sent: asked.append(sent.url))
    page.goto(server.url + request.param, wait_until='networkidle')
    expect(page.locator('h1')).to_be_visible()
    return Visit(page, asked)


def test_nothing_is_loaded_that_the_page_does_not_use(visit: Visit) -> None:
    paths = [urlsplit(address).path for address in visit.asked]
    fonts = [path for path in paths if path.endswith(('.woff', '.woff2', '.ttf'))]
    assert [path for path in paths if 'tailwind' in path.lower()] == []
    assert [path for path in fonts if not path.startswith('/assets/')] == []
    assert fonts, 'our own type is used'


def test_everything_comes_from_this_house(visit: Visit) -> None:
    hosts = {urlsplit(address).netloc for address in visit.asked if not address.startswith(('data:', 'blob:'))}
    assert hosts == {urlsplit(visit.page.url).netloc}


def test_no_cookie_is_set_but_ours(visit: Visit) -> None:
    assert {cookie.get('name') for cookie in visit.page.context.cookies()} == {COOKIE}
