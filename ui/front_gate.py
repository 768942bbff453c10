"""The front gate: the ASGI layer outside everything, which turns away what must not reach a page."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.base import logs
from ui.answer_headers import AnswerHeaders
from ui.body_limits import BodyLimit, BodyLimits, CountedBody, declares_more
from ui.callers import LOOPBACK_NAMES, Caller, Proxies, host_name, origin_of
from ui.kept_assets import KeptAssets
from ui.machine import health

log = structlog.get_logger()

SOCKET = '/_nicegui_ws/'
NAME = 'doorstep.request'  # in the scope: the request's name in the log
SAFE_METHODS = frozenset({'GET', 'HEAD'})
WAITING_PER_NEIGHBOURHOOD = 20  # pages without a socket: each holds half a megabyte until it is pruned
WAITING_IN_ALL = 200
LONGEST_PATH = 500  # far beyond each of ours: matching a longer one may cost or fail (numbers of 5,000 digits do)
LINGER_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class No:
    """Why a request is turned away; `why` is for the log, `words` for the caller."""

    status: HTTPStatus
    why: str
    words: str


WRONG_HOST = No(
    status=HTTPStatus.MISDIRECTED_REQUEST,
    why='host',
    words='This portal answers only at its public address (DOORSTEP_PUBLIC_URL).',
)
NO_HOST = No(status=HTTPStatus.BAD_REQUEST, why='no host', words='Bad request.')
FOREIGN = No(status=HTTPStatus.FORBIDDEN, why='origin', words='This request came from another site.')
UNKNOWN = No(status=HTTPStatus.NOT_FOUND, why='unknown', words='Not found.')
TOO_LARGE = No(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, why='size', words='This is too large.')
TOO_MANY = No(status=HTTPStatus.TOO_MANY_REQUESTS, why='waiting pages', words='Too many pages at once. Please wait.')
FAILED = No(status=HTTPStatus.INTERNAL_SERVER_ERROR, why='failure', words='Something went wrong.')


class Gate:
    """Judges every request and every socket before anything else runs, and dresses every answer."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        public_url: str,
        trusted_proxies: str | Sequence[str] = (),
        knows: Callable[[str], bool],
        builds_page: Callable[[str], bool] = lambda path: False,
        waiting: Callable[[], Iterable[str]] = tuple,
        forget: Callable[[str], None] = lambda request: None,
        body_limits: Sequence[BodyLimit] = (),
        kept_below: Sequence[str] = (),
        images_from: str = '',
        is_well: Callable[[], bool] = lambda: True,
    ) -> None:
        """`knows`: whether an address exists; `builds_page`: whether its answer holds memory; `waiting`: the address
        of the caller of each page that has no socket yet; `forget`: drops the page that was built for the named
        request and not sent; `kept_below`: prefixes of static answers.
        """
        self._app = KeptAssets(app, prefixes=kept_below)
        self._proxies = Proxies(trusted_proxies, prefix=urlsplit(public_url).path)
        self._origin = origin_of(public_url)
        name = host_name(urlsplit(self._origin).netloc)
        self._names = LOOPBACK_NAMES if name in LOOPBACK_NAMES else frozenset({name})
        self._knows = knows
        self._builds_page = builds_page
        self._waiting = waiting
        self._forget = forget
        self._building: Counter[str] = Counter()
        self._limits = BodyLimits(body_limits)
        self._headers = AnswerHeaders(public_url, images_from=images_from)
        self._health = health.Health(is_well)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] not in {'http', 'websocket'}:
            await self._app(scope, receive, send)
            return
        with logs.request_named() as name:
            caller, scope = self._proxies.introduce(scope)
            scope[NAME] = name
            if scope['type'] == 'websocket':
                await self._socket(caller, scope, receive, send)
            else:
                await self._request(caller, scope, receive, self._dressed(send, name))

    async def _socket(self, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        no = self._objection_to_host(caller)
        if no is None and not scope['path'].startswith(SOCKET):
            no = UNKNOWN
        if no is None and not self._is_ours(Headers(scope=scope).get('origin'), caller):  # browsers always send it
            no = FOREIGN
        if no is None:
            await self._app(scope, receive, send)
            return
        log.warning('turned away', why=no.why, kind='websocket')
        await send(
            {
                'type': 'websocket.http.response.start',
                'status': no.status,
                'headers': [(b'content-type', b'text/plain; charset=utf-8'), (b'connection', b'close')],
            }
        )
        await send({'type': 'websocket.http.response.body', 'body': f'{no.words}\n'.encode()})

    async def _request(self, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['path'] == health.ADDRESS and scope['method'] in SAFE_METHODS:
            await _answer(send, *self._health.answer())  # before the host check: monitors ask by number
            return
        no = self._objection_to_host(caller) or self._objection(caller, scope)
        if no is not None:
            await _turn_away(no, scope, receive, send)
            return
        if self._builds_page(scope['path']):
            await self._let_in_for_page(caller, scope, receive, send)
        else:
            await self._let_in(scope, receive, send)

    def _objection_to_host(self, caller: Caller) -> No | None:
        if caller.host is None:
            return NO_HOST
        return None if caller.name in self._names else WRONG_HOST

    def _objection(self, caller: Caller, scope: Scope) -> No | None:
        headers = Headers(scope=scope)
        path = scope['path']
        if self._is_foreign(caller, scope['method'], path, headers):
            return FOREIGN
        if len(path) > LONGEST_PATH or not self._knows(path):
            return UNKNOWN
        if declares_more(headers, self._limits.for_path(path)):
            return TOO_LARGE
        if scope['method'] in SAFE_METHODS and self._builds_page(path) and self._is_full(caller):
            return TOO_MANY
        return None

    def _is_foreign(self, caller: Caller, method: str, path: str, headers: Headers) -> bool:
        """OWASP's order: Fetch Metadata says no first, Origin must be ours, and without both nothing is changed.

        A page may be navigated to from anywhere (mails do), but not fetched or embedded by another site.
        """
        origin, site = headers.get('origin'), headers.get('sec-fetch-site')
        if method in SAFE_METHODS and not path.startswith(SOCKET):
            return site in {'cross-site', 'same-site'} and headers.get('sec-fetch-mode') != 'navigate'
        if site in {'cross-site', 'same-site'}:
            return True
        if origin is not None:
            return not self._is_ours(origin, caller)
        # Browsers leave Origin out of a same-origin GET (polling), and tell Sec-Fetch-Site only to trustworthy origins.
        return method not in SAFE_METHODS and site != 'same-origin'

    def _is_ours(self, origin: str | None, caller: Caller) -> bool:
        """The public address; on this machine also the loopback name by which the browser reached us."""
        if origin is None:
            return False
        return origin == self._origin or (self._names == LOOPBACK_NAMES and origin == caller.origin)

    def _is_full(self, caller: Caller) -> bool:
        waiting = Counter(Caller(address=one, scheme='http', host=None).neighbourhood for one in self._waiting())
        waiting += self._building
        here = waiting[caller.neighbourhood]
        return here >= WAITING_PER_NEIGHBOURHOOD or waiting.total() >= WAITING_IN_ALL

    async def _let_in_for_page(self, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        """A page that is built and not sent (a refusal, a redirect, HEAD) would wait in memory for nobody."""
        building = Counter({caller.neighbourhood: 1})  # counts until the page itself does

        def is_built(*, is_sent: bool) -> None:
            self._building -= building
            building.clear()
            if not is_sent:
                self._forget(scope[NAME])

        async def answer(message: Message) -> None:
            if message['type'] == 'http.response.start':
                is_page = Headers(raw=message['headers']).get('x-nicegui-content') == 'page'
                is_built(is_sent=is_page and scope['method'] == 'GET')
            await send(message)

        self._building += building
        try:
            await self._let_in(scope, receive, answer)
        finally:
            if building:
                is_built(is_sent=False)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = CountedBody(receive, self._limits.for_path(scope['path']))
        has_begun = False

        async def answer(message: Message) -> None:
            nonlocal has_begun
            if not body.is_over:
                has_begun = True
                await send(message)

        no = None
        method = 'GET' if scope['method'] == 'HEAD' else scope['method']  # the server leaves the body out
        try:
            await self._app({**scope, 'method': method}, body, answer)
        except Exception:  # the top door: nothing behind it may end the connection without an answer
            if not body.is_over:
                log.exception('a request failed', method=method)
                no = FAILED
        if body.is_over:
            no = TOO_LARGE
        if no is not None and not has_begun:
            await _turn_away(no, scope, receive, send)

    def _dressed(self, send: Send, name: str) -> Send:
        async def dressed(message: Message) -> None:
            if message['type'] == 'http.response.start':
                # engine.io writes names as people do, ASGI and what compares here want them lower case
                message = {**message, 'headers': [(key.lower(), value) for key, value in message['headers']]}
                headers = MutableHeaders(raw=message['headers'])
                self._headers.dress(headers)
                headers['x-request-id'] = name
            await send(message)

        return dressed


async def _turn_away(no: No, scope: Scope, receive: Receive, send: Send) -> None:
    """The path is not logged: it may hold a token."""
    log.warning('turned away', why=no.why, kind=scope['method'])
    more = {b'retry-after': b'15'} if no is TOO_MANY else {}
    if scope['method'] in SAFE_METHODS:
        await _answer(send, no.status, f'{no.words}\n', more)
    else:
        # What is still coming is not read: browsers show the answer only when the connection is not cut meanwhile.
        await _answer(send, no.status, f'{no.words}\n', {**more, b'connection': b'close'}, is_all=False)
        await _linger(receive)
        await send({'type': 'http.response.body'})


async def _answer(
    send: Send, status: int, words: str, more: dict[bytes, bytes] | None = None, *, is_all: bool = True
) -> None:
    body = words.encode()
    headers = [(b'content-type', b'text/plain; charset=utf-8'), (b'content-length', str(len(body)).encode())]
    await send({'type': 'http.response.start', 'status': status, 'headers': [*headers, *(more or {}).items()]})
    await send({'type': 'http.response.body', 'body': body, 'more_body': not is_all})


async def _linger(receive: Receive) -> None:
    """Reads on, and forgets what it reads, for a moment."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while (await receive()).get('more_body'):
                pass
