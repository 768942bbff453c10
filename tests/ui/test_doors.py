"""The doors of the true program, asked as no browser would, by strangers and by somebody who is signed in."""

import http.client
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import makers
import pytest
from open_pages import COOKIE
from people import CLEO
from raw_requests import SOCKET, Answer, ask, upgrade
from server import Server, running_server

from data.access import accounts, sessions
from ui.body_limits import FORM_BYTES

ADDRESS = '/_nicegui/held'  # of tests/counted_house.py
HOUSE = ('-m', 'tests.counted_house')
WAITING = 20  # pages without a socket that one address may have
PAGES = ('/home', '/book', '/profile', '/staff/bookings', '/staff/customers', '/staff/messages')
LINKS = ('/setup/{}', '/redeem/{}', '/welcome/{}')
FORMS = ('/sign-in', '/redeem', '/redeem/code', '/setup', '/setup/example', '/welcome')
_callers = count()
FORM = {'content_type': 'application/x-www-form-urlencoded'}


@dataclass(frozen=True)
class Portal:
    """The true program on the cast's data, and a dispatcher's session."""

    server: Server
    token: str

    def ask(self, path: str, method: str = 'GET', body: object = None, **headers: str) -> Answer:
        """As the dispatcher, from a new address each time, unless `headers` tell otherwise."""
        usual = {'cookie': f'{COOKIE}={self.token}', 'x_forwarded_for': f'203.0.113.{next(_callers) % 250}'}
        return ask(self.server, path, method, body, **usual | headers)

    def held(self) -> int:
        """How many pages NiceGUI holds in memory."""
        return int(ask(self.server, ADDRESS).body)


@pytest.fixture(scope='module')
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with _portal(tmp_path_factory.mktemp('doors')) as made:
        yield made


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[Portal]:
    """For one test that fills it."""
    with _portal(tmp_path) as made:
        yield made


def test_what_comes_from_another_site_is_refused_also_when_signed_in(portal: Portal) -> None:
    evil = {'origin': 'https://evil.example', 'cookie': f'{COOKIE}={portal.token}'}
    before = portal.held()
    assert upgrade(portal.server, f'{SOCKET}&transport=websocket', **evil) == 403
    assert portal.ask(f'{SOCKET}&transport=polling', **evil).status == 403
    assert portal.ask('/staff/bookings', sec_fetch_site='cross-site', sec_fetch_mode='cors').status == 403
    for address in (*FORMS, '/sign-out', '/redeem/connect'):
        assert portal.ask(address, 'POST', b'', **evil, **FORM).status == 403
    assert portal.held() == before
    assert portal.ask('/sign-in').status == 303  # nobody was signed out


def test_another_host_is_refused_also_when_signed_in(portal: Portal) -> None:
    before = portal.held()
    for address in (*PAGES, '/', '/sign-in'):
        assert portal.ask(address, host='evil.example').status == 421
    assert portal.held() == before


@pytest.mark.parametrize('address', FORMS)
def test_a_body_over_the_limit_is_refused(portal: Portal, address: str) -> None:
    before = portal.held()
    told = {'origin': portal.server.url, **FORM}
    assert portal.ask(address, 'POST', b'email=' + b'x' * FORM_BYTES, **told).status == 413
    assert portal.held() == before


@pytest.mark.parametrize(
    'address',
    [
        '/nothing',
        '/staff',
        '/staff/',
        '/home/',
        '/booked/x',
        '/booked/-1',
        '/staff/customers/1/2',
        '/docs',
        '/openapi.json',
        '/%00',
        '/%ff',
        '/_nicegui/nothing',
        f'/booked/{"9" * 5000}',
        f'/staff/customers/{"9" * 480}',
        f'/redeem/{"x" * 5000}',
    ],
    ids=lambda address: address[:40],
)
@pytest.mark.parametrize('method', ['GET', 'HEAD'])
def test_an_unknown_address_is_plainly_not_found(portal: Portal, address: str, method: str) -> None:
    before = portal.held()
    answer = portal.ask(address, method)
    assert (answer.status, len(answer.body) < 50) == (404, True)
    assert 'x-frame-options' in answer.headers or 'content-security-policy' in answer.headers
    assert portal.held() == before


def test_three_hundred_pages_without_a_socket_are_not_kept(crowded: Portal) -> None:
    with ThreadPoolExecutor(8) as hands:
        asked = (PAGES * 50)[:300]
        answers = list(hands.map(lambda page: crowded.ask(page, x_forwarded_for='198.51.100.7').status, asked))
    assert set(answers) == {200, 429}
    assert answers.count(200) <= WAITING + 20  # those whose browser never came are forgotten meanwhile
    assert crowded.held() <= WAITING


