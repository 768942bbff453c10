"""Dates, times and phone numbers as people of a language and country write them (CLDR by Babel, libphonenumber)."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale
from babel import dates as cldr


def time(instant: datetime, locale: Locale, zone: ZoneInfo) -> str:
    """'1:30 PM'; in an hour that the clocks repeat, the zone's abbreviation tells the two apart."""
    local = instant.astimezone(zone)
    text = _plain_time(local, locale)
    return f'{text} {local.tzname()}' if _is_repeated(local) else text


def day(value: date, locale: Locale) -> str:
    """'Thursday, December 3'."""
    # CLDR has no such skeleton in every language: the full date without its year
    without_year = re.sub(r"[,،]?\s*y+(\s*'[^']*')?", '', str(locale.date_formats['full'].pattern)).strip(' ,')
    return str(cldr.format_date(value, format=without_year, locale=locale))


def short_day(value: date, locale: Locale) -> str:
    """'Thu, Dec 3'."""
    return str(cldr.format_skeleton('MMMEd', value, locale=locale))


def full_day(value: date, locale: Locale) -> str:
    """'Thursday, December 3, 2026'."""
    return str(cldr.format_date(value, format='full', locale=locale))


def month(value: date, locale: Locale) -> str:
    """'December 2026'."""
    return str(cldr.format_skeleton('yMMMM', value, locale=locale))


def span(start: datetime, end: datetime, locale: Locale, zone: ZoneInfo) -> str:
    """'1:30 – 3:00 PM': the half of the day is said once where both ends share it."""
    first, last = time(start, locale, zone), time(end, locale, zone)
    half = cldr.format_time(start.astimezone(zone), 'a', locale=locale)
    twelve_hours = 'a' in str(locale.time_formats['short'].pattern)
    if twelve_hours and first.endswith(half) and last.endswith(half):
        first = first.removesuffix(half).rstrip()
    return f'{first} – {last}'  # the dash that CLDR puts between the ends of a range


def zone_name(instant: datetime, locale: Locale, zone: ZoneInfo) -> str:
    """'Chicago (CST)'."""
    city = cldr.get_timezone_location(zone, locale=locale, return_city=True)
    return f'{city} ({instant.astimezone(zone).tzname()})'


def phone(number: str, country: str) -> str:
    """'(312) 555-0100' for readers of its own country, else with the country code; `number` is E.164."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    own = phonenumbers.region_code_for_country_code(parsed.country_code or 0) == country
    shape = phonenumbers.PhoneNumberFormat.NATIONAL if own else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, shape)


def _plain_time(local: datetime, locale: Locale) -> str:
    # CLDR puts U+202F before AM and PM; a plain no-break space is in every font
    return str(cldr.format_time(local, format='short', locale=locale)).replace('\u202f', '\u00a0')


def _is_repeated(local: datetime) -> bool:
    """As `local` comes from an instant it is no time that a spring-forward night skips, where folds differ as well."""
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
