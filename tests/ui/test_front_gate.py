"""The front gate, asked by raw requests on a real server: what is turned away, and that no page is built for it."""

import http.client
import json
import re
import socket
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from nicegui.version import __version__ as nicegui_version
from playwright.sync_api import Page, expect
from server import Server, running_server, wait_for

from ui.body_limits import FORM_BYTES, MESSAGE_BYTES

PORTAL = 'https://portal.example.com'
BEHIND_A_PROXY = {'DOORSTEP_PUBLIC_URL': PORTAL, 'DOORSTEP_TRUSTED_PROXIES': '127.0.0.1, 10.0.0.0/8'}
SOCKET = '/_nicegui_ws/socket.io/?EIO=4'
SCRIPT = f'/_nicegui/{nicegui_version}/static/nicegui.js'


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(server: Server, path: str, method: str = 'GET', body: object = None, **headers: str) -> Answer:
    """One request on a connection of its own; `sec_fetch_site` is the header Sec-Fetch-Site."""
    connection = http.client.HTTPConnection('127.0.0.1', server.port, timeout=10)
    try:
        named = {name.replace('_', '-'): value for name, value in headers.items()}
        connection.request(method, path, body=body, headers=named)  # type: ignore[arg-type]  # bytes or an iterator
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, answer.read())
    finally:
        connection.close()


def upgrade(server: Server, path: str, **headers: str) -> int:
    """The status with which a websocket's opening is answered; 101 is a yes."""
    opening = {
        'connection': 'Upgrade', 'upgrade': 'websocket', 'sec_websocket_version': '13',
        'sec_websocket_key': 'dGhlIHNhbXBsZSBub25jZQ==',
    }
    return ask(server, path, **opening | headers).status


def raw(server: Server, request: bytes) -> bytes:
    """What comes back for these very bytes."""
    with socket.create_connection(('127.0.0.1', server.port), timeout=10) as connection:
        connection.sendall(request)
        found = b''
        while b'\r\n\r\n' not in found and (more := connection.recv(65536)):
            found += more
    return found


def pages(server: Server) -> int:
    """How many pages NiceGUI holds in memory."""
    return int(ask(server, '/clients', x_forwarded_host='portal.example.com').body)


@pytest.fixture(scope='module')
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Reached directly on this machine."""
    yield from _gate_house(tmp_path_factory)


@pytest.fixture(scope='module')
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Reached as https://portal.example.com by a proxy on 127.0.0.1 that it trusts."""
    yield from _gate_house(tmp_path_factory, **BEHIND_A_PROXY)


@pytest.fixture
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """As `proxied`, for one test that fills it."""
    yield from _gate_house(tmp_path_factory, **BEHIND_A_PROXY)


def _gate_house(folders: pytest.TempPathFactory, **environment: str) -> Iterator[Server]:
    folder = folders.mktemp('gate')
    storage = {'NICEGUI_STORAGE_PATH': str(folder / 'data' / 'nicegui')}
    with running_server(folder, program=('-m', 'tests.ui.gate_house'), **storage | environment) as server:
        yield server


@pytest.mark.parametrize('origin', ['https://evil.example', 'null', 'http://127.0.0.1:1', 'http://127.0.0.1.evil.example'])
@pytest.mark.parametrize('path', [f'{SOCKET}&transport=websocket', '/page'], ids=['socket', 'elsewhere'])
def test_a_foreign_origin_opens_no_websocket(server: Server, path: str, origin: str) -> None:
    assert upgrade(server, path, origin=origin) in {403, 404}


def test_a_websocket_without_an_origin_is_refused(server: Server) -> None:
    assert upgrade(server, f'{SOCKET}&transport=websocket') == 403


def test_our_own_origin_opens_a_websocket(server: Server) -> None:
    assert upgrade(server, f'{SOCKET}&transport=websocket', origin=server.url) == 101


def test_a_websocket_is_refused_at_a_wrong_host(server: Server) -> None:
    path = f'{SOCKET}&transport=websocket'
    assert upgrade(server, path, origin='http://evil.example', host='evil.example') == 421


