"""One customer: contacts with their access, appointments, sites, products."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from data.base.changes import Change
from data.base.words import Words
from data.messages.outbox import MessageChanged
from data.offer import products
from data.people import assets, customers
from data.people.assets import Asset
from data.people.customers import Customer, CustomerChanged, Site
from data.people.invitations import InvitationChanged
from data.visits import booking_lists
from data.visits.booking_table import BookingChanged
from ui.doorkeeper import Visitor
from ui.forms import DrawnForm, Form, busy_button, done, forms_values, refusals_shown
from ui.frame import frame
from ui.live import redraw_on
from ui.parts.booking_rows import booking_rows
from ui.parts.fold import Fold, fold
from ui.parts.form_block import form_block, submits
from ui.parts.live_rows import LiveRows
from ui.parts.pieces import block, card, heading, text
from ui.staff.contact_access import Access, access_of, contact_row, stage_of
from ui.staff.customers_page import CONTACT, SITE

ASSET = Form('asset', assets.ASSET)


def customer_page(visitor: Visitor, customer_id: int) -> None:
    """Raises NotFound for an unknown or ended one."""
    _ = visitor.words
    customer = customers.find(customer_id, by=visitor.actor)
    back = (_('Customers'), '/staff/customers')
    with frame(visitor, customer.name, back=back, wide=True), block('div', 'split wide-first'):
        with block('div', 'stack'):
            _contacts(visitor, customer)
            _appointments(visitor, customer)
        with block('div', 'stack'):
            _sites(visitor, customer)
            _assets(visitor, customer)


def _contacts(visitor: Visitor, customer: Customer) -> None:
    _ = visitor.words

    async def add() -> None:
        with refusals_shown(_, *drawn):
            await done(customers.add_contact, customer, drawn[0].values(), by=visitor.actor)
            _added(opened, drawn, _('Contact added.'))

    def fresh() -> None:
        rows.show([access_of(visitor, contact) for contact in customers.contacts(customer, by=visitor.actor)])

    with card('sheet'):
        heading(_('Contacts'))
        rows: LiveRows[Access] = LiveRows(
            block('div', 'rows'),
            lambda access: contact_row(visitor, access),
            key=lambda access: access.contact.id,
            reads=lambda access: (
                access.contact.name,
                access.contact.email,
                access.contact.phone,
                access.contact.account_id,
                access.latest and access.latest.id,
                stage_of(access, _),
            ),
        )
        fresh()
        opened, drawn = _adding(_, _('Add contact'), (CONTACT,), add, mark='contact')
    for kind in (CustomerChanged, InvitationChanged, MessageChanged):
        redraw_on(kind, fresh, about=_of(customer))


def _sites(visitor: Visitor, customer: Customer) -> None:
    _ = visitor.words

    async def add() -> None:
        with refusals_shown(_, *drawn):
            await done(customers.add_site, customer, drawn[0].values(), by=visitor.actor)
            _added(opened, drawn, _('Site added.'))

    def fresh() -> None:
        rows.show(customers.sites(customer, by=visitor.actor))

    with card('sheet'):
        heading(_('Sites'))
        rows: LiveRows[Site] = LiveRows(
            block('div', 'rows'),
            lambda site: _two_lines(site.address, site.access_notes or ''),
            key=lambda site: site.id,
            reads=lambda site: (site.address, site.access_notes),
        )
        fresh()
        opened, drawn = _adding(_, _('Add site'), (SITE,), add, mark='site')
    redraw_on(CustomerChanged, fresh, about=_of(customer))


def _assets(visitor: Visitor, customer: Customer) -> None:
    """The form's choices are the sites of the moment at which it is drawn: a new one draws it again, as it stood."""
    _ = visitor.words
    stood: tuple[Fold, list[DrawnForm]] | None = None

    with card('sheet'):
        heading(_('Products'))
        rows: LiveRows[Asset] = LiveRows(
            block('div', 'rows'),
            lambda asset: _two_lines(asset.name, _about(asset)),
            key=lambda asset: asset.id,
            reads=lambda asset: (asset.name, _about(asset)),
            empty=lambda: text(_('Nothing is known to be serviced here yet.'), 'quiet'),
        )
        rows.show(assets.of_customer(customer.id, by=visitor.actor))

        @ui.refreshable
        def adding() -> None:
            nonlocal stood
            before, stood = stood, _asset_form(visitor, customer)
            if before:
                _as_before(*before, *stood)

        adding()
    known = [site.id for site in customers.sites(customer, by=visitor.actor)]

    def fresh() -> None:
        nonlocal known
        rows.show(assets.of_customer(customer.id, by=visitor.actor))
        now = [site.id for site in customers.sites(customer, by=visitor.actor)]
        if now != known:
            known = now
            adding.refresh()

    redraw_on(CustomerChanged, fresh, about=_of(customer))


