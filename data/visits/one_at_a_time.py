"""A technician drives to one place, and works at one place, at a time: what the schema refuses, put into words."""

from collections.abc import Mapping
from typing import Any

from peewee import IntegrityError

from data.base.actor import Actor
from data.base.database import savepoint
from data.base.marks import N_
from data.base.refusals import Refusal
from data.people.customers import Customer
from data.visits.booking_table import Booking, BookingHasChanged
from data.visits.states import State

AT_WORK = (State.IN_PROGRESS, State.ON_BREAK)


class StillElsewhere(Refusal):
    """The technician is under way to or at another visit; `customer` and `place` say which."""


class StillDriving(StillElsewhere):
    """Said to the technician."""

    words = N_('You are still driving to {customer}. Turn back or start work there first.')


class TechnicianStillDriving(StillElsewhere):
    """Said to anybody else."""

    words = N_('{technician} is still driving to {customer}. Turn back or start work there first.')


class StillAtWork(StillElsewhere):
    """Said to the technician."""

    words = N_('You are still at work for {customer}. Finish there first.')


class TechnicianStillAtWork(StillElsewhere):
    """Said to anybody else."""

    words = N_('{technician} is still at work for {customer}. Finish there first.')


def write(booking: Booking, values: Mapping[str, Any], *, by: Actor) -> None:
    """Writes if its state is still the one that was read. In the caller's transaction.

    Raises BookingHasChanged, StillElsewhere; IntegrityError for every other rule of the schema.
    """
    same = (Booking.id == booking.id) & (Booking.state == booking.state)
    try:
        with savepoint():
            written = Booking.update(**values).where(same).execute()
    except IntegrityError as clash:
        refusal = in_the_way(booking, State(values.get('state', booking.state)), by=by)
        if refusal is None:
            raise
        raise refusal from clash
    if not written:
        raise BookingHasChanged


def in_the_way(booking: Booking, state: State, *, by: Actor) -> StillElsewhere | None:
    """What stands against the booking being in this state; None if it is not another visit that is under way."""
    is_driving = state == State.TRAVELING
    in_the_way = Booking.state.in_((state,) if is_driving else AT_WORK if state in AT_WORK else ())
    theirs = (Booking.technician == booking.technician_id) & (Booking.id != booking.id)
    other = Booking.select(Booking, Customer).join(Customer).where(theirs & in_the_way).first()
    if other is None:
        return None
    kinds: tuple[type[StillElsewhere], type[StillElsewhere]] = (
        (StillDriving, TechnicianStillDriving) if is_driving else (StillAtWork, TechnicianStillAtWork)
    )
    return kinds[not booking.is_assigned(by)](
        customer=other.customer.name, place=other.site.address, technician=booking.technician.name
    )
