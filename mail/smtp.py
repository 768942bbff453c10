"""Hands a letter to the business's mail server (RFC 5321), and says how it answered."""

import asyncio
import contextlib
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import urlsplit

import aiosmtplib

from data.access import settings
from data.base import environment
from data.messages.deliveries import ADDRESS, SILENT, UNREACHABLE

GOODBYE_SECONDS = 2


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where letters are handed over, and in whose name. `greeting` is what we call ourselves there."""

    host: str
    port: int
    security: str  # 'starttls' | 'tls' | 'none'
    user: str | None
    password: str | None
    sender: str
    greeting: str


class CarrierRefused(Exception):
    """A letter could not be handed over. `permanent`: trying again would be answered the same."""

    def __init__(self, *, permanent: bool, reason: str) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.reason = reason


def mail_server() -> MailServer | None:
    """What the operator gave by environment, else what the owner set, never a mixture; None: neither names a server,
    or its password was sealed with a key that is gone.
    """
    if not settings.has_mail_server():
        return None
    ours = urlsplit(environment.current().address).hostname or 'localhost'
    return MailServer(
        host=settings.read('mail.host'),
        port=settings.read('mail.port'),
        security=settings.read('mail.security'),
        user=settings.read('mail.user'),
        password=settings.read('mail.password'),
        sender=settings.read('mail.sender') or f'doorstep@{ours}',
        greeting=ours,
    )


async def send(letter: EmailMessage, server: MailServer, *, to: str, time_limit: float) -> None:
    """Returns when the server has taken the letter; raises CarrierRefused when it has not, or not in time."""
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.security == 'tls',
        start_tls=server.security == 'starttls',
        username=server.user,
        password=server.password,
        local_hostname=server.greeting,
        timeout=time_limit,
    )
    try:
        async with asyncio.timeout(time_limit):
            await _hand_over(client, letter, server.sender, to)
        await _say_goodbye(client)
    except TimeoutError as silence:
        raise CarrierRefused(permanent=False, reason=SILENT) from silence
    finally:
        client.close()


async def _hand_over(client: aiosmtplib.SMTP, letter: EmailMessage, sender: str, to: str) -> None:
    try:
        await client.connect()
    except aiosmtplib.SMTPResponseException as answer:
        # also 5xx: a wrong password or a closed server is not the recipient's fault and is put right some day
        raise CarrierRefused(permanent=False, reason=_quoted(answer)) from answer
    except TimeoutError:
        raise
    except (aiosmtplib.SMTPException, OSError) as problem:
        raise CarrierRefused(permanent=False, reason=UNREACHABLE) from problem
    try:
        await client.send_message(letter, sender=sender, recipients=[to])
    except aiosmtplib.SMTPRecipientsRefused as refused:
        first = refused.recipients[0]
        raise CarrierRefused(permanent=first.code >= 500, reason=_quoted(first)) from refused
    except aiosmtplib.SMTPDataError as answer:
        raise CarrierRefused(permanent=answer.code >= 500, reason=_quoted(answer)) from answer
    except aiosmtplib.SMTPResponseException as answer:
        raise CarrierRefused(permanent=False, reason=_quoted(answer)) from answer
    except aiosmtplib.SMTPNotSupported as lacking:  # an address outside ASCII at a server without SMTPUTF8
        raise CarrierRefused(permanent=True, reason=ADDRESS) from lacking
    except (aiosmtplib.SMTPServerDisconnected, OSError) as problem:
        if isinstance(problem, TimeoutError):
            raise
        raise CarrierRefused(permanent=False, reason=UNREACHABLE) from problem


async def _say_goodbye(client: aiosmtplib.SMTP) -> None:
    """The letter is taken: whatever goes wrong from here on must not send it again."""
    with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
        await client.quit(timeout=GOODBYE_SECONDS)


def _quoted(answer: aiosmtplib.SMTPResponseException) -> str:
    """The server's own sentence, short and on one line, to be shown to staff."""
    return ' '.join(f'{answer.code} {answer.message}'.split())[:300]
