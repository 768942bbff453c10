"""The bookings table: a technician goes to a site at a time, for a contact of a customer."""

from datetime import timedelta

from peewee import SQL, Check, ForeignKeyField, IntegerField, TextField

from data.base.actor import Actor
from data.base.changes import Change
from data.base.columns import InstantField
from data.base.database import Table
from data.crew.technicians import Technician
from data.offer.service_types import ServiceType
from data.people import customers
from data.people.assets import Asset
from data.people.customers import Contact, Customer, Site
from data.visits import guard, revisions
from data.visits.statuses import Status

LONGEST = timedelta(days=3)  # a visit, by the schema: so those that touch a span are found by their start
IS_UNDER_WAY = SQL("state IN ('traveling', 'in progress', 'on break')")  # no parameters: an index may be over this

_ONE_OF_EACH = [
    "CREATE UNIQUE INDEX bookings_one_traveling ON bookings (technician_id) WHERE state = 'traveling'",
    "CREATE UNIQUE INDEX bookings_one_at_work ON bookings (technician_id) WHERE state IN ('in progress', 'on break')",
]
_UNDER_WAY = f'CREATE INDEX bookings_under_way ON bookings (technician_id) WHERE {IS_UNDER_WAY.sql}'  # keeps them busy
STATEMENTS = {
    engine: [*_ONE_OF_EACH, _UNDER_WAY, *guard.STATEMENTS[engine], *revisions.STATEMENTS[engine]]
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
    left_at = InstantField(null=True)  # when it was left for the present one: undo has its time
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
        return self.technician.is_self(by)


class BookingChanged(Change):
    """Anything about a booking."""
