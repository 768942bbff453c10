"""The six system states of a booking, and why it may be canceled. A status is the business's own name for a state."""

from enum import StrEnum

from data.base.marks import N_


class State(StrEnum):
    """What a booking is in."""

    SCHEDULED = 'scheduled'
    TRAVELING = 'traveling'
    IN_PROGRESS = 'in progress'
    ON_BREAK = 'on break'
    COMPLETED = 'completed'
    CANCELED = 'canceled'


NAMES = {
    State.SCHEDULED: N_('Scheduled'),
    State.TRAVELING: N_('Traveling'),
    State.IN_PROGRESS: N_('In progress'),
    State.ON_BREAK: N_('On break'),
    State.COMPLETED: N_('Completed'),
    State.CANCELED: N_('Canceled'),
}
UNDER_WAY = (State.TRAVELING, State.IN_PROGRESS, State.ON_BREAK)
OVER = (State.COMPLETED, State.CANCELED)


class Reason(StrEnum):
    """Why a booking is canceled; its note says more."""

    CUSTOMER = 'customer'
    BUSINESS = 'business'
    NOBODY_THERE = 'nobody there'
    OTHER = 'other'


REASONS = {
    Reason.CUSTOMER: N_('The customer canceled'),
    Reason.BUSINESS: N_('We canceled'),
    Reason.NOBODY_THERE: N_('Nobody was there'),
    Reason.OTHER: N_('Another reason'),
}