def _asset_form(visitor: Visitor, customer: Customer) -> tuple[Fold, list[DrawnForm]]:
    _ = visitor.words

    async def add() -> None:
        with refusals_shown(_, *drawn):
            place, values = forms_values(*drawn)
            sites = customers.sites(customer, by=visitor.actor)
            site = next(site for site in sites if str(site.id) == place['site'])
            product = products.find(int(place['product']))
            await done(assets.add, site, product, values, by=visitor.actor)
            _added(opened, drawn, _('Product added.'))

    opened, drawn = _adding(_, _('Add product'), (assets_place(visitor, customer), ASSET), add, mark='asset')
    return opened, drawn


def assets_place(visitor: Visitor, customer: Customer) -> Form:
    """Where a thing stands and of which kind it is: the choices are this customer's sites and the live products."""
    sites = customers.sites(customer, by=visitor.actor)
    return Form('asset place', assets.place_fields(sites, products.live()))


def _about(asset: Asset) -> str:
    return ' · '.join(part for part in (asset.product.name, asset.site.address, asset.serial_number) if part)


def _appointments(visitor: Visitor, customer: Customer) -> None:
    _ = visitor.words

    @ui.refreshable
    def rows() -> None:
        found = booking_lists.of_customer(customer, by=visitor.actor)
        if not found:
            text(_('No appointments yet.'), 'quiet')
        booking_rows(_, found)

    with card('sheet'):
        heading(_('Appointments'))
        rows()
    redraw_on(BookingChanged, rows.refresh, about=_of(customer))


def _of(customer: Customer) -> Callable[[Change], bool]:
    return lambda change: change.customer_id == customer.id


def _two_lines(first: str, second: str) -> ui.element:
    with block('div', 'two-lines') as made:
        text(first, 'strong')
        if second:
            text(second, 'quiet')
    return made


def _adding(
    words: Words, title: str, forms: Sequence[Form], add: Callable[[], Awaitable[None]], *, mark: str
) -> tuple[Fold, list[DrawnForm]]:
    """A fold with the fields of something new and its button."""
    opened = fold(title, 'adds')
    opened.line.mark(f'add-{mark}')
    with opened, form_block('stack'):
        drawn = [form.draw(words) for form in forms]
        with block('div', 'line-up'):
            submits(busy_button(title, add)).mark(f'save-{mark}')
    return opened, drawn


def _as_before(old_fold: Fold, old: Sequence[DrawnForm], new_fold: Fold, new: Sequence[DrawnForm]) -> None:
    for before, now in zip(old, new, strict=True):
        for key, drawn in now.inputs.items():
            drawn.value = before.inputs[key].value
    if old_fold.is_open:
        new_fold.open()


def _added(opened: Fold, drawn: Sequence[DrawnForm], sentence: str) -> None:
    for form in drawn:
        form.clear()
    opened.close()
    ui.notify(sentence, type='positive')
