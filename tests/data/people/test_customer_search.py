"""Staff find a customer as they type them: without accents, without case, with a phone number of any shape."""

import makers
import pytest
from people import Person
from queries import counted

from data.base.actor import SYSTEM
from data.base.spelling import folded, phone_digits
from data.people import customers
from data.people.customers import Customer

pytestmark = pytest.mark.usefixtures('database')

JURGEN = Person('Jürgen Österreich', 'jurgen@example.org', '+13125550177')
ADDRESS = '3 Straße der Éclairs, Kraków'


@pytest.mark.parametrize(
    'text',
    ['österreich', 'ÖSTERREICH', 'osterreich', 'O\u0308sterreich', 'jurgen o', 'strasse der eclairs', 'KRAKOW'],
)
def test_a_search_minds_neither_case_nor_accents(text: str) -> None:
    household = makers.make_customer(JURGEN, address=ADDRESS, signs_in=False)

    assert customers.search(text, by=SYSTEM) == [household.customer]


@pytest.mark.parametrize('text', ['(312) 555-0177', '312.555.0177', '+1 312 555 0177', '0177', '0013125550177'])
def test_a_phone_number_is_found_in_any_shape(text: str) -> None:
    household = makers.make_customer(JURGEN, signs_in=False)
    makers.make_customer(signs_in=False)

    assert customers.search(text, by=SYSTEM) == [household.customer]


def test_a_number_of_a_country_with_a_trunk_zero_is_found_as_it_is_dialled() -> None:
    household = makers.make_customer(Person('Eva Berger', 'eva@example.org', '+436641234567'), signs_in=False)

    assert customers.search('0664 123 45 67', by=SYSTEM) == [household.customer]


def test_customers_stand_by_name_wherever_their_letters_have_accents() -> None:
    for name in ('Zu Alt', 'Anna Östlund', 'Anna Peters', 'Anna olsen'):
        makers.make_customer(Person(name, 'one@example.org'), signs_in=False)

    assert [found.name for found in customers.search(by=SYSTEM)] == ['Alt', 'olsen', 'Östlund', 'Peters']


@pytest.mark.parametrize(
    ('text', 'digits'),
    [
        ('(312) 555-0177', '3125550177'),
        ('\u0663\u0661\u0662 \u0665\u0665\u0665', '312555'),
        ('18 Alder Street', ''),
        ('18', ''),
        ('', ''),
    ],
)
def test_only_what_looks_like_a_number_is_one(text: str, digits: str) -> None:
    assert phone_digits(text) == digits


def test_folding_twice_changes_nothing_more() -> None:
    for text in ('İstanbul', 'ǅ', 'ﬃ', 'Ελλάς', 'が', '한국', ADDRESS):
        assert folded(folded(text)) == folded(text)


def test_the_contacts_and_sites_of_a_whole_list_are_two_questions() -> None:
    household = makers.make_customer(signs_in=False)
    other = makers.make_customer(JURGEN, address=ADDRESS, signs_in=False)
    without = Customer.create(name='New', search_text='new', made_at=household.customer.made_at)
    rows = customers.search(by=SYSTEM)

    with counted() as queries:
        people = customers.contacts_of_each(rows, by=SYSTEM)
        places = customers.sites_of_each(rows, by=SYSTEM)

    assert len(queries) == 2
    assert people == {household.customer.id: [household.contact], other.customer.id: [other.contact], without.id: []}
    assert places == {household.customer.id: [household.site], other.customer.id: [other.site], without.id: []}
