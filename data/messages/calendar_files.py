"""An appointment as a calendar file (RFC 5545 and 5546), as mails and feeds carry it."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vDDDLists, vText

from data.base.words import Words


class Method(StrEnum):
    """What the receiving calendar shall do with the entry (RFC 5546 1.4)."""

    REQUEST = 'REQUEST'  # put it in, or bring the one with the same UID up to date
    CANCEL = 'CANCEL'
    PUBLISH = 'PUBLISH'  # a feed: nobody is asked to answer


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who sends or receives an entry."""

    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One appointment as it stands in a calendar. `uid` stays for its life, `sequence` rises with each change."""

    uid: str
    sequence: int
    written_at: datetime
    starts_at: datetime
    ends_at: datetime
    service: str
    business: str
    place: str
    phone: str = ''
    comment: str = ''
    link: str = ''


def calendar_file(
    entry: Entry,
    *,
    method: Method,
    words: Words,
    organizer: Person | None = None,
    attendee: Person | None = None,
) -> bytes:
    """One appointment, its text in the reader's words, its times in the zone of `words` (the business's)."""
    calendar = Calendar()
    calendar.add('prodid', '-//Doorstep//Doorstep//EN')
    calendar.add('version', '2.0')
    calendar.add('method', method.value)
    calendar.add('x-wr-timezone', words.zone.key)
    calendar.add_component(_zone(words.zone, entry.starts_at.year))
    calendar.add_component(_event(entry, method, words, organizer, attendee))
    return bytes(calendar.to_ical())


def _event(entry: Entry, method: Method, words: Words, organizer: Person | None, attendee: Person | None) -> Event:
    _ = words
    event = Event()
    event.add('uid', entry.uid)
    event.add('sequence', entry.sequence)
    event.add('dtstamp', entry.written_at)
    start, end = _wall_times(entry, words.zone)
    event.add('dtstart', start)
    event.add('dtend', end)  # RFC 5545 3.6.1: DTEND is exclusive
    event.add('status', 'CANCELLED' if method is Method.CANCEL else 'CONFIRMED')
    event.add('summary', _('{service} with {business}', service=_line(entry.service), business=_line(entry.business)))
    event.add('location', _line(entry.place))
    event.add('description', _description(entry, words))
    if organizer:
        event['organizer'] = _address(organizer)
    if attendee:
        person = _address(attendee)
        # the person has booked it already: nothing is left to be answered
        person.params.update({'PARTSTAT': 'ACCEPTED', 'RSVP': 'FALSE', 'ROLE': 'REQ-PARTICIPANT'})
        event['attendee'] = person
    return event


def _wall_times(entry: Entry, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Local times with the zone's name; both in UTC when one lies in the second copy of an hour that repeats.

    RFC 5545 3.3.5: a local time that occurs twice always means the first, so the second can be told in UTC only.
    """
    start, end = entry.starts_at.astimezone(zone), entry.ends_at.astimezone(zone)
    return (entry.starts_at, entry.ends_at) if start.fold or end.fold else (start, end)


def _description(entry: Entry, words: Words) -> str:
    _ = words
    when = words.span(entry.starts_at, entry.ends_at)
    lines = [_('{when}, {zone}', when=when, zone=words.zone_name(entry.starts_at))]
    if entry.comment:
        lines.append(_('Your comment: {comment}', comment=_clean(entry.comment)))
    if entry.phone:
        lines.append(_('Questions? Call {phone}.', phone=_line(_.phone(entry.phone))))
    if entry.link:
        lines.append(_('Your appointments: {link}', link=entry.link))
    return '\n'.join(lines)


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f'mailto:{_line(person.address)}')
    address.params['CN'] = vText(_line(person.name).replace('"', '’'))  # a quote cannot stand in a parameter
    return address


def _clean(text: str) -> str:
    """Without control characters, which a calendar file has no way to write, but line feeds."""
    return ''.join(sign for sign in text if sign == '\n' or unicodedata.category(sign) != 'Cc')


def _line(text: str) -> str:
    return ' '.join(_clean(text).split())


@cache
def _zone(zone: ZoneInfo, year: int) -> Timezone:
    """The zone's clock changes around one year."""
    part = Timezone.from_tzinfo(zone, zone.key, date(year - 1, 1, 1), date(year + 2, 1, 1))
    part.pop('COMMENT', None)
    for change in part.subcomponents:
        forward = change.TZOFFSETTO - change.TZOFFSETFROM
        if forward > timedelta():
            # icalendar 7.3 writes the first moment after the gap; RFC 5545 3.6.5 wants the clock as it was before
            change.DTSTART -= forward
            later = change.pop('RDATE', None)
            if isinstance(later, vDDDLists):
                change.add('RDATE', [leaf.dt - forward for leaf in later.dts])
    return part
