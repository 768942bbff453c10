"""Messages read well, as text and as HTML; nothing that people typed becomes a header or markup."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import jinja2
import pytest
from icalendar import Calendar
from message_makers import START, make_booking_message, make_invitation_message, make_message

from data.base import environment
from data.base.words import PSEUDO
from data.messages.message_lists import TITLES
from data.messages.outbox import Message
from mail import rendering

pytestmark = pytest.mark.usefixtures('database')

WORDINGS = sorted(path.stem for path in (Path(rendering.WORDING) / 'en').glob('*.txt'))
SENDER = 'hello@alder.example'


def sent(message: Message) -> EmailMessage:
    """The letter as the receiver parses it."""
    letter = rendering.letter(message, rendering.render(message, secrets=message.secrets), sender=SENDER)
    return message_from_bytes(letter.as_bytes(), policy=policy.default)


def body(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_the_confirmation_tells_what_when_and_where() -> None:
    letter = sent(make_booking_message(1))

    assert letter['Subject'] == 'Booked: Annual safety inspection, Tue, Dec 3 · 1:30 – 3:00 PM'
    assert letter['From'] == 'Alder Heating <hello@alder.example>'
    assert letter['To'] == 'Ada Lind <ada@example.com>'
    for kind in ('plain', 'html'):
        text = body(letter, kind).replace('\u00a0', ' ').replace('&nbsp;', ' ')
        for fact in ('Annual safety inspection', 'Vaillant ecoTEC plus', '1:30 – 3:00 PM', 'Chicago (CST)', '18 Alder'):
            assert fact in text


def test_the_confirmation_carries_the_appointment_as_a_calendar_file() -> None:
    letter = sent(make_booking_message(1, sequence=4))
    part = next(letter.iter_attachments())
    calendar = Calendar.from_ical(part.get_payload(decode=True))  # type: ignore[arg-type]  # bytes when decoded
    event = calendar.events[0]

    assert part.get_content_type() == 'text/calendar'
    assert part.get_param('method') == 'REQUEST'
    assert part.get_filename() == 'appointment.ics'
    assert event.start == START
    assert event['SEQUENCE'] == 4
    assert event['ATTENDEE'] == 'mailto:ada@example.com'


def test_only_appointments_carry_a_file() -> None:
    assert list(sent(make_message()).iter_attachments()) == []


def test_an_invitation_shows_link_and_code_to_its_reader_and_dots_to_staff() -> None:
    message = make_invitation_message()
    read = rendering.render(message, secrets=message.secrets)
    shown = rendering.render_for_staff(message)

    for secret in ('TOKEN-IN-LINK', '7KQM-4TXD'):
        assert secret in read.text
        assert secret in read.html
        assert secret not in shown.text + shown.html + shown.subject + read.subject
    assert shown.text.count(rendering.DOTS) == 2


@pytest.mark.parametrize('field', ['name', 'business', 'service', 'asset', 'place', 'comment'])
def test_what_people_typed_is_no_markup(field: str) -> None:
    hostile = '<img src=x onerror=alert(1)>&amp;"\'</p>'
    html = body(sent(make_booking_message(1, facts={field: hostile})), 'html')

    assert '<img' not in html
    assert '&lt;img src=x onerror=alert(1)&gt;&amp;amp;' in html


@pytest.mark.parametrize('ending', ['\r\n', '\n', '\r', '\x0b', '\x85', '\u2028', '\x1f'], ids=repr)
def test_what_people_typed_begins_no_header(ending: str) -> None:
    hostile = f'Ada{ending}Bcc: evil@example.com{ending}{ending}Hello'
    message = make_booking_message(1, to_name=hostile, facts={'business': hostile, 'service': hostile, 'name': hostile})
    letter = sent(message)

    assert letter['Bcc'] is None
    assert letter.defects == []
    assert set(letter.keys()) == {
        'From', 'To', 'Subject', 'Date', 'Message-ID', 'Auto-Submitted', 'MIME-Version', 'Content-Type',
        'Content-Language',
    }  # fmt: skip
    assert [address.addr_spec for address in letter['To'].addresses] == ['ada@example.com']
    assert [address.addr_spec for address in letter['From'].addresses] == [SENDER]


def test_each_try_carries_the_same_message_id() -> None:
    message = make_message()

    assert sent(message)['Message-ID'] == sent(message)['Message-ID'] == message.message_id


def test_a_message_names_the_public_address_in_its_id() -> None:
    environment.load(data=environment.current().data, public_url='https://portal.example.com')

    assert make_message().message_id.endswith('@portal.example.com>')


@pytest.mark.parametrize('wording', WORDINGS)
def test_every_wording_is_complete(wording: str) -> None:
    secrets = {'link': 'https://portal.example.com/x', 'code': '7KQM-4TXD'} if 'invitation' in wording else {}
    letter = sent(make_message(wording, secrets=secrets))

    assert letter['Subject']
    for kind in ('plain', 'html'):
        assert 'Ada Lind' in body(letter, kind)
        assert 'Alder Heating' in body(letter, kind)
        assert 'None' not in body(letter, kind)
    assert wording in TITLES
    assert (rendering.WORDING / 'en' / f'{wording}.html').exists()


def test_without_a_phone_number_none_is_spoken_of() -> None:
    message = make_invitation_message(facts={'phone': None})

    assert 'Call us' not in rendering.render(message, secrets=message.secrets).text


def test_a_missing_fact_is_an_error_and_no_hole_in_the_message() -> None:
    message = make_booking_message(1)
    message.facts = '{"country": "US", "zone": "UTC"}'

    with pytest.raises(jinja2.UndefinedError):
        rendering.render(message, secrets={})


def test_mail_programs_get_colours_on_each_element_and_dark_ones_by_rule() -> None:
    html = rendering.render(make_message(), secrets={}).html

    assert 'style="' in html
    assert '@media (prefers-color-scheme: dark)' in html
    assert 'href="http' not in html.split('</head>')[0]  # nothing is loaded from elsewhere


def test_the_calendar_entry_is_in_the_readers_language() -> None:
    letter = sent(make_booking_message(1, language=PSEUDO))
    part = next(letter.iter_attachments())
    event = Calendar.from_ical(part.get_payload(decode=True)).events[0]  # type: ignore[arg-type]  # as above

    assert event['SUMMARY'] == '[Annual safety inspection with Alder Heating]'
