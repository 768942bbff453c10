"""Customers: a list that searches while one types, and adding one with its contact and site."""

from collections.abc import Sequence

from nicegui import ui

from data.base.words import Words
from data.people import customers
from data.people.customers import Contact, Customer, CustomerChanged, Site
from ui.doorkeeper import Visitor
from ui.forms import DrawnForm, Form, busy_button, done, forms_values, refusals_shown
from ui.frame import frame
from ui.live import redraw_on
from ui.parts.form_block import form_block, submits
from ui.parts.pieces import block, button_link, card, empty_state, heading, link, text
from ui.parts.record_table import Cell, record_table

CUSTOMER = Form('customer', customers.CUSTOMER)
CONTACT = Form('contact', customers.CONTACT)
SITE = Form('site', customers.SITE)
ADD = '/staff/customers/new'
AT_ONCE = 50


def customers_page(visitor: Visitor) -> None:
    """All live customers, by name."""
    _ = visitor.words
    with frame(visitor, _('Customers'), action=(_('Add customer'), ADD), wide=True):
        search = ui.input(placeholder=_('Name, phone, address…')).classes('search').mark('search')
        search.props['aria-label'] = _('Search customers')
        search.props['type'] = 'search'
        search.props['debounce'] = 150

        @ui.refreshable
        def found() -> None:
            rows = customers.search(search.value or '', by=visitor.actor, most=AT_ONCE)
            if not rows:
                sentence = _('No customer matches.') if search.value else _('No customers yet.')
                empty_state(sentence, (_('Add customer'), ADD))
                return
            people = customers.contacts_of_each(rows, by=visitor.actor)
            places = customers.sites_of_each(rows, by=visitor.actor)
            record_table(
                (_('Customer'), _('Contact'), _('Address')),
                [_cells(row, people[row.id], places[row.id], _) for row in rows],
                label=_('Customers'),
            )
            if len(rows) == AT_ONCE:
                text(_('These are the first {n}. Search to find others.', n=AT_ONCE), 'quiet')

        found()
        search.on_value_change(found.refresh)
        redraw_on(CustomerChanged, found.refresh)


def _cells(customer: Customer, people: list[Contact], places: list[Site], words: Words) -> tuple[Cell, ...]:
    _ = words

    def whom() -> None:
        for first in people[:1]:
            text(_with_more(first.name, people, _), tag='span')
            if reached := _.phone(first.phone) if first.phone else first.email:
                text(reached, 'note', tag='span').props['dir'] = 'ltr'

    return (
        lambda: link(customer.name, f'/staff/customers/{customer.id}'),
        whom,
        _with_more(places[0].address, places, _) if places else '',
    )


def _with_more(first: str, them: Sequence[Contact | Site], words: Words) -> str:
    """'Ada Lind and 2 more'."""
    rest = len(them) - 1
    return words.ngettext('{first} and {n} more', '{first} and {n} more', rest, first=first) if rest else first


def new_customer_page(visitor: Visitor) -> None:
    """One press makes customer, contact and site, or nothing."""
    _ = visitor.words
    drawn: list[DrawnForm] = []

    async def add() -> None:
        with refusals_shown(_, *drawn):
            values = forms_values(*drawn)
            customer = await done(customers.add, *values, by=visitor.actor)
            ui.navigate.to(f'/staff/customers/{customer.id}')

    groups = (
        (_('Whom you serve'), _('A household or a company, as you call them.'), CUSTOMER),
        (_('Whom you talk to'), _('You can invite this person to the portal on the next page.'), CONTACT),
        (_('Where you go'), _('More sites can follow.'), SITE),
    )
    with frame(visitor, _('Add customer'), back=(_('Customers'), '/staff/customers'), wide=True), form_block():
        with card('flush'):
            for title, what, form in groups:
                with block('section', 'form-group'):
                    with block('div', 'about'):
                        heading(title)
                        text(what, 'quiet')
                    drawn.append(form.draw(_))
        with block('div', 'line-up form-end'):
            submits(busy_button(_('Add customer'), add)).mark('save')
            button_link(_('Cancel'), '/staff/customers', 'bare')
