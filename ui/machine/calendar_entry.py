"""One booking as a calendar file, for "add to calendar"."""

from starlette.requests import Request
from starlette.responses import Response

from data.visits import bookings
from ui import doorkeeper


async def show(request: Request) -> Response:
    """`/booked/{booking_id}/calendar.ics`."""
    booking = bookings.find(request.path_params['booking_id'], by=doorkeeper.actor(request))
    return Response(str(booking.uid))
