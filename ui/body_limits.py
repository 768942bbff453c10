"""How much a request may carry: a declared length is refused at once, a streamed body when it has become too long."""

import re
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import Message, Receive

FORM_BYTES = 256 * 1024
MESSAGE_BYTES = 1_000_000  # engine.io's own limit for one message
BodyLimit = tuple[re.Pattern[str], int]  # an address and the bytes its body may have


class BodyLimits:
    """`larger`: addresses that may carry more than a form does, the first that matches counts."""

    def __init__(self, larger: Sequence[BodyLimit] = ()) -> None:
        self._larger = tuple(larger)

    def for_path(self, path: str) -> int:
        return next((most for pattern, most in self._larger if pattern.fullmatch(path)), FORM_BYTES)


def declares_more(headers: Headers, most: int) -> bool:
    """True also for a length that is no number."""
    declared = headers.get('content-length', '0')
    return not (declared.isascii() and declared.isdigit()) or int(declared[:20]) > most


class CountedBody:
    """A `receive` that ends the request as if the caller had hung up when more than `most` bytes came."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most
        self.is_over = False

    async def __call__(self) -> Message:
        if self.is_over:
            return {'type': 'http.disconnect'}
        message = await self._receive()
        self._left -= len(message.get('body', b''))
        if self._left < 0:
            self.is_over = True
            return {'type': 'http.disconnect'}
        return message
