"""Static answers (NiceGUI's files and ours), compressed once and kept, so that a new visitor costs no CPU."""

import asyncio
import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEPT_BYTES = 48_000_000  # of all answers together; what comes later is passed through
LEAST_BYTES = 500
COMPRESSED_ALREADY = ('image/png', 'image/jpeg', 'image/webp', 'image/gif', 'font/', 'audio/', 'video/')
DROPPED_QUESTIONS = frozenset(
    {b'accept-encoding', b'range', b'if-range', b'if-none-match', b'if-modified-since', b'cookie'}
)
DROPPED_ANSWERS = frozenset({b'set-cookie', b'content-length', b'etag', b'accept-ranges', b'vary', b'last-modified'})


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One file's answer."""

    headers: list[tuple[bytes, bytes]]
    plain: bytes
    compressed: bytes | None  # None: it would not become smaller
    etag: str
    query: bytes  # an address is kept once, under the version (?v=…) that was asked for last

    @property
    def size(self) -> int:
        return len(self.plain) + len(self.compressed or b'')


class KeptAssets:
    """An ASGI layer for GET requests below `prefixes`; only complete answers (200) are kept."""

    def __init__(self, app: ASGIApp, *, prefixes: Sequence[str]) -> None:
        self._app = app
        self._prefixes = tuple(prefixes)
        self._kept: dict[str, Kept] = {}
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] != 'http' or scope['method'] != 'GET' or not scope['path'].startswith(self._prefixes):
            await self._app(scope, receive, send)
            return
        kept = self._kept.get(scope['path'])
        if kept is None or kept.query != scope['query_string']:
            start, body = await self._ask(scope, receive)
            if start['status'] != 200 or self._bytes + 2 * len(body) > KEPT_BYTES:
                await _pass_on(start, body, send)
                return
            kept = await asyncio.to_thread(_keep, start, body, scope['query_string'])
            before = self._kept.get(scope['path'])
            self._bytes += kept.size - (before.size if before else 0)
            self._kept[scope['path']] = kept
        await _answer(kept, Headers(scope=scope), send)

    async def _ask(self, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        """The whole answer, asked for without anything that belongs to one visitor."""
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        question = [(name, value) for name, value in scope['headers'] if name not in DROPPED_QUESTIONS]
        await self._app({**scope, 'headers': question}, receive, collect)
        return messages[0], b''.join(message.get('body', b'') for message in messages[1:])


def _keep(start: Message, body: bytes, query: bytes) -> Kept:
    headers = [(name, value) for name, value in start['headers'] if name.lower() not in DROPPED_ANSWERS]
    kind = Headers(raw=headers).get('content-type', '')
    smaller = None
    if len(body) >= LEAST_BYTES and not kind.startswith(COMPRESSED_ALREADY):
        smaller = gzip.compress(body, compresslevel=9, mtime=0)
    if smaller is not None and len(smaller) >= len(body):
        smaller = None
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'  # weak: one for both encodings
    return Kept(headers=headers, plain=body, compressed=smaller, etag=etag, query=query)


async def _answer(kept: Kept, asked: Headers, send: Send) -> None:
    start: Message = {'type': 'http.response.start', 'status': 200, 'headers': list(kept.headers)}
    headers = MutableHeaders(raw=start['headers'])
    headers['etag'] = kept.etag
    headers['vary'] = 'Accept-Encoding'
    body = kept.plain
    if kept.compressed is not None and _takes_gzip(asked.get('accept-encoding', '')):
        headers['content-encoding'] = 'gzip'
        body = kept.compressed
    if asked.get('if-none-match') == kept.etag:
        start['status'], body = 304, b''
        del headers['content-encoding']
    else:
        headers['content-length'] = str(len(body))
    await send(start)
    await send({'type': 'http.response.body', 'body': body})


async def _pass_on(start: Message, body: bytes, send: Send) -> None:
    start['headers'] = [(name, value) for name, value in start['headers'] if name.lower() != b'set-cookie']
    await send(start)
    await send({'type': 'http.response.body', 'body': body})


def _takes_gzip(accepted: str) -> bool:
    for one in accepted.lower().split(','):
        name, _, weight = one.partition(';')
        if name.strip() == 'gzip':
            return weight.replace(' ', '') not in {'q=0', 'q=0.0', 'q=0.00', 'q=0.000'}
    return False
