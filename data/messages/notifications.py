"""Which change tells whom what: the table, and the facts that each message freezes."""

from collections.abc import Callable
from typing import Any, cast

from data.access import settings
from data.access.accounts import Account
from data.access.roles import NAMES, Role
from data.access.staff import LINK_LIVES, RoleAdded, StaffInvited
from data.base import clock, environment
from data.base.changes import Change
from data.messages import outbox, recipients
from data.messages.outbox import Draft
from data.people import invitations
from data.people.invitations import Invitation, InvitationMade, InvitationRedeemed, InvitationRevoked
from data.visits.booking_table import Booking
from data.visits.bookings import BookingMade

# the addresses that messages name, of ui/routes
HOME = '/home'
SIGN_IN = '/sign-in'
REDEEM = '/redeem'
WELCOME = '/welcome'


def invite_contact(change: InvitationMade) -> None:
    """To the address of the contact itself, and nobody in its stead: the code confirms that address."""
    invitation = Invitation.get_by_id(change.row.id)
    contact = invitation.contact
    facts = {
        **_business(),
        'name': contact.name,
        'redeem_address': _link(REDEEM),
        'expires_at': invitation.expires_at,
    }
    outbox.write(
        Draft(
            wording='invitation',
            to=recipients.of_contact(contact, or_primary=False),
            facts=facts,
            secrets={
                'link': _link(REDEEM, change.secrets['link_token']),
                'code': invitations.spelled(change.secrets['code']),
            },
            subject_id=invitation.id,
            useless_after=invitation.expires_at,
        )
    )


def drop_invitation(change: Change) -> None:
    """An unsent one whose code is dead."""
    outbox.drop('invitation', subject_id=change.row.id)


def confirm_booking(change: BookingMade) -> None:
    """Of use until the visit begins."""
    booking = cast('Booking', change.row)
    facts = {
        **_business(),
        'name': booking.contact.name,
        'service': booking.service_name,
        'asset': booking.asset_name,
        'place': booking.site.address,
        'comment': booking.comment or '',
        'starts_at': booking.starts_at,
        'ends_at': booking.ends_at,
        'uid': booking.uid,
        'home': _link(HOME),
    }
    outbox.write(
        Draft(
            wording='booking_confirmed',
            to=recipients.of_contact(booking.contact, or_primary=True),
            facts=facts,
            booking_id=booking.id,
            sequence=booking.sequence,
            useless_after=booking.starts_at,
        )
    )


def welcome_colleague(change: StaffInvited) -> None:
    account = Account.get_by_id(change.row.id)
    expires_at = clock.now() + LINK_LIVES
    outbox.write(
        Draft(
            wording='staff_invitation',
            to=recipients.of_account(account),
            facts={**_business(), 'name': account.name, 'expires_at': expires_at},
            secrets={'link': _link(WELCOME, change.secrets['link_token'])},
            subject_id=account.id,
            useless_after=expires_at,
        )
    )


def tell_new_role(change: RoleAdded) -> None:
    account = Account.get_by_id(change.row.id)
    roles = [name for role, name in NAMES.items() if role in cast('list[Role]', change.after['roles'])]
    facts = {**_business(), 'name': account.name, 'roles': roles, 'sign_in_address': _link(SIGN_IN)}
    outbox.write(
        Draft(wording='staff_role_added', to=recipients.of_account(account), facts=facts, subject_id=account.id)
    )


# change → what is told; who it goes to stands in each function
NOTIFICATIONS: tuple[tuple[type[Change], Callable[[Any], None]], ...] = (
    (InvitationMade, invite_contact),
    (InvitationRevoked, drop_invitation),
    (InvitationRedeemed, drop_invitation),
    (BookingMade, confirm_booking),
    (StaffInvited, welcome_colleague),
    (RoleAdded, tell_new_role),
)


def _business() -> dict[str, object]:
    """What every message says of the business, and how its times are to be read."""
    names = ('name', 'phone', 'country', 'zone')
    values = {name: settings.read(f'business.{name}') for name in names}
    return {'business': values['name'], 'phone': values['phone'], 'country': values['country'], 'zone': values['zone']}


def _link(address: str, token: str | None = None) -> str:
    """Always at the public address that the operator gave, never at what a request named."""
    return environment.current().address + address + (f'/{token}' if token else '')
