"""The bookings table: a technician goes to a site at a time, for a contact of a customer."""

from datetime import timedelta

from peewee import SQL, Check, ForeignKeyField, IntegerField, TextField

from data.access import accounts, rights, settings
from data.access.rights import Right
from data.access.roles import Role
from data.base import clock
from data.base.actor import Actor
from data.base.changes import Change
from data.base.columns import InstantField
from data.base.marks import N_
from data.base.refusals import ChangedMeanwhile, NotFound
from data.base.table import Table
from data.crew.technicians import Technician
from data.offer.service_types import ServiceType
from data.people import customers
from data.people.assets import Asset
from data.people.customers import Contact, Customer, Site
from data.visits import guard, revisions
from data.visits.states import OVER
from data.visits.statuses import Status

KNOWN_TO_TECHNICIAN = timedelta(days=14)  # how long what is over
LONGEST = timedelta(days=3)  # a visit, by the schema: so those that touch a span are found by their start
IS_UNDER_WAY = SQL("state IN ('traveling', 'in progress', 'on break')")  # no parameters: an index may be over this
IS_SCHEDULED = SQL("state = 'scheduled'")  # the same

_ONE_OF_EACH = [
    "CREATE UNIQUE INDEX bookings_one_traveling ON bookings (technician_id) WHERE state = 'traveling'",
    "CREATE UNIQUE INDEX bookings_one_at_work ON bookings (technician_id) WHERE state IN ('in progress', 'on break')",
]
_UNDER_WAY = f'CREATE INDEX bookings_under_way ON bookings (technician_id) WHERE {IS_UNDER_WAY.sql}'  # keeps them busy
_SCHEDULED = f'CREATE INDEX bookings_scheduled ON bookings (ends_at) WHERE {IS_SCHEDULED.sql}'  # what nobody confirmed
STATEMENTS = {
    engine: [*_ONE_OF_EACH, _UNDER_WAY, _SCHEDULED, *guard.STATEMENTS[engine], *revisions.STATEMENTS[engine]]
    for engine in ('sqlite', 'postgresql')
}


