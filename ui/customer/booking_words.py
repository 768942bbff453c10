"""How customers read one booking: its state, its technician, its street."""

from data.base.words import Words
from data.visits import states
from data.visits.booking_table import Booking
from data.visits.states import State
from ui.parts import booking_state


def state_of(booking: Booking, words: Words) -> tuple[str, str]:
    """The colour and the word of its chip; a break is nothing that customers need to know."""
    if booking.state == State.ON_BREAK:
        return 'in-progress', words(states.NAMES[State.IN_PROGRESS])
    return booking_state.state_of(booking, words)


def with_technician(booking: Booking, words: Words) -> str:
    """'with Marco Reyes'."""
    return words('with {technician}', technician=booking.technician.name)


def street(address: str) -> str:
    """The first part of an address, where the whole one would be too long."""
    return address.partition(',')[0]
