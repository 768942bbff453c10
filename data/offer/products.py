"""Kinds of things that are serviced: boilers, heat pumps."""

from collections.abc import Mapping
from typing import Any

from peewee import SQL, IntegerField, TextField

from data.access import rights
from data.access.rights import Right
from data.base.actor import Actor
from data.base.changes import Change, record
from data.base.columns import InstantField
from data.base.database import transaction
from data.base.fields import Text
from data.base.marks import N_
from data.base.refusals import NotFound
from data.base.table import Table

ADDING = (Text(key='name', label=N_('Product'), help=N_('A kind of thing you service, such as Boiler.'), most=80),)


class Product(Table):
    """One kind of thing."""

    name = TextField()
    ended_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        table_name = 'products'


class ProductAdded(Change):
    """A kind of thing is serviced from now on."""


def add(values: Mapping[str, Any], *, by: Actor) -> Product:
    """A new one by `ADDING`'s values."""
    with transaction():
        rights.require(by, Right.CHANGE_CATALOGUE)
        product = Product.create(name=values['name'])
        record(ProductAdded(product, by=by, after=values))
        return product


def live() -> list[Product]:
    """What is serviced now, by name."""
    return list(Product.select().where(Product.ended_at.is_null()).order_by(SQL('lower(name)'), Product.id))


def find(product_id: int) -> Product:
    """A live one. Raises NotFound."""
    found = Product.find_live(product_id)
    if found is None:
        raise NotFound
    return found
