"""Households and companies served, their contacts and their sites."""

from collections.abc import Iterable, Mapping
from typing import Any

from peewee import SQL, BooleanField, DoubleField, ForeignKeyField, IntegerField, TextField

from data.access import rights, sessions
from data.access.accounts import Account
from data.access.rights import Right
from data.base import clock
from data.base.actor import Actor
from data.base.addresses import Postcode
from data.base.changes import Change, record
from data.base.columns import InstantField
from data.base.database import transaction
from data.base.fields import Email, LongText, Phone, Text
from data.base.marks import N_
from data.base.refusals import NotFound, Refusal
from data.base.spelling import folded, phone_digits
from data.base.table import Table, rows
from data.offer.territories import Territory, TerritoryEnded

CUSTOMER = (Text(key='name', label=N_('Customer'), help=N_('Family or company name.'), most=100),)
CONTACT = (
    Text(key='name', label=N_('Contact'), help=N_('The person you talk to.'), most=100),
    Email(key='email', label=N_('E-mail'), required=False),
    Phone(key='phone', label=N_('Phone'), required=False),
)
SITE = (
    Text(key='address', label=N_('Address'), help=N_('Where the technician goes.'), most=300),
    Postcode(
        key='postcode',
        label=N_('Postcode'),
        help=N_('Until the address is found on the map, its neighbours tell how long the drive is.'),
        required=False,
    ),
    LongText(
        key='access_notes', label=N_('Access notes'), help=N_('Gate code, parking, a dog.'), required=False, most=1000
    ),
)


class Customer(Table):
    """A household or a company."""

    name = TextField()
    search_text = TextField()  # the name, folded; also what lists are in order of
    made_at = InstantField()
    ended_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        table_name = 'customers'

    def household(self) -> int | None:
        return self.id

    def is_own(self, by: Actor) -> bool:
        return own_contact(by, self.id) is not None


class Contact(Table):
    """A person of a customer; one of them is its primary. `account` is None until they redeem an invitation."""

    customer_id: int
    account_id: int | None
    customer = ForeignKeyField(Customer, backref='contacts', on_delete='RESTRICT')
    account = ForeignKeyField(Account, backref='contacts', null=True, on_delete='RESTRICT')
    name = TextField()
    email = TextField(null=True, index=True)  # folded; couples share one
    phone = TextField(null=True)
    search_text = TextField()  # name, address and phone, folded
    language = TextField(null=True)  # None: the business's
    is_primary = BooleanField(default=False)
    is_own_only = BooleanField(default=False)  # a tenant: sees only bookings made for them
    ended_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        table_name = 'contacts'
        indexes = ((('customer', 'account'), True),)

    _one_primary = (
        'CREATE UNIQUE INDEX contacts_one_primary ON contacts (customer_id) WHERE is_primary AND ended_at IS NULL'
    )
    statements = {'sqlite': [_one_primary], 'postgresql': [_one_primary]}  # never changed

    def is_own(self, by: Actor) -> bool:
        return own_contact(by, self.customer_id) is not None


class Site(Table):
    """An address of a customer. Places are WGS 84 degrees; None until somebody or a geocoder set the pin."""

    customer_id: int
    territory_id: int | None
    customer = ForeignKeyField(Customer, backref='sites', on_delete='RESTRICT')
    address = TextField()
    search_text = TextField()  # the address, folded
    territory = ForeignKeyField(Territory, backref='sites', null=True, on_delete='RESTRICT')
    postcode = TextField(null=True)  # folded; while there is no pin, the mean of its neighbours stands in
    lat = DoubleField(null=True)
    lon = DoubleField(null=True)
    is_pinned = BooleanField(default=False, constraints=[SQL('DEFAULT FALSE')])  # by hand: no geocoder moves it
    access_notes = TextField(null=True)
    ended_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        table_name = 'sites'

    _indexes = (
        'CREATE INDEX sites_placed ON sites (postcode) WHERE lat IS NOT NULL',  # the mean place of neighbours
        'CREATE INDEX sites_placed_in ON sites (territory_id) WHERE lat IS NOT NULL',
        'CREATE INDEX sites_unplaced ON sites (id) WHERE lat IS NULL AND ended_at IS NULL',  # to be looked up
    )
    statements = {'sqlite': [*_indexes], 'postgresql': [*_indexes]}

    def is_own(self, by: Actor) -> bool:
        return own_contact(by, self.customer_id) is not None


