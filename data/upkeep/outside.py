"""Asks a service of somebody else over HTTP: slowly, with limits, and taking nothing that it answers for granted."""

import json
import socket
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

import structlog

from data.base import environment

if TYPE_CHECKING:
    import ssl

    import httpx

log = structlog.get_logger()

EACH_SECONDS = 1.0  # what public servers allow: one request a second
PATIENCE_SECONDS = 10.0  # for one answer
TOO_SLOW = 'too slow an answer'
MOST_BYTES = 1_000_000
RESTS_SECONDS = (60.0, 120.0, 240.0, 480.0, 600.0)  # after one failure, after two …


class OutsideFailed(Exception):
    """The service did not answer, or not as its interface says. The text never holds what was asked."""


class QuestionRefused(OutsideFailed):
    """It has no answer to this question (HTTP 400); the next one may be another matter."""


class Outside:
    """One service as this process knows it: when it was asked last, and how long it is left alone after failures."""

    def __init__(
        self, name: str, *, each_seconds: float = EACH_SECONDS, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self.name = name
        self._each, self._patience = each_seconds, patience_seconds
        self._free_at = 0.0  # on the monotonic clock, as are all of these
        self._rests_until = 0.0
        self._failures = 0
        self._failed_address: str | None = None

    def rests(self, address: str) -> bool:
        """Whether it has failed lately; at another address it has not."""
        return address == self._failed_address and time.monotonic() < self._rests_until

    def ask(self, address: str, question: str) -> Any:
        """The JSON that `address` answers to `question`, a path with its query. Raises OutsideFailed."""
        time.sleep(max(0.0, self._free_at - time.monotonic()))
        try:
            answer = _parsed(self._body(address + question))
        finally:
            self._free_at = time.monotonic() + self._each
        self._failures, self._failed_address = 0, None
        return answer

    def failed(self, address: str, error: OutsideFailed) -> None:
        """Leaves it alone for a while; each time longer, ten minutes at the most."""
        rest = RESTS_SECONDS[min(self._failures, len(RESTS_SECONDS) - 1)]
        self._failures, self._failed_address = self._failures + 1, address
        self._rests_until = time.monotonic() + rest
        log.warning('outside service failed', service=self.name, reason=str(error), rest_seconds=rest)

    def _body(self, url: str) -> bytes:
        """All of it within our patience, in a thread that is cut off then: who drips its headers, or says 1xx for ever,
        is in time with each of them.
        """
        line, client, thread = _Line(), self._client(), ThreadPoolExecutor(1)
        asked = thread.submit(_exchange, client, url, line)
        try:
            return asked.result(self._patience)
        except TimeoutError:
            line.cut()
            raise OutsideFailed(TOO_SLOW) from None
        finally:
            thread.shutdown(wait=False)

    def _client(self) -> 'httpx.Client':
        """One for each question: a minute or a day lies between two rounds."""
        import httpx

        headers = {
            'User-Agent': f'Doorstep ({environment.current().address})',
            'Accept': 'application/json',
            'Accept-Encoding': 'identity',
        }
        return httpx.Client(headers=headers, timeout=self._patience, follow_redirects=False, verify=self._certificates)

    @cached_property
    def _certificates(self) -> 'ssl.SSLContext':
        import httpx

        return httpx.create_ssl_context()  # reading them takes longer than a question


class _Line:
    """The connection of one question, which can be cut from another thread."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._is_cut = False

    def note(self, step: str, facts: Mapping[str, Any]) -> None:
        """What httpcore tells of each step (its extension "trace")."""
        if step == 'connection.connect_tcp.complete':
            self._socket = facts['return_value'].get_extra_info('socket').dup()  # TLS takes the other one over
        if self._is_cut:
            self.cut()

    def cut(self) -> None:
        """Also before there is a connection: then it ends as soon as it is there."""
        self._is_cut = True
        if self._socket:
            with suppress(OSError):  # it has ended by itself
                self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if self._socket:
            self._socket.close()


def _exchange(client: 'httpx.Client', url: str, line: _Line) -> bytes:
    import httpx

    body = bytearray()
    try:
        with client, client.stream('GET', url, extensions={'trace': line.note}) as answer:
            if answer.status_code != httpx.codes.OK:  # also a redirect: what we ask goes nowhere else
                kind = QuestionRefused if answer.status_code == httpx.codes.BAD_REQUEST else OutsideFailed
                raise kind(f'HTTP {answer.status_code}')
            for part in answer.iter_raw():  # as it came: nothing is unpacked that could be a bomb
                body += part
                if len(body) > MOST_BYTES:
                    raise OutsideFailed('too long an answer')
    except httpx.TimeoutException:
        raise OutsideFailed(TOO_SLOW) from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise OutsideFailed(type(error).__name__) from None  # its own text may name the address
    finally:
        line.close()
    return bytes(body)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise OutsideFailed('no JSON') from None


def _no_number(name: str) -> Any:
    raise ValueError(name)  # NaN, Infinity: JSON has none
