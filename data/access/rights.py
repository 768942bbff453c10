"""Who may do what: one table, asked afresh inside every command and every read."""

from enum import StrEnum

from data.access import accounts, sessions
from data.access.roles import Role
from data.base.actor import Actor, Via
from data.base.refusals import NotFound
from data.base.table import Table


class Relation(StrEnum):
    """How a row stands to who asks. Each table that has owners says it by `is_own`, `is_assigned` or `is_self`; what is
    assigned counts for who holds the role of technician now.
    """

    ANYBODY = 'anybody who is signed in'
    OWN = 'of their own household or company'
    ASSIGNED = 'the technician it is assigned to'
    SELF = 'their own account'


class Right(StrEnum):
    """What can be allowed. Commands name one; addresses in ui/routes name one."""

    BE_SIGNED_IN = 'be signed in'
    SEE_OWN_HOME = 'see the home of a customer'
    SEE_OWN_DAY = 'see the own day of a technician'
    BOOK = 'book an appointment'
    SEE_BOOKING = 'see a booking'
    CHANGE_BOOKING = 'move, change or cancel an appointment'
    ADVANCE = 'say how far a visit is'
    ARRANGE = 'arrange visits: choose the technician and the length, override rules, undo'
    CHANGE_OWN_PROFILE = 'change a profile'
    SEE_CUSTOMERS = 'see customers'
    CHANGE_CUSTOMERS = 'add and change customers'
    PLACE_SITES = 'say where a site lies'
    INVITE = 'invite contacts'
    SEE_MESSAGES = 'see and resend messages'
    SEE_APPOINTMENTS = 'see all appointments'
    CHANGE_CATALOGUE = 'change products and service types'
    CHANGE_CREW = 'add technicians and change their hours'
    CHANGE_ABSENCES = 'enter time off, date overrides and closed days'
    CHANGE_SETTINGS = 'change settings'
    CHANGE_STAFF = 'add staff accounts and change their roles'


STAFF: frozenset[Role | Relation] = frozenset({Role.DISPATCHER})
OWNER: frozenset[Role | Relation] = frozenset({Role.OWNER})

ALLOWED: dict[Right, frozenset[Role | Relation]] = {
    Right.BE_SIGNED_IN: frozenset({Relation.ANYBODY}),
    Right.SEE_OWN_HOME: frozenset({Relation.ANYBODY}),  # what it lists is each asker's own
    Right.SEE_OWN_DAY: frozenset({Role.TECHNICIAN}),
    Right.BOOK: STAFF | {Relation.OWN},
    Right.SEE_BOOKING: STAFF | {Relation.OWN, Relation.ASSIGNED},
    Right.CHANGE_BOOKING: STAFF | {Relation.OWN},
    Right.ADVANCE: STAFF | {Relation.ASSIGNED},
    Right.ARRANGE: STAFF,
    Right.CHANGE_OWN_PROFILE: frozenset({Relation.SELF}),
    Right.SEE_CUSTOMERS: STAFF,
    Right.CHANGE_CUSTOMERS: STAFF,
    Right.PLACE_SITES: STAFF | {Relation.OWN},
    Right.INVITE: STAFF,
    Right.SEE_MESSAGES: STAFF,
    Right.SEE_APPOINTMENTS: STAFF,
    Right.CHANGE_CATALOGUE: OWNER,
    Right.CHANGE_CREW: OWNER,
    Right.CHANGE_ABSENCES: STAFF,
    Right.CHANGE_SETTINGS: OWNER,
    Right.CHANGE_STAFF: OWNER,
}


def require(by: Actor, right: Right, row: Table | None = None) -> None:
    """Raises NotFound where `by` may not: what a person may not see does not exist for them; SignedOut where the
    session has ended."""
    if by.via in {Via.SYSTEM, Via.OPERATOR}:
        return
    if by.via == Via.STRANGER:
        raise NotFound
    if not sessions.is_live(by):
        raise sessions.SignedOut
    if not _is_allowed(by, ALLOWED[right], row):
        raise NotFound


def may(by: Actor, right: Right, row: Table | None = None) -> bool:
    """For what a page offers; the command asks again."""
    try:
        require(by, right, row)
    except NotFound:
        return False
    return True


def of_account(account_id: int | None) -> frozenset[Right]:
    """What the account may without regard to a row: for menus, which name rights as addresses do."""
    roles = accounts.roles_of(account_id)
    return frozenset(right for right, allowed in ALLOWED.items() if Relation.ANYBODY in allowed or allowed & roles)


def _is_allowed(by: Actor, allowed: frozenset[Role | Relation], row: Table | None) -> bool:
    """Asks for what is allowed only, the roles first: a relation may cost a query."""
    if Relation.ANYBODY in allowed:
        return True
    roles = accounts.roles_of(by.account_id)
    if allowed & roles:
        return True
    if row is None:
        return False
    known = allowed if Role.TECHNICIAN in roles else allowed - {Relation.ASSIGNED}
    questions = ((Relation.OWN, row.is_own), (Relation.ASSIGNED, row.is_assigned), (Relation.SELF, row.is_self))
    return any(relation in known and is_so(by) for relation, is_so in questions)