class CustomerChanged(Change):
    """Anything about a customer, its contacts, sites and assets."""


class CustomerAdded(CustomerChanged):
    """A household or company is served from now on."""


class ContactAdded(CustomerChanged):
    """A person of a customer is known."""


class SiteAdded(CustomerChanged):
    """An address of a customer is known."""


class SitesInside(Refusal):
    """A territory cannot end while a customer's site lies in it: nobody new could be sent there."""

    words = N_('Still in {territory}: {addresses}. Please move these addresses first.')


def add(customer: Mapping[str, Any], contact: Mapping[str, Any], site: Mapping[str, Any], *, by: Actor) -> Customer:
    """A customer by `CUSTOMER`'s values with its primary contact and first site, or nothing."""
    with transaction():
        rights.require(by, Right.CHANGE_CUSTOMERS)
        row = Customer.create(**customer, search_text=folded(customer['name']), made_at=clock.now())
        record(CustomerAdded(row, by=by, after=customer))
        add_contact(row, contact, by=by)
        add_site(row, site, by=by)
        return row


def add_contact(customer: Customer, values: Mapping[str, Any], *, by: Actor) -> Contact:
    """A person by `CONTACT`'s values; the first one is the primary contact."""
    with transaction():
        rights.require(by, Right.CHANGE_CUSTOMERS)
        found = ' '.join(folded(values[key] or '') for key in ('name', 'email', 'phone'))
        is_first = not contacts(customer, by=by)
        contact = Contact.create(**values, search_text=found, customer=_live(customer), is_primary=is_first)
        record(ContactAdded(contact, by=by, after=values))
        return contact


def add_site(customer: Customer, values: Mapping[str, Any], *, by: Actor) -> Site:
    """An address by `SITE`'s values."""
    with transaction():
        rights.require(by, Right.CHANGE_CUSTOMERS)
        site = Site.create(**values, search_text=folded(values['address'] or ''), customer=_live(customer))
        record(SiteAdded(site, by=by, after=values))
        return site


def find(customer_id: int, *, by: Actor) -> Customer:
    """A live customer that staff look at. Raises NotFound."""
    rights.require(by, Right.SEE_CUSTOMERS)
    found = Customer.find_live(customer_id)
    if found is None:
        raise NotFound
    return found


def search(text: str = '', *, by: Actor, most: int = 50) -> list[Customer]:
    """Live customers by name, who contain `text` or have a live contact or site that does, however it is spelled."""
    rights.require(by, Right.SEE_CUSTOMERS)
    live = Customer.select().where(Customer.ended_at.is_null())
    wanted = folded(text)
    if wanted:
        named = Contact.search_text.contains(wanted)
        if digits := phone_digits(text):
            named |= Contact.search_text.contains(digits)
        people = Contact.select(Contact.customer).where(named & Contact.ended_at.is_null())
        places = Site.select(Site.customer).where(Site.search_text.contains(wanted) & Site.ended_at.is_null())
        live = live.where(Customer.search_text.contains(wanted) | Customer.id.in_(people) | Customer.id.in_(places))
    return list(live.order_by(Customer.search_text, Customer.id).limit(most))


def contacts(customer: Customer, *, by: Actor) -> list[Contact]:
    """Live ones, the primary first."""
    return contacts_of_each([customer], by=by)[customer.id]


def sites(customer: Customer, *, by: Actor) -> list[Site]:
    """Live ones in the order in which they came."""
    return sites_of_each([customer], by=by)[customer.id]


