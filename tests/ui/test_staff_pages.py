"""The console: what somebody else changes appears by itself, what is open stays open, and words for every state."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import makers
import pytest
import time_machine
from conftest import EmptyDatabase
from makers import Household
from message_makers import make_message
from nicegui import ui
from nicegui.testing import User
from people import ADA, BRUNO, CLEO, RUTH

from data.access import accounts, settings, staff
from data.access.accounts import Account
from data.access.roles import Role
from data.base import changes, environment
from data.base.actor import SYSTEM
from data.base.words import Words
from data.messages import deliveries
from data.messages.outbox import Message, MessageState
from data.people import customers, invitations
from data.people.invitations import Invitation, SecretOpened
from ui.staff.invitation_words import stage

SignIn = Callable[[User, Account], User]
TUESDAY = datetime(2026, 12, 1, 15, tzinfo=UTC)
EXPIRED = TUESDAY - timedelta(days=1)
LATER = TUESDAY + timedelta(days=5)
ENGLISH = Words('en', 'US')

pytestmark = pytest.mark.parametrize('database', ['sqlite'], indirect=True)


@pytest.fixture(autouse=True)
def _on_a_tuesday() -> Iterator[None]:
    with time_machine.travel(TUESDAY):
        yield


@pytest.fixture
def owner(sign_in: SignIn, user: User) -> User:
    """Olga's browser, signed in."""
    makers.make_business()
    return sign_in(user, makers.make_owner())


@pytest.fixture
def guest(owner: User) -> Household:
    """A customer whose contact has no sign-in yet."""
    return makers.make_customer(RUTH, signs_in=False)


def page_of(household: Household) -> str:
    return f'/staff/customers/{household.customer.id}'


def set_value(browser: User, marker: str, value: str) -> None:
    (element,) = browser.find(marker=marker).elements
    assert isinstance(element, ui.input)
    element.value = value


async def test_a_customer_added_by_a_colleague_appears_without_reload(owner: User) -> None:
    await owner.open('/staff/customers')
    await owner.should_see('No customers yet.')
    makers.make_customer(ADA, signs_in=False)
    await owner.should_see('18 Alder Street, Chicago, IL 60614')


async def test_an_appointment_booked_by_a_customer_appears_without_reload(owner: User) -> None:
    makers.make_technician()
    ada = makers.make_customer()
    inspection = makers.make_service_type(ada.asset.product)
    await owner.open('/staff/bookings')
    await owner.should_see('No appointments ahead')
    makers.make_booking(ada, inspection, by=ada.actor)
    await owner.should_see('Annual inspection')


async def test_what_nobody_settled_is_called_not_confirmed_the_day_after(owner: User) -> None:
    household = makers.make_customer()
    makers.make_technician()
    makers.make_booking(household, makers.make_service_type(household.asset.product), LATER)
    await owner.open(page_of(household))
    await owner.should_see('Scheduled')
    with time_machine.travel(LATER + timedelta(days=1)):
        await owner.open(page_of(household))
        await owner.should_see('Not confirmed')


async def test_a_customer_is_added_with_contact_and_site_by_one_press(owner: User) -> None:
    await owner.open('/staff/customers/new')
    owner.find(marker='save').click()
    await owner.should_see('Please fill this in.')
    assert customers.search('', by=SYSTEM) == []
    names = [element for element in owner.find(marker='name').elements if isinstance(element, ui.input)]
    for element, value in zip(sorted(names, key=lambda each: each.id), ('Abel', 'Ruth Abel'), strict=True):
        element.value = value
    set_value(owner, 'address', '2 Fern Way')
    owner.find(marker='save').click()
    await owner.should_see('Sites')
    (made,) = customers.search('', by=SYSTEM)
    assert [contact.name for contact in customers.contacts(made, by=SYSTEM)] == ['Ruth Abel']


async def test_a_held_invitation_is_opened_and_handed_over_and_the_history_says_so(
    owner: User, guest: Household
) -> None:
    await owner.open(page_of(guest))
    owner.find(marker='invite').click()
    await owner.should_see('Invited')
    deliveries.sort(has_carrier=False)  # what the mail worker does
    await owner.should_see('No mail server is set up.')
    seen: list[SecretOpened] = []
    stop = changes.listen(SecretOpened, seen.append)
    owner.find(marker='show-code').click()
    await owner.should_see(marker='link')
    stop()
    message = Message.get(Message.wording == 'invitation')
    await owner.should_see(message.secrets['code'])
    await owner.should_see(message.secrets['link'])
    assert len(seen) == 1


