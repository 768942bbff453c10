"""The chip of a booking: the colour and the word of its state."""

from data.base.marks import N_
from data.base.words import Words
from data.visits import booking_lists, states
from data.visits.booking_table import Booking
from data.visits.states import State

NOT_CONFIRMED = N_('Not confirmed')


def state_of(booking: Booking, words: Words) -> tuple[str, str]:
    """As staff see it."""
    if booking_lists.is_not_confirmed(booking, words.zone):
        return 'not-confirmed', words(NOT_CONFIRMED)
    return booking.state.replace(' ', '-'), words(states.NAMES[State(booking.state)])
