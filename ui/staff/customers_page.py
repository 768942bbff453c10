"""Customers: a list that searches while one types, and adding one with its contact and site."""

from nicegui import ui

from data.people import customers
from data.people.customers import Customer, CustomerChanged
from ui.doorkeeper import Visitor
from ui.forms import Form, busy_button, done, forms_values, refusals_shown
from ui.frame import frame
from ui.live import redraw_on
from ui.parts.pieces import block, button_link, card, empty_state, heading, link, text
from ui.parts.record_table import Cell, record_table

CUSTOMER = Form('customer', customers.CUSTOMER)
CONTACT = Form('contact', customers.CONTACT)
SITE = Form('site', customers.SITE)
ADD = '/staff/customers/new'


def customers_page(visitor: Visitor) -> None:
    """All live customers, by name."""
    _ = visitor.words
    with frame(visitor, _('Customers'), action=(_('Add customer'), ADD), wide=True):
        search = ui.input(placeholder=_('Name, phone, address…')).classes('search').mark('search')
        search.props['aria-label'] = _('Search customers')

        @ui.refreshable
        def found() -> None:
            rows = customers.search(search.value or '', by=visitor.actor)
            if not rows:
                sentence = _('No customer matches.') if search.value else _('No customers yet.')
                empty_state(sentence, (_('Add customer'), ADD))
                return
            record_table(
                (_('Customer'), _('Contact'), _('Address')),
                [_cells(row) for row in rows],
                label=_('Customers'),
            )

        found()
        search.on_value_change(found.refresh)
        redraw_on(CustomerChanged, found.refresh)


def _cells(customer: Customer) -> tuple[Cell, ...]:
    return (
        lambda: link(customer.name, f'/staff/customers/{customer.id}'),
        ', '.join(contact.name for contact in customers.contacts(customer)),
        ', '.join(site.address for site in customers.sites(customer)),
    )


def new_customer_page(visitor: Visitor) -> None:
    """One press makes customer, contact and site, or nothing."""
    _ = visitor.words

    async def add() -> None:
        with refusals_shown(_, *drawn):
            values = forms_values(*drawn)
            customer = await done(customers.add, *values, by=visitor.actor)
            ui.navigate.to(f'/staff/customers/{customer.id}')

    with frame(visitor, _('Add customer'), back=(_('Customers'), '/staff/customers')), card('sheet'):
        drawn = []
        for title, form in ((_('Customer'), CUSTOMER), (_('Contact'), CONTACT), (_('Site'), SITE)):
            with block('section', 'stack tight'):
                heading(title)
                drawn.append(form.draw(_))
        with block('div', 'line-up'):
            busy_button(_('Add customer'), add).mark('save')
            button_link(_('Cancel'), '/staff/customers', 'bare')
        text(_('You can invite the contact on the next page.'), 'faint')
