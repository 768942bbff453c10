"""A customer's home: what is coming, what has been, and the way to a new appointment."""

from collections.abc import Sequence

from nicegui import ui

from data.base.words import Words
from data.people import customers
from data.visits import booking_lists
from data.visits.booking_lists import PAST_AT_ONCE
from data.visits.booking_table import Booking, BookingChanged
from ui.customer.booking_words import state_of, street, with_technician
from ui.customer.help_line import help_line
from ui.doorkeeper import Visitor
from ui.frame import frame
from ui.live import redraw_on
from ui.parts.booking_card import booking_card
from ui.parts.buttons import button
from ui.parts.pieces import button_link, card, empty_state, text
from ui.parts.zone_notice import zone_notice

UPCOMING = 'upcoming'
PAST = 'past'
BOOK = '/book'


def home_page(visitor: Visitor) -> None:
    _ = visitor.words
    mine = {contact.customer_id for contact in customers.own_contacts(visitor.actor)}
    if not mine:
        _nobodys_home(visitor)
        return
    sites = customers.own_sites(visitor.actor)
    past_shown = PAST_AT_ONCE

    def follow() -> None:
        found = booking_lists.home(by=visitor.actor, past=past_shown)
        upcoming_count.text, past_count.text = str(len(found.upcoming)), str(found.past_count)
        upcoming.refresh(found.upcoming)
        past.refresh(found.past, more=found.past_count > len(found.past))

    def show_more() -> None:
        nonlocal past_shown
        past_shown += PAST_AT_ONCE
        follow()

    @ui.refreshable
    def upcoming(rows: Sequence[Booking]) -> None:
        if rows:
            _cards(rows, _, with_street=len(sites) > 1)
        else:
            empty_state(_('Nothing is planned. Book an appointment and it will stand here.'))

    @ui.refreshable
    def past(rows: Sequence[Booking], *, more: bool) -> None:
        if rows:
            _cards(rows, _, with_street=len(sites) > 1)
        else:
            empty_state(_('Appointments that are over will stand here.'))
        if more:
            button(_('Show earlier ones'), show_more, 'plain').mark('earlier')

    found = booking_lists.home(by=visitor.actor)
    with frame(
        visitor,
        _('Home'),
        heading=_('Hello, {name}', name=_first_name(visitor.account.name)),
        lead=street(sites[0].address) if len(sites) == 1 else '',
        action=(_('Book a new appointment'), BOOK),
    ):
        zone_notice(_)
        with ui.tabs() as tabs:
            upcoming_count = _tab(UPCOMING, _('Upcoming appointments'), _('Upcoming'), len(found.upcoming))
            past_count = _tab(PAST, _('Past appointments'), _('Past'), found.past_count)
        with ui.tab_panels(tabs, value=UPCOMING, animated=False):
            with ui.tab_panel(UPCOMING):
                upcoming(found.upcoming)
            with ui.tab_panel(PAST):
                past(found.past, more=found.past_count > len(found.past))
        help_line(visitor, 'on-phone')
    redraw_on(BookingChanged, follow, about=lambda change: change.customer_id in mine)


def _nobodys_home(visitor: Visitor) -> None:
    """For an account that belongs to no customer: staff, or a customer who has ended."""
    _ = visitor.words
    with frame(visitor, _('Home'), heading=_('Hello, {name}', name=_first_name(visitor.account.name))):
        sentence = _(
            'Your account belongs to no customer of {business}, so nothing can be booked with it.',
            business=visitor.business_name,
        )
        empty_state(sentence, (_('Your profile'), '/profile'))
        help_line(visitor, 'on-phone')


def _tab(name: str, words: str, short_words: str, count: int) -> ui.label:
    """The label that holds the count."""
    with ui.tab(name, label='').mark(f'tab-{name}'):
        text(words, 'q-tab__label on-wide', tag='span')
        text(short_words, 'q-tab__label on-phone', tag='span')
        return text(str(count), 'count', tag='span')


def _cards(rows: Sequence[Booking], words: Words, *, with_street: bool) -> None:
    with card('flush'):
        for booking in rows:
            state, state_words = state_of(booking, words)
            details = (with_technician(booking, words), street(booking.site.address) if with_street else '')
            with booking_card(
                words,
                booking.starts_at,
                booking.ends_at,
                title=booking.service_name,
                about=booking.asset_name or '',
                details=details,
                state=state,
                state_words=state_words,
            ):
                to = button_link(words('Details'), f'/booked/{booking.id}', 'plain').mark(f'details-{booking.id}')
                to.props['aria-label'] = f'{words("Details")}: {booking.service_name}, {words.day(booking.starts_at)}'


def _first_name(name: str) -> str:
    return name.partition(' ')[0]
