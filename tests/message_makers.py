"""Messages for tests that are not about why they were written."""

from datetime import UTC, datetime, timedelta
from typing import Any

from data.messages import outbox
from data.messages.outbox import Draft, Message
from data.messages.recipients import Recipient

BUSINESS = {'business': 'Alder Heating', 'phone': '+13125550100', 'country': 'US', 'zone': 'America/Chicago'}
START = datetime(2030, 12, 3, 19, 30, tzinfo=UTC)  # 1:30 PM in Chicago


def make_message(wording: str = 'staff_role_added', *, to: str | None = 'ada@example.com', **given: Any) -> Message:
    """One message in the outbox; `facts` are added to those every wording needs, `secrets` are sealed."""
    facts = {**facts_of(wording), **given.pop('facts', {})}
    ids = {key: given.pop(key) for key in ('contact_id', 'account_id', 'customer_id') if key in given}
    name, language = given.pop('to_name', 'Ada Lind'), given.pop('language', 'en')
    recipient = Recipient(name=name, address=to, language=language, **ids)
    return outbox.write(Draft(wording=wording, to=recipient, facts=facts, **given))


def make_booking_message(booking_id: int, **given: Any) -> Message:
    """A confirmation of the booking with this number."""
    return make_message('booking_confirmed', booking_id=booking_id, **given)


def facts_of(wording: str) -> dict[str, object]:
    """What the wording needs."""
    facts: dict[str, object] = {**BUSINESS, 'name': 'Ada Lind'}
    if wording == 'booking_confirmed':
        facts |= {
            'service': 'Annual safety inspection',
            'asset': 'Vaillant ecoTEC plus',
            'place': '18 Alder Street, Chicago',
            'comment': '',
            'home': 'https://portal.example.com/home',
            'uid': 'booking-1@portal.example.com',
            'starts_at': START,
            'ends_at': START + timedelta(minutes=90),
        }
    if wording in {'invitation', 'staff_invitation'}:
        facts |= {'expires_at': START}
    if wording == 'invitation':
        facts |= {'redeem_address': 'https://portal.example.com/redeem'}
    if wording == 'staff_role_added':
        facts |= {'roles': ['Dispatcher'], 'sign_in_address': 'https://portal.example.com/sign-in'}
    return facts


def make_invitation_message(**given: Any) -> Message:
    """An invitation with a link and a code."""
    secrets = {'link': 'https://portal.example.com/redeem/TOKEN-IN-LINK', 'code': '7KQM-4TXD'}
    return make_message('invitation', secrets=secrets, **given)
