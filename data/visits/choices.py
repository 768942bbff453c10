"""What a customer may choose among when they book: their own things and sites, and what is offered for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from data.access import rights, settings
from data.access.rights import Right
from data.base import clock
from data.base.actor import Actor
from data.offer import service_types
from data.offer.service_types import ServiceType
from data.people import assets, customers
from data.people.assets import Asset
from data.people.customers import Site

SOMETHING_ELSE = 0  # stands for no asset; none has this id
NO_LIMIT_DAYS = 365  # how far a calendar goes for a service type that is booked without limit


@dataclass(frozen=True, kw_only=True)
class Choices:
    """`service_types` by the id of an asset, or SOMETHING_ELSE where something is offered that needs no product."""

    sites: Sequence[Site]
    assets: Mapping[int, Asset]
    service_types: Mapping[int, Sequence[ServiceType]]

    @property
    def are_empty(self) -> bool:
        return not self.sites or not self.service_types


def of_customer(by: Actor) -> Choices:
    """The asker's own, of every customer they belong to; an asset for which nothing is offered is left out."""
    rights.require(by, Right.SEE_OWN_HOME)
    sites = customers.own_sites(by)
    own = assets.own_assets(by)
    offered = {asset.id: service_types.on_portal(asset.product) for asset in own}
    offered[SOMETHING_ELSE] = service_types.on_portal(None)
    return Choices(
        sites=sites,
        assets={asset.id: asset for asset in own if offered[asset.id]},
        service_types={each: found for each, found in offered.items() if found},
    )


def days_ahead(service_type: ServiceType) -> tuple[date, date]:
    """The first and the last local date that can have something free."""
    today = clock.today(settings.zone())
    limit = NO_LIMIT_DAYS if service_type.greatest_days is None else service_type.greatest_days
    return today, today + timedelta(days=limit)
