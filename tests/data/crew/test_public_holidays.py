"""Public holidays are suggested for the business's country and close what staff choose."""

import subprocess
import sys
from datetime import date
from typing import cast

import makers
import pytest
from peewee import IntegrityError
from sources import HOUSE

from data.access import settings
from data.base.actor import SYSTEM
from data.crew import closed_days, public_holidays
from data.crew.closed_days import ClosedDay
from data.crew.public_holidays import PublicHoliday

pytestmark = pytest.mark.usefixtures('database')

INDEPENDENCE, CHRISTMAS = date(2030, 7, 4), date(2030, 12, 25)


def of_country(country: str, year: int = 2030) -> dict[date, str]:
    settings.change({'business.country': country}, by=SYSTEM)
    return {each.day: each.name for each in public_holidays.suggested(year, by=SYSTEM)}


def test_the_holidays_of_the_businesss_country_are_suggested_in_order() -> None:
    american = of_country('US')

    assert american[INDEPENDENCE] == 'Independence Day'
    assert list(american) == sorted(american)
    assert {day.year for day in american} == {2030}
    assert INDEPENDENCE not in of_country('DE')


def test_the_servers_own_language_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('LANGUAGE', 'uk')
    settings.change({'business.language': 'xx'}, by=SYSTEM)

    assert of_country('DE')[date(2030, 1, 1)] == "New Year's Day"


def test_a_country_with_names_in_one_language_only_is_suggested_in_that() -> None:
    assert of_country('ZA')[CHRISTMAS] == 'Christmas Day'


@pytest.mark.parametrize(('language', 'name'), [('de', 'Neujahr'), ('de-AT', 'Neujahr'), ('xx', "New Year's Day")])
def test_the_name_is_in_the_businesss_language_or_in_english(language: str, name: str) -> None:
    settings.change({'business.language': language}, by=SYSTEM)

    assert of_country('DE')[date(2030, 1, 1)] == name


def test_a_country_that_nobody_has_listed_has_none() -> None:
    assert of_country('AC') == {}


def test_what_is_chosen_is_closed_and_then_said_to_be() -> None:
    closed_days.close(CHRISTMAS, 'Our own day', by=SYSTEM)
    suggested = public_holidays.suggested(2030, by=SYSTEM)
    assert [each.day for each in suggested if each.is_closed] == [CHRISTMAS]

    public_holidays.close([each for each in suggested if each.day in (INDEPENDENCE, CHRISTMAS)], by=SYSTEM)

    assert {row.day: row.name for row in ClosedDay.select()} == {
        INDEPENDENCE: 'Independence Day',
        CHRISTMAS: 'Our own day',
    }
    assert {each.day for each in public_holidays.suggested(2030, by=SYSTEM) if each.is_closed} == {
        INDEPENDENCE,
        CHRISTMAS,
    }


def test_closing_one_that_stumbles_closes_none() -> None:
    good = PublicHoliday(day=INDEPENDENCE, name='Independence Day', is_closed=False)
    nameless = PublicHoliday(day=CHRISTMAS, name=cast('str', None), is_closed=False)

    with pytest.raises(IntegrityError):
        public_holidays.close([good, nameless], by=SYSTEM)

    assert ClosedDay.select().count() == 0


def test_closing_a_holiday_raises_the_revision_of_everybody() -> None:
    tom = makers.make_technician()

    public_holidays.close([PublicHoliday(day=CHRISTMAS, name='Holiday', is_closed=False)], by=SYSTEM)

    assert type(tom).get_by_id(tom.id).revision > tom.revision


def test_the_library_is_not_imported_before_it_is_asked() -> None:
    script = "import sys, main; main.import_rooms(); print('holidays' in sys.modules)"

    said = subprocess.run([sys.executable, '-c', script], cwd=HOUSE, capture_output=True, text=True, check=True).stdout

    assert said.strip() == 'False'
