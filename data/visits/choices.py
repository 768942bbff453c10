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
from data.visits.working_time import cell_after, instant_of

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
    offered = service_types.on_portal_by_product({asset.product_id for asset in own})
    by_asset = {asset.id: offered[asset.product_id] for asset in own if asset.product_id in offered}
    something_else = {SOMETHING_ELSE: offered[None]} if None in offered else {}
    return Choices(
        sites=sites,
        assets={asset.id: asset for asset in own if asset.id in by_asset},
        service_types=by_asset | something_else,
    )


def days_ahead(service_type: ServiceType) -> tuple[date, date]:
    """The first and the last local date that notice and days leave to a start; where they leave none, the last lies
    before the first.
    """
    zone, now = settings.zone(), clock.now()
    today, notice, limit = clock.today(zone), service_type.greatest_notice_minutes, service_type.greatest_days
    earliest = instant_of(cell_after(now + timedelta(minutes=service_type.least_notice_minutes)))
    first = max(earliest.astimezone(zone).date(), today + timedelta(service_type.least_days))
    last = today + timedelta(NO_LIMIT_DAYS if limit is None else limit)
    if notice is not None:
        last = min(last, (now + timedelta(minutes=notice)).astimezone(zone).date())
    return first, last
