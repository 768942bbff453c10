"""The six system states of a booking. Rules look only at these; a status is the business's own name for one."""

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
