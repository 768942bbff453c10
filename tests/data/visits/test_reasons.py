"""Why not? Staff read the first rule that says no, with its facts, in words."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import makers
import pytest
import time_machine
from people import CLEO, OLGA, TOM

from data.access import settings
from data.base.actor import SYSTEM
from data.crew import calendars, closed_days
from data.crew.calendars import Hours
from data.crew.technicians import Technician
from data.offer.service_types import ServiceType
from data.people.customers import Site
from data.visits import free_times, reasons
from data.visits.reasons import Question, WhyNot

CHICAGO = ZoneInfo('America/Chicago')
MONDAY = date(2030, 5, 6)
NEAR, FAR = (41.88, -87.63), (42.10, -87.63)  # 24 km apart: 48 minutes
WEEKDAYS = dict.fromkeys(range(5), (Hours(8 * 60, 17 * 60),))


@pytest.fixture(autouse=True)
def _sunday_noon(database: object) -> Iterator[None]:
    with time_machine.travel(datetime(2030, 5, 5, 17, tzinfo=UTC), tick=False):
        makers.make_business()
        settings.change({'driving.unknown_minutes': 0}, by=SYSTEM)
        yield


@pytest.fixture
def household() -> makers.Household:
    return makers.make_customer(signs_in=False)


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHICAGO).astimezone(UTC)


def said(
    household: makers.Household,
    kind: ServiceType,
    start: datetime | None = None,
    *,
    day: date = MONDAY,
    technician: Technician | None = None,
) -> list[str]:
    site = Site.get_by_id(household.site.id)
    question = Question(wanted=free_times.wanted(site, kind), day=day, start=start, technician=technician)
    return [settings.words().refusal(reason) for reason in reasons.why_not(question, by=SYSTEM)]


def placed(household: makers.Household, place: tuple[float, float]) -> makers.Household:
    Site.update(lat=place[0], lon=place[1]).where(Site.id == household.site.id).execute()
    return household


def test_what_is_free_has_no_reason(household: makers.Household) -> None:
    kind = makers.make_service_type()
    makers.make_technician()

    assert said(household, kind, at(9)) == said(household, kind) == []


RULES: list[tuple[str, dict[str, Any], datetime, str]] = [
    ('grid', {}, at(9, 10), 'Visits of this kind start every 30 min.'),
    ('least notice', {'least_notice_minutes': 2880}, at(9), 'Too soon: this is booked at least 48 h ahead.'),
    ('greatest notice', {'greatest_notice_minutes': 600}, at(9), 'Too late: this is booked at most 10 h ahead.'),
    ('least days', {'least_days': 2}, at(9), 'Too soon: Tuesday, May 7 is the first day for this.'),
    ('greatest days', {'greatest_days': 0}, at(9), 'Too late: Sunday, May 5 is the last day for this.'),
]


@pytest.mark.parametrize(('columns', 'start', 'sentence'), [row[1:] for row in RULES], ids=[row[0] for row in RULES])
def test_what_holds_for_everybody_is_said_once(
    household: makers.Household, columns: dict[str, Any], start: datetime, sentence: str
) -> None:
    kind = makers.make_service_type(**columns)
    makers.make_technician()
    makers.make_technician(CLEO)

    assert said(household, kind, start) == [sentence]


def test_a_closed_day_is_named(household: makers.Household) -> None:
    kind = makers.make_service_type()
    makers.make_technician()
    closed_days.close(MONDAY, 'Founders Day', by=SYSTEM)

    assert said(household, kind, at(9)) == said(household, kind) == ['Closed: Founders Day.']


def test_of_several_closed_days_the_first_one_in_the_way_is_named(household: makers.Household) -> None:
    kind, long = makers.make_service_type(minutes=60), makers.make_service_type(minutes=50 * 60)
    makers.make_technician(hours=dict.fromkeys(range(7), (Hours(0, 24 * 60),)))
    for days, name in ((2, 'Fair'), (1, 'Parade'), (4, 'Market')):
        closed_days.close(MONDAY + timedelta(days), name, by=SYSTEM)

    assert said(household, kind, at(23)) == []
    assert said(household, kind, at(23, 30)) == ['Closed: Parade.']
    wednesday, thursday = MONDAY + timedelta(2), MONDAY + timedelta(3)
    assert said(household, kind, at(9, day=wednesday), day=wednesday) == ['Closed: Fair.']
    assert said(household, long, at(0, 30, day=thursday), day=thursday) == ['Closed: Market.']
    assert said(household, long, day=MONDAY) == said(household, long, at(9)) == ['Closed: Parade.']
    closed_days.reopen(MONDAY + timedelta(1), by=SYSTEM)
    assert said(household, long, day=MONDAY) == said(household, long, at(9)) == ['Closed: Fair.']


def test_a_start_is_asked_about_on_its_own_date(household: makers.Household) -> None:
    kind, tuesday = makers.make_service_type(), MONDAY + timedelta(1)
    makers.make_technician(hours={0: (Hours(8 * 60, 17 * 60),)})

    assert said(household, kind, at(9), day=tuesday) == []
    assert said(household, kind, at(9, day=tuesday), day=MONDAY) == [f'{TOM.name} does not work then.']
    closed_days.close(tuesday, 'Fair', by=SYSTEM)
    assert said(household, kind, at(9, day=tuesday), day=MONDAY) == ['Closed: Fair.']


def test_a_business_without_technicians_says_so(household: makers.Household) -> None:
    assert said(household, makers.make_service_type()) == ['Nobody works here yet.']


def test_each_technician_has_a_reason_and_who_came_nearest_is_first(household: makers.Household) -> None:
    kind = makers.make_service_type(minutes=180)
    tom = makers.make_technician(hours={})
    cleo = makers.make_technician(CLEO)
    makers.make_booking(household, kind, at(11), technician=cleo)
    calendars.add_time_off(makers.make_technician(OLGA), at(0), at(20), reason='Holiday', by=SYSTEM)

    assert said(household, kind, at(12)) == [
        f'{CLEO.name} is at a 3 h job until 2:00\N{NO-BREAK SPACE}PM.',
        f'{OLGA.name} is away.',
        f'{TOM.name} does not work then.',
    ]
    assert said(household, kind, at(9), technician=tom) == [f'{TOM.name} does not work then.']
    assert said(household, kind, at(9))[0] == f'{CLEO.name} has the next job at 11:00\N{NO-BREAK SPACE}AM.'


def test_a_drive_that_does_not_fit_says_from_where_and_how_long() -> None:
    there, here = placed(makers.make_customer(signs_in=False), FAR), makers.make_customer(TOM, signs_in=False)
    kind = makers.make_service_type(minutes=60)
    makers.make_technician()
    makers.make_booking(there, kind, at(11))
    placed(here, NEAR)

    assert said(here, kind, at(12, 30)) == [f'{TOM.name} is at a 1 h job until 12:00\N{NO-BREAK SPACE}PM, 48 min away.']
    assert said(here, kind, at(9, 30)) == [f'{TOM.name} has the next job at 11:00\N{NO-BREAK SPACE}AM, 48 min away.']
    assert said(here, kind, at(13)) == []


def test_skills_territory_and_radius_are_named(household: makers.Household) -> None:
    gas, lift = makers.make_skill('Gas certificate'), makers.make_skill('Lift pass')
    kind = makers.make_service_type(skills={gas: 2, lift: 1})
    makers.make_technician(skills={gas: 1})

    assert said(household, kind) == [
        'Nobody has Gas certificate and Lift pass.',
        f'{TOM.name} lacks Gas certificate and Lift pass.',
    ]

    makers.make_technician(CLEO, skills={gas: 2, lift: 1}, hours=WEEKDAYS)
    sunday = MONDAY + timedelta(6)
    assert said(household, kind, day=sunday)[0] == 'No one with Gas certificate and Lift pass works on Sunday, May 12.'


def test_somebody_from_elsewhere_is_not_sent(household: makers.Household) -> None:
    north = makers.make_territory('North Side')
    Site.update(territory=north).where(Site.id == household.site.id).execute()
    makers.make_technician()
    assert said(household, makers.make_service_type()) == [f'{TOM.name} is not sent to North Side.']


def test_somebody_does_not_go_so_far() -> None:
    household = placed(makers.make_customer(signs_in=False), FAR)
    makers.make_technician(home=NEAR, radius=12.5)
    assert said(household, makers.make_service_type()) == [f'{TOM.name} goes 12.5 km at most from home.']


def test_a_day_without_room_says_so(household: makers.Household) -> None:
    kind = makers.make_service_type(minutes=480)
    makers.make_technician()
    makers.make_booking(household, kind, at(8))

    assert said(household, kind) == [f'{TOM.name} has no room left on Monday, May 6.']


def test_every_reason_has_words_and_a_rule_that_gives_it() -> None:
    def kinds(base: type[WhyNot]) -> list[type[WhyNot]]:
        return [kind for direct in base.__subclasses__() for kind in (direct, *kinds(direct))]

    assert [kind.__name__ for kind in kinds(WhyNot) if kind.words == WhyNot.words] == []
    assert len(kinds(WhyNot)) > 12
