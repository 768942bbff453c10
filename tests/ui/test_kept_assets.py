"""Kept static answers: asked for once, the same for everybody, nothing of one visitor in them."""

import gzip
from collections.abc import Callable

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui import kept_assets
from ui.kept_assets import KeptAssets

LONG = 'body { color: inherit } ' * 100


class Drawer:
    """An application that counts what it is asked."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self._answer = answer
        self.asked: list[Request] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.asked.append(request)
        await self._answer(request)(scope, receive, send)


def browser(app: ASGIApp) -> httpx.AsyncClient:
    kept = KeptAssets(app, prefixes=['/assets/'])
    return httpx.AsyncClient(transport=httpx.ASGITransport(kept), base_url='http://localhost')


async def test_a_file_is_asked_for_once_and_without_anything_of_the_visitor() -> None:
    drawer = Drawer(lambda request: PlainTextResponse(LONG))
    async with browser(drawer) as visitor:
        for number in range(3):
            headers = {'cookie': f'session={number}', 'range': 'bytes=0-1', 'if-none-match': '"x"'}
            assert (await visitor.get('/assets/a.css', headers=headers)).text == LONG
    [request] = drawer.asked
    assert not {'cookie', 'range', 'if-none-match', 'accept-encoding'} & set(request.headers)


async def test_a_cookie_of_the_first_visitor_reaches_nobody() -> None:
    def answer(request: Request) -> Response:
        response = PlainTextResponse(LONG if request.url.path.endswith('css') else 'missing')
        response.status_code = 200 if request.url.path.endswith('css') else 404
        response.set_cookie('session', 'secret')
        return response

    async with browser(Drawer(answer)) as visitor:
        for path in ('/assets/a.css', '/assets/a.css', '/assets/missing'):
            assert 'set-cookie' not in (await visitor.get(path)).headers


async def test_a_new_version_of_an_address_replaces_the_old_one() -> None:
    drawer = Drawer(lambda request: PlainTextResponse(request.url.query * 300))
    async with browser(drawer) as visitor:
        for version in ('v=1', 'v=1', 'v=2', 'v=2'):
            assert (await visitor.get(f'/assets/a.css?{version}')).text == version * 300
    assert len(drawer.asked) == 2


async def test_what_is_missing_or_lies_elsewhere_is_not_kept() -> None:
    drawer = Drawer(lambda request: PlainTextResponse(LONG, status_code=404 if 'gone' in request.url.path else 200))
    async with browser(drawer) as visitor:
        for path in ('/assets/gone', '/page'):
            await visitor.get(path)
            await visitor.get(path)
        await visitor.post('/assets/a.css')
        await visitor.post('/assets/a.css')
    assert len(drawer.asked) == 6


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_assets, 'KEPT_BYTES', 3 * len(LONG))
    drawer = Drawer(lambda request: PlainTextResponse(LONG))
    async with browser(drawer) as visitor:
        for path in ('/assets/1', '/assets/2', '/assets/1', '/assets/2'):
            assert (await visitor.get(path)).text == LONG
    assert [request.url.path for request in drawer.asked] == ['/assets/1', '/assets/2', '/assets/2']


async def test_who_does_not_take_gzip_gets_the_plain_bytes_with_the_same_tag() -> None:
    async with browser(Drawer(lambda request: PlainTextResponse(LONG))) as visitor:
        small = await visitor.get('/assets/a.css', headers={'accept-encoding': 'gzip'})
        plain = await visitor.get('/assets/a.css', headers={'accept-encoding': 'identity'})
    assert int(small.headers['content-length']) == len(gzip.compress(LONG.encode(), 9, mtime=0))
    assert plain.headers['content-length'] == str(len(LONG))
    assert small.headers['etag'] == plain.headers['etag']
    assert small.headers['vary'] == plain.headers['vary'] == 'Accept-Encoding'
    assert small.text == plain.text == LONG


async def test_who_has_it_already_gets_no_body() -> None:
    drawer = Drawer(lambda request: PlainTextResponse(LONG, headers={'cache-control': 'max-age=9'}))
    async with browser(drawer) as visitor:
        tag = (await visitor.get('/assets/a.css')).headers['etag']
        again = await visitor.get('/assets/a.css', headers={'if-none-match': tag})
    assert (again.status_code, again.content) == (304, b'')
    assert again.headers['cache-control'] == 'max-age=9'
