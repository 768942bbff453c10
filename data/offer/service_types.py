"""What is done at a visit: how long it takes, for which products, how far ahead it is booked."""

from collections.abc import Iterable, Mapping
from typing import Any

from peewee import BooleanField, Check, ForeignKeyField, IntegerField, TextField

from data.access import rights
from data.access.rights import Right
from data.base.actor import Actor
from data.base.changes import Change, record
from data.base.columns import InstantField
from data.base.database import Table, transaction
from data.base.fields import Number, Text
from data.base.marks import N_
from data.base.refusals import NotFound
from data.offer.products import Product
from data.offer.products import find as find_product
from data.offer.skills import Skill

ADDING = (
    Text(key='name', label=N_('Service'), help=N_('What you do there, such as Annual inspection.'), most=80),
    Number(key='duration_minutes', label=N_('Takes (minutes)'), least=5, most=720, step=5),
)


class ServiceType(Table):
    """One kind of work. Minutes of the visit are frozen into each booking when it is made."""

    name = TextField()
    duration_minutes = IntegerField()
    set_up_minutes = IntegerField(default=0)
    clean_up_minutes = IntegerField(default=0)
    granularity_minutes = IntegerField(default=30)
    least_notice_minutes = IntegerField(default=120)
    greatest_notice_minutes = IntegerField(null=True)  # None: no limit but the days
    least_days = IntegerField(default=0)
    greatest_days = IntegerField(null=True, default=60)
    is_on_portal = BooleanField(default=True)
    ended_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        table_name = 'service_types'
        constraints = (
            # R15 of the slot rules: everything lies on cells of five minutes
            Check('duration_minutes > 0 AND duration_minutes / 5 * 5 = duration_minutes'),
            Check('granularity_minutes > 0 AND granularity_minutes / 5 * 5 = granularity_minutes'),
            Check('set_up_minutes >= 0 AND clean_up_minutes >= 0'),
        )


class ServiceTypeProduct(Table):
    """A service type is offered for this product."""

    service_type_id: int
    product_id: int
    service_type = ForeignKeyField(ServiceType, backref='products', on_delete='RESTRICT')
    product = ForeignKeyField(Product, backref='service_types', on_delete='RESTRICT')

    class Meta:
        table_name = 'service_type_products'
        indexes = ((('service_type', 'product'), True),)


class ServiceTypeSkill(Table):
    """Who does this holds that skill, at this level or above."""

    service_type_id: int
    skill_id: int
    service_type = ForeignKeyField(ServiceType, backref='skills', on_delete='RESTRICT')
    skill = ForeignKeyField(Skill, backref='service_types', on_delete='RESTRICT')
    level = IntegerField(default=1)

    class Meta:
        table_name = 'service_type_skills'
        constraints = (Check('level >= 1'),)
        indexes = ((('service_type', 'skill'), True),)


class ServiceTypeAdded(Change):
    """Something can be booked from now on."""


def add(values: Mapping[str, Any], *, products: Iterable[Product], by: Actor) -> ServiceType:
    """A new one by `ADDING`'s values; without products it is offered for "something else". Raises NotFound."""
    with transaction():
        rights.require(by, Right.CHANGE_CATALOGUE)
        service_type = ServiceType.create(**values)
        for product_id in {product.id for product in products}:
            ServiceTypeProduct.create(service_type=service_type, product=find_product(product_id))
        record(ServiceTypeAdded(service_type, by=by, after=values))
        return service_type


def on_portal(product: Product | None) -> list[ServiceType]:
    """What a customer may choose for this product; None: what needs no product."""
    live = ServiceType.select().where(ServiceType.ended_at.is_null() & ServiceType.is_on_portal)
    for_products = ServiceTypeProduct.select(ServiceTypeProduct.service_type)
    chosen = (
        ServiceType.id.not_in(for_products)
        if product is None
        else ServiceType.id.in_(for_products.where(ServiceTypeProduct.product == product))
    )
    return list(live.where(chosen).order_by(ServiceType.name, ServiceType.id))


def find(service_type_id: int) -> ServiceType:
    """A live one. Raises NotFound."""
    found = ServiceType.get_or_none((ServiceType.id == service_type_id) & ServiceType.ended_at.is_null())
    if found is None:
        raise NotFound
    return found