def contacts_of_each(customers: Iterable[Customer], *, by: Actor) -> dict[int, list[Contact]]:
    """By customer, the live ones, the primary first; in one query, as lists of customers show them."""
    rights.require(by, Right.SEE_CUSTOMERS)
    found: dict[int, list[Contact]] = {customer.id: [] for customer in customers}
    live = Contact.select().where(Contact.customer.in_(list(found)) & Contact.ended_at.is_null())
    for contact in live.order_by(Contact.is_primary.desc(), Contact.name, Contact.id):
        found[contact.customer_id].append(contact)
    return found


def sites_of_each(customers: Iterable[Customer], *, by: Actor) -> dict[int, list[Site]]:
    """By customer, the live ones in the order in which they came; in one query."""
    rights.require(by, Right.SEE_CUSTOMERS)
    found: dict[int, list[Site]] = {customer.id: [] for customer in customers}
    live = Site.select().where(Site.customer.in_(list(found)) & Site.ended_at.is_null())
    for site in live.order_by(Site.id):
        found[site.customer_id].append(site)
    return found


def own_contacts(by: Actor) -> list[Contact]:
    """The live contacts that the asker's account owns, of live customers: these make somebody a customer.

    None for who is not signed in any more.
    """
    return list(_owned(by).order_by(Customer.name, Contact.id))


def own_sites(by: Actor) -> list[Site]:
    """The live sites of every customer that the asker belongs to, in the order in which they came."""
    mine = [contact.customer_id for contact in own_contacts(by)]
    return list(Site.select().where(Site.customer.in_(mine) & Site.ended_at.is_null()).order_by(Site.id))


def own_contact(by: Actor, customer_id: int) -> Contact | None:
    """The asker's own live contact of this customer, or None."""
    found = rows(_OWN_CONTACT, by.account_id, customer_id) if sessions.is_live(by) else []
    return Contact.get_by_id(found[0][0]) if found else None


# what `_owned` asks, as text: every right of a customer is asked by it
_OWN_CONTACT = """SELECT contacts.id FROM contacts JOIN customers ON customers.id = contacts.customer_id
    WHERE account_id = ? AND customer_id = ? AND contacts.ended_at IS NULL AND customers.ended_at IS NULL"""


def primary_contact(customer_id: int) -> Contact | None:
    """Who is told when nobody else can be."""
    return Contact.get_or_none((Contact.customer == customer_id) & Contact.is_primary & Contact.ended_at.is_null())


def find_contact(contact_id: int) -> Contact:
    """A live one of a live customer; the caller has asked the right. Raises NotFound."""
    found = Contact.find_live(contact_id)
    if found is None or found.customer.ended_at is not None:
        raise NotFound
    return found


def find_site(site_id: int) -> Site:
    """A live one of a live customer; the caller has asked the right. Raises NotFound."""
    found = Site.find_live(site_id)
    if found is None or found.customer.ended_at is not None:
        raise NotFound
    return found


def refuse_to_end_territory(change: TerritoryEnded) -> None:
    """Asked before a territory ends. Raises SitesInside, which names three sites at most."""
    live = Site.ended_at.is_null() & Customer.ended_at.is_null()
    rows = Site.select().join(Customer).where((Site.territory == change.row) & live).order_by(Site.id).limit(4)
    addresses = [site.address for site in rows]
    if addresses:
        named = ' · '.join((*addresses[:3], *(['…'] if len(addresses) > 3 else [])))
        raise SitesInside(territory=change.before['name'], addresses=named)


def _owned(by: Actor) -> Any:
    """Query: the live contacts of the asker's account, of live customers, while the asker is signed in."""
    live = Contact.ended_at.is_null() & Customer.ended_at.is_null()
    own = Contact.account.in_(sessions.account_of(by))
    return Contact.select(Contact, Customer).join(Customer).where(own & live)


def _live(customer: Customer) -> Customer:
    found = Customer.find_live(customer.id)
    if found is None:
        raise NotFound
    return found
