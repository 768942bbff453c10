"""Starts Doorstep as an operator does, the true main.py as a process of its own, on a folder and a port of its own."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

REPOSITORY = Path(__file__).parent.parent
PROGRAM = ('main.py', 'serve')
START_SECONDS = 60.0  # many at once start slowly
STOP_SECONDS = 15.0

T = TypeVar('T')


@dataclass(frozen=True, kw_only=True)
class Server:
    """One running server."""

    url: str
    port: int
    data: Path
    process: subprocess.Popen[bytes]
    log_path: Path

    def log(self) -> str:
        """What it has written so far, on both of its outputs."""
        return self.log_path.read_text(encoding='utf-8', errors='replace')

    def setup_link(self) -> str:
        """The one-time link that the first start prints."""
        found = wait_for(lambda: re.search(r'https?://\S+/setup\S*', self.log()), 'a set-up link')
        return found.group(0)

    def answers(self) -> bool:
        """Whether somebody serves on the port; fails at once when the process has ended."""
        if self.process.poll() is not None:
            raise AssertionError(f'the server ended with {self.process.returncode}:\n{self.log()}')
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=2)
        try:
            connection.request('GET', '/healthz')
            return connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()


@contextmanager
def running_server(folder: Path, *, program: tuple[str, ...] = PROGRAM, **environment: str) -> Iterator[Server]:
    """A server whose data folder lies in `folder`; `environment` wins over ours (DOORSTEP_SMTP_HOST=…)."""
    server = start_server(folder, program=program, **environment)
    try:
        wait_for(server.answers, f'an answer of the server; it wrote:\n{server.log()}', seconds=START_SECONDS)
        yield server
    finally:
        stop_server(server)


def start_server(folder: Path, *, program: tuple[str, ...] = PROGRAM, **environment: str) -> Server:
    """Starts it and does not wait; a second start on the same folder finds the same data."""
    port = int(environment.get('DOORSTEP_PORT') or free_port())
    data = folder / 'data'
    log_path = folder / f'server-{port}.log'
    ours = {
        'DOORSTEP_DATA': str(data),
        'DOORSTEP_HOST': '127.0.0.1',
        'DOORSTEP_PORT': str(port),
        'DOORSTEP_PUBLIC_URL': f'http://127.0.0.1:{port}',
        'PYTHONUNBUFFERED': '1',
    }
    with log_path.open('ab') as log:
        process = subprocess.Popen(
            [sys.executable, *program],
            cwd=REPOSITORY,
            env=_clean_environment() | ours | environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    return Server(url=f'http://127.0.0.1:{port}', port=port, data=data, process=process, log_path=log_path)


def stop_server(server: Server) -> None:
    """Asks it to stop, and insists after a while."""
    if server.process.poll() is None:
        server.process.send_signal(signal.SIGTERM)
    try:
        server.process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(('127.0.0.1', 0))
        port: int = sock.getsockname()[1]
        return port


def wait_for(question: Callable[[], T | None], what: str, *, seconds: float = 10.0) -> T:
    """The first true answer; fails with what was waited for after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        if time.monotonic() > deadline:
            raise AssertionError(f'waited {seconds:g} s for {what}')
        time.sleep(0.05)
    return answer


def _clean_environment() -> dict[str, str]:
    """Ours without what would make the server think it is under test, and without the operator's settings."""
    ours = ('NICEGUI_', 'DOORSTEP_', 'PYTEST_', 'DATABASE_URL')
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