@pytest.mark.parametrize('told', [
    {'origin': 'https://evil.example'},
    {'origin': 'null'},
    {'sec_fetch_site': 'cross-site'},
    {'sec_fetch_site': 'same-site'},
], ids=str)
@pytest.mark.parametrize('method', ['GET', 'POST'])
def test_a_foreign_site_cannot_poll(server: Server, method: str, told: dict[str, str]) -> None:
    assert ask(server, f'{SOCKET}&transport=polling', method, **told).status == 403


def test_our_own_pages_can_poll_and_no_other_origin_is_told_to_read_it(server: Server) -> None:
    for told in ({'origin': server.url}, {'sec_fetch_site': 'same-origin'}, {}):
        answer = ask(server, f'{SOCKET}&transport=polling', **told)
        assert answer.status == 200
        assert not [name for name in answer.headers if name.startswith('access-control-')]


@pytest.mark.parametrize(('told', 'status'), [
    ({'origin': 'SELF'}, 303),
    ({'origin': 'SELF', 'sec_fetch_site': 'same-origin'}, 303),
    ({'sec_fetch_site': 'same-origin'}, 303),
    ({}, 403),
    ({'origin': 'https://evil.example'}, 403),
    ({'origin': 'null'}, 403),
    ({'origin': ''}, 403),
    ({'origin': 'http://localhost'}, 403),
    ({'origin': 'https://evil.example', 'sec_fetch_site': 'same-origin'}, 403),
    ({'origin': 'SELF', 'sec_fetch_site': 'cross-site'}, 403),
    ({'sec_fetch_site': 'same-site'}, 403),
    ({'sec_fetch_site': 'none'}, 403),
], ids=str)
def test_a_form_is_taken_from_our_own_pages_only(server: Server, told: dict[str, str], status: int) -> None:
    told = {name: server.url if value == 'SELF' else value for name, value in told.items()}
    assert ask(server, '/form', 'POST', b'x=1', **told).status == status


@pytest.mark.parametrize('method', ['PUT', 'PATCH', 'DELETE', 'OPTIONS'])
def test_every_other_unsafe_method_needs_our_origin(server: Server, method: str) -> None:
    assert ask(server, '/form', method, origin='https://evil.example').status == 403
    assert ask(server, '/form', method, origin=server.url).status == 405


def test_a_page_is_opened_from_a_link_elsewhere_but_not_embedded_there(server: Server) -> None:
    elsewhere = {'sec_fetch_site': 'cross-site'}
    assert ask(server, '/form', **elsewhere, sec_fetch_mode='navigate').status == 200
    assert ask(server, '/form', **elsewhere, sec_fetch_mode='no-cors', sec_fetch_dest='image').status == 403


@pytest.mark.parametrize(('host', 'status'), [
    ('127.0.0.1', 200), ('localhost:9', 200), ('[::1]:80', 200), ('LOCALHOST', 200),
    ('evil.example', 421), ('127.0.0.1.evil.example', 421), ('localhost.evil.example:80', 421), ('127.0.0.2', 421),
    ('', 400), ('a b', 400), ('localhost@evil.example', 400), ('localhost/x', 400), ('localhost:x', 400),
])
def test_only_our_own_host_is_answered(server: Server, host: str, status: int) -> None:
    assert ask(server, '/form', host=host).status == status


def test_a_request_with_two_hosts_or_none_is_refused(server: Server) -> None:
    two = b'GET /form HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n'
    assert raw(server, two).startswith(b'HTTP/1.1 400')
    assert raw(server, b'GET /form HTTP/1.0\r\n\r\n').split(b' ')[1] == b'400'


def test_health_is_told_whatever_the_host(server: Server) -> None:
    answer = ask(server, '/healthz', host='10.1.2.3')
    assert (answer.status, answer.body) == (200, b'ok\n')


@pytest.mark.parametrize('path', ['/form', '/page'])
def test_a_body_that_declares_too_much_is_refused(server: Server, path: str) -> None:
    answer = ask(server, path, 'POST', b'x' * (FORM_BYTES + 1), origin=server.url)
    assert answer.status == 413
    assert answer.headers['connection'] == 'close'