class Booking(Table):
    """Promised is [starts_at, ends_at), blocked is [starts_at, blocks_until); the true times stand beside them."""

    customer_id: int
    contact_id: int
    site_id: int
    asset_id: int | None
    service_type_id: int
    technician_id: int
    status_id: int
    customer = ForeignKeyField(Customer, backref='bookings', on_delete='RESTRICT')
    contact = ForeignKeyField(Contact, backref='bookings', on_delete='RESTRICT')
    site = ForeignKeyField(Site, backref='bookings', on_delete='RESTRICT')
    asset = ForeignKeyField(Asset, backref='bookings', null=True, on_delete='RESTRICT')
    service_type = ForeignKeyField(ServiceType, backref='bookings', on_delete='RESTRICT')
    technician = ForeignKeyField(Technician, backref='bookings', on_delete='RESTRICT')
    status = ForeignKeyField(Status, backref='bookings', on_delete='RESTRICT')
    state = TextField()
    starts_at = InstantField(index=True)  # the staff's list of what comes; the visits of a month
    ends_at = InstantField()
    blocks_until = InstantField()
    set_up_minutes = IntegerField()
    clean_up_minutes = IntegerField()
    service_name = TextField()  # names as they were when it was booked
    asset_name = TextField(null=True)  # None: something else
    comment = TextField(null=True)
    uid = TextField(unique=True)  # of its calendar entry, for life (RFC 5545 3.8.4.7)
    sequence = IntegerField(default=0)  # RFC 5545 3.8.7.4
    told_starts_at = InstantField(null=True)  # the last start that the customer was told
    travel_started_at = InstantField(null=True)
    work_started_at = InstantField(null=True)
    completed_at = InstantField(null=True)
    canceled_at = InstantField(null=True)
    cancel_reason = TextField(null=True)
    cancel_note = TextField(null=True)
    cancel_note_internal = TextField(null=True)
    override_reason = TextField(null=True)  # staff booked or moved it against the slot rules, and why
    left_status = ForeignKeyField(Status, null=True, on_delete='RESTRICT')  # where an undo goes back to
    left_at = InstantField(null=True)  # when that was; of what is over, when it was said, as undo counts from there
    made_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        table_name = 'bookings'
        indexes = ((('customer', 'starts_at'), False),)  # a customer's home
        constraints = (
            Check("state IN ('scheduled', 'traveling', 'in progress', 'on break', 'completed', 'canceled')"),
            Check("cancel_reason IN ('customer', 'business', 'nobody there', 'other')"),
            Check('starts_at < ends_at AND starts_at < blocks_until AND blocks_until <= ends_at'),
            Check(f'ends_at - starts_at <= {LONGEST // timedelta(seconds=1)}'),
            # whole cells of five minutes; a % would be taken for a placeholder on PostgreSQL
            Check('starts_at / 300 * 300 = starts_at AND ends_at / 300 * 300 = ends_at'),
            Check('blocks_until / 300 * 300 = blocks_until'),
            Check('set_up_minutes >= 0 AND clean_up_minutes >= 0'),
        )

    statements = STATEMENTS

    def is_own(self, by: Actor) -> bool:
        mine = customers.own_contact(by, self.customer_id)
        return mine is not None and (not mine.is_own_only or mine.id == self.contact_id)

    def is_assigned(self, by: Actor) -> bool:
        """Its technician, two weeks beyond the day on which it was over; what nobody settled is theirs as long as that
        lasts.
        """
        return self.technician.is_self(by) and not self._is_long_over()

    def _is_long_over(self) -> bool:
        """By dates of the business, from its promised end on, or from when it was said to be over if that is later."""
        if self.state not in OVER:
            return False
        zone = settings.zone()
        over_on = max(self.ends_at, self.left_at or self.ends_at).astimezone(zone).date()
        return bool(clock.today(zone) - over_on > KNOWN_TO_TECHNICIAN)


class BookingChanged(Change):
    """Anything about a booking. Before and after hold `facts`; after has `who` as well."""


class BookingHasChanged(ChangedMeanwhile):
    """It is no longer what the page showed when somebody decided."""

    words = N_('This appointment was changed meanwhile. Please look at it again.')


def find_again(seen: Booking, right: Right, *, by: Actor) -> Booking:
    """The booking as it is now, which the asker must have this right to. Raises NotFound."""
    found: Booking | None = Booking.get_or_none(Booking.id == seen.id)
    if found is None:
        raise NotFound
    rights.require(by, right, found)
    return found


def require_as_seen(seen: Booking, now: Booking, *, by: Actor) -> None:
    """Raises BookingHasChanged where state or time are not what the asker saw.

    Nor the technician, for who arranges them: nobody else is told when another comes at the same time.
    """
    if any(getattr(seen, name) != getattr(now, name) for name in ('state', 'starts_at', 'ends_at')):
        raise BookingHasChanged
    if seen.technician_id != now.technician_id and rights.may(by, Right.ARRANGE):
        raise BookingHasChanged


def facts(booking: Booking) -> dict[str, object]:
    """What history and messages need to know of it, as it is now."""
    return {
        'state': booking.state,
        'status': booking.status_id,
        'starts_at': booking.starts_at,
        'ends_at': booking.ends_at,
        'blocks_until': booking.blocks_until,
        'technician': booking.technician_id,
        'site': booking.site_id,
        'contact': booking.contact_id,
        'service': booking.service_name,
        'zone': settings.zone().key,
        'sequence': booking.sequence,
    }


def who(booking: Booking, by: Actor) -> str:
    """In what part somebody acts on it: 'staff', 'technician' or 'customer'."""
    if rights.may(by, Right.ARRANGE):
        return 'staff'
    is_technician = Role.TECHNICIAN in accounts.roles_of(by.account_id) and booking.is_assigned(by)
    return 'technician' if is_technician else 'customer'
