"""One appointment: what the customer sees right after booking it, and later as its details."""

from nicegui import ui

from data.base import clock
from data.messages import recipients
from data.visits import bookings
from data.visits.booking_table import Booking, BookingChanged
from data.visits.states import State
from ui.customer.booking_words import state_of
from ui.doorkeeper import Visitor
from ui.frame import frame
from ui.live import redraw_on
from ui.parts.pieces import block, button_link, card, facts, heading, state_chip, text
from ui.parts.zone_notice import zone_notice


def booked_page(visitor: Visitor, booking_id: int) -> None:
    _ = visitor.words
    booking = bookings.find(booking_id, by=visitor.actor)
    is_ahead = booking.state == State.SCHEDULED and booking.starts_at > clock.now()

    @ui.refreshable
    def appointment() -> None:
        _appointment(visitor, bookings.find(booking_id, by=visitor.actor))

    title = _('Your appointment is booked') if is_ahead else _('Your appointment')
    with frame(visitor, title, back=(_('Home'), '/home')):
        zone_notice(_)
        with card('stack narrow'):
            appointment()
    redraw_on(BookingChanged, appointment.refresh, about=lambda change: change.row.id == booking_id)


def _appointment(visitor: Visitor, booking: Booking) -> None:
    _ = visitor.words
    state, state_words = state_of(booking, _)
    state_chip(state_words, state)
    with block('div'):
        heading(_.span(booking.starts_at, booking.ends_at))
        text(_('Times are in {zone}.', zone=_.zone_name(booking.starts_at)), 'faint')
    facts(
        {
            _('Service'): booking.service_name,
            _('Product'): booking.asset_name or '',
            _('Where'): booking.site.address,
            _('Technician'): booking.technician.name,
            _('Comments'): booking.comment or '',
            _('Why it was canceled'): booking.cancel_note or '',
        }
    )
    is_ahead = booking.state == State.SCHEDULED and booking.starts_at > clock.now()
    if is_ahead and (address := recipients.of_contact(booking.contact, or_primary=True).address):
        text(_('A confirmation goes to {email}.', email=address), 'quiet')
    with block('div', 'actions'):
        button_link(_('Home'), '/home')
        if is_ahead:
            button_link(_('Add to calendar'), f'/booked/{booking.id}/calendar.ics', 'plain', icon_name='calendar')
