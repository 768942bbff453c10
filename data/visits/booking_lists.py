"""What pages ask about bookings: a customer's home, the staff's lists, what happened to one."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from peewee import SQL

from data.access import rights, settings
from data.access.rights import Right
from data.base import clock
from data.base.actor import Actor
from data.base.changes import ChangeRow
from data.crew.technicians import Technician
from data.people import customers
from data.people.customers import Customer, Site
from data.visits.booking_table import IS_SCHEDULED, KNOWN_TO_TECHNICIAN, LONGEST, Booking
from data.visits.states import OVER, State

PAST_AT_ONCE = 20
IS_NOT_CANCELED = SQL("state <> 'canceled'")  # as the index over (technician, starts_at) says it


@dataclass(frozen=True, kw_only=True)
class Home:
    """A customer's bookings: `upcoming` by start, `past` newest first; `past_count` are all of those."""

    upcoming: list[Booking]
    past: list[Booking]
    past_count: int


def home(*, by: Actor, past: int = PAST_AT_ONCE) -> Home:
    """The asker's own, of every customer they belong to; a contact who is own-only sees only theirs.

    A Scheduled booking whose end has passed stays upcoming until the business's next midnight.
    """
    rights.require(by, Right.SEE_OWN_HOME)
    mine = customers.own_contacts(by)
    shared = [contact.customer_id for contact in mine if not contact.is_own_only]
    own = [contact.id for contact in mine if contact.is_own_only]
    belongs = _of_any(shared, own)
    is_past = Booking.state.in_(OVER) | _was_missed(Booking, _last_midnight(settings.zone()))
    over = _with_names().where(belongs & is_past)
    return Home(
        upcoming=list(_with_names().where(belongs & ~is_past).order_by(Booking.starts_at, Booking.id)),
        past=list(over.order_by(Booking.starts_at.desc(), Booking.id.desc()).limit(past)),
        past_count=Booking.select().where(belongs & is_past).count(),
    )


def coming(*, by: Actor, most: int = 100) -> list[Booking]:
    """For staff: what is not over, from today on, by start."""
    rights.require(by, Right.SEE_APPOINTMENTS)
    ahead = (Booking.starts_at >= _last_midnight(settings.zone())) & Booking.state.not_in(OVER)
    return list(_with_names().where(ahead).order_by(Booking.starts_at, Booking.id).limit(most))


def of_day(day: date, *, with_canceled: bool = False, by: Actor) -> list[Booking]:
    """For staff: all that touch this local date of the business, by technician and start."""
    rights.require(by, Right.SEE_APPOINTMENTS)
    chosen = _touches(day) if with_canceled else _touches(day) & IS_NOT_CANCELED
    order = (Technician.name, Technician.id, Booking.starts_at, Booking.id)
    return list(_with_names().where(chosen).order_by(*order))


def of_technician(day: date, *, by: Actor) -> list[Booking]:
    """The asker's own work of this local date, by start; what is over for long they do not know any more."""
    rights.require(by, Right.SEE_OWN_DAY)
    is_asker = (Technician.account == by.account_id) & Technician.ended_at.is_null()
    technician = Technician.get_or_none(is_asker)
    if technician is None:
        return []
    known_since = _midnight(clock.today(zone := settings.zone()) - KNOWN_TO_TECHNICIAN, zone)
    is_known = (Booking.state != State.COMPLETED) | (Booking.ends_at >= known_since) | (Booking.left_at >= known_since)
    own = (Booking.technician == technician) & IS_NOT_CANCELED & _touches(day) & is_known
    return list(_with_names().where(own).order_by(Booking.starts_at, Booking.id))


def of_customer(customer: Customer, *, by: Actor, most: int = 50) -> list[Booking]:
    """For staff: all of one customer, newest first."""
    rights.require(by, Right.SEE_APPOINTMENTS)
    rows = _with_names().where(Booking.customer == customer)
    return list(rows.order_by(Booking.starts_at.desc(), Booking.id.desc()).limit(most))


def not_confirmed(*, by: Actor, most: int = 100) -> list[Booking]:
    """For staff: what nobody said anything about, oldest first; they settle it (corrections.settle), cancel or move."""
    rights.require(by, Right.SEE_APPOINTMENTS)
    missed = IS_SCHEDULED & (Booking.ends_at <= _last_midnight(settings.zone()))
    return list(_with_names().where(missed).order_by(Booking.starts_at, Booking.id).limit(most))


def history(booking: Booking, *, by: Actor) -> list[ChangeRow]:
    """For staff: all that happened to it, in order; before and after are JSON."""
    rights.require(by, Right.SEE_APPOINTMENTS)
    its = (ChangeRow.subject_type == Booking.table_name()) & (ChangeRow.subject_id == booking.id)
    return list(ChangeRow.select().where(its).order_by(ChangeRow.at, ChangeRow.id))


def is_not_confirmed(booking: Booking, zone: ZoneInfo) -> bool:
    """Scheduled, and its day is over in the business's zone: nobody said what became of it."""
    return bool(_was_missed(booking, _last_midnight(zone)))


def _of_any(customer_ids: list[int], contact_ids: list[int]) -> Any:
    """Condition. None of a kind is left out: an OR with what is never true keeps SQLite from its indexes."""
    if not contact_ids:
        return Booking.customer.in_(customer_ids)
    if not customer_ids:
        return Booking.contact.in_(contact_ids)
    return Booking.customer.in_(customer_ids) | Booking.contact.in_(contact_ids)


def _was_missed(booking: Any, midnight: datetime) -> Any:
    """Of a row: whether it is so; of the table: the condition. One that ends at midnight is of the day before."""
    return (booking.state == State.SCHEDULED) & (booking.ends_at <= midnight)


def _with_names() -> Any:
    return (
        Booking.select(Booking, Technician, Site, Customer)
        .join(Technician)
        .switch(Booking)
        .join(Site)
        .switch(Booking)
        .join(Customer)
    )


def _touches(day: date) -> Any:
    """Condition. How long a visit lasts at most bounds the search to what the index knows."""
    zone = settings.zone()
    start, end = _midnight(day, zone), _midnight(day + timedelta(1), zone)
    begins = (Booking.starts_at > start - LONGEST) & (Booking.starts_at < end)
    return begins & (Booking.ends_at > start)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """As an instant; where a date has no midnight, its first moment."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _last_midnight(zone: ZoneInfo) -> datetime:
    return _midnight(clock.today(zone), zone)
