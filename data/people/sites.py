"""Where sites lie: a pin that somebody has set by hand, and the territory they are in."""

from data.access import rights
from data.access.rights import Right
from data.base.actor import Actor
from data.base.changes import record
from data.base.database import transaction
from data.base.decimals import Decimal
from data.base.marks import N_
from data.offer import territories
from data.offer.territories import Territory
from data.people.customers import CustomerChanged, Site, find_site

LATITUDE = Decimal(key='lat', label=N_('Latitude'), help=N_('In degrees, north is positive.'), least=-90, most=90)
LONGITUDE = Decimal(key='lon', label=N_('Longitude'), help=N_('In degrees, east is positive.'), least=-180, most=180)
PIN = (LATITUDE, LONGITUDE)


class SitePlaced(CustomerChanged):
    """A pin was set or taken away by hand, or a geocoder has found the address."""


class SiteTerritoryChanged(CustomerChanged):
    """A site lies in another territory, or in none."""


def pin(site: Site, lat: float, lon: float, *, by: Actor) -> Site:
    """Sets the place by hand; no geocoder moves it. Raises NotFound, and WrongInput for no place on earth."""
    with transaction():
        now = _own_or_staffs(site, by=by)
        values = {'lat': LATITUDE.parse(lat), 'lon': LONGITUDE.parse(lon), 'is_pinned': True}
        return _place(now, values, by=by)


def unpin(site: Site, *, by: Actor) -> Site:
    """Forgets a place that was set by hand, so that the address is looked up; another place stays. Raises NotFound."""
    with transaction():
        now = _own_or_staffs(site, by=by)
        return _place(now, {'lat': None, 'lon': None, 'is_pinned': False}, by=by) if now.is_pinned else now


def set_territory(site: Site, territory: Territory | None, *, by: Actor) -> Site:
    """None: it lies in none. Raises NotFound."""
    with transaction():
        rights.require(by, Right.CHANGE_CUSTOMERS)
        before, chosen = find_site(site.id), territories.find(territory.id) if territory else None
        Site.update(territory=chosen, version=Site.version + 1).where(Site.id == site.id).execute()
        changed = find_site(site.id)
        left, entered = {'territory': before.territory_id}, {'territory': changed.territory_id}
        record(SiteTerritoryChanged(changed, by=by, before=left, after=entered))
        return changed


def _own_or_staffs(site: Site, *, by: Actor) -> Site:
    """As it is now: whose it is, the database says and not the row that came in. Raises NotFound."""
    now = find_site(site.id)
    rights.require(by, Right.PLACE_SITES, now)
    return now


def _place(site: Site, values: dict[str, object], *, by: Actor) -> Site:
    Site.update(**values, version=Site.version + 1).where(Site.id == site.id).execute()
    placed = find_site(site.id)
    record(SitePlaced(placed, by=by, before={key: getattr(site, key) for key in values}, after=values))
    return placed
