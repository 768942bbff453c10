"""A page's socket belongs to the browser that asked for the page.

NiceGUI finds a page by its client id alone, and that id stands in the socket's address, which proxies write into
their logs. So whoever names a page must also hold the session cookie with which it was asked for.
"""

from collections.abc import Callable, Mapping
from hmac import compare_digest
from inspect import isawaitable
from typing import Any
from urllib.parse import parse_qs

import structlog
from nicegui import Client
from nicegui import core as nicegui_core
from starlette.requests import cookie_parser

from ui import doorkeeper

log = structlog.get_logger()

NAMESPACE = '/'
NAMING = ('handshake', 'event', 'javascript_response', 'ack', 'log')  # what a browser sends about a page


def bind() -> None:
    """Puts the question before each of NiceGUI's socket handlers; once, before the server starts."""
    handlers = nicegui_core.sio.handlers[NAMESPACE]
    for name in NAMING:
        handlers[name] = _asked_first(handlers[name])
    handlers['connect'] = _asked_at_connect(handlers['connect'])


def _asked_first(handler: Callable[..., Any]) -> Callable[..., Any]:
    async def heard(socket: str, message: Any) -> Any:
        named = message.get('client_id') if isinstance(message, dict) else None
        if not _may_name(named, nicegui_core.sio.get_environ(socket)):
            return False
        answer = handler(socket, message)
        return await answer if isawaitable(answer) else answer

    return heard


def _asked_at_connect(handler: Callable[..., Any]) -> Callable[..., Any]:
    """The address may name the page already, and shake hands with it at once."""

    async def connected(socket: str, environ: Mapping[str, Any], *more: Any) -> Any:
        named = parse_qs(environ.get('QUERY_STRING', '')).get('client_id', [''])[0]
        return await handler(socket, environ, *more) if _may_name(named, environ) else False

    return connected


def _may_name(client_id: Any, environ: Mapping[str, Any] | None) -> bool:
    """A page that nobody knows is NiceGUI's to refuse: it tells the browser to load it again."""
    page = Client.instances.get(client_id) if isinstance(client_id, str) else None
    if page is None:
        return True
    name = doorkeeper.cookie_name(doorkeeper.SESSION)
    shown = cookie_parser((environ or {}).get('HTTP_COOKIE', '')).get(name, '')
    if compare_digest(shown.encode(), page.request.cookies.get(name, '').encode()):
        return True
    log.warning('turned away', why='page of another browser', kind='websocket')
    return False
