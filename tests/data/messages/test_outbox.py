"""Messages are written with their change, wait, are held, dropped, replaced; their secrets do not outlive them."""

from datetime import timedelta

import pytest
import time_machine
from message_makers import START, make_booking_message, make_invitation_message, make_message
from peewee import IntegrityError

from data.base import clock
from data.base.database import database as connected
from data.base.database import transaction
from data.messages import deliveries, outbox
from data.messages.outbox import Message

pytestmark = pytest.mark.usefixtures('database')

NOON = '2030-12-01T12:00:00+00:00'


def state_of(message: Message) -> tuple[str, str | None]:
    row = Message.get_by_id(message.id)
    return row.state, row.reason


def test_a_message_is_there_only_if_its_change_is() -> None:
    def change_that_fails() -> None:
        with transaction():
            make_message()
            raise LookupError

    with pytest.raises(LookupError):
        change_that_fails()

    assert Message.select().count() == 0


def test_without_a_mail_server_messages_are_held_and_go_out_once_there_is_one() -> None:
    message = make_message()

    deliveries.sort(has_carrier=False)
    assert state_of(message) == ('held', None)
    assert deliveries.claim('worker', most=9) == []

    deliveries.sort(has_carrier=True)
    assert [claimed.id for claimed in deliveries.claim('worker', most=9)] == [message.id]


@pytest.mark.parametrize('has_carrier', [True, False])
def test_what_came_too_late_is_dropped_and_its_secrets_are_wiped(has_carrier: bool) -> None:
    with time_machine.travel(NOON, tick=False) as clock_of_test:
        stale = make_invitation_message(useless_after=clock.now() + timedelta(minutes=15))
        fresh = make_message(useless_after=clock.now() + timedelta(days=1))
        deliveries.sort(has_carrier=False)
        clock_of_test.shift(timedelta(minutes=15))

        deliveries.sort(has_carrier=has_carrier)

    assert state_of(stale) == ('dropped', 'useless')
    assert Message.get_by_id(stale.id).sealed_facts is None
    assert state_of(fresh) == ('waiting' if has_carrier else 'held', None)


def test_a_message_without_an_address_says_so_and_keeps_no_secret() -> None:
    message = make_invitation_message(to=None)

    assert state_of(message) == ('no_address', None)
    assert Message.get_by_id(message.id).sealed_facts is None
    assert deliveries.claim('worker', most=9) == []


def test_the_next_message_of_a_booking_waits_for_the_earlier_one() -> None:
    first = make_message(booking_id=7)
    second = make_booking_message(7)
    other = make_booking_message(8)

    assert [each.id for each in deliveries.claim('worker', most=9)] == [first.id, other.id]
    deliveries.settle_sent(first, subject='', text='')
    assert [each.id for each in deliveries.claim('worker', most=9)] == [second.id]


def test_the_next_message_of_a_booking_follows_one_that_was_given_up() -> None:
    first = make_message(booking_id=7)
    second = make_booking_message(7)
    deliveries.claim('worker', most=9)

    deliveries.give_up(first, '550 No such person')

    assert state_of(first) == ('failed', '550 No such person')
    assert [each.id for each in deliveries.claim('worker', most=9)] == [second.id]


def test_a_newer_message_of_the_same_kind_replaces_one_not_yet_sent() -> None:
    first = make_booking_message(7)
    second = make_booking_message(7)

    assert state_of(first) == ('dropped', 'replaced')
    assert state_of(second) == ('waiting', None)


def test_a_new_code_replaces_the_message_with_the_old_one() -> None:
    first = make_invitation_message(contact_id=3)
    of_another = make_invitation_message(contact_id=4)
    make_invitation_message(contact_id=3)

    assert state_of(first) == ('dropped', 'replaced')
    assert Message.get_by_id(first.id).sealed_facts is None
    assert state_of(of_another) == ('waiting', None)


