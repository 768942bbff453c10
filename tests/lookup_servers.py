"""Small servers with the interfaces of Nominatim and OSRM on this machine, that a test lets be good, slow or wrong."""

import json
import re
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from data.visits.travel import Place, distance_km

Answer = tuple[int, bytes, Mapping[str, str]]  # status, body, headers
JSON = {'Content-Type': 'application/json'}
SECONDS_PER_KM = 90.0  # 40 km/h


class LookupServer:
    """What a test sees of one: its address, what it was asked and when, and how it shall behave from now on."""

    def __init__(self, answer: Callable[[str, Mapping[str, str]], Any]) -> None:
        self.asked: list[str] = []  # path with query
        self.asked_at: list[float] = []  # on the monotonic clock
        self.agents: list[str] = []
        self.address = ''
        self._good = answer
        self._bad: Answer | None = None
        self._hangs = False
        self._let_go = threading.Event()

    def answer_with(self, body: bytes | str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """Exactly this from now on, whatever it is asked."""
        self._bad = (status, body if isinstance(body, bytes) else body.encode(), JSON if headers is None else headers)

    def hang(self) -> None:
        """Takes each question and answers nothing until the test is over or `behave` is called."""
        self._let_go.clear()
        self._hangs = True

    def behave(self) -> None:
        self._bad, self._hangs = None, False
        self._let_go.set()

    def wait_for(self, count: int, *, seconds: float = 15) -> None:
        """Until it was asked `count` times."""
        deadline = time.monotonic() + seconds
        while len(self.asked) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f'asked {len(self.asked)} times, not {count}')
            self._let_go.wait(0.01) if self._hangs else time.sleep(0.01)

    def reply(self, path: str, agent: str) -> Answer:
        self.asked.append(path)
        self.asked_at.append(time.monotonic())
        self.agents.append(agent)
        if self._hangs:
            self._let_go.wait(60)
        if self._bad:
            return self._bad
        parts = urlsplit(path)
        told = self._good(parts.path, {key: values[0] for key, values in parse_qs(parts.query).items()})
        return (200, json.dumps(told).encode(), JSON) if told is not None else (404, b'no such thing', {})


@contextmanager
def geocoder(places: Mapping[str, tuple[float, float, str | None]]) -> Iterator[LookupServer]:
    """Knows these questions: latitude, longitude, postcode."""

    def answer(path: str, asked: Mapping[str, str]) -> Any:
        if path != '/nominatim/search' or asked.get('format') not in {'json', 'jsonv2'}:
            return None
        found = places.get(asked['q'])
        if found is None:
            return []
        lat, lon, postcode = found
        address = {'postcode': postcode} if postcode else {}
        return [{'lat': str(lat), 'lon': str(lon), 'display_name': asked['q'], 'address': address}]

    with _running(answer, '/nominatim') as server:
        yield server


@contextmanager
def router(seconds: Callable[[Place, Place], float | None] | None = None) -> Iterator[LookupServer]:
    """Knows every road; `seconds` tells drives, None: no road. Else by the straight line."""
    drive = seconds or (lambda start, end: distance_km(start, end) * SECONDS_PER_KM)

    def answer(path: str, asked: Mapping[str, str]) -> Any:
        found = re.fullmatch(r'/osrm/table/v1/driving/([-\d.,;]+)', path)
        if found is None or asked.get('annotations') != 'duration':
            return None
        points = [Place(float(lat), float(lon)) for lon, lat in (each.split(',') for each in found[1].split(';'))]
        assert len(points) <= 100, 'OSRM refuses more by default'
        starts, ends = (_chosen(points, asked.get(name, 'all')) for name in ('sources', 'destinations'))
        return {'code': 'Ok', 'durations': [[drive(start, end) for end in ends] for start in starts]}

    with _running(answer, '/osrm') as server:
        yield server


@dataclass
class Dripping:
    """Where a server listens that answers in drips, and whether somebody who listened has hung up."""

    address: str
    hung_up: threading.Event = field(default_factory=threading.Event)


@contextmanager
def dripping(start: bytes, drip: bytes, *, each_seconds: float = 0.05, most_seconds: float = 10) -> Iterator[Dripping]:
    """Says `start` to who asks and then one `drip` after the other, raw, until they hang up."""
    with socket.create_server(('127.0.0.1', 0)) as listening:
        server = Dripping(f'http://127.0.0.1:{listening.getsockname()[1]}')

        def serve() -> None:
            with suppress(OSError), listening.accept()[0] as line:
                line.recv(65536)
                line.sendall(start)
                end = time.monotonic() + most_seconds
                while time.monotonic() < end:
                    if select.select([line], [], [], each_seconds)[0] and not line.recv(65536):
                        break
                    line.sendall(drip)
            server.hung_up.set()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server
        thread.join(most_seconds)


def _chosen(points: list[Place], numbers: str) -> list[Place]:
    return points if numbers == 'all' else [points[int(number)] for number in numbers.split(';')]


@contextmanager
def _running(answer: Callable[[str, Mapping[str, str]], Any], path: str) -> Iterator[LookupServer]:
    behaviour = LookupServer(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = 'HTTP/1.1'

        def do_GET(self) -> None:  # http.server's name
            status, body, headers = behaviour.reply(self.path, self.headers.get('User-Agent', ''))
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:  # who asked has lost patience
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's name
            pass

    server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    server.daemon_threads = True
    behaviour.address = f'http://127.0.0.1:{server.server_port}{path}'
    thread = threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.02}, daemon=True)
    thread.start()
    try:
        yield behaviour
    finally:
        behaviour.behave()
        server.shutdown()
        server.server_close()
        thread.join()