def test_strangers_make_no_page_at_all(crowded: Portal) -> None:
    with ThreadPoolExecutor(8) as hands:
        asked = [*PAGES, '/sign-in', '/redeem'] * 40
        answers = list(hands.map(lambda address: crowded.ask(address, cookie='').status, asked))
    assert set(answers) <= {200, 303, 429}
    assert crowded.held() == 0


@pytest.mark.parametrize('method', ['GET', 'HEAD'])
@pytest.mark.parametrize('link', LINKS)
@pytest.mark.parametrize(
    'odd',
    [
        '%E2%82%AC',
        '%FF',
        'a%00b',
        'a%0D%0ASet-Cookie:%20x=1',
        'a;%20Domain=evil',
        '%22',
        'x.',
    ],
)
def test_a_mangled_link_is_taken_for_an_invalid_one(portal: Portal, link: str, odd: str, method: str) -> None:
    answer = portal.ask(link.format(odd), method)
    assert answer.status == 303
    assert answer.headers['set-cookie'].count('=') == 4  # name, Max-Age, Path, SameSite: nothing of the link's
    followed = portal.ask(answer.headers['location'], cookie=answer.headers['set-cookie'].partition(';')[0])
    assert followed.status in {200, 422}
    assert b'not valid' in followed.body or b'no longer valid' in followed.body


@pytest.mark.parametrize(
    'cookie',
    [
        b'\xff\xfe',
        b'"\\377\\000"',
        b'',
        b'=',
        b'a' * 7000,
        b'.',
        b'..',
        b'.eJx.abc',
        b'x; ' + COOKIE.encode() + b'=y',
    ],
    ids=repr,
)
def test_an_odd_cookie_is_no_cookie(portal: Portal, cookie: bytes) -> None:
    for kind in (b'session', b'invitation', b'set-up', b'welcome'):
        for address in ('/', '/sign-in', '/redeem', '/setup', '/welcome', '/home'):
            answer = _with_cookie(portal.server, address, b'__Host-doorstep-' + kind + b'=' + cookie)
            assert answer in {200, 303, 422}, (kind, address)


@pytest.mark.parametrize(
    ('kind', 'body'),
    [
        ('application/x-www-form-urlencoded', b'email=a%40b.de&email=c%40d.de&password=x&password=y'),
        ('application/x-www-form-urlencoded', b'email=%00%40b.de&password=%ED%A0%80%00aaaaaa&code=%00'),
        ('application/x-www-form-urlencoded', b'&'.join(b'k%d=v' % number for number in range(3000))),
        ('application/x-www-form-urlencoded', b'email=' + b'a' * 200_000),
        ('application/x-www-form-urlencoded', b'%%%=%&=&&&;'),
        ('application/json', b'{"email": []}'),
        ('multipart/form-data', b'nonsense'),
        ('multipart/form-data; boundary=x', b'nonsense'),
        ('multipart/form-data; boundary=x; charset=punycode', b'PARTS'),
        ('multipart/form-data; boundary=x; charset=raw_unicode_escape', b'PARTS'),
        ('multipart/form-data; boundary=x; charset=nonsense', b'PARTS'),
        ('multipart/form-data; boundary=x', b'FILES'),
        ('', b'\xff\xfe'),
    ],
    ids=lambda value: repr(value)[:60],
)
@pytest.mark.parametrize('address', FORMS)
def test_a_form_that_no_browser_sends_gets_a_page_with_a_sentence(
    portal: Portal, address: str, kind: str, body: bytes
) -> None:
    answer = portal.ask(address, 'POST', PARTS.get(body, body), origin=portal.server.url, content_type=kind)
    assert answer.status == 422
    assert b'<h1' in answer.body


PARTS = {
    b'PARTS': b''.join(
        b'--x\r\nContent-Disposition: form-data; name="' + name + b'"\r\n\r\nabc\\ud800defgh-\xff\r\n'
        for name in (b'email', b'password', b'code', b'name')
    )
    + b'--x--\r\n',
    b'FILES': b''.join(
        b'--x\r\nContent-Disposition: form-data; name="' + name + b'"; filename="a"\r\n\r\na file\r\n'
        for name in (b'email', b'password', b'code', b'name')
    )
    + b'--x--\r\n',
}


@contextmanager
def _portal(folder: Path) -> Iterator[Portal]:
    with makers.house(folder / 'data'):
        makers.make_cast()
        account = accounts.by_email(CLEO.email)
        assert account is not None
        token = sessions.begin(account, browser='Test')
    storage = str(folder / 'data' / 'nicegui')
    environment = {'DOORSTEP_TRUSTED_PROXIES': '127.0.0.1', 'NICEGUI_STORAGE_PATH': storage}
    with running_server(folder, program=HOUSE, **environment) as server:
        yield Portal(server, token)


def _with_cookie(server: Server, address: str, cookie: bytes) -> int:
    connection = http.client.HTTPConnection('127.0.0.1', server.port, timeout=30)
    try:
        connection.putrequest('GET', address)
        connection.putheader('Cookie', cookie)
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()
