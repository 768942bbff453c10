"""A letter is handed over by every kind of connection, and each kind of no is told apart."""

import time
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import letterbox
import pytest
from conftest import EmptyDatabase
from letterbox import Letterbox

from data.access import settings
from data.base import environment
from data.base.actor import SYSTEM
from mail import smtp
from mail.smtp import CarrierRefused, MailServer

pytestmark = pytest.mark.filterwarnings('ignore:Requiring AUTH')  # a server that asks for a login without TLS is meant

LOGIN = ('alder', 'correct horse')


def make_letter(to: str = 'ada@example.com') -> EmailMessage:
    letter = EmailMessage()
    letter['From'] = 'hello@alder.example'
    letter['To'] = to
    letter['Subject'] = 'Hello'
    letter.set_content('Grüße')
    return letter


def server_at(box: Letterbox, **given: Any) -> MailServer:
    usual: dict[str, Any] = {
        'host': box.host,
        'port': box.port,
        'security': 'none',
        'user': None,
        'password': None,
        'sender': 'hello@alder.example',
        'greeting': 'portal.example.com',
    }
    return MailServer(**(usual | given))


async def hand_over(server: MailServer, *, to: str = 'ada@example.com', time_limit: float = 5) -> None:
    await smtp.send(make_letter(to), server, to=to, time_limit=time_limit)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The server's; our side trusts it as it would trust an authority of the system."""
    file = letterbox.make_certificate(tmp_path)
    monkeypatch.setenv('SSL_CERT_FILE', str(file))
    return file


@pytest.mark.parametrize('login', [None, LOGIN], ids=['without login', 'with login'])
@pytest.mark.parametrize('security', ['none', 'starttls', 'tls'])
async def test_a_letter_arrives_by(
    security: letterbox.Security, login: tuple[str, str] | None, certificate: Path
) -> None:
    with letterbox.running(security=security, login=login, certificate=certificate) as box:
        user, password = login or (None, None)
        await hand_over(server_at(box, security=security, user=user, password=password))

    received = box.received[0]
    assert received.recipients == ('ada@example.com',)
    assert received.sender == 'hello@alder.example'
    assert received.text.strip() == 'Grüße'
    assert received.user == user
    assert received.was_encrypted == (security != 'none')


@pytest.mark.parametrize('security', ['starttls', 'tls'])
async def test_a_server_with_a_strangers_certificate_gets_nothing(security: letterbox.Security, tmp_path: Path) -> None:
    unknown = letterbox.make_certificate(tmp_path)
    with letterbox.running(security=security, certificate=unknown) as box, pytest.raises(CarrierRefused) as refused:
        await hand_over(server_at(box, security=security))

    assert not refused.value.permanent
    assert box.received == []


async def test_a_server_that_does_not_encrypt_gets_nothing_where_encryption_is_wanted() -> None:
    with letterbox.running() as box, pytest.raises(CarrierRefused) as refused:
        await hand_over(server_at(box, security='starttls'))

    assert not refused.value.permanent
    assert box.received == []


async def test_a_wrong_password_passes_once_it_is_put_right() -> None:
    with letterbox.running(login=LOGIN) as box, pytest.raises(CarrierRefused) as refused:
        await hand_over(server_at(box, user='alder', password='wrong'))

    assert not refused.value.permanent
    assert refused.value.reason.startswith('535')


@pytest.mark.parametrize(
    ('at', 'answer', 'permanent'),
    [
        ('recipient', '550 5.1.1 No such person', True),
        ('recipient', '452 4.2.2 Mailbox full', False),
        ('data', '554 5.7.1 We do not like this', True),
        ('data', '451 4.3.0 Later please', False),
        ('sender', '550 5.7.1 Not your address', False),
        ('greeting', '421 4.3.2 Closing', False),
    ],
)
async def test_what_the_server_refuses(at: letterbox.Where, answer: str, permanent: bool) -> None:
    with letterbox.running() as box:
        box.refuse(answer, at=at)
        with pytest.raises(CarrierRefused) as refused:
            await hand_over(server_at(box))

    assert refused.value.permanent is permanent
    assert refused.value.reason.startswith(answer[:3])


async def test_the_reason_is_one_short_line() -> None:
    with letterbox.running() as box:
        box.refuse('550 ' + 'very long ' * 40)
        with pytest.raises(CarrierRefused) as refused:
            await hand_over(server_at(box))

    assert len(refused.value.reason) <= 300
    assert '\n' not in refused.value.reason


@pytest.mark.parametrize('at', ['greeting', 'data'])
async def test_a_silent_server_is_left_after_the_time_limit(at: Any) -> None:
    with letterbox.running() as box:
        box.be_silent(at=at)
        began = time.monotonic()
        with pytest.raises(CarrierRefused) as refused:
            await hand_over(server_at(box), time_limit=0.5)

    assert time.monotonic() - began < 3
    assert (refused.value.permanent, refused.value.reason) == (False, 'silent')


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    with letterbox.running() as box:
        gone = server_at(box)
    with pytest.raises(CarrierRefused) as refused:
        await hand_over(gone)

    assert (refused.value.permanent, refused.value.reason) == (False, 'unreachable')


async def test_what_the_operator_gives_wins_and_is_not_mixed_with_what_the_owner_set(database: EmptyDatabase) -> None:
    assert smtp.mail_server() is None
    owners = {'mail.host': 'smtp.alder.example', 'mail.user': 'alder', 'mail.password': 'correct horse'}
    settings.change(owners, by=SYSTEM)
    found = smtp.mail_server()
    assert found is not None
    assert (found.host, found.port, found.security) == ('smtp.alder.example', 587, 'starttls')
    assert (found.user, found.password) == ('alder', 'correct horse')

    given = {'data': database.data, 'database_url': database.url, 'public_url': 'https://portal.example.com'}
    environment.load(**given, smtp_host='relay.example.com', smtp_security='tls')
    found = smtp.mail_server()

    assert found is not None
    assert (found.host, found.port, found.user, found.password) == ('relay.example.com', 465, None, None)
    assert found.sender == 'doorstep@portal.example.com'


async def test_the_operators_password_goes_to_no_server_that_the_owner_names(database: EmptyDatabase) -> None:
    given = {'data': database.data, 'database_url': database.url}
    environment.load(**given, smtp_user='relay', smtp_password='correct horse', smtp_port=2525)
    settings.change({'mail.host': 'smtp.elsewhere.example', 'mail.user': 'alder'}, by=SYSTEM)

    found = smtp.mail_server()

    assert found is not None
    assert (found.host, found.port, found.user, found.password) == ('smtp.elsewhere.example', 587, 'alder', None)


async def test_a_mail_server_whose_password_cannot_be_read_is_none(database: EmptyDatabase) -> None:
    settings.change({'mail.host': 'smtp.alder.example', 'mail.password': 'correct horse'}, by=SYSTEM)

    environment.load(data=database.data / 'without the key', database_url=database.url)

    assert smtp.mail_server() is None
