"""Things at a customer's site that are serviced; the portal calls them products."""

from collections.abc import Mapping
from typing import Any

from peewee import ForeignKeyField, IntegerField, TextField

from data.access import rights
from data.access.rights import Right
from data.base.actor import Actor
from data.base.changes import record
from data.base.columns import InstantField
from data.base.database import transaction
from data.base.fields import Choice, Field, Number, Text
from data.base.marks import N_
from data.base.table import Table
from data.offer import products
from data.offer.products import Product
from data.people.customers import CustomerChanged, Site, find_site, own_contact, own_contacts

ASSET = (
    Text(key='name', label=N_('Name'), help=N_('Make and model, such as ecoTEC plus.'), most=100),
    Text(key='serial_number', label=N_('Serial number'), required=False, most=60),
    Number(key='installed_year', label=N_('Installed in'), required=False, least=1900, most=2200),
)


class Asset(Table):
    """One such thing."""

    site_id: int
    product_id: int
    site = ForeignKeyField(Site, backref='assets', on_delete='RESTRICT')
    product = ForeignKeyField(Product, backref='assets', on_delete='RESTRICT')
    name = TextField()
    serial_number = TextField(null=True)
    installed_year = IntegerField(null=True)
    ended_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        table_name = 'assets'

    def household(self) -> int | None:
        return int(self.site.customer_id)

    def is_own(self, by: Actor) -> bool:
        return own_contact(by, self.site.customer_id) is not None


class AssetAdded(CustomerChanged):
    """A thing at a site is known."""


def add(site: Site, product: Product, values: Mapping[str, Any], *, by: Actor) -> Asset:
    """A thing by `ASSET`'s values. Raises NotFound for a site or product that has ended."""
    with transaction():
        rights.require(by, Right.CHANGE_CUSTOMERS)
        asset = Asset.create(**values, site=find_site(site.id), product=products.find(product.id))
        record(AssetAdded(asset, by=by, after=values))
        return asset


def place_fields(sites: list[Site], products: list[Product]) -> tuple[Field, ...]:
    """Where a thing stands and of which kind it is: a choice of these."""
    return (
        Choice(key='site', label=N_('Site'), options=tuple((str(site.id), site.address) for site in sites)),
        Choice(key='product', label=N_('Product'), options=tuple((str(kind.id), kind.name) for kind in products)),
    )


def of_customer(customer_id: int, *, by: Actor) -> list[Asset]:
    """Live ones at live sites, with site and product loaded."""
    rights.require(by, Right.SEE_CUSTOMERS)
    return list(_live().where(Site.customer == customer_id))


def own_assets(by: Actor) -> list[Asset]:
    """The live ones at the live sites of every customer that the asker belongs to, with site and product loaded."""
    mine = [contact.customer_id for contact in own_contacts(by)]
    return list(_live().where(Site.customer.in_(mine)))


def _live() -> Any:
    live = Asset.ended_at.is_null() & Site.ended_at.is_null()
    rows = Asset.select(Asset, Site, Product).join(Site).switch(Asset).join(Product)
    return rows.where(live).order_by(Asset.name, Asset.id)
