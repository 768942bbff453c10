"""What is on offer: a customer sees what fits their thing, while it is offered."""

from collections.abc import Callable

import makers
import pytest
from peewee import IntegrityError

from data.base import clock
from data.base.actor import SYSTEM
from data.base.database import transaction
from data.base.refusals import NotFound
from data.offer import products, service_types
from data.offer.products import Product
from data.offer.service_types import ServiceType, ServiceTypeProduct

pytestmark = pytest.mark.usefixtures('database')


def test_a_service_is_offered_for_its_products_and_what_needs_none_for_something_else() -> None:
    boiler, stove = makers.make_product('Boiler'), makers.make_product('Stove')
    inspection, repair = makers.make_service_type(boiler), makers.make_service_type(None, minutes=60)

    assert service_types.on_portal(boiler) == [inspection]
    assert service_types.on_portal(stove) == []
    assert service_types.on_portal(None) == [repair]


@pytest.mark.parametrize('columns', [{'is_on_portal': False}, {'ended_at': clock.now()}], ids=['hidden', 'ended'])
def test_what_is_not_on_the_portal_is_offered_to_no_customer(columns: dict[str, object]) -> None:
    boiler = makers.make_product()
    kind = makers.make_service_type(boiler)
    ServiceType.update(**columns).where(ServiceType.id == kind.id).execute()

    assert service_types.on_portal(boiler) == []


def test_a_product_named_twice_counts_once() -> None:
    boiler = makers.make_product()

    service_types.add({'name': 'Check', 'duration_minutes': 30}, products=[boiler, boiler], by=SYSTEM)

    assert ServiceTypeProduct.select().count() == 1


def test_a_service_for_a_product_that_has_ended_is_not_added_at_all() -> None:
    boiler, stove = makers.make_product('Boiler'), makers.make_product('Stove')
    Product.update(ended_at=clock.now()).where(Product.id == stove.id).execute()

    with pytest.raises(NotFound):
        service_types.add({'name': 'Check', 'duration_minutes': 30}, products=[boiler, stove], by=SYSTEM)

    assert ServiceType.select().count() == 0


@pytest.mark.parametrize(
    'columns',
    [{'duration_minutes': 0}, {'duration_minutes': 7}, {'granularity_minutes': 0}, {'set_up_minutes': -5}],
    ids=str,
)
def test_the_schema_takes_only_whole_cells_of_five_minutes(columns: dict[str, object]) -> None:
    kind = makers.make_service_type()

    with pytest.raises(IntegrityError), transaction():
        ServiceType.update(**columns).where(ServiceType.id == kind.id).execute()


def test_products_are_listed_by_name_while_they_are_serviced() -> None:
    for name in ('stove', 'Boiler', 'Heat pump', 'Fax'):
        makers.make_product(name)
    Product.update(ended_at=clock.now()).where(Product.name == 'Fax').execute()

    assert [product.name for product in products.live()] == ['Boiler', 'Heat pump', 'stove']


FINDERS: dict[str, tuple[Callable[[int], object], Callable[[], Product | ServiceType]]] = {
    'a product': (products.find, makers.make_product),
    'a service type': (service_types.find, makers.make_service_type),
}


@pytest.mark.parametrize(('find', 'make'), FINDERS.values(), ids=FINDERS)
def test_what_has_ended_or_never_was_is_not_found(
    find: Callable[[int], object], make: Callable[[], Product | ServiceType]
) -> None:
    row = make()
    assert find(row.id) == row

    type(row).update(ended_at=clock.now()).execute()
    for number in (row.id, 0, 10**6):
        with pytest.raises(NotFound):
            find(number)
