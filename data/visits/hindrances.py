"""What keeps a customer from moving, changing or canceling a booking: it is over, under way, or starts too soon."""

from datetime import timedelta

from data.access import settings
from data.base import clock, formats
from data.base.marks import N_
from data.base.refusals import Refusal
from data.visits.booking_table import Booking
from data.visits.states import OVER, State


class IsOver(Refusal):
    """Completed or canceled; staff cannot change it either."""

    words = N_('This appointment is over and cannot be changed any more.')


class CallUs(Refusal):
    """Only staff can change it now. The business has no phone number that could be named."""

    words = N_('To change this, please call us.')


class CutOffPassed(CallUs):
    """It starts too soon."""

    words = N_('To change this, call {phone}.')


class OnTheWay(CallUs):
    """Traveling."""

    words = N_('Your technician is on the way. Call {phone}.')


class WorkHasBegun(CallUs):
    """In progress, or on a break."""

    words = N_('Your technician is at work. Call {phone}.')


def of(booking: Booking) -> Refusal | None:
    """The first that holds now; None: the customer may. Pages show it beside a disabled button, commands raise it."""
    if booking.state in OVER:
        return IsOver()
    if booking.state == State.TRAVELING:
        return _call(OnTheWay)
    if booking.state != State.SCHEDULED:
        return _call(WorkHasBegun)
    cut_off = timedelta(hours=settings.read('bookings.cut_off_hours'))
    return _call(CutOffPassed) if clock.now() >= booking.starts_at - cut_off else None


def _call(kind: type[CallUs]) -> CallUs:
    number = settings.read('business.phone')
    return kind(phone=formats.phone(number, settings.read('business.country'))) if number else CallUs()
