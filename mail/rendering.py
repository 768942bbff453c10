"""Puts a message into words, as text and as HTML, and makes the letter of it (RFC 5322, RFC 2045)."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from data.base import clock
from data.base.words import Words
from data.messages.calendar_files import Entry, Method, Person, calendar_file
from data.messages.outbox import Message

WORDING = Path(__file__).parent / 'wording'
FALLBACK = 'en'
DOTS = '••••••'  # what staff read in place of a code or a one-time link
CALENDAR = {'booking_confirmed': Method.REQUEST}  # the messages that carry the appointment as a file


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A message in the reader's words."""

    subject: str
    text: str
    html: str


def render(message: Message, *, secrets: Mapping[str, str]) -> Rendered:
    """The message with these secrets in their places. Raises jinja2.UndefinedError where a fact is missing."""
    facts = _facts(message)
    words = _words(message)
    folder = message.language if (WORDING / message.language).is_dir() else FALLBACK
    given = facts | {key: _clean(value) for key, value in secrets.items()} | {'words': words}
    subject, _, text = _texts().get_template(f'{folder}/{message.wording}.txt').render(given).partition('\n')
    html = _pages().get_template(f'{folder}/{message.wording}.html').render(given, subject=_line(subject))
    return Rendered(subject=_line(subject), text=text.strip() + '\n', html=_inliner().inline(html))


def render_for_staff(message: Message) -> Rendered:
    """As it reads with dots in place of secrets: what is kept and shown."""
    return render(message, secrets=dict.fromkeys(message.secrets, DOTS))


def letter(message: Message, rendered: Rendered, *, sender: str) -> EmailMessage:
    """The letter for one try; its Message-ID is that of every try. `sender` is the address we write from."""
    facts = message.plain_facts
    business = str(facts['business'])
    mail = EmailMessage(policy=SMTP)
    mail['From'] = Address(_line(business), addr_spec=sender)
    mail['To'] = Address(_line(message.to_name), addr_spec=message.to_address or '')
    mail['Subject'] = rendered.subject
    mail['Date'] = format_datetime(clock.now())
    mail['Message-ID'] = message.message_id
    mail['Auto-Submitted'] = 'auto-generated'  # RFC 3834: no out-of-office replies, please
    mail.set_content(rendered.text)
    mail.add_alternative(rendered.html, subtype='html')
    if method := CALENDAR.get(message.wording):
        organizer = Person(name=business, address=sender)
        attendee = Person(name=message.to_name, address=message.to_address or '')
        file = calendar_file(
            _entry(message), method=method, words=_words(message), organizer=organizer, attendee=attendee
        )
        # as bytes: RFC 5545 3.1 wants its own line ends kept
        params = {'method': method.value, 'charset': 'utf-8'}
        mail.add_attachment(file, maintype='text', subtype='calendar', filename='appointment.ics', params=params)
    mail['Content-Language'] = message.language
    return mail


def _entry(message: Message) -> Entry:
    facts = _facts(message)
    return Entry(
        uid=facts['uid'],
        sequence=message.sequence,
        written_at=message.created_at,
        starts_at=facts['starts_at'],
        ends_at=facts['ends_at'],
        service=facts['service'],
        business=facts['business'],
        place=facts['place'],
        phone=facts['phone'],
        comment=facts['comment'],
        link=facts['home'],
    )


def _words(message: Message) -> Words:
    facts = message.plain_facts
    return Words(message.language, facts['country'], ZoneInfo(facts['zone']))


def _facts(message: Message) -> dict[str, Any]:
    """The facts as templates take them: `…_at` are instants, text is free of control characters."""
    return {key: _fact(key, value) for key, value in message.plain_facts.items()}


def _fact(key: str, value: Any) -> Any:
    if key.endswith('_at') and value is not None:
        return datetime.fromisoformat(value)
    return _clean(value) if isinstance(value, str) else value


def _clean(text: str) -> str:
    return ''.join(sign for sign in text if sign == '\n' or unicodedata.category(sign) not in {'Cc', 'Zl', 'Zp'})


def _line(text: str) -> str:
    """Fit for a header: nothing in it can begin another."""
    return ' '.join(_clean(text.replace('\n', ' ')).split())


def _indented(text: str) -> str:
    return '\n'.join(f'    {line}' for line in text.splitlines())


@cache
def _texts() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(WORDING),
        autoescape=False,  # noqa: S701  # plain text: nothing in it is markup
        undefined=StrictUndefined,
    )
    environment.filters['indented'] = _indented
    return environment


@cache
def _pages() -> Environment:
    return Environment(loader=FileSystemLoader(WORDING), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


@cache
def _inliner() -> css_inline.CSSInliner:
    # at-rules stay: the dark colours cannot be inlined
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
