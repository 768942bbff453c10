"""Message ids become sentences in the reader's manner; facts are written as people there write them."""

from datetime import UTC, date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest

from data.base.marks import N_
from data.base.refusals import NotFound, Refusal, WrongInput
from data.base.words import PSEUDO, Words

CHICAGO = ZoneInfo('America/Chicago')
AMERICAN = Words('en', 'US', CHICAGO)
BRITISH = Words('en', 'GB', ZoneInfo('Europe/London'))
GERMAN = Words('de', 'DE', ZoneInfo('Europe/Berlin'))
EGYPTIAN = Words('ar', 'EG', ZoneInfo('Africa/Cairo'))
START, END = datetime(2030, 12, 3, 19, 30, tzinfo=UTC), datetime(2030, 12, 3, 21, 0, tzinfo=UTC)


class Frozen(Refusal):
    """A refusal with facts of every kind."""

    words: ClassVar[str] = N_('{who} comes on {day} at {start}; {why}')


def plain(text: str) -> str:
    """With ordinary spaces."""
    return text.replace('\u00a0', ' ')


@pytest.mark.parametrize(
    ('words', 'time', 'day', 'short_day', 'span'),
    [
        (AMERICAN, '1:30 PM', 'Tuesday, December 3', 'Tue, Dec 3', 'Tue, Dec 3 · 1:30 – 3:00 PM'),
        (BRITISH, '19:30', 'Tuesday, 3 December', 'Tue 3 Dec', 'Tue 3 Dec · 19:30 – 21:00'),
        (GERMAN, '20:30', 'Dienstag, 3. Dezember', 'Di., 3. Dez.', 'Di., 3. Dez. · 20:30 – 22:00'),
    ],
    ids=['US', 'GB', 'DE'],
)
def test_times_and_days_are_written_as_in_the_readers_country(
    words: Words, time: str, day: str, short_day: str, span: str
) -> None:
    assert (plain(words.time(START)), words.day(START), words.short_day(START)) == (time, day, short_day)
    assert plain(words.span(START, END)) == span


def test_a_full_date_and_a_month_name_the_year() -> None:
    assert AMERICAN.full_day(START) == 'Tuesday, December 3, 2030'
    assert AMERICAN.month(date(2030, 12, 1)) == 'December 2030'
    assert GERMAN.full_day(START) == 'Dienstag, 3. Dezember 2030'


def test_a_span_over_noon_says_both_halves_of_the_day() -> None:
    assert plain(AMERICAN.hours(datetime(2030, 12, 3, 16, 30, tzinfo=UTC), START)) == '10:30 AM – 1:30 PM'


def test_an_instant_s_day_is_the_one_in_the_readers_zone() -> None:
    late = datetime(2030, 12, 4, 5, 0, tzinfo=UTC)

    assert AMERICAN.short_day(late) == 'Tue, Dec 3'
    assert BRITISH.short_day(late) == 'Wed 4 Dec'


@pytest.mark.parametrize(
    ('at', 'text'),
    [
        ('05:30', '12:30 AM'),
        ('06:30', '1:30 AM CDT'),
        ('07:30', '1:30 AM CST'),
        ('08:00', '2:00 AM'),
    ],
)
def test_in_the_hour_that_comes_twice_each_copy_names_its_zone(at: str, text: str) -> None:
    instant = datetime.fromisoformat(f'2030-11-03T{at}:00+00:00')

    assert plain(AMERICAN.time(instant)) == text


def test_a_span_inside_the_hour_that_comes_twice_can_be_told() -> None:
    first, second = (datetime(2030, 11, 3, hour, 30, tzinfo=UTC) for hour in (6, 7))

    assert plain(AMERICAN.hours(first, second)) == '1:30 AM CDT – 1:30 AM CST'


@pytest.mark.parametrize('at', ['07:59', '08:00', '08:30'])
def test_around_the_hour_that_is_skipped_nothing_is_added(at: str) -> None:
    instant = datetime.fromisoformat(f'2030-03-10T{at}:00+00:00')

    assert 'C' not in AMERICAN.time(instant)


def test_a_zone_is_named_by_its_city_and_what_it_is_called_then() -> None:
    assert AMERICAN.zone_name(START) == 'Chicago (CST)'
    assert AMERICAN.zone_name(datetime(2030, 7, 1, tzinfo=UTC)) == 'Chicago (CDT)'


@pytest.mark.parametrize(('minutes', 'text'), [(5, '5 min'), (60, '1 h'), (90, '1 h 30 min'), (0, '0 min')])
def test_durations_are_hours_and_minutes(minutes: int, text: str) -> None:
    assert AMERICAN.duration(minutes) == text


def test_facts_are_written_in_the_readers_manner() -> None:
    refusal = Frozen(who='Tom {x}', day=date(2030, 12, 3), start=START, why=NotFound())

    assert plain(AMERICAN.refusal(refusal)) == (
        'Tom {x} comes on Tuesday, December 3 at Tue, Dec 3, 1:30 PM; We could not find that.'
    )


def test_a_refusal_of_one_field_carries_its_own_sentence() -> None:
    assert AMERICAN.refusal(WrongInput('Please use at most {most} characters.', most=9)) == (
        'Please use at most 9 characters.'
    )


def test_one_and_many_are_told_apart() -> None:
    told = [AMERICAN.ngettext('{n} day', '{n} days', n) for n in (0, 1, 2)]

    assert told == ['0 days', '1 day', '2 days']


def test_a_message_without_facts_may_hold_brackets_and_an_empty_one_is_empty() -> None:
    assert AMERICAN('{not a fact}') == '{not a fact}'
    assert AMERICAN('') == ''


def test_in_the_pseudo_language_every_message_stands_in_brackets_and_facts_do_not() -> None:
    pseudo = Words(PSEUDO, 'US', CHICAGO)

    assert pseudo('Hello, {name}', name='Ada') == '[Hello, Ada]'
    assert pseudo.ngettext('{n} day', '{n} days', 2) == '[2 days]'
    assert pseudo.refusal(NotFound()) == '[We could not find that.]'
    assert plain(pseudo.time(START)) == '[1:30 PM]'
    assert pseudo.duration(90) == '[1 h 30 min]'


def test_a_language_knows_its_direction() -> None:
    assert [words.direction for words in (AMERICAN, GERMAN, EGYPTIAN, Words(PSEUDO))] == ['ltr', 'ltr', 'rtl', 'ltr']


def test_a_language_without_a_catalogue_is_read_in_english_with_its_own_dates() -> None:
    assert GERMAN('We could not find that.') == 'We could not find that.'


def test_an_unlikely_pair_of_language_and_country_is_read_all_the_same() -> None:
    assert plain(Words('en', 'ZZ', CHICAGO).time(START)) == '1:30 PM'
