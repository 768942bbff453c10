"""Carries the outbox out: wakes when a message was written or is due, takes it by a lease, sends it, settles it."""

import asyncio
import contextlib
import os
import secrets
from collections.abc import Callable
from email.message import EmailMessage
from typing import TypeVar

import structlog

from data.access.settings import SettingsChanged
from data.base import changes, clock, keys
from data.base.database import own_connection
from data.messages import deliveries
from data.messages.deliveries import PACE, Pace
from data.messages.outbox import Message, MessageChanged
from mail import rendering, smtp
from mail.rendering import Rendered
from mail.smtp import CarrierRefused, MailServer

log = structlog.get_logger()

T = TypeVar('T')

TIME_LIMIT_SECONDS = 60.0  # for one letter; far below the lease, so that nobody else takes it meanwhile
AT_ONCE = 4
LONGEST_REST_SECONDS = 60.0  # another process may have written, or the operator's clock jumped
SHORTEST_REST_SECONDS = 0.2
TROUBLE_REST_SECONDS = 5.0
GRACE_SECONDS = 5.0  # at the end: what is under way may still be settled


class Worker:
    """One of these runs in each process that serves; several of them share one outbox by leases."""

    def __init__(
        self, *, pace: Pace = PACE, time_limit_seconds: float = TIME_LIMIT_SECONDS, at_once: int = AT_ONCE
    ) -> None:
        self._name = f'{os.getpid()}-{secrets.token_hex(4)}'
        self._pace = pace
        self._time_limit = time_limit_seconds
        self._at_once = at_once
        self._under_way: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._rests = False

    @property
    def is_idle(self) -> bool:
        """Nothing is under way, and it waits to be woken."""
        return self._rests and not self._under_way and not self._woken.is_set()

    async def run(self) -> None:
        """Until it is cancelled."""
        loop = asyncio.get_running_loop()

        def wake(_: changes.Change) -> None:
            loop.call_soon_threadsafe(self._woken.set)

        deaf = [changes.listen(kind, wake) for kind in (MessageChanged, SettingsChanged)]
        try:
            while True:
                self._woken.clear()
                await self._rest(await self._round())
        finally:
            for stop_listening in deaf:
                stop_listening()
            await self._finish()

    async def _round(self) -> float:
        """Starts what is due; returns for how many seconds there is nothing more to do."""
        try:
            free = self._at_once - len(self._under_way)
            taken, rest = await _in_thread(lambda: self._take(free))
        except Exception:  # a database that is locked, full or away for a while must not end the worker
            log.exception('outbox not readable')
            return TROUBLE_REST_SECONDS
        for message, server in taken:
            task = asyncio.create_task(self._carry(message, server), name=f'message {message.id}')
            self._under_way.add(task)
            task.add_done_callback(self._is_done)
        return rest

    def _take(self, free: int) -> tuple[list[tuple[Message, MailServer]], float]:
        server = smtp.mail_server()
        deliveries.sort(has_carrier=server is not None)
        if server is None or not free:
            return [], LONGEST_REST_SECONDS
        taken = [(message, server) for message in deliveries.claim(self._name, most=free, pace=self._pace)]
        due = deliveries.next_due()
        return taken, LONGEST_REST_SECONDS if due is None else (due - clock.now()).total_seconds()

    async def _carry(self, message: Message, server: MailServer) -> None:
        try:
            letter, shown = await _in_thread(lambda: _written(message, sender=server.sender))
            await smtp.send(letter, server, to=message.to_address or '', time_limit=self._time_limit)
        except CarrierRefused as refused:
            await self._refused(message, permanent=refused.permanent, reason=refused.reason)
        except keys.KeyGone:
            await self._refused(message, permanent=True, reason=deliveries.KEY_GONE)
        except Exception:  # one message that cannot be written must not keep the others
            log.exception('message failed', message=message.id, wording=message.wording)
            await self._refused(message, permanent=False, reason=deliveries.OUR_FAULT)
        else:
            await _in_thread(lambda: deliveries.settle_sent(message, subject=shown.subject, text=shown.text))
            log.info('message sent', message=message.id, wording=message.wording, attempt=message.attempts)

    async def _refused(self, message: Message, *, permanent: bool, reason: str) -> None:
        log.warning('message not sent', message=message.id, permanent=permanent, attempt=message.attempts)
        if permanent:
            await _in_thread(lambda: deliveries.give_up(message, reason))
        else:
            await _in_thread(lambda: deliveries.put_off(message, reason, pace=self._pace))

    def _is_done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._woken.set()
        if not task.cancelled() and (error := task.exception()):  # not settled: it goes again when its lease ends
            log.error('message not settled', task=task.get_name(), exc_info=error)

    async def _rest(self, seconds: float) -> None:
        seconds = min(max(seconds, SHORTEST_REST_SECONDS), LONGEST_REST_SECONDS)
        # not wait_for: on CPython 3.11 it loses a cancellation that comes together with the waking
        self._rests = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        self._rests = False

    async def _finish(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=GRACE_SECONDS)
        for task in list(self._under_way):
            task.cancel()


def _written(message: Message, *, sender: str) -> tuple[EmailMessage, Rendered]:
    """The letter, and how it reads with dots in place of secrets."""
    rendered = rendering.render(message, secrets=message.secrets)
    return rendering.letter(message, rendered, sender=sender), rendering.render_for_staff(message)


async def _in_thread(work: Callable[[], T]) -> T:
    """Database work off the loop, with a connection of its own."""

    def with_connection() -> T:
        with own_connection():
            return work()

    return await asyncio.to_thread(with_connection)