async def test_an_opened_code_stays_while_another_contact_changes(owner: User, guest: Household) -> None:
    invitations.invite(guest.contact, by=SYSTEM)
    await owner.open(page_of(guest))
    owner.find(marker='show-code').click()
    await owner.should_see(marker='code')
    makers.make_contact(guest, BRUNO, signs_in=False)
    await owner.should_see('Bruno Sá')
    await owner.should_see(marker='code')


async def test_an_opened_code_goes_when_it_is_worth_nothing_any_more(owner: User, guest: Household) -> None:
    invitation = invitations.invite(guest.contact, by=SYSTEM)
    await owner.open(page_of(guest))
    owner.find(marker='show-code').click()
    await owner.should_see(marker='code')
    invitations.revoke(invitation, by=SYSTEM)
    await owner.should_see('Invitation revoked')
    await owner.should_not_see(marker='code')


async def test_what_is_typed_for_a_new_product_stays_while_a_colleague_adds_a_site(
    owner: User, guest: Household
) -> None:
    await owner.open(page_of(guest))
    set_value(owner, 'serial_number', 'SN 4471')
    customers.add_site(guest.customer, {'address': '8 Moss Lane', 'access_notes': None}, by=SYSTEM)
    await owner.should_see(kind=ui.label, content='8 Moss Lane')
    (field,) = owner.find(marker='serial_number').elements
    assert isinstance(field, ui.input)
    assert field.value == 'SN 4471'


async def test_a_message_stays_open_while_others_come(owner: User, guest: Household) -> None:
    invitations.invite(guest.contact, by=SYSTEM)
    await owner.open('/staff/messages')
    (before,) = owner.find(marker='send-again').elements
    other = makers.make_customer(ADA, signs_in=False)
    invitations.invite(other.contact, by=SYSTEM)
    await owner.should_see('Invitation · Ada Lind')
    assert before in owner.find(marker='send-again').elements  # the very same, so it is as it was


async def test_taking_a_role_away_asks_first(owner: User) -> None:
    cleo = makers.make_dispatcher()
    await owner.open('/staff/accounts')
    owner.find(marker='take-dispatcher').click()
    await owner.should_see('Cleo Marsh is signed out everywhere, is no longer staff and leaves this list.')
    owner.find(marker='no').click()
    await owner.should_not_see('leaves this list.')
    assert accounts.roles_of(cleo.id)
    owner.find(marker='take-dispatcher').click()
    await owner.should_see(marker='yes')
    owner.find(marker='yes').click()
    await owner.should_not_see('cleo@alder.example')
    assert not accounts.roles_of(cleo.id)


async def test_the_last_owner_is_told_why_they_stay(owner: User) -> None:
    await owner.open('/staff/accounts')
    owner.find(marker='take-owner').click()
    await owner.should_see('This is you: you will be signed out at once.')
    owner.find(marker='yes').click()
    await owner.should_see('This is the last owner. Make somebody else an owner first.')


async def test_without_a_mail_server_the_owner_sees_the_one_time_link_once(owner: User) -> None:
    added = staff.add({'name': CLEO.name, 'email': CLEO.email, 'roles': (Role.DISPATCHER,)}, by=SYSTEM)
    await owner.open('/staff/accounts')
    owner.find(marker='new-link').click()
    await owner.should_see('One-time link for Cleo Marsh')
    (shown,) = owner.find(marker='link').elements
    assert isinstance(shown, ui.label)
    assert '/welcome/' in shown.text
    assert added.link_token not in shown.text  # the earlier link has ended


async def test_a_page_that_is_open_for_long_writes_only_what_was_changed_on_it(owner: User) -> None:
    await owner.open('/staff/settings')
    set_value(owner, 'business.name', 'Birch Heating')
    settings.change({'business.name': 'Elm Heating', 'business.phone': '+13125550188'}, by=SYSTEM)
    await owner.should_see('Somebody has set Name of the business to Elm Heating meanwhile. Save replaces it.')
    (phone,) = owner.find(marker='business.phone').elements
    assert isinstance(phone, ui.input)
    assert phone.value == '+13125550188'
    owner.find(marker='save-business').click()
    await owner.should_see('Saved.')
    assert settings.read('business.name') == 'Birch Heating'
    assert settings.read('business.phone') == '+13125550188'


