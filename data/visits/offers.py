"""What is offered for a new booking and for one that moves: free starts, open days, and when somebody is nearby."""

from datetime import date, datetime

from data.access import rights
from data.access.rights import Right
from data.base.actor import Actor
from data.offer import service_types
from data.offer.service_types import ServiceType
from data.people import customers
from data.people.assets import Asset
from data.people.customers import Site
from data.visits import free_times, wishes
from data.visits.booking_table import Booking, find_again
from data.visits.search import Wanted


def offered(
    site: Site,
    service_type: ServiceType,
    *,
    first_day: date,
    last_day: date,
    by: Actor,
    asset: Asset | None = None,
    minutes: int | None = None,
) -> dict[date, list[datetime]]:
    """Free starts by local date, both dates included; `asset` is None for something else, another length is for staff.

    Raises NotFound, OffCells.
    """
    wanted = _wanted(site, service_type, asset, minutes, by=by)
    return free_times.offered(wanted, first_day=first_day, last_day=last_day)


def open_days(
    site: Site,
    service_type: ServiceType,
    *,
    first_day: date,
    last_day: date,
    by: Actor,
    asset: Asset | None = None,
    minutes: int | None = None,
) -> set[date]:
    """The local dates on which `offered` has something. Raises NotFound, OffCells."""
    wanted = _wanted(site, service_type, asset, minutes, by=by)
    return free_times.open_days(wanted, first_day=first_day, last_day=last_day)


def nearby(
    site: Site,
    service_type: ServiceType,
    day: date,
    *,
    by: Actor,
    asset: Asset | None = None,
    minutes: int | None = None,
) -> set[datetime]:
    """Those starts of this local date for which somebody drives least out of their way. Raises NotFound, OffCells."""
    return free_times.nearby(_wanted(site, service_type, asset, minutes, by=by), day)


def offered_again(
    booking: Booking, *, first_day: date, last_day: date, by: Actor, minutes: int | None = None
) -> dict[date, list[datetime]]:
    """As `offered`: free starts to which it can move, its own time being free. Raises NotFound, OffCells."""
    wanted = _wanted_again(booking, minutes, by=by)
    return free_times.offered(wanted, first_day=first_day, last_day=last_day, moving=booking.id)


def open_days_again(
    booking: Booking, *, first_day: date, last_day: date, by: Actor, minutes: int | None = None
) -> set[date]:
    """The local dates on which `offered_again` has something. Raises NotFound, OffCells."""
    wanted = _wanted_again(booking, minutes, by=by)
    return free_times.open_days(wanted, first_day=first_day, last_day=last_day, moving=booking.id)


def nearby_again(booking: Booking, day: date, *, by: Actor, minutes: int | None = None) -> set[datetime]:
    """As `nearby`, of the starts to which it can move. Raises NotFound, OffCells."""
    return free_times.nearby(_wanted_again(booking, minutes, by=by), day, moving=booking.id)


def _wanted(site: Site, service_type: ServiceType, asset: Asset | None, minutes: int | None, *, by: Actor) -> Wanted:
    """What the asker may book there, as its rows are now; for customers it must be on the portal."""
    site, service_type = customers.find_site(site.id), service_types.find(service_type.id)
    rights.require(by, Right.BOOK, site)
    wishes.require_length(minutes, by=by)
    asset = wishes.asset_at(site, asset)
    if not rights.may(by, Right.ARRANGE):
        wishes.require_on_portal(service_type, asset)
    return free_times.wanted(site, service_type, minutes=minutes)


def _wanted_again(booking: Booking, minutes: int | None, *, by: Actor) -> Wanted:
    """It keeps its service type, whatever the portal shows by now."""
    now = find_again(booking, Right.CHANGE_BOOKING, by=by)
    wishes.require_length(minutes, by=by)
    return free_times.wanted_again(now, minutes=minutes)
