"""One customer: contacts with their access, sites, products, appointments."""

from nicegui import ui

from data.base.words import Words
from data.messages import message_lists
from data.messages.outbox import MessageChanged
from data.offer import products
from data.people import assets, customers, invitations
from data.people.customers import Contact, Customer, CustomerChanged
from data.people.invitations import InvitationChanged
from data.visits import booking_lists
from data.visits.bookings import BookingChanged
from ui.doorkeeper import Visitor
from ui.forms import Form, busy_button, done, forms_values, refusals_shown
from ui.frame import frame
from ui.live import redraw_on
from ui.parts.booking_rows import booking_rows
from ui.parts.hand_over import hand_over
from ui.parts.pieces import block, card, empty_state, heading, text
from ui.staff.customers_page import CONTACT, SITE

ASSET = Form('asset', assets.ASSET)


def customer_page(visitor: Visitor, customer_id: int) -> None:
    """Raises NotFound for an unknown or ended one."""
    _ = visitor.words
    customer = customers.find(customer_id, by=visitor.actor)
    with frame(visitor, customer.name, back=(_('Customers'), '/staff/customers'), wide=True), block('div', 'split'):
        with block('div', 'stack'):
            _contacts(visitor, customer)
            _sites(visitor, customer)
        with block('div', 'stack'):
            _assets(visitor, customer)
            _appointments(visitor, customer)


def _contacts(visitor: Visitor, customer: Customer) -> None:
    _ = visitor.words

    async def add() -> None:
        with refusals_shown(_, drawn):
            await done(customers.add_contact, customer, drawn.values(), by=visitor.actor)
            drawn.clear()

    with card('sheet'):
        heading(_('Contacts'))

        @ui.refreshable
        def people() -> None:
            for contact in customers.contacts(customer):
                _person(visitor, contact)

        people()
        with ui.expansion(_('Add contact')).mark('add-contact'):
            drawn = CONTACT.draw(_)
            busy_button(_('Add contact'), add, 'plain').mark('save-contact')
    for kind in (CustomerChanged, InvitationChanged, MessageChanged):
        redraw_on(kind, people.refresh)


def _person(visitor: Visitor, contact: Contact) -> None:
    _ = visitor.words
    latest = invitations.latest(contact)

    async def invite() -> None:
        with refusals_shown(_):
            await done(invitations.invite, contact, by=visitor.actor)

    async def revoke() -> None:
        with refusals_shown(_):
            if latest:
                await done(invitations.revoke, latest, by=visitor.actor)

    with block('div', 'person'):
        with block('div'):
            text(contact.name, 'strong')
            text(' · '.join(value for value in (contact.email, contact.phone) if value), 'quiet')
            text(_access(_, contact), 'faint').mark('access')
        with block('div', 'line-up'):
            if contact.account_id is None:
                is_open = latest is not None and latest.is_open
                busy_button(_('Invite again') if latest else _('Invite'), invite, 'plain').mark('invite')
                if is_open:
                    busy_button(_('Revoke'), revoke, 'bare').mark('revoke')
    if latest is not None and latest.is_open:
        message = message_lists.of_invitation(latest, by=visitor.actor)
        if message is not None:
            hand_over(visitor, message)


def _access(_: Words, contact: Contact) -> str:
    """What the contact can do on the portal, in words."""
    latest = invitations.latest(contact)
    if contact.account_id is not None:
        return _('Can sign in')
    if latest is None:
        return _('Not invited')
    if latest.revoked_at is not None:
        return _('Invitation revoked')
    if not latest.is_open:
        return _('Invitation expired')
    return _('Invited, valid until {day}', day=_.short_day(latest.expires_at))


def _sites(visitor: Visitor, customer: Customer) -> None:
    _ = visitor.words

    async def add() -> None:
        with refusals_shown(_, drawn):
            await done(customers.add_site, customer, drawn.values(), by=visitor.actor)
            drawn.clear()

    with card('sheet'):
        heading(_('Sites'))

        @ui.refreshable
        def places() -> None:
            for site in customers.sites(customer):
                with block('div', 'person'), block('div'):
                    text(site.address, 'strong')
                    if site.access_notes:
                        text(site.access_notes, 'quiet')

        places()
        with ui.expansion(_('Add site')).mark('add-site'):
            drawn = SITE.draw(_)
            busy_button(_('Add site'), add, 'plain').mark('save-site')
    redraw_on(CustomerChanged, places.refresh)


def _assets(visitor: Visitor, customer: Customer) -> None:
    _ = visitor.words

    async def add() -> None:
        with refusals_shown(_, where, drawn):
            place, values = forms_values(where, drawn)
            site = next(site for site in customers.sites(customer) if str(site.id) == place['site'])
            product = products.find(int(place['product']))
            await done(assets.add, site, product, values, by=visitor.actor)
            drawn.clear()

    with card('sheet'):
        heading(_('Products'))

        @ui.refreshable
        def things() -> None:
            rows = assets.of_customer(customer.id)
            if not rows:
                text(_('Nothing is known to be serviced here yet.'), 'quiet')
            for asset in rows:
                with block('div', 'person'), block('div'):
                    text(asset.name, 'strong')
                    details = (asset.product.name, asset.site.address, asset.serial_number)
                    text(' · '.join(detail for detail in details if detail), 'quiet')

        things()
        with ui.expansion(_('Add product')).mark('add-asset'):
            where = assets_place(customer).draw(_)
            drawn = ASSET.draw(_)
            busy_button(_('Add product'), add, 'plain').mark('save-asset')
    redraw_on(CustomerChanged, things.refresh)


def assets_place(customer: Customer) -> Form:
    """Where a thing stands and of which kind it is: the choices are this customer's sites and the live products."""
    return Form('asset place', assets.place_fields(customers.sites(customer), products.live()))


def _appointments(visitor: Visitor, customer: Customer) -> None:
    _ = visitor.words
    with card('sheet'):
        heading(_('Appointments'))

        @ui.refreshable
        def rows() -> None:
            found = booking_lists.of_customer(customer, by=visitor.actor)
            if not found:
                empty_state(_('No appointments yet.'))
            booking_rows(_, found)

        rows()
    redraw_on(BookingChanged, rows.refresh)
