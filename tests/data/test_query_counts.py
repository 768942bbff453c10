"""What is asked often asks the database little, however many rows there are."""

import makers
import pytest
from makers import Cast
from queries import counted

from data.access import rights
from data.access.rights import Right
from data.people import customers
from data.visits import bookings

pytestmark = pytest.mark.usefixtures('database')


@pytest.fixture
def cast() -> Cast:
    return makers.make_cast()


def test_a_right_of_roles_asks_nothing_about_the_row(cast: Cast) -> None:
    with counted() as queries:
        rights.require(cast.dispatcher, Right.SEE_CUSTOMERS, cast.household.customer)

    assert len(queries) == 2  # the session, the roles


def test_whether_somebody_is_a_contact_of_a_customer_is_one_query(cast: Cast) -> None:
    with counted() as queries:
        customers.own_contact(cast.customer, cast.household.customer.id)

    assert len(queries) == 1


@pytest.mark.parametrize(('who', 'most'), [('dispatcher', 3), ('customer', 4), ('technician', 5)])
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
