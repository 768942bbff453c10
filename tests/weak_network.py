"""A way between browser and server that can be cut and mended: a TCP relay on loopback."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Way:
    """`cut()` ends every connection and takes no new one; `mend()` lets them through again."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._is_cut = threading.Event()
        self._open: set[socket.socket] = set()
        self._door = socket.create_server(('127.0.0.1', 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        self._is_cut.set()
        for end in list(self._open):
            _close(end)

    def mend(self) -> None:
        self._is_cut.clear()

    def close(self) -> None:
        self.cut()
        _close(self._door)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # the door is closed at the end
            while True:
                near, _ = self._door.accept()
                if self._is_cut.is_set():
                    near.close()
                    continue
                far = socket.create_connection(('127.0.0.1', self._to_port))
                self._open |= {near, far}
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while sent := source.recv(65536):
                sink.sendall(sent)
        for end in (source, sink):
            self._open.discard(end)
            _close(end)


@contextmanager
def way_to(port: int) -> Iterator[Way]:
    """A way to the server on this port, open at first."""
    way = Way(port)
    try:
        yield way
    finally:
        way.close()


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
