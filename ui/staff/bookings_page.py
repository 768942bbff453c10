"""Coming appointments, by day; follows every change."""

from datetime import date, datetime
from itertools import groupby

from nicegui import ui

from data.visits import booking_lists
from data.visits.booking_table import Booking, BookingChanged
from ui.doorkeeper import Visitor
from ui.frame import frame
from ui.live import redraw_on
from ui.parts.booking_rows import booking_rows
from ui.parts.pieces import block, empty_state, heading, text

AT_ONCE = 100


def bookings_page(visitor: Visitor) -> None:
    """What is not over, from today on."""
    _ = visitor.words

    def day_of(booking: Booking) -> date:
        local: datetime = booking.starts_at.astimezone(_.zone)
        return local.date()

    @ui.refreshable
    def coming() -> None:
        rows = booking_lists.coming(by=visitor.actor, most=AT_ONCE)
        if not rows:
            sentence = _('No appointments ahead. Invite a customer, and they can book.')
            empty_state(sentence, (_('Customers'), '/staff/customers'))
        for day, of_day in groupby(rows, key=day_of):
            with block('section', 'day-group'):
                heading(_.day(day))
                booking_rows(_, list(of_day), with_customer=True)
        if len(rows) == AT_ONCE:
            text(_('These are the next {n}.', n=AT_ONCE), 'quiet')

    with frame(visitor, _('Appointments'), wide=True):
        coming()
        redraw_on(BookingChanged, coming.refresh)
