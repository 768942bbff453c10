"""What is asked often asks the database little, however many rows there are."""

from dataclasses import replace
from datetime import timedelta

import makers
import pytest
from makers import Cast
from people import Person
from queries import counted

from bench import companies
from bench.companies import Size
from data.access import rights, settings
from data.access.rights import Right
from data.base import clock
from data.base.actor import SYSTEM
from data.base.database import transaction
from data.people import customers, sites
from data.people.customers import Site
from data.visits import bookings, free_times, reasons
from data.visits.reasons import Question

FEW = Size(technicians=2, bookings=60, ahead=40, customers=20)
MANY = Size(technicians=8, bookings=800, ahead=400, customers=80)

pytestmark = pytest.mark.usefixtures('database')


@pytest.fixture
def cast() -> Cast:
    return makers.make_cast()


def test_a_right_of_roles_asks_nothing_about_the_row(cast: Cast) -> None:
    with counted() as queries:
        rights.require(cast.dispatcher, Right.SEE_CUSTOMERS, cast.household.customer)

    assert len(queries) == 2  # the session, the roles


def test_whether_somebody_is_a_contact_of_a_customer_is_three_small_queries(cast: Cast) -> None:
    with counted() as queries:
        customers.own_contact(cast.customer, cast.household.customer.id)

    assert len(queries) == 3  # the session, whose contact, the contact: plain text, a quarter of a built one's cost


@pytest.mark.parametrize(('who', 'most'), [('dispatcher', 3), ('customer', 6), ('technician', 6)])
def test_a_booking_is_found_in_few_queries(cast: Cast, who: str, most: int) -> None:
    booking = makers.make_booking(cast.household, cast.service_type)

    with counted() as queries:
        bookings.find(booking.id, by=getattr(cast, who))

    assert len(queries) <= most, queries


def test_a_customer_books_in_few_queries(cast: Cast) -> None:
    wish = makers.make_wish(cast.household, cast.service_type, makers.free_start(cast.household, cast.service_type))

    with counted() as queries:
        bookings.book(wish, by=cast.customer, key='counted')

    assert len(queries) <= 39, '\n'.join(queries)


@pytest.mark.parametrize('days', [7, 60])
@pytest.mark.parametrize('size', [FEW, MANY], ids=['few', 'many'])
def test_an_answer_asks_no_more_where_more_technicians_days_and_bookings_are(size: Size, days: int) -> None:
    company = companies.make(size)
    with transaction():
        Site.update(lat=None, lon=None).execute()  # so that all ask what stands in for a place
    wanted = free_times.wanted(Site.get_by_id(company.sites[0].id), company.service_types[0])
    today = clock.today(settings.zone())

    with counted() as cold:
        free_times.offered(wanted, first_day=today, last_day=today + timedelta(days))
    with counted() as warm:
        free_times.offered(wanted, first_day=today, last_day=today + timedelta(days))

    assert len(cold) == 15, '\n'.join(cold)
    assert len(warm) == 1  # is anything stale?


@pytest.mark.parametrize('technicians', [2, 12])
def test_why_nobody_can_come_asks_no_more_where_more_technicians_are(technicians: int) -> None:
    makers.make_business()
    household, gas, north = makers.make_customer(), makers.make_skill(), makers.make_territory()
    for number in range(technicians):
        makers.make_technician(Person(f'Tom {number}', f'tom{number}@alder.example'), skills={gas: 1})
    sites.set_territory(household.site, north, by=SYSTEM)
    site = Site.get_by_id(household.site.id)
    able = free_times.wanted(site, makers.make_service_type())
    questions = able, replace(able, skills={gas.id: 2}), replace(able, territory_id=None, duration_minutes=12 * 60)
    day = clock.today(settings.zone()) + timedelta(1)
    reasons.why_not(Question(wanted=able, day=day), by=SYSTEM)

    for wanted in questions:
        with counted() as queries:
            found = reasons.why_not(Question(wanted=wanted, day=day), by=SYSTEM)
        assert len(found) >= technicians
        assert len(queries) <= 6, '\n'.join(queries)
