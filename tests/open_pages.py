"""A NiceGUI page of the true server as a program sees it: its elements, and a socket over which they are pressed."""

import asyncio
import html
import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import socketio  # type: ignore[import-untyped]  # ships no types
from server import Server

COOKIE = '__Host-doorstep-session'
PATH = '_nicegui_ws/socket.io'


@dataclass(frozen=True)
class OpenPage:
    """What the server has built for one GET with this session's token."""

    server: Server
    token: str
    client_id: str
    elements: dict[str, Any]
    _said: dict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))

    def button(self, words: str) -> tuple[int, str]:
        """The element and the listener of the first button with these words."""
        for number, element in self.elements.items():
            clicks = [one['listener_id'] for one in element.get('events', ()) if one['type'] == 'click']
            if clicks and words in self._words(element):
                return int(number), clicks[0]
        raise AssertionError(f'no button {words!r}')

    async def hears(self, name: str) -> None:
        """Waits until the server has said this over the socket."""
        async with asyncio.timeout(10):
            await self._said[name].wait()

    def has_heard(self, name: str) -> bool:
        return self._said[name].is_set()

    def _words(self, element: dict[str, Any]) -> list[str]:
        said = [str(element.get('text') or ''), str(element.get('props', {}).get('label') or '')]
        return said + [word for child in element.get('children', ()) for word in self._words(self.elements[str(child)])]

    @asynccontextmanager
    async def socket(self, *, token: str | None = None, named: bool = True) -> AsyncIterator[socketio.AsyncClient]:
        """A socket with the page's own cookie, or with another: '' for none. `named`: its address names the page."""
        token = self.token if token is None else token
        headers = {'Origin': self.server.url} | ({'Cookie': f'{COOKIE}={token}'} if token else {})
        query = f'?client_id={self.client_id}&implicit_handshake=true&tab_id=t&document_id=d' if named else ''
        client = socketio.AsyncClient(reconnection=False)
        client.on('*', lambda name, *message: self._said[name].set())
        await client.connect(self.server.url + query, headers=headers, transports=['websocket'], socketio_path=PATH)
        try:
            yield client
        finally:
            await client.disconnect()

    async def press(self, client: socketio.AsyncClient, button: tuple[int, str]) -> None:
        """As a browser would, and waits until it was heard; what comes of it shows elsewhere."""
        number, listener = button
        event = {'id': number, 'client_id': self.client_id, 'listener_id': listener, 'args': []}
        await client.emit('event', event)
        await client.call('ack', {'client_id': self.client_id, 'next_message_id': 0}, timeout=5)


def opened(server: Server, address: str, token: str) -> OpenPage:
    """Asks for the page. Its socket is not open yet."""
    answer = httpx.get(server.url + address, headers={'Cookie': f'{COOKIE}={token}'}, timeout=10)
    assert answer.status_code == httpx.codes.OK, answer.text
    client_id = re.search(r"'client_id': '([^']+)'", answer.text)
    elements = re.search(r'parseElements\(String\.raw`(.*?)`\)', answer.text, re.DOTALL)
    assert client_id
    assert elements
    return OpenPage(server, token, client_id[1], json.loads(html.unescape(elements[1])))
