"""The roles that are given to accounts. A customer is no role: it follows from a live contact."""

from enum import StrEnum

from data.base.marks import N_


class Role(StrEnum):
    """What an account may be for the business. An owner may all that a dispatcher may; a technician is apart."""

    TECHNICIAN = 'technician'
    DISPATCHER = 'dispatcher'
    OWNER = 'owner'


NAMES = {Role.TECHNICIAN: N_('Technician'), Role.DISPATCHER: N_('Dispatcher'), Role.OWNER: N_('Owner')}
