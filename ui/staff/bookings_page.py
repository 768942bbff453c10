"""Coming appointments, by day; follows every change."""

from itertools import groupby

from nicegui import ui

from data.visits import booking_lists
from data.visits.bookings import Booking, BookingChanged
from ui.doorkeeper import Visitor
from ui.frame import frame
from ui.live import redraw_on
from ui.parts.booking_rows import booking_rows
from ui.parts.pieces import block, empty_state, heading


def bookings_page(visitor: Visitor) -> None:
    """What is not over, from today on."""
    _ = visitor.words

    def day_of(booking: Booking) -> object:
        return booking.starts_at.astimezone(_.zone).date()

    @ui.refreshable
    def coming() -> None:
        rows = booking_lists.coming(by=visitor.actor)
        if not rows:
            sentence = _('No appointments ahead. Invite a customer, and they can book.')
            empty_state(sentence, (_('Customers'), '/staff/customers'))
        for _day, of_day in groupby(rows, key=day_of):
            group = list(of_day)
            with block('section', 'day-group'):
                heading(_.day(group[0].starts_at))
                booking_rows(_, group, with_customer=True)

    with frame(visitor, _('Appointments'), wide=True):
        coming()
        redraw_on(BookingChanged, coming.refresh)
