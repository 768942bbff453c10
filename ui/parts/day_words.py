"""The short words of a calendar sheet in the reader's manner: weekdays in their country's order, month and day."""

from datetime import date, timedelta

from babel import dates as cldr

from data.base.words import PSEUDO, Words


def week_start(words: Words) -> int:
    """0 for Monday … 6 for Sunday, as `date.weekday()` counts."""
    return int(words.locale.first_week_day)


def weekday_names(words: Words) -> list[str]:
    """'Su', 'Mo', … from the country's first day on."""
    names = words.locale.days['stand-alone']['short']
    return [_said(words, str(names[(week_start(words) + offset) % 7])) for offset in range(7)]


def month_grid(month: date, words: Words) -> list[date | None]:
    """The days of a month from the start of its first week; None before the first."""
    first = month.replace(day=1)
    days = (next_month(first) - first).days
    gap = (first.weekday() - week_start(words)) % 7
    return [None] * gap + [first + timedelta(days=offset) for offset in range(days)]


def next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_before(month: date) -> date:
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def short_month(day: date, words: Words) -> str:
    """'Dec'."""
    return _said(words, str(cldr.format_date(day, 'LLL', locale=words.locale)))


def short_weekday(day: date, words: Words) -> str:
    """'Thu'."""
    return _said(words, str(cldr.format_date(day, 'ccc', locale=words.locale)))


def _said(words: Words, text: str) -> str:
    return f'[{text}]' if words.language == PSEUDO else text
