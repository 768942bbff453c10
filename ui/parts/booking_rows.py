"""Appointments as staff see them in a list: what, when and where, for whom and by whom."""

from collections.abc import Sequence

from data.base.words import Words
from data.visits.booking_table import Booking
from ui.parts.booking_card import booking_card
from ui.parts.booking_state import state_of
from ui.parts.pieces import card, link


def booking_rows(words: Words, bookings: Sequence[Booking], *, with_customer: bool = False) -> None:
    """Rows in the order given; `with_customer` adds a link to whom it is for."""
    if not bookings:
        return
    with card('flush bookings'):
        for booking in bookings:
            state, state_words = state_of(booking, words)
            with booking_card(
                words,
                booking.starts_at,
                booking.ends_at,
                title=booking.service_name,
                about=booking.asset_name or '',
                details=(booking.site.address, booking.technician.name),
                state=state,
                state_words=state_words,
                level=3,
            ):
                if with_customer:
                    link(booking.customer.name, f'/staff/customers/{booking.customer_id}', 'for-whom')
