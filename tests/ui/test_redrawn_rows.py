"""A press whose row is drawn again while its command runs still says what happened, on both engines."""

from collections.abc import Callable

import makers
from nicegui.testing import User
from people import RUTH

from data.access.accounts import Account
from data.base.actor import SYSTEM
from data.people import invitations

SignIn = Callable[[User, Account], User]


async def test_an_invitation_is_confirmed_though_its_row_is_another_by_then(sign_in: SignIn, user: User) -> None:
    makers.make_business()
    owner = sign_in(user, makers.make_owner())
    guest = makers.make_customer(RUTH, signs_in=False)
    await owner.open(f'/staff/customers/{guest.customer.id}')
    owner.find(marker='invite').click()
    await owner.should_see('Ruth Abel is invited.')
    owner.find(marker='revoke').click()
    await owner.should_see('The invitation is revoked.')
    await owner.should_see('Invitation revoked')


async def test_a_message_is_sent_again_though_its_row_is_another_by_then(sign_in: SignIn, user: User) -> None:
    makers.make_business()
    owner = sign_in(user, makers.make_owner())
    guest = makers.make_customer(RUTH, signs_in=False)
    invitations.revoke(invitations.invite(guest.contact, by=SYSTEM), by=SYSTEM)
    await owner.open('/staff/messages')
    await owner.should_see('Dropped')
    owner.find(marker='send-again').click()
    await owner.should_see('No mail server is set up.')
