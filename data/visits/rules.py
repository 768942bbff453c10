"""The rules that can say no to a start, in the order in which they are asked for a reason."""

from enum import StrEnum


class Rule(StrEnum):
    """One of them. Each only takes starts away; what decides beyond them (R13, R15) breaks no start of its own."""

    GRID = 'grid'  # R5
    LEAST_NOTICE = 'least notice'  # R9, as the next three
    GREATEST_NOTICE = 'greatest notice'
    LEAST_DAYS = 'least days'
    GREATEST_DAYS = 'greatest days'
    CLOSED_DAY = 'closed day'  # R4
    SKILLS = 'skills'  # R11, as the next two
    TERRITORY = 'territory'
    RADIUS = 'radius'
    HOURS = 'hours'  # R2, R3, R6
    TIME_OFF = 'time off'  # R7
    VISITS = 'visits'  # R7, R16
    DRIVING = 'driving'  # R8


ALL_RULES = frozenset(Rule)
EVERYBODYS = frozenset(  # the same for every technician
    {Rule.GRID, Rule.LEAST_NOTICE, Rule.GREATEST_NOTICE, Rule.LEAST_DAYS, Rule.GREATEST_DAYS, Rule.CLOSED_DAY}
)
