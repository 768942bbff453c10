"""What somebody wants booked: whether all of it belongs together, and may be wished by who asks."""

from dataclasses import dataclass, replace
from datetime import datetime

from data.access import rights, settings
from data.access.rights import Right
from data.base import clock
from data.base.actor import Actor
from data.base.cells import CELL_MINUTES
from data.base.fields import LongText
from data.base.marks import N_
from data.base.refusals import NotFound, Refusal
from data.crew import technicians
from data.crew.technicians import Technician
from data.offer import service_types
from data.offer.service_types import ServiceType
from data.people import customers
from data.people.assets import Asset
from data.people.customers import Contact, Site
from data.visits.booking_table import LONGEST, Booking
from data.visits.states import UNDER_WAY, State

BOOKING = (
    LongText(
        key='comment', label=N_('Comments'), help=N_("Gate code, parking, what's wrong…"), required=False, most=1000
    ),
)
OVERRIDING = (LongText(key='override', label=N_('Why this rule is set aside'), most=500),)


class TooManyOpen(Refusal):
    """The customer has as many open bookings as the business allows at once."""

    words = N_('You can have {most} open appointments at a time. Please change one of them, or call us.')


class NoReason(Refusal):
    """A rule is set aside for a reason that others can read."""

    words = N_('Please say why this rule is set aside.')


class OffCells(Refusal):
    """No override goes below the cells that free times are counted in (slots, R15), nor above the longest visit."""

    words = N_('Appointments start at full five minutes and last full five minutes, three days at most.')


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be booked. `asset` is None for something else. What stands below `comment` is for staff."""

    contact: Contact
    site: Site
    service_type: ServiceType
    starts_at: datetime
    asset: Asset | None = None
    comment: str | None = None
    technician: Technician | None = None  # None: who should get it
    minutes: int | None = None  # None: as long as the service type says
    override: str | None = None  # why rules are set aside; None: they are heeded

    def content(self) -> dict[str, object]:
        """What tells this wish from another that comes with the same form key."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def checked(wish: Wish, *, by: Actor) -> Wish:
    """The wish as its rows are now: all of it belongs together, is live, and is the asker's.

    Raises NotFound, TooManyOpen, NoReason, OffCells.
    """
    site, contact = customers.find_site(wish.site.id), customers.find_contact(wish.contact.id)
    service_type = service_types.find(wish.service_type.id)
    asset = asset_at(site, wish.asset)
    if contact.customer_id != site.customer_id:
        raise NotFound
    if not rights.may(by, Right.ARRANGE):
        if contact.account_id != by.account_id:
            raise NotFound
        require_on_portal(service_type, asset)
        _require_room(site.customer_id)
    technician = require_arranged(wish.starts_at, wish.minutes, wish.technician, wish.override, by=by)
    return replace(wish, site=site, contact=contact, service_type=service_type, asset=asset, technician=technician)


def require_arranged(
    start: datetime,
    minutes: int | None,
    technician: Technician | None = None,
    override: str | None = None,
    *,
    by: Actor,
) -> Technician | None:
    """Whether the asker may ask for these, and they are possible at all; returns the technician as they are now.

    Raises NotFound for who is not staff and for a technician who has left; NoReason, OffCells.
    """
    require_length(minutes, by=by)
    if technician is None and override is None:
        return None
    rights.require(by, Right.ARRANGE)
    if override is not None and not override.strip():
        raise NoReason
    if override is not None and start.timestamp() % (60 * CELL_MINUTES):
        raise OffCells
    return None if technician is None else technicians.find(technician.id)


def require_length(minutes: int | None, *, by: Actor) -> None:
    """Another length than the usual one (None) is for staff. Raises NotFound for others; OffCells."""
    if minutes is None:
        return
    rights.require(by, Right.ARRANGE)
    if minutes % CELL_MINUTES or not 0 < minutes <= LONGEST.days * 24 * 60:
        raise OffCells


def asset_at(site: Site, asset: Asset | None) -> Asset | None:
    """As it is now; None for something else. Raises NotFound where it has ended or stands at another site."""
    if asset is None:
        return None
    found = Asset.find_live(asset.id)
    if found is None or found.site_id != site.id:
        raise NotFound
    return found


def require_on_portal(service_type: ServiceType, asset: Asset | None) -> None:
    """Customers book what is offered to them for such a thing. Raises NotFound."""
    if not service_types.is_on_portal(service_type, asset.product_id if asset else None):
        raise NotFound


def _require_room(customer_id: int) -> None:
    """What is Scheduled and past waits for staff, not for the customer: it does not count."""
    most = settings.read('bookings.most_open')
    if most is None:
        return
    ahead = (Booking.state == State.SCHEDULED) & (Booking.ends_at > clock.now())
    is_open = (Booking.customer == customer_id) & (ahead | Booking.state.in_(UNDER_WAY))
    if Booking.select().where(is_open).count() >= most:
        raise TooManyOpen(most=most)
