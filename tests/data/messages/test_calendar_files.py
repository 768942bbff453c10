"""A calendar entry says the right instant, zone and change, whatever people typed into it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from data.base.words import PSEUDO, Words
from data.messages.calendar_files import Entry, Method, Person, calendar_file

CHICAGO = Words('en', 'US', ZoneInfo('America/Chicago'))
ADA = Person(name='Ada Lind', address='ada@example.com')
ALDER = Person(name='Alder Heating', address='hello@alder.example')


def make_entry(starts_at: datetime = datetime(2030, 12, 3, 19, 30, tzinfo=UTC), **given: object) -> Entry:
    usual: dict[str, object] = {
        'uid': 'booking-1@portal.example.com',
        'sequence': 2,
        'written_at': datetime(2030, 11, 1, 8, tzinfo=UTC),
        'starts_at': starts_at,
        'ends_at': starts_at + timedelta(minutes=90),
        'service': 'Annual safety inspection',
        'business': 'Alder Heating',
        'place': '18 Alder Street, Chicago',
    }
    return Entry(**(usual | given))  # type: ignore[arg-type]  # a test's own mixture


def parsed(file: bytes) -> tuple[Any, Any]:
    """The calendar and its one event; icalendar's own types name every kind of value at every key."""
    calendar: Any = Calendar.from_ical(file)
    return calendar, calendar.events[0]


def test_the_entry_says_when_where_and_with_whom() -> None:
    calendar, event = parsed(
        calendar_file(make_entry(), method=Method.REQUEST, words=CHICAGO, organizer=ALDER, attendee=ADA)
    )

    assert calendar['METHOD'] == 'REQUEST'
    assert event.start == datetime(2030, 12, 3, 13, 30, tzinfo=ZoneInfo('America/Chicago'))
    assert event.end - event.start == timedelta(minutes=90)
    assert event['DTSTART'].params['TZID'] == 'America/Chicago'
    assert event['UID'] == 'booking-1@portal.example.com'
    assert event['SEQUENCE'] == 2
    assert event['DTSTAMP'].dt == datetime(2030, 11, 1, 8, tzinfo=UTC)
    assert event['SUMMARY'] == 'Annual safety inspection with Alder Heating'
    assert event['LOCATION'] == '18 Alder Street, Chicago'
    assert 'Chicago (CST)' in event['DESCRIPTION']
    assert event['ORGANIZER'] == 'mailto:hello@alder.example'
    assert event['ATTENDEE'] == 'mailto:ada@example.com'


def test_a_canceled_appointment_leaves_the_calendar() -> None:
    calendar, event = parsed(calendar_file(make_entry(), method=Method.CANCEL, words=CHICAGO))

    assert (calendar['METHOD'], event['STATUS']) == ('CANCEL', 'CANCELLED')


@pytest.mark.parametrize(
    'start',
    [
        pytest.param('2030-11-03T06:30:00+00:00', id='first copy of the repeated hour'),
        pytest.param('2030-11-03T07:30:00+00:00', id='second copy'),
        pytest.param('2030-11-03T05:45:00+00:00', id='into the first copy'),
        pytest.param('2030-11-03T08:30:00+00:00', id='after it'),
        pytest.param('2030-03-10T07:30:00+00:00', id='over the skipped hour'),
        pytest.param('2030-03-10T08:05:00+00:00', id='right after the skipped hour'),
        pytest.param('2030-03-10T09:30:00+00:00', id='well after it'),
        pytest.param('2030-07-01T14:00:00+00:00', id='summer'),
    ],
)
@pytest.mark.parametrize('knows_zones', [True, False], ids=['reader knows the zone', 'reader uses the file alone'])
def test_the_instant_is_right_on_nights_when_clocks_change(start: str, knows_zones: bool) -> None:
    entry = make_entry(datetime.fromisoformat(start))
    calendar, event = parsed(calendar_file(entry, method=Method.REQUEST, words=CHICAGO))
    described = calendar.timezones[0]

    assert instant(event, 'DTSTART', described, knows_zones) == entry.starts_at
    assert instant(event, 'DTEND', described, knows_zones) == entry.ends_at
    assert calendar['X-WR-TIMEZONE'] == 'America/Chicago'


