"""Where a site lies for the slot rules: its pin, else the mean of our sites with its postcode or of its territory."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from peewee import Expression, Field, fn

from data.base.database import database
from data.people.customers import Site
from data.visits.travel import Place


@dataclass(frozen=True)
class StandIns:
    """The mean places of our sites, for those of their neighbours that have none."""

    by_postcode: Mapping[str, Place] = field(default_factory=dict)
    by_territory: Mapping[int, Place] = field(default_factory=dict)

    def place(
        self, lat: float | None, lon: float | None, postcode: str | None, territory_id: int | None
    ) -> Place | None:
        """None: nobody knows."""
        if lat is not None and lon is not None:
            return Place(lat, lon)
        return self.by_postcode.get(postcode or '') or self.by_territory.get(territory_id or 0)


def stand_ins(postcodes: Collection[str], territory_ids: Collection[int]) -> StandIns:
    """What stands in for sites without a pin that have these."""
    by_postcode = _means(Site.postcode, postcodes) if postcodes else {}
    by_territory = _means(Site.territory, territory_ids) if territory_ids else {}
    return StandIns(by_postcode, by_territory)


def of_site(site: Site) -> Place | None:
    """None: nobody knows."""
    if site.lat is not None and site.lon is not None:
        return Place(site.lat, site.lon)
    means = stand_ins([site.postcode] if site.postcode else [], [site.territory_id] if site.territory_id else [])
    return means.place(None, None, site.postcode, site.territory_id)


def _means(by: Field, wanted: Iterable[Any]) -> dict[Any, Place]:
    """In the plane: sites of one postcode lie too near together for the earth's roundness to matter."""
    has_place: Expression = Site.lat.is_null(False) & Site.ended_at.is_null()
    query = Site.select(by, fn.avg(Site.lat), fn.avg(Site.lon)).where(by.in_(list(wanted)) & has_place).group_by(by)
    return {key: Place(lat, lon) for key, lat, lon in database.execute(query)}
