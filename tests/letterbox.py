"""A true mail server on loopback that keeps what it gets, and refuses or falls silent when told to.

Not `mailbox`: that name is the standard library's, which aiosmtpd itself imports.
"""

import asyncio
import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Where = Literal['greeting', 'sender', 'recipient', 'data']
Security = Literal['none', 'starttls', 'tls']


@dataclass(frozen=True)
class Received:
    """One letter as it came over the wire."""

    sender: str
    recipients: tuple[str, ...]
    letter: EmailMessage
    user: str | None
    was_encrypted: bool

    @property
    def text(self) -> str:
        part = self.letter.get_body(('plain',))
        return str(part.get_content()) if part else ''

    @property
    def html(self) -> str:
        part = self.letter.get_body(('html',))
        return str(part.get_content()) if part else ''

    @property
    def calendar(self) -> bytes | None:
        """The attached calendar file."""
        found = [part for part in self.letter.iter_attachments() if part.get_content_type() == 'text/calendar']
        return found[0].get_payload(decode=True) if found else None  # type: ignore[return-value]  # bytes when decoded


class Letterbox:
    """What a test sees of the server: its port, the letters, and how it shall behave from now on."""

    def __init__(self, port: int, *, is_all_tls: bool) -> None:
        self.host = '127.0.0.1'
        self.port = port
        self.received: list[Received] = []
        self.tries = 0  # conversations that came as far as naming the sender
        self._is_all_tls = is_all_tls
        self._refusals: dict[str, str] = {}
        self._silent_at: str | None = None
        self._came = threading.Condition()

    def refuse(self, answer: str, *, at: Where = 'recipient') -> None:
        """Answers like '550 5.1.1 No such person' from now on."""
        self._refusals[at] = answer

    def be_silent(self, *, at: Literal['greeting', 'data'] = 'greeting') -> None:
        """Takes the connection, or the whole letter, and never says another word."""
        self._silent_at = at

    def behave(self) -> None:
        """Takes every letter again."""
        self._refusals.clear()
        self._silent_at = None

    def wait_for(self, count: int, *, seconds: float = 15) -> list[Received]:
        """The letters, once `count` of them are here; fails after `seconds`."""
        with self._came:
            if not self._came.wait_for(lambda: len(self.received) >= count, timeout=seconds):
                raise AssertionError(f'{len(self.received)} of {count} letters came: {self.subjects}')
            return list(self.received)

    def wait_for_tries(self, count: int, *, seconds: float = 15) -> None:
        """Until somebody has begun to hand over a letter `count` times."""
        with self._came:
            if not self._came.wait_for(lambda: self.tries >= count, timeout=seconds):
                raise AssertionError(f'{self.tries} of {count} tries')

    @property
    def subjects(self) -> list[str]:
        return [str(each.letter['Subject']) for each in self.received]

    # what aiosmtpd calls

    async def handle_EHLO(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        await self._perhaps_silent('greeting')
        return [self._refusals['greeting']] if 'greeting' in self._refusals else responses

    async def handle_MAIL(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        with self._came:
            self.tries += 1
            self._came.notify_all()
        if refusal := self._refusals.get('sender'):
            return refusal
        envelope.mail_from = address
        return '250 OK'

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self._refusals.get('recipient'):
            return refusal
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # as above
        if refusal := self._refusals.get('data'):
            return refusal
        letter = message_from_bytes(envelope.content or b'', policy=policy.default)  # type: ignore[arg-type]  # bytes
        assert isinstance(letter, EmailMessage)
        received = Received(
            envelope.mail_from or '',
            tuple(address for address in envelope.rcpt_tos if address),
            letter,
            getattr(session, 'login_user', None),
            self._is_all_tls or session.ssl is not None,
        )
        with self._came:
            self.received.append(received)
            self._came.notify_all()
        await self._perhaps_silent('data')
        return '250 OK'

    async def _perhaps_silent(self, at: str) -> None:
        while self._silent_at == at:  # noqa: ASYNC110  # told from another thread
            await asyncio.sleep(0.05)


@contextmanager
def running(
    *, security: Security = 'none', login: tuple[str, str] | None = None, certificate: Path | None = None
) -> Iterator[Letterbox]:
    """A server until the block ends. `certificate` is a file of `make_certificate`; `login` is asked for if given."""
    box = Letterbox(_free_port(), is_all_tls=security == 'tls')

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        given = (data.login.decode(), data.password.decode())
        session.login_user = given[0]  # type: ignore[attr-defined]  # a note of ours
        return AuthResult(success=given == login, handled=False)

    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    options: dict[str, Any] = {'enable_SMTPUTF8': True}
    if security == 'starttls':
        options |= {'tls_context': context, 'require_starttls': True}
    if login:
        options |= {'authenticator': authenticate, 'auth_required': True, 'auth_require_tls': security == 'starttls'}
    controller = Controller(
        box, hostname=box.host, port=box.port, ssl_context=context if security == 'tls' else None, **options
    )
    controller.start()
    try:
        yield box
    finally:
        box.behave()
        controller.stop()


def make_certificate(folder: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that signs itself; a client that trusts this file accepts the server."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, '127.0.0.1')])
    start = dt.datetime.fromtimestamp(time.time(), dt.UTC) - dt.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address('127.0.0.1'))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / 'mail-server.pem'
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return int(probe.getsockname()[1])