def test_a_body_that_declares_a_gigabyte_is_refused_before_it_is_sent(server: Server) -> None:
    opening = f'POST /form HTTP/1.1\r\nHost: localhost\r\nOrigin: {server.url}\r\nContent-Length: 1000000000\r\n\r\n'
    assert raw(server, opening.encode()).startswith(b'HTTP/1.1 413')


def test_a_streamed_body_is_counted(server: Server) -> None:
    too_much = (b'x' * 10_000 for _ in range(FORM_BYTES // 10_000 + 1))
    assert ask(server, '/form', 'POST', too_much, origin=server.url).status == 413
    enough = (b'x' * 10_000 for _ in range(FORM_BYTES // 10_000))
    assert ask(server, '/form', 'POST', enough, origin=server.url).status == 303


def test_a_body_at_the_limit_is_taken(server: Server) -> None:
    assert ask(server, '/form', 'POST', b'x' * FORM_BYTES, origin=server.url).status == 303


def test_an_address_can_have_a_larger_limit(server: Server) -> None:
    polling = f'{SOCKET}&transport=polling&sid=unknown'
    let_in = ask(server, polling, 'POST', b'x' * (FORM_BYTES + 1), origin=server.url)
    assert (let_in.status, b'session' in let_in.body) == (400, True)  # engine.io's own answer
    assert ask(server, polling, 'POST', b'x' * (MESSAGE_BYTES + 1), origin=server.url).status == 413


@pytest.mark.parametrize('path', [
    '/nothing', '/page/', '/page/8', '/%2e%2e/page', '//page', '/page%0a', '/wp-login.php', '/_nicegui', '/_nicegui/',
    f'/_nicegui/{nicegui_version}/', f'/_nicegui/{nicegui_version}/static/nothing.js', '/_nicegui/0/static/nicegui.js',
    f'/_nicegui/{nicegui_version}/libraries/nothing.js', f'/_nicegui/{nicegui_version}/static/../../../client.py',
    '/_nicegui/client/1/upload/2', '/_nicegui_ws', '/_nicegui_ws/nothing', '/docs', '/openapi.json', '/missing',
])
@pytest.mark.parametrize('method', ['GET', 'HEAD', 'POST'])
def test_an_unknown_address_is_answered_in_a_few_bytes_without_a_page(server: Server, method: str, path: str) -> None:
    before = pages(server)
    answer = ask(server, path, method, origin=server.url)
    assert answer.status in ({404, 405} if method == 'POST' else {404})  # 405: the framework's folders know only GET
    assert len(answer.body) < 40
    assert pages(server) <= before


def test_a_page_that_fails_answers_and_is_not_kept(server: Server) -> None:
    before = pages(server)
    answer = ask(server, '/broken')
    assert (answer.status, answer.body) == (500, b'Something went wrong.\n')
    assert pages(server) <= before
    line = _line(server, 'a request failed', answer)
    assert '[hidden] broke it' in line['exception']


def test_head_is_answered_without_a_body_and_without_keeping_a_page(server: Server) -> None:
    before = pages(server)
    for path in ('/page', '/form', '/healthz', SCRIPT):
        answer = ask(server, path, 'HEAD')
        assert (answer.status, answer.body) == (200, b'')
    assert pages(server) <= before


def test_each_refusal_is_one_line_in_the_log_without_the_address_asked_for(server: Server) -> None:
    forged = '1.2.3.4\t{"event": "forged"}'
    answer = ask(server, '/invitation/8Vq3nT0aZk1XwQ9rLm4P?token=secret', x_forwarded_for=forged)
    assert _line(server, 'turned away', answer)['why'] == 'unknown'
    assert '8Vq3nT0aZk1XwQ9rLm4P' not in server.log()
    assert 'forged' not in server.log()


def test_the_static_files_are_sent_compressed_once_made_and_set_no_cookie(server: Server) -> None:
    first, again = (ask(server, SCRIPT, accept_encoding='br, gzip', cookie='session=1') for _ in range(2))
    assert first.body == again.body
    assert first.headers['content-encoding'] == 'gzip'
    assert 'immutable' in first.headers['cache-control']
    assert 'set-cookie' not in first.headers
    assert ask(server, SCRIPT, if_none_match=first.headers['etag']).status == 304
    plain = ask(server, SCRIPT, accept_encoding='gzip;q=0')
    assert 'content-encoding' not in plain.headers
    assert len(plain.body) > 3 * len(first.body)


def test_a_plain_page_may_do_less_than_a_page_of_nicegui(server: Server) -> None:
    plain, page = ask(server, '/form').headers, ask(server, '/page').headers
    assert 'unsafe' not in plain['content-security-policy']
    assert "default-src 'none'" in plain['content-security-policy']
    for headers in (plain, page):
        for rule in ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
            assert rule in headers['content-security-policy']
        assert headers['cache-control'] == 'no-store'
        assert headers['x-content-type-options'] == 'nosniff'
        assert headers['referrer-policy'] == 'same-origin'
        assert 'geolocation=(self)' in headers['permissions-policy']
        assert 'server' not in headers
        assert 'strict-transport-security' not in headers  # the public address is plain http on this machine
    assert "object-src 'none'" in page['content-security-policy']


def test_every_answer_is_dressed_refusals_too(server: Server) -> None:
    for path in ('/nothing', '/healthz', SCRIPT, '/clients', '/broken'):
        headers = ask(server, path).headers
        assert "frame-ancestors 'none'" in headers['content-security-policy']
        assert headers['x-content-type-options'] == 'nosniff'


def test_behind_https_browsers_are_told_to_stay_there(proxied: Server) -> None:
    headers = ask(proxied, '/form', host='portal.example.com').headers
    assert headers['strict-transport-security'].startswith('max-age=31536000')


@pytest.mark.parametrize(('origin', 'status'), [
    (PORTAL, 303), ('http://portal.example.com', 403), (f'{PORTAL}:8443', 403), ('https://example.com', 403),
    ('http://localhost', 403),
])
def test_only_the_public_address_may_send_forms(proxied: Server, origin: str, status: int) -> None:
    assert ask(proxied, '/form', 'POST', b'', origin=origin, host='portal.example.com').status == status


def test_loopback_names_are_not_answered_when_the_public_address_is_another(proxied: Server) -> None:
    assert ask(proxied, '/form', host='localhost').status == 421
    assert ask(proxied, '/form', host='localhost', x_forwarded_host='portal.example.com').status == 200
    assert ask(proxied, '/form', host='portal.example.com', x_forwarded_host='evil.example').status == 421


def test_a_trusted_proxy_tells_the_caller_and_the_scheme(proxied: Server) -> None:
    told = {'x_forwarded_for': '6.6.6.6, 198.51.100.7, 10.0.0.2', 'x_forwarded_proto': 'https'}
    answer = json.loads(ask(proxied, '/whoami', host='portal.example.com', x_forwarded_prefix='//evil', **told).body)
    assert answer == {'url': f'{PORTAL}/whoami', 'client': '198.51.100.7', 'prefix': None}


def test_anybody_else_tells_nothing(server: Server) -> None:
    told = {'x_forwarded_for': '6.6.6.6', 'x_forwarded_proto': 'https', 'x_forwarded_prefix': '//evil'}
    answer = json.loads(ask(server, '/whoami', x_forwarded_host='evil.example', forwarded='for=6', **told).body)
    assert answer == {'url': f'{server.url}/whoami', 'client': '127.0.0.1', 'prefix': None}


def test_an_operator_who_forgot_to_trust_the_proxy_is_told_once(server: Server) -> None:
    for _ in range(3):
        ask(server, '/form', x_forwarded_for='198.51.100.7')
    assert len([line for line in _lines(server) if 'DOORSTEP_TRUSTED_PROXIES' in line['event']]) == 1


def test_300_pages_without_a_socket_are_20_for_one_address_and_200_in_all(crowded: Server) -> None:
    def statuses(addresses: list[str]) -> list[int]:
        return [ask(crowded, '/page', host='portal.example.com', x_forwarded_for=one).status for one in addresses]

    household = [f'2001:db8:1:2::{n:x}' for n in range(1, 31)]  # a /64 is one caller
    assert statuses(household) == [200] * 20 + [429] * 10
    found = statuses([f'198.51.{n // 250}.{n % 250}' for n in range(300)])
    assert found == [200] * 180 + [429] * 120
    assert pages(crowded) == 200
    assert ask(crowded, '/form', host='portal.example.com').status == 200  # what holds no memory is still answered


def test_an_address_cannot_be_invented_to_get_more_pages(tmp_path_factory: pytest.TempPathFactory) -> None:
    for server in _gate_house(tmp_path_factory):
        with ThreadPoolExecutor(30) as callers:
            asked = [callers.submit(ask, server, '/page', x_forwarded_for=f'198.51.100.{n}') for n in range(300)]
        assert sorted(one.result().status for one in asked) == [200] * 20 + [429] * 280
        assert ask(server, '/page').headers['retry-after'] == '15'
        assert pages(server) == 20


@pytest.mark.prove
def test_pages_whose_browser_never_came_back_are_gone_after_twenty_seconds(crowded: Server) -> None:
    assert ask(crowded, '/page', host='portal.example.com').status == 200
    assert pages(crowded) == 1
    wait_for(lambda: pages(crowded) == 0, 'the end of the page', seconds=40)


def test_the_true_server_stands_behind_the_gate(tmp_path: Path) -> None:
    with running_server(tmp_path) as doorstep:
        assert doorstep.setup_link().startswith(f'{doorstep.url}/setup')
        assert ask(doorstep, '/sign-in', 'POST', b'', origin='https://evil.example').status == 403
        assert ask(doorstep, '/sign-in', host='evil.example').status == 421
        assert ask(doorstep, '/sign-in', 'POST', b'x' * (FORM_BYTES + 1), origin=doorstep.url).status == 413
        assert upgrade(doorstep, f'{SOCKET}&transport=websocket', origin='https://evil.example') == 403
        assert ask(doorstep, f'{SOCKET}&transport=polling', origin='https://evil.example').status == 403
        assert [ask(doorstep, path).status for path in ('/nothing', '/docs', '/booked/abc')] == [404] * 3
        plain = ask(doorstep, '/sign-in')
        assert (plain.status, 'unsafe' in plain.headers['content-security-policy']) == (200, False)
        assert 'set-cookie' not in plain.headers  # NiceGUI's own session is switched off
        assert ask(doorstep, '/healthz').body == b'ok\n'
        assert {ask(doorstep, '/home').status for _ in range(300)} == {303}  # a stranger is sent on, nothing is built


def test_a_page_and_a_form_work_in_a_browser_under_these_rules(server: Server, page: Page) -> None:
    complaints: list[str] = []
    page.on('console', lambda message: complaints.append(message.text) if message.type == 'error' else None)
    page.on('pageerror', lambda error: complaints.append(str(error)))
    page.goto(f'{server.url}/page')
    page.get_by_role('button', name='Press me').click()
    expect(page.get_by_text('Pressed')).to_be_visible()  # the socket is open and answers
    pressed = next(line for line in _lines(server) if line['event'] == 'pressed')
    assert re.fullmatch('[0-9a-f]{12}', pressed['request'])  # what a press does is logged under its socket's name
    page.goto(f'{server.url}/form')
    with page.expect_response(lambda response: response.request.method == 'POST') as answer:
        page.get_by_role('button', name='Send').click()
    assert answer.value.status == 303
    assert not complaints


def _line(server: Server, event: str, answer: Answer) -> dict[str, str]:
    """What was logged about the request that got this answer."""
    name = answer.headers['x-request-id']
    return next(line for line in _lines(server) if (line['event'], line.get('request')) == (event, name))


def _lines(server: Server) -> list[dict[str, str]]:
    return [json.loads(line) for line in server.log().splitlines()]