async def test_a_phone_number_is_typed_as_people_of_the_country_do(owner: User) -> None:
    await owner.open('/staff/settings')
    set_value(owner, 'business.phone', '(312) 555-0199')
    owner.find(marker='save-business').click()
    await owner.should_see('Saved.')
    assert settings.read('business.phone') == '+13125550199'


async def test_the_mail_password_is_written_and_never_shown_again(owner: User) -> None:
    await owner.open('/staff/settings')
    set_value(owner, 'mail.password', 'fir and oak')
    owner.find(marker='save-mail').click()
    await owner.should_see('A password is set. Type a new one to replace it.')
    assert settings.read('mail.password') == 'fir and oak'
    (field,) = owner.find(marker='mail.password').elements
    assert isinstance(field, ui.input)
    assert field.value == ''
    set_value(owner, 'mail.user', 'alder')
    owner.find(marker='save-mail').click()
    await owner.should_see('Saved.')
    assert settings.read('mail.password') == 'fir and oak'


async def test_what_the_operator_gives_is_shown_and_cannot_be_changed(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = environment.current().model_copy(update={'smtp_host': 'smtp.example.net'})
    monkeypatch.setattr(environment, 'current', lambda: given)
    await owner.open('/staff/settings')
    await owner.should_see('smtp.example.net')
    await owner.should_not_see(marker='mail.host')


async def test_a_password_whose_key_is_gone_is_asked_for_again(owner: User, database: EmptyDatabase) -> None:
    here = environment.current().model_dump()
    environment.load(**here | {'data': database.data / 'with another key'})
    settings.change({'mail.password': 'fir and oak'}, by=SYSTEM)
    environment.load(**here)

    await owner.open('/staff/settings')
    await owner.should_see('The key of the stored password is gone. Please type the password again.')
    set_value(owner, 'mail.password', 'elm and ash')
    owner.find(marker='save-mail').click()
    await owner.should_see('A password is set. Type a new one to replace it.')
    await owner.should_not_see('The key of the stored password is gone.')


async def test_a_message_is_not_called_on_its_way_where_there_is_no_mail_server(owner: User) -> None:
    make_message()
    await owner.open('/staff/messages')
    owner.find(marker='send-again').click()
    await owner.should_see('No mail server is set up. It goes out as soon as there is one.')
    await owner.should_not_see('It is on its way again.')
    settings.change({'mail.host': 'smtp.alder.example'}, by=SYSTEM)
    owner.find(marker='send-again').click()
    await owner.should_see('It is on its way again.')


@dataclass(frozen=True)
class Sent:
    """A message as far as an invitation's words need it."""

    state: str
    reason: str | None = None


OPEN = {'expires_at': LATER, 'redeemed_at': None, 'revoked_at': None}
STAGES = [  # the invitation's own columns, its message, what staff read
    (OPEN, None, 'Waiting', ''),
    (OPEN, Sent(MessageState.WAITING), 'Waiting', ''),
    (OPEN, Sent(MessageState.HELD), 'Held', 'No mail server is set up. It goes out as soon as there is one.'),
    (OPEN, Sent(MessageState.SENT), 'Sent', ''),
    (OPEN, Sent(MessageState.FAILED, '550 no such mailbox'), 'Failed', '550 no such mailbox'),
    (OPEN, Sent(MessageState.NO_ADDRESS), 'No address', 'Nobody has an e-mail address for this person.'),
    ({**OPEN, 'expires_at': EXPIRED}, Sent(MessageState.SENT), 'Expired', 'Mon, Nov 30'),
    ({**OPEN, 'revoked_at': TUESDAY}, Sent(MessageState.SENT), 'Revoked', ''),
    ({**OPEN, 'redeemed_at': TUESDAY}, Sent(MessageState.SENT), 'Redeemed', 'Tue, Dec 1'),
]


@pytest.mark.parametrize(('columns', 'sent', 'words', 'why'), STAGES, ids=[f'{s[2]}-{n}' for n, s in enumerate(STAGES)])
def test_the_state_of_an_invitation_in_words(
    database: object, columns: dict[str, datetime | None], sent: Sent | None, words: str, why: str
) -> None:
    message = Message(state=sent.state, reason=sent.reason) if sent else None
    told = stage(Invitation(**columns), message, ENGLISH)
    assert (told.words, told.why) == (words, why)
