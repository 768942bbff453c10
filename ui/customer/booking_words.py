"""How customers read one booking: its state, its technician, its street."""

from data.base.marks import N_
from data.base.words import Words
from data.visits import booking_lists, states
from data.visits.booking_table import Booking
from data.visits.states import State

NOT_CONFIRMED = N_('Not confirmed')


def state_of(booking: Booking, words: Words) -> tuple[str, str]:
    """The colour and the word of its chip; a break is nothing that customers need to know."""
    if booking_lists.is_not_confirmed(booking, words.zone):
        return 'not-confirmed', words(NOT_CONFIRMED)
    state = State.IN_PROGRESS if booking.state == State.ON_BREAK else State(booking.state)
    return state.replace(' ', '-'), words(states.NAMES[state])


def with_technician(booking: Booking, words: Words) -> str:
    """'with Marco Reyes'."""
    return words('with {technician}', technician=booking.technician.name)


def street(address: str) -> str:
    """The first part of an address, where the whole one would be too long."""
    return address.partition(',')[0]
