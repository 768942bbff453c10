"""Where a site lies for the slot rules: its pin, else the mean of our sites with its postcode or of its territory."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Any

from peewee import Expression, Field

from data.base.database import database
from data.people.customers import Site
from data.visits.travel import Place, distance_km

NEIGHBOURS_KM = 50  # from the middle of its neighbours: who lies farther is none, or its pin is wrong


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
    if site.postcode and (mean := _means(Site.postcode, [site.postcode])):
        return mean[site.postcode]
    return _means(Site.territory, [site.territory_id]).get(site.territory_id) if site.territory_id else None


def _means(by: Field, wanted: Iterable[Any]) -> dict[Any, Place]:
    has_place: Expression = Site.lat.is_null(False) & Site.ended_at.is_null()
    query = Site.select(by, Site.lat, Site.lon).where(by.in_(list(wanted)) & has_place)
    neighbours: dict[Any, list[tuple[float, float]]] = defaultdict(list)
    for key, *place in database.execute(query):
        neighbours[key].append(tuple(place))
    return {key: mean for key, there in neighbours.items() if (mean := _mean(there))}


def _mean(neighbours: Sequence[tuple[float, float]]) -> Place | None:
    """In the plane, as they lie near together: of those near their median, which one wrong pin cannot move far.

    None where nobody is near it.
    """
    lats, lons = (sorted(degrees) for degrees in zip(*neighbours, strict=True))
    middle = Place(median(lats), median(lons))
    corners = (Place(lat, lon) for lat in (lats[0], lats[-1]) for lon in (lons[0], lons[-1]))
    if any(distance_km(middle, corner) > NEIGHBOURS_KM for corner in corners):  # else all are near
        near = [place for place in neighbours if distance_km(middle, Place(*place)) <= NEIGHBOURS_KM]
        lats, lons = (list(degrees) for degrees in zip(*near, strict=True)) if near else ([], [])
    return Place(fmean(lats), fmean(lons)) if lats else None
