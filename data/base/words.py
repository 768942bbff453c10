"""Puts message ids and facts into the words of one reader (gettext; dates and times by CLDR)."""

import gettext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.lists import format_list

from data.base import formats
from data.base.marks import N_
from data.base.refusals import Refusal

__all__ = ['LANGUAGES', 'N_', 'PSEUDO', 'TimeOfDay', 'Words']

LOCALE_FOLDER = Path(__file__).parents[2] / 'locale'
PSEUDO = 'en-XA'  # the pseudo-language: every message in brackets, so that a text without gettext is seen at once
LANGUAGES = {'en': 'English'}


class TimeOfDay(NamedTuple):
    """An instant as a fact of a message that tells its date elsewhere."""

    instant: datetime


@dataclass(frozen=True)
class Words:
    """How one reader reads: language (BCP 47), country (ISO 3166, decides 12 or 24 hours and the week's start), zone.

    Called with a message id it translates and fills in the facts: `_('Hello, {name}', name='Ada')`. Facts that are
    dates, instants, durations or lists of names are written in the reader's manner; refusals are put into words too.
    """

    language: str = 'en'
    country: str = 'US'
    zone: ZoneInfo = ZoneInfo('UTC')

    def __call__(self, message: str, **facts: object) -> str:
        return self._filled(_catalogue(self.language).gettext(message) if message else '', facts)

    def ngettext(self, one: str, many: str, n: int, **facts: object) -> str:
        """The form that the language takes for `n`, which is a fact of the message as well."""
        return self._filled(_catalogue(self.language).ngettext(one, many, n), {'n': n, **facts})

    def refusal(self, refusal: Refusal) -> str:
        return self(refusal.words, **refusal.facts)

    @property
    def locale(self) -> Locale:
        return _locale(self.language, self.country)

    @property
    def direction(self) -> str:
        """'ltr' or 'rtl', for the page's dir attribute."""
        return self.locale.text_direction

    def time(self, instant: datetime) -> str:
        return self._marked(formats.time(instant, self.locale, self.zone))

    def day(self, value: date | datetime) -> str:
        return self._marked(formats.day(self._date(value), self.locale))

    def short_day(self, value: date | datetime) -> str:
        return self._marked(formats.short_day(self._date(value), self.locale))

    def full_day(self, value: date | datetime) -> str:
        return self._marked(formats.full_day(self._date(value), self.locale))

    def month(self, value: date) -> str:
        return self._marked(formats.month(value, self.locale))

    def span(self, start: datetime, end: datetime) -> str:
        """'Thu, Dec 3 · 1:30 – 3:00 PM'."""  # the dash of ranges
        return f'{self.short_day(start)} · {self.hours(start, end)}'

    def hours(self, start: datetime, end: datetime) -> str:
        """'1:30 – 3:00 PM'."""  # the dash of ranges
        return self._marked(formats.span(start, end, self.locale, self.zone))

    def duration(self, minutes: int) -> str:
        """'1 h 30 min'."""
        hours, rest = divmod(minutes, 60)
        if not hours:
            return self('{minutes} min', minutes=rest)
        if not rest:
            return self('{hours} h', hours=hours)
        return self('{hours} h {minutes} min', hours=hours, minutes=rest)

    def zone_name(self, instant: datetime) -> str:
        """'Chicago (CST)'."""
        return self._marked(formats.zone_name(instant, self.locale, self.zone))

    def phone(self, number: str) -> str:
        """'(312) 555-0100' in its own country; `number` is E.164."""
        return formats.phone(number, self.country)

    def _marked(self, text: str) -> str:
        """What CLDR wrote is no message of ours; the pseudo-language brackets it all the same."""
        return f'[{text}]' if self.language == PSEUDO else text

    def _date(self, value: date | datetime) -> date:
        return value.astimezone(self.zone).date() if isinstance(value, datetime) else value

    def _filled(self, message: str, facts: dict[str, object]) -> str:
        return message.format(**{name: self._fact(value) for name, value in facts.items()}) if facts else message

    def _fact(self, value: object) -> object:
        if isinstance(value, TimeOfDay):
            return self.time(value.instant)
        if isinstance(value, timedelta):
            return self.duration(value // timedelta(minutes=1))
        if isinstance(value, list):
            return format_list(value, locale=self.locale)
        if isinstance(value, datetime):
            return f'{self.short_day(value)}, {self.time(value)}'
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, Refusal):
            return self.refusal(value)
        return value


class _Bracketed(gettext.NullTranslations):
    """The pseudo-language's catalogue."""

    def gettext(self, message: str) -> str:
        return f'[{message}]'

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f'[{msgid1 if n == 1 else msgid2}]'


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == PSEUDO:
        return _Bracketed()
    return gettext.translation('doorstep', LOCALE_FOLDER, [language.replace('-', '_')], fallback=True)


@cache
def _locale(language: str, country: str) -> Locale:
    language = 'en' if language == PSEUDO else language
    try:
        return Locale.parse(f'{language}_{country}', sep='_')
    except UnknownLocaleError:
        return Locale.parse(language.replace('-', '_'))
