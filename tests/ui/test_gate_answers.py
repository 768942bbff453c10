"""What the front gate does to answers: headers by kind, kept static files, who is believed to ask, the log."""

import json
import re
from collections.abc import Iterator

import pytest
from nicegui.version import __version__ as nicegui_version
from playwright.sync_api import Page, expect
from raw_requests import BEHIND_A_PROXY, PORTAL, ask, gate_house, line, lines, pages
from server import Server

SCRIPT = f'/_nicegui/{nicegui_version}/static/nicegui.js'


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


def test_a_page_that_fails_answers_and_is_not_kept(server: Server) -> None:
    before = pages(server)
    answer = ask(server, '/broken')
    assert (answer.status, answer.body) == (500, b'Something went wrong.\n')
    assert pages(server) <= before
    told = line(server, 'a request failed', answer)
    assert '[hidden] broke it' in told['exception']


def test_head_is_answered_without_a_body_and_without_keeping_a_page(server: Server) -> None:
    before = pages(server)
    for path in ('/page', '/form', '/healthz', SCRIPT):
        answer = ask(server, path, 'HEAD')
        assert (answer.status, answer.body) == (200, b'')
    assert pages(server) <= before


def test_each_refusal_is_one_line_in_the_log_without_the_address_asked_for(server: Server) -> None:
    forged = '1.2.3.4\t{"event": "forged"}'
    answer = ask(server, '/invitation/8Vq3nT0aZk1XwQ9rLm4P?token=secret', x_forwarded_for=forged)
    assert line(server, 'turned away', answer)['why'] == 'unknown'
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
    assert len([one for one in lines(server) if 'DOORSTEP_TRUSTED_PROXIES' in one['event']]) == 1


def test_a_page_and_a_form_work_in_a_browser_under_these_rules(server: Server, page: Page) -> None:
    complaints: list[str] = []
    page.on('console', lambda message: complaints.append(message.text) if message.type == 'error' else None)
    page.on('pageerror', lambda error: complaints.append(str(error)))
    page.goto(f'{server.url}/page')
    page.get_by_role('button', name='Press me').click()
    expect(page.get_by_text('Pressed')).to_be_visible()  # the socket is open and answers
    pressed = next(one for one in lines(server) if one['event'] == 'pressed')
    assert re.fullmatch('[0-9a-f]{12}', pressed['request'])  # what a press does is logged under its socket's name
    page.goto(f'{server.url}/form')
    with page.expect_response(lambda response: response.request.method == 'POST') as answer:
        page.get_by_role('button', name='Send').click()
    assert answer.value.status == 303
    assert not complaints
