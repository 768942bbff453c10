"""Rows by their id."""

import pytest
from peewee import DoesNotExist

from data.offer.products import Product

pytestmark = pytest.mark.usefixtures('database')


@pytest.mark.parametrize('number', [0, -1, 2**31, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 10**30, 10**400])
def test_a_number_that_no_row_has_finds_none_however_long_it_is(number: int) -> None:
    Product.create(name='Boiler')

    assert Product.find_live(number) is None
    assert Product.get_or_none(Product.id == number) is None
    with pytest.raises(DoesNotExist):
        Product.get_by_id(number)
