"""The front gate, asked by raw requests on a real server: what is turned away, and that no page is built for it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from nicegui.version import __version__ as nicegui_version
from raw_requests import BEHIND_A_PROXY, PORTAL, SOCKET, ask, gate_house, pages, raw, upgrade
from server import Server, running_server, wait_for

from ui.body_limits import FORM_BYTES, MESSAGE_BYTES


@pytest.fixture(scope='module')
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Reached directly on this machine."""
    with gate_house(tmp_path_factory.mktemp('house')) as house:
        yield house


@pytest.fixture(scope='module')
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Reached as https://portal.example.com by a proxy on 127.0.0.1 that it trusts."""
    with gate_house(tmp_path_factory.mktemp('house'), **BEHIND_A_PROXY) as house:
        yield house


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[Server]:
    """As `proxied`, for one test that fills it."""
    with gate_house(tmp_path, **BEHIND_A_PROXY) as house:
        yield house


@pytest.mark.parametrize(
    'origin', ['https://evil.example', 'null', 'http://127.0.0.1:1', 'http://127.0.0.1.evil.example']
)
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


@pytest.mark.parametrize(
    'told',
    [
        {'origin': 'https://evil.example'},
        {'origin': 'null'},
        {'sec_fetch_site': 'cross-site'},
        {'sec_fetch_site': 'same-site'},
    ],
    ids=str,
)
@pytest.mark.parametrize('method', ['GET', 'POST'])
def test_a_foreign_site_cannot_poll(server: Server, method: str, told: dict[str, str]) -> None:
    assert ask(server, f'{SOCKET}&transport=polling', method, **told).status == 403


def test_our_own_pages_can_poll_and_no_other_origin_is_told_to_read_it(server: Server) -> None:
    for told in ({'origin': server.url}, {'sec_fetch_site': 'same-origin'}, {}):
        answer = ask(server, f'{SOCKET}&transport=polling', **told)
        assert answer.status == 200
        assert not [name for name in answer.headers if name.startswith('access-control-')]


@pytest.mark.parametrize(
    ('told', 'status'),
    [
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
    ],
    ids=str,
)
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


@pytest.mark.parametrize(
    ('host', 'status'),
    [
        ('127.0.0.1', 200),
        ('localhost:9', 200),
        ('[::1]:80', 200),
        ('LOCALHOST', 200),
        ('evil.example', 421),
        ('127.0.0.1.evil.example', 421),
        ('localhost.evil.example:80', 421),
        ('127.0.0.2', 421),
        ('', 400),
        ('a b', 400),
        ('localhost@evil.example', 400),
        ('localhost/x', 400),
        ('localhost:x', 400),
    ],
)
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


@pytest.mark.parametrize(
    'path',
    [
        '/nothing',
        '/page/',
        '/page/8',
        '/%2e%2e/page',
        '//page',
        '/page%0a',
        '/wp-login.php',
        '/_nicegui',
        '/_nicegui/',
        f'/_nicegui/{nicegui_version}/',
        f'/_nicegui/{nicegui_version}/static/nothing.js',
        '/_nicegui/0/static/nicegui.js',
        f'/_nicegui/{nicegui_version}/libraries/nothing.js',
        f'/_nicegui/{nicegui_version}/static/../../../client.py',
        '/_nicegui/client/1/upload/2',
        '/_nicegui_ws',
        '/_nicegui_ws/nothing',
        '/docs',
        '/openapi.json',
        '/missing',
    ],
)
@pytest.mark.parametrize('method', ['GET', 'HEAD', 'POST'])
def test_an_unknown_address_is_answered_in_a_few_bytes_without_a_page(server: Server, method: str, path: str) -> None:
    before = pages(server)
    answer = ask(server, path, method, origin=server.url)
    assert answer.status in ({404, 405} if method == 'POST' else {404})  # 405: the framework's folders know only GET
    assert len(answer.body) < 40
    assert pages(server) <= before


@pytest.mark.parametrize(
    ('origin', 'status'),
    [
        (PORTAL, 303),
        ('http://portal.example.com', 403),
        (f'{PORTAL}:8443', 403),
        ('https://example.com', 403),
        ('http://localhost', 403),
    ],
)
def test_only_the_public_address_may_send_forms(proxied: Server, origin: str, status: int) -> None:
    assert ask(proxied, '/form', 'POST', b'', origin=origin, host='portal.example.com').status == status


def test_loopback_names_are_not_answered_when_the_public_address_is_another(proxied: Server) -> None:
    assert ask(proxied, '/form', host='localhost').status == 421
    assert ask(proxied, '/form', host='localhost', x_forwarded_host='portal.example.com').status == 200
    assert ask(proxied, '/form', host='portal.example.com', x_forwarded_host='evil.example').status == 421


def test_300_pages_without_a_socket_are_20_for_one_address_and_200_in_all(crowded: Server) -> None:
    def statuses(addresses: list[str]) -> list[int]:
        return [ask(crowded, '/page', host='portal.example.com', x_forwarded_for=one).status for one in addresses]

    household = [f'2001:db8:1:2::{n:x}' for n in range(1, 31)]  # a /64 is one caller
    assert statuses(household) == [200] * 20 + [429] * 10
    found = statuses([f'198.51.{n // 250}.{n % 250}' for n in range(300)])
    assert found == [200] * 180 + [429] * 120
    assert pages(crowded) == 200
    assert ask(crowded, '/form', host='portal.example.com').status == 200  # what holds no memory is still answered


def test_an_address_cannot_be_invented_to_get_more_pages(tmp_path: Path) -> None:
    with gate_house(tmp_path) as server:
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
