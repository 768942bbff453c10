"""Staff see what became of messages, hand over an invitation that is held, and send again."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from conftest import EmptyDatabase
from makers import make_account, make_cast, make_customer, make_dispatcher, signed_in
from message_makers import make_booking_message, make_invitation_message, make_message
from people import CLEO, RUTH
from queries import counted

from data.access import settings, staff
from data.base import clock, environment
from data.base.actor import OPERATOR
from data.base.changes import ChangeRow
from data.base.database import database as connected
from data.base.refusals import NotFound
from data.base.words import PSEUDO, Words
from data.messages import deliveries, message_lists, outbox
from data.messages.message_lists import CannotOpen, NoLongerOfUse
from data.messages.outbox import Message, MessageState
from data.people import invitations
from data.people.customers import Contact

pytestmark = pytest.mark.usefixtures('database')


def fail(message: Message, reason: str = '550 No such person') -> None:
    deliveries.give_up(Message.get_by_id(message.id), reason)


def test_the_latest_come_first() -> None:
    first, second = make_message(), make_message()

    assert message_lists.recent(by=OPERATOR) == [second, first]
    assert message_lists.recent(by=OPERATOR, most=1) == [second]


def test_what_wants_attention_is_counted() -> None:
    with time_machine.travel('2030-12-01T12:00:00+00:00', tick=False) as clock_of_test:
        assert not message_lists.stuck(by=OPERATOR).any
        make_message(to=None)
        make_message()
        deliveries.sort(has_carrier=False)
        fail(make_message())
        make_message()
        clock_of_test.shift(timedelta(minutes=20))
        make_message()

        stuck = message_lists.stuck(by=OPERATOR)

    assert (stuck.held, stuck.failed, stuck.no_address, stuck.late) == (1, 1, 1, 1)
    assert stuck.any


@pytest.mark.parametrize('who', ['stranger', 'customer', 'technician'])
def test_who_is_not_of_the_staff_sees_and_sends_nothing(who: str) -> None:
    by = getattr(make_cast(), who)
    message = make_invitation_message()

    for command in (message_lists.open_secret, message_lists.send_again):
        with pytest.raises(NotFound):
            command(message, by=by)
    for question in (message_lists.recent, message_lists.stuck):
        with pytest.raises(NotFound):
            question(by=by)


def test_a_dispatcher_does_not_make_a_new_link_for_a_colleague() -> None:
    cast = make_cast()
    staff.add({'name': RUTH.name, 'email': RUTH.email, 'roles': ('owner',)}, by=cast.owner)
    link = Message.get()
    fail(link)

    with pytest.raises(NotFound):
        message_lists.send_again(link, by=cast.dispatcher)
    assert message_lists.send_again(link, by=cast.owner).secrets['link']


def test_a_held_invitation_is_opened_to_be_handed_over_and_history_tells_who_did() -> None:
    invitations.invite(make_customer(signs_in=False).contact, by=OPERATOR)
    message = Message.get()
    deliveries.sort(has_carrier=False)

    cleo = signed_in(make_dispatcher())
    secrets = message_lists.open_secret(message, by=cleo)

    assert set(secrets) == {'link', 'code'}
    row = ChangeRow.select().order_by(ChangeRow.id.desc()).get()
    assert (row.kind, row.subject_id, row.account_id) == ('SecretOpened', message.subject_id, cleo.account_id)
    assert (row.subject_type, row.customer_id) == ('invitations', Contact.get().customer_id)
    assert secrets['code'] not in row.before + row.after


def test_neither_a_sent_invitation_nor_a_colleagues_link_can_be_opened() -> None:
    sent = make_invitation_message()
    deliveries.settle_sent(sent, subject='', text='')
    colleagues = make_message('staff_invitation', secrets={'link': 'https://portal.example.com/welcome/x'})

    for message in (sent, colleagues):
        with pytest.raises(CannotOpen):
            message_lists.open_secret(message, by=OPERATOR)


def test_a_failed_message_is_sent_again_as_a_new_one_to_the_address_of_today() -> None:
    contact = make_customer(signs_in=False, email='old@example.com').contact
    failed = make_booking_message(7, to='old@example.com', contact_id=contact.id, customer_id=contact.customer_id)
    fail(failed)
    Contact.update(email='new@example.com').where(Contact.id == contact.id).execute()

    again = message_lists.send_again(failed, by=OPERATOR)

    assert again.id != failed.id
    assert again.message_id != failed.message_id
    assert (again.state, again.to_address, again.booking_id) == ('waiting', 'new@example.com', 7)
    assert again.plain_facts == failed.plain_facts
    assert Message.get_by_id(failed.id).state == 'failed'


def test_a_message_to_an_account_is_sent_again_to_it() -> None:
    failed = make_message(to='old@alder.example', account_id=make_account(CLEO).id)
    fail(failed)

    assert message_lists.send_again(failed, by=OPERATOR).to_address == CLEO.email


def test_an_invitation_is_sent_again_with_a_new_code() -> None:
    first = invitations.invite(make_customer(signs_in=False).contact, by=OPERATOR)
    failed = Message.get()
    code = failed.secrets['code']
    fail(failed)

    again = message_lists.send_again(failed, by=OPERATOR)

    assert again.secrets['code'] != code
    assert again.subject_id != first.id
    with pytest.raises(invitations.InvitationClosed):
        invitations.look_up(code.replace('-', ''), origin='test')


def test_what_still_waits_is_tried_at_once() -> None:
    message = make_message()
    deliveries.put_off(deliveries.claim('worker', most=1)[0], 'silent')
    assert deliveries.claim('worker', most=1) == []

    assert message_lists.send_again(message, by=OPERATOR).id == message.id

    assert [each.id for each in deliveries.claim('worker', most=1)] == [message.id]


def test_an_unsent_invitation_whose_key_is_gone_cannot_be_opened_and_is_sent_again_with_a_new_code(
    database: EmptyDatabase,
) -> None:
    first = invitations.invite(make_customer(signs_in=False).contact, by=OPERATOR)
    unsent = Message.get()
    environment.load(data=database.data / 'without the key')

    with pytest.raises(CannotOpen):
        message_lists.open_secret(unsent, by=OPERATOR)
    again = message_lists.send_again(unsent, by=OPERATOR)

    assert again.subject_id != first.id
    assert set(again.secrets) == {'link', 'code'}
    assert Message.get_by_id(unsent.id).state == 'dropped'


def test_who_sends_again_is_told_what_keeps_it_from_going_out() -> None:
    message, unreachable = make_message(), make_message(to=None)
    assert message_lists.obstacle(message, Words()) == 'No mail server is set up. It goes out as soon as there is one.'
    assert message_lists.obstacle(unreachable, Words()) == 'Nobody has an e-mail address for this person.'

    settings.change({'mail.host': 'smtp.alder.example'}, by=OPERATOR)

    assert message_lists.obstacle(message, Words()) == ''
    assert message_lists.obstacle(unreachable, Words()) != ''


def test_what_lies_in_the_past_is_not_sent_again() -> None:
    with time_machine.travel('2030-12-01T12:00:00+00:00', tick=False) as clock_of_test:
        message = make_booking_message(7, useless_after=clock.now() + timedelta(hours=1))
        fail(message)
        clock_of_test.shift(timedelta(hours=1))

        with pytest.raises(NoLongerOfUse):
            message_lists.send_again(message, by=OPERATOR)


@pytest.mark.parametrize('state', MessageState)
def test_every_state_and_reason_has_words(state: str) -> None:
    pseudo = Words(PSEUDO)
    for reason in (*message_lists.REASONS, None):
        message = Message(wording='invitation', state=state, reason=reason)
        told = message_lists.reason(message, pseudo)
        assert message_lists.state(message, pseudo).startswith('[')
        assert message_lists.title(message, pseudo) == '[Invitation]'
        assert told == '' or (told.startswith('[') and told.endswith('.]'))


def test_the_mail_servers_own_sentence_is_shown_as_it_is() -> None:
    message = make_message()
    fail(message, '550 5.1.1 No such person')

    assert message_lists.reason(Message.get(), Words()) == '550 5.1.1 No such person'


def test_what_became_of_many_invitations_is_one_question_and_the_newest_message_answers() -> None:
    households = [make_customer(person, signs_in=False) for person in (RUTH, CLEO)]
    first = [invitations.invite(household.contact, by=OPERATOR) for household in households]
    fail(Message.get(Message.subject_id == first[0].id))
    again = invitations.invite(households[0].contact, by=OPERATOR)
    rows = [*first, again]

    with counted() as queries:
        found = message_lists.of_invitations(rows, by=OPERATOR)

    assert len(queries) == 1
    assert {number: message.state for number, message in found.items()} == {
        first[0].id: 'failed',
        first[1].id: 'waiting',
        again.id: 'waiting',
    }
    assert [message_lists.of_invitation(row, by=OPERATOR) for row in rows] == [found[row.id] for row in rows]


@pytest.mark.parametrize('database', ['sqlite'], indirect=True)  # PostgreSQL plans by what is in the table
@pytest.mark.parametrize(
    'same',
    [{'contact_id': 1}, {'account_id': 1}, {'contact_id': 1, 'booking_id': 7}],
    ids=['an invitation', 'a colleague', 'a booking'],
)
def test_an_older_message_of_a_kind_is_found_by_an_index_of_its_own(
    database: EmptyDatabase, same: dict[str, Any]
) -> None:
    message = make_message('invitation', **same)
    query = Message.select().where(outbox.newer_of_its_kind(message))

    sql, values = query.sql()
    plan = ' '.join(str(row[-1]) for row in connected.execute_sql(f'EXPLAIN QUERY PLAN {sql}', values))

    assert any(f'({name}=? AND' in plan for name in same), plan
