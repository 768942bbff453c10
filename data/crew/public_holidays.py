"""Public holidays of the business's country: suggested by year, and closed when staff choose them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from data.access import rights, settings
from data.access.rights import Right
from data.base.actor import Actor
from data.base.database import transaction
from data.crew import closed_days

ENGLISH = 'en_US'  # every country's names that are translated at all have it


@dataclass(frozen=True, kw_only=True)
class PublicHoliday:
    """One local date, under its name in the business's language where that is known."""

    day: date
    name: str
    is_closed: bool


def suggested(year: int, *, by: Actor) -> list[PublicHoliday]:
    """Those of the whole country in this year, in order; of a country that nobody has listed, none."""
    rights.require(by, Right.CHANGE_ABSENCES)
    closed = {row.day for row in closed_days.between(date(year, 1, 1), date(year, 12, 31))}
    return [
        PublicHoliday(day=day, name=name, is_closed=day in closed)
        for day, name in sorted(_of_country(settings.read('business.country'), year).items())
    ]


def close(holidays: Iterable[PublicHoliday], *, by: Actor) -> None:
    """Closes all of these, or none. What is closed already keeps its name."""
    with transaction():
        rights.require(by, Right.CHANGE_ABSENCES)
        for each in holidays:
            closed_days.close(each.day, each.name, by=by)


def _of_country(country: str, year: int) -> dict[date, str]:
    import holidays  # heavy, and few ask

    try:
        known = holidays.country_holidays(country)
    except NotImplementedError:
        return {}
    language = _language(settings.read('business.language'), known.supported_languages)
    return dict(holidays.country_holidays(country, years=year, language=language))


def _language(wanted: str, offered: Iterable[str]) -> str | None:
    """Of 'de', 'en_US' and the like the one that the business reads, else English; None: the country has one only."""
    choice = [each for each in offered if each.partition('_')[0] == wanted.partition('-')[0]]
    return next(iter(choice), ENGLISH if ENGLISH in offered else None)
