"""One booking as a calendar file, for "add to calendar"."""

from starlette.requests import Request
from starlette.responses import Response

from data import NotFound
from data.access import settings
from data.base import clock, environment
from data.messages.calendar_files import Entry, Method, calendar_file
from data.visits import bookings
from data.visits.booking_table import Booking
from data.visits.states import State
from ui import doorkeeper

NAME = 'appointment.ics'


async def show(request: Request) -> Response:
    """`/booked/{booking_id}/calendar.ics`. Raises NotFound for a booking that is not the asker's."""
    visitor = doorkeeper.visitor(request)
    if visitor is None:
        raise NotFound
    booking = bookings.find(request.path_params['booking_id'], by=visitor.actor)
    # nobody is asked to answer: the customer takes the file themselves
    method = Method.CANCEL if booking.state == State.CANCELED else Method.PUBLISH
    return Response(
        calendar_file(_entry(booking), method=method, words=visitor.words),
        media_type=f'text/calendar; charset=utf-8; method={method.value}',
        headers={'Content-Disposition': f'attachment; filename="{NAME}"', 'Cache-Control': 'no-store'},
    )


def _entry(booking: Booking) -> Entry:
    return Entry(
        uid=booking.uid,
        sequence=booking.sequence,
        written_at=clock.now(),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        service=booking.service_name,
        business=settings.read('business.name'),
        place=booking.site.address,
        phone=settings.read('business.phone') or '',
        comment=booking.comment or '',
        link=f'{environment.current().address}/home',
    )