def test_messages_about_different_things_to_one_person_all_go_out() -> None:
    first = make_message(account_id=3)
    make_message(account_id=3)

    assert state_of(first) == ('waiting', None)


def test_one_that_is_being_sent_is_replaced_once_it_comes_back() -> None:
    first = make_booking_message(7)
    claimed = deliveries.claim('worker', most=1)[0]
    make_booking_message(7)
    assert state_of(first) == ('waiting', None)

    deliveries.put_off(claimed, 'silent')

    assert state_of(first) == ('dropped', 'replaced')


def test_pauses_grow_and_the_last_try_is_followed_by_giving_up() -> None:
    waits = []
    with time_machine.travel(NOON, tick=False) as clock_of_test:
        message = make_invitation_message()
        while (due := deliveries.next_due()) is not None:
            waits.append(due - clock.now())
            clock_of_test.move_to(due)
            deliveries.put_off(deliveries.claim('worker', most=1)[0], 'silent')

    assert waits == [timedelta(), *deliveries.PACE.pauses]
    assert waits == sorted(waits)
    assert state_of(message) == ('failed', 'silent')
    assert Message.get_by_id(message.id).sealed_facts is None


def test_who_crashed_gives_the_message_up_when_the_lease_ends_and_it_goes_with_the_same_message_id() -> None:
    with time_machine.travel(NOON, tick=False) as clock_of_test:
        message = make_message()
        lost = deliveries.claim('crashed', most=1)[0]
        assert deliveries.claim('other', most=1) == []
        assert deliveries.next_due() == clock.now() + deliveries.PACE.lease

        clock_of_test.shift(deliveries.PACE.lease)
        again = deliveries.claim('other', most=1)[0]

    assert (again.id, again.message_id, again.attempts) == (message.id, lost.message_id, 2)


def test_what_a_slow_worker_has_sent_counts_as_sent_also_after_its_lease() -> None:
    with time_machine.travel(NOON, tick=False) as clock_of_test:
        make_message()
        slow = deliveries.claim('slow', most=1)[0]
        clock_of_test.shift(deliveries.PACE.lease)
        other = deliveries.claim('other', most=1)[0]

        deliveries.settle_sent(slow, subject='Hello', text='')
        deliveries.put_off(other, 'silent')
        deliveries.give_up(other, '550 No such person')

    assert state_of(slow) == ('sent', None)


def test_a_secret_is_not_readable_in_the_database_and_is_wiped_when_sent() -> None:
    message = make_invitation_message()
    row = connected.execute_sql('SELECT * FROM messages').fetchone()
    assert '7KQM-4TXD' not in repr([bytes(cell) if isinstance(cell, memoryview) else cell for cell in row])
    assert Message.get_by_id(message.id).secrets['code'] == '7KQM-4TXD'

    deliveries.settle_sent(deliveries.claim('worker', most=1)[0], subject='', text='')

    assert Message.get_by_id(message.id).secrets == {}


def test_the_schema_refuses_a_secret_that_outlives_its_message() -> None:
    message = make_invitation_message()

    with pytest.raises(IntegrityError), transaction():
        Message.update(state='failed').where(Message.id == message.id).execute()


def test_a_dead_code_takes_its_unsent_message_with_it() -> None:
    message = make_invitation_message(subject_id=5)
    sent = make_invitation_message(subject_id=6, to='grace@example.com', contact_id=9)
    deliveries.settle_sent(sent, subject='', text='')

    outbox.drop('invitation', subject_id=5)
    outbox.drop('invitation', subject_id=6)

    assert state_of(message) == ('dropped', 'revoked')
    assert state_of(sent) == ('sent', None)


def test_facts_stay_as_they_were_when_the_message_was_written() -> None:
    facts = make_booking_message(7).plain_facts

    assert facts['starts_at'] == START.isoformat()
    assert facts['service'] == 'Annual safety inspection'
