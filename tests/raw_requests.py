"""Raw requests to a small house behind the true front gate, which a browser would not send."""

import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server import Server, running_server

PORTAL = 'https://portal.example.com'
SOCKET = '/_nicegui_ws/socket.io/?EIO=4'
BEHIND_A_PROXY = {'DOORSTEP_PUBLIC_URL': PORTAL, 'DOORSTEP_TRUSTED_PROXIES': '127.0.0.1, 10.0.0.0/8'}


@contextmanager
def gate_house(folder: Path, **environment: str) -> Iterator[Server]:
    """The house of tests/ui/gate_house.py as a process of its own; `environment` as operators set it."""
    storage = {'NICEGUI_STORAGE_PATH': str(folder / 'data' / 'nicegui')}
    with running_server(folder, program=('-m', 'tests.ui.gate_house'), **storage | environment) as server:
        yield server


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(server: Server, path: str, method: str = 'GET', body: object = None, **headers: str) -> Answer:
    """One request on a connection of its own; `sec_fetch_site` is the header Sec-Fetch-Site."""
    connection = http.client.HTTPConnection('127.0.0.1', server.port, timeout=30)
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
        'connection': 'Upgrade',
        'upgrade': 'websocket',
        'sec_websocket_version': '13',
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


def line(server: Server, event: str, answer: Answer) -> dict[str, str]:
    """What was logged about the request that got this answer."""
    name = answer.headers['x-request-id']
    return next(one for one in lines(server) if (one['event'], one.get('request')) == (event, name))


def lines(server: Server) -> list[dict[str, str]]:
    """Its log."""
    return [json.loads(line) for line in server.log().splitlines()]
