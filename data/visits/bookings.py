"""Booking: which wishes can be fulfilled, and by whom."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import structlog
from peewee import IntegrityError

from data.access import rights, settings
from data.access.rights import Right
from data.base import clock, form_keys
from data.base.actor import Actor
from data.base.changes import record
from data.base.database import database, savepoint, transaction
from data.base.fields import LongText
from data.base.marks import N_
from data.base.refusals import NotFound, Refusal
from data.offer import service_types
from data.offer.service_types import ServiceType
from data.people import customers
from data.people.assets import Asset
from data.people.customers import Contact, Site
from data.visits import free_times, guard, statuses
from data.visits.booking_table import IS_UNDER_WAY, LONGEST, Booking, BookingChanged
from data.visits.slots import Span, Visit
from data.visits.states import UNDER_WAY, State

log = structlog.get_logger()

BOOKING = (
    LongText(
        key='comment', label=N_('Comments'), help=N_("Gate code, parking, what's wrong…"), required=False, most=1000
    ),
)


class BookingMade(BookingChanged):
    """Somebody will come."""


class SlotTaken(Refusal):
    """Somebody was faster, or the time is no longer free for another reason."""

    words = N_('This time was taken a moment ago. Please choose another.')


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be booked. `asset` is None for something else."""

    contact: Contact
    site: Site
    service_type: ServiceType
    starts_at: datetime
    asset: Asset | None = None
    comment: str | None = None

    def content(self) -> dict[str, object]:
        """What tells this wish from another that comes with the same form key."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def book(wish: Wish, *, by: Actor, key: str) -> Booking:
    """Books the wish with the technician who should get it (slots, R13). The same `key` again gives the same booking.

    Raises SlotTaken; NotFound for what is not the asker's or has ended; form_keys.FormKeyReused.
    """
    with transaction():
        rights.require(by, Right.BOOK, wish.site)
        if (earlier := form_keys.made_before(by, key, wish.content())) is not None:
            return Booking.get_by_id(earlier)
        booking = _inserted(_checked(wish, by=by))
        form_keys.remember(by, key, wish.content(), booking.id)
        record(BookingMade(booking, by=by, after=_facts(booking)))
        return booking


def offered(
    site: Site, service_type: ServiceType, *, first_day: date, last_day: date, by: Actor
) -> dict[date, list[datetime]]:
    """Free starts by local date, both dates included. Raises NotFound."""
    site, service_type = customers.find_site(site.id), service_types.find(service_type.id)
    rights.require(by, Right.BOOK, site)
    visits = _visits(free_times.reach(first_day, last_day))
    return free_times.offered(site, service_type, visits, first_day=first_day, last_day=last_day)


def find(booking_id: int, *, by: Actor) -> Booking:
    """Raises NotFound, also for a booking that the asker may not see."""
    found = Booking.get_or_none(Booking.id == booking_id)
    if found is None:
        raise NotFound
    rights.require(by, Right.SEE_BOOKING, found)
    return found


def _checked(wish: Wish, *, by: Actor) -> Wish:
    """The wish as its rows are now: all of it belongs together, is live, and is the asker's. Raises NotFound."""
    site, contact = customers.find_site(wish.site.id), customers.find_contact(wish.contact.id)
    service_type = service_types.find(wish.service_type.id)
    asset = None if wish.asset is None else _asset_at(site, wish.asset.id)
    if contact.customer_id != site.customer_id:
        raise NotFound
    if not rights.may(by, Right.SEE_APPOINTMENTS):
        product = asset.product if asset else None
        if contact.account_id != by.account_id or service_type not in service_types.on_portal(product):
            raise NotFound
    return replace(wish, site=site, contact=contact, service_type=service_type, asset=asset)


def _asset_at(site: Site, asset_id: int) -> Asset:
    found = Asset.get_or_none((Asset.id == asset_id) & (Asset.site == site) & Asset.ended_at.is_null())
    if found is None:
        raise NotFound
    return found


def _inserted(wish: Wish) -> Booking:
    """Tries the technicians in order: should the guard refuse one, the next gets it."""
    day = wish.starts_at.astimezone(settings.zone()).date()
    visits = _visits(free_times.reach(day, day))
    for technician_id in free_times.candidates(wish.site, wish.service_type, wish.starts_at, visits):
        try:
            with savepoint():
                return Booking.create(technician=technician_id, **_columns(wish))
        except IntegrityError as clash:
            if not guard.refused(clash):
                raise
            log.warning('the guard refused a booking', technician=technician_id, starts_at=wish.starts_at.isoformat())
    raise SlotTaken


def _columns(wish: Wish) -> dict[str, Any]:
    service_type = wish.service_type
    ends_at = wish.starts_at + timedelta(minutes=service_type.duration_minutes)
    return {
        'customer': wish.site.customer_id,
        'contact': wish.contact,
        'site': wish.site,
        'asset': wish.asset,
        'service_type': service_type,
        'status': statuses.default_of(State.SCHEDULED),
        'state': State.SCHEDULED,
        'starts_at': wish.starts_at,
        'ends_at': ends_at,
        'blocks_until': ends_at,
        'set_up_minutes': service_type.set_up_minutes,
        'clean_up_minutes': service_type.clean_up_minutes,
        'service_name': service_type.name,
        'asset_name': wish.asset.name if wish.asset else None,
        'comment': wish.comment,
        'uid': str(uuid.uuid4()),
        'made_at': clock.now(),
    }


def _visits(span: Span) -> dict[int, list[Visit]]:
    """By technician, what is not canceled and touches the span or is under way: each query has its index."""
    close_by = (Booking.starts_at > span.start - LONGEST) & (Booking.starts_at < span.end)
    touching = close_by & (Booking.blocks_until > span.start) & Booking.state.not_in((State.CANCELED, *UNDER_WAY))
    found = _by_technician(touching)
    for technician, visits in _by_technician(IS_UNDER_WAY).items():
        found[technician] += visits
    return found


def _by_technician(condition: Any) -> dict[int, list[Visit]]:
    """Plain rows: models cost much more."""
    query = Booking.select(
        Booking.technician,
        Booking.id,
        Booking.starts_at,
        Booking.blocks_until,
        Booking.set_up_minutes,
        Booking.clean_up_minutes,
        Booking.state,
        Booking.travel_started_at,
        Booking.work_started_at,
    ).where(condition)
    found: dict[int, list[Visit]] = defaultdict(list)
    for technician, number, starts, until, before, after, state, *stamps in database.execute(query):
        since = min((stamp for stamp in stamps if stamp is not None), default=None) if state in UNDER_WAY else None
        found[technician].append(
            Visit(
                booking_id=number,
                starts_at=datetime.fromtimestamp(starts, UTC),
                blocks_until=datetime.fromtimestamp(until, UTC),
                set_up_minutes=before,
                clean_up_minutes=after,
                under_way_since=None if since is None else datetime.fromtimestamp(since, UTC),
            )
        )
    return found


def _facts(booking: Booking) -> dict[str, object]:
    return {
        'starts_at': booking.starts_at,
        'ends_at': booking.ends_at,
        'technician': booking.technician_id,
        'service': booking.service_name,
        'zone': settings.zone().key,
    }