def instant(event: Any, name: str, described: Any, knows_zones: bool) -> datetime:
    """As a reader understands it: by its own table of zones, or by the file's VTIMEZONE."""
    value: datetime = event[name].dt
    if knows_zones or 'TZID' not in event[name].params:
        return value.astimezone(UTC)
    wall = value.replace(tzinfo=None)
    return (wall - offset_by_file(described, wall)).replace(tzinfo=UTC)


def offset_by_file(described: Any, wall: datetime) -> timedelta:
    """RFC 5545 3.6.5: the latest onset before the time counts; onsets are read with the offset that held before."""
    onsets = []
    for part in described.subcomponents:
        later = [leaf.dt for leaf in part['RDATE'].dts] if 'RDATE' in part else []
        onsets += [(onset - part.TZOFFSETFROM, part.TZOFFSETFROM, part.TZOFFSETTO) for onset in (part.DTSTART, *later)]
    fitting: list[timedelta] = [to for at, before, to in sorted(onsets) if at <= wall - before]
    return fitting[-1]


def test_clock_changes_are_written_by_the_clock_that_held_before_them() -> None:
    file = calendar_file(make_entry(), method=Method.REQUEST, words=CHICAGO)
    daylight = next(part for part in parsed(file)[0].timezones[0].subcomponents if part.name == 'DAYLIGHT')

    onsets = [daylight.DTSTART, *(leaf.dt for leaf in daylight['RDATE'].dts)]
    assert [onset.isoformat() for onset in onsets] == [
        '2029-03-11T02:00:00', '2030-03-10T02:00:00', '2031-03-09T02:00:00',
    ]  # fmt: skip


def test_both_copies_of_a_repeated_hour_are_told_apart_in_words() -> None:
    first, second = (
        parsed(calendar_file(make_entry(datetime.fromisoformat(start)), method=Method.REQUEST, words=CHICAGO))[1]
        for start in ('2030-11-03T06:30:00+00:00', '2030-11-03T07:30:00+00:00')
    )

    assert '1:30\u00a0AM CDT' in first['DESCRIPTION']
    assert '1:30\u00a0AM CST' in second['DESCRIPTION']


def test_nothing_that_people_typed_breaks_out_of_its_place() -> None:
    hostile = 'Boiler\r\nATTENDEE:mailto:evil@example.com\x07;,\\"\u2028'
    file = calendar_file(
        make_entry(service=hostile, business=hostile, place=hostile, comment=hostile, phone=hostile),
        method=Method.REQUEST,
        words=CHICAGO,
        organizer=Person(name=hostile, address='hello@alder.example'),
        attendee=Person(name=hostile, address='ada@example.com\r\nX-EVIL:1'),
    )
    unfolded = file.replace(b'\r\n ', b'')

    assert [line for line in unfolded.split(b'\r\n') if line.startswith((b'ATTENDEE:', b'X-EVIL'))] == []
    assert not any(sign in file for sign in b'\x07\x0b\x0c')
    assert len(parsed(file)[0].events) == 1


def test_lines_end_as_the_standard_wants_and_are_short() -> None:
    file = calendar_file(make_entry(comment='Ünïcödé ' * 60), method=Method.REQUEST, words=CHICAGO)

    assert b'\n' not in file.replace(b'\r\n', b'')
    assert max(len(line) for line in file.split(b'\r\n')) <= 75


def test_all_text_of_the_entry_is_translated() -> None:
    words = Words(PSEUDO, 'US', ZoneInfo('America/Chicago'))
    file = calendar_file(
        make_entry(phone='+1 312', comment='Ring twice', link='https://portal.example.com/home'),
        method=Method.REQUEST,
        words=words,
    )
    event = parsed(file)[1]

    lines = [event['SUMMARY'], *event['DESCRIPTION'].split('\n')]
    assert len(lines) == 5
    assert all(line.startswith('[') and line.endswith(']') for line in lines)
    assert b'COMMENT:This' not in file  # the library's own remark on the zone


@pytest.mark.parametrize('zone', ['UTC', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Europe/Dublin', 'Africa/Casablanca'])
def test_the_entry_is_right_in_unusual_zones(zone: str) -> None:
    words = Words('en', 'IE', ZoneInfo(zone))
    for month in range(1, 13):
        entry = make_entry(datetime(2030, month, 6, 15, 30, tzinfo=UTC))
        calendar, event = parsed(calendar_file(entry, method=Method.REQUEST, words=words))

        assert instant(event, 'DTSTART', calendar.timezones[0], knows_zones=False) == entry.starts_at
        assert event.start.astimezone(UTC) == entry.starts_at
