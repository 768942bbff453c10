"""The worker carries everything out, in order for each booking, once, whatever the mail server does meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import letterbox
import pytest
from conftest import EmptyDatabase
from icalendar import Calendar
from letterbox import Letterbox
from makers import free_start, make_booking, make_customer, make_service_type, make_technician
from message_makers import make_booking_message, make_invitation_message, make_message

from data.access import settings
from data.base import environment
from data.base.actor import SYSTEM
from data.messages import deliveries, outbox
from data.messages.deliveries import Pace
from data.messages.outbox import Message
from mail.worker import Worker

HASTY = Pace(lease=timedelta(seconds=60), pauses=(timedelta(),) * 50)


@pytest.fixture
def box() -> Iterator[Letterbox]:
    with letterbox.running() as running:
        yield running


@pytest.fixture
def with_server(database: EmptyDatabase, box: Letterbox) -> None:
    given: dict[str, Any] = {'data': database.data, 'database_url': database.url}
    environment.load(
        **given, smtp_host=box.host, smtp_port=box.port, smtp_security='none', smtp_from='hello@alder.example'
    )


@asynccontextmanager
async def working(*, pace: Pace = HASTY, time_limit_seconds: float = 10) -> AsyncIterator[None]:
    task = asyncio.create_task(Worker(pace=pace, time_limit_seconds=time_limit_seconds).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], bool], *, seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # the effect is in the database, which tells nobody
            await asyncio.sleep(0.02)


async def arrived(box: Letterbox, count: int) -> list[str]:
    """The Message-IDs of the letters, once `count` are there."""
    letters = await asyncio.to_thread(box.wait_for, count)
    return [str(each.letter['Message-ID']) for each in letters]


def states() -> list[str]:
    return [message.state for message in Message.select().order_by(Message.id)]


@pytest.mark.usefixtures('with_server')
async def test_a_message_goes_out_soon_after_it_is_written(box: Letterbox) -> None:
    async with working():
        await until(lambda: deliveries.next_due() is None)
        message = make_message()

        assert await arrived(box, 1) == [message.message_id]
        await until(lambda: states() == ['sent'])

    assert Message.get().sent_at is not None
    assert box.received[0].recipients == ('ada@example.com',)


@pytest.mark.usefixtures('with_server')
async def test_after_a_refusing_and_a_silent_server_everything_arrives_in_order_and_once(box: Letterbox) -> None:
    bookings = range(1, 6)
    messages = [make_message(booking_id=booking) for booking in bookings]
    messages += [make_booking_message(booking) for booking in bookings]
    async with working(time_limit_seconds=0.6):
        box.refuse('451 4.3.0 Later please')
        await asyncio.to_thread(box.wait_for_tries, 8)
        box.be_silent()
        await until(lambda: Message.select().where(Message.reason == 'silent').count() >= 4)
        assert box.received == []

        box.behave()
        ids = await arrived(box, len(messages))
        await until(lambda: set(states()) == {'sent'})

    assert sorted(ids) == sorted(message.message_id for message in messages)
    for booking in bookings:
        first, second = messages[booking - 1], messages[booking + 4]
        assert ids.index(first.message_id) < ids.index(second.message_id)


@pytest.mark.usefixtures('with_server')
async def test_a_refused_recipient_is_given_up_at_once_and_keeps_nobody_else(box: Letterbox) -> None:
    box.refuse('550 5.1.1 No such person')
    async with working():
        unknown = make_invitation_message(contact_id=1)
        await until(lambda: states() == ['failed'])
        box.behave()
        make_message(to='grace@example.com')
        await arrived(box, 1)

    assert box.tries == 2
    row = Message.get_by_id(unknown.id)
    assert (row.reason, row.sealed_facts) == ('550 5.1.1 No such person', None)


@pytest.mark.usefixtures('with_server')
async def test_a_server_that_takes_the_letter_and_says_nothing_gets_it_again_with_the_same_message_id(
    box: Letterbox,
) -> None:
    box.be_silent(at='data')
    async with working(time_limit_seconds=0.5):
        message = make_message()
        await arrived(box, 1)
        await until(lambda: Message.get().reason == 'silent')
        box.behave()
        await until(lambda: states() == ['sent'])

    assert {str(each.letter['Message-ID']) for each in box.received} == {message.message_id}


@pytest.mark.usefixtures('with_server')
async def test_a_message_of_a_worker_that_crashed_goes_out_with_the_same_message_id(box: Letterbox) -> None:
    message = make_message()
    lost = deliveries.claim('crashed', most=1, pace=Pace(lease=timedelta(seconds=1), pauses=()))
    assert [each.id for each in lost] == [message.id]

    async with working():
        assert await arrived(box, 1) == [message.message_id]

    assert Message.get().attempts == 2


async def test_a_message_whose_code_nobody_can_read_any_more_fails_at_once_and_keeps_no_other(
    database: EmptyDatabase, with_server: None, box: Letterbox
) -> None:
    lost = make_invitation_message(contact_id=1)
    with_its_server = environment.current().model_copy(update={'data': database.data / 'without the key'})
    environment.load(**with_its_server.model_dump())
    async with working():
        await until(lambda: states() == ['failed'])
        good = make_message()
        assert await arrived(box, 1) == [good.message_id]

    assert Message.get_by_id(lost.id).reason == 'key'


async def test_what_is_held_goes_out_when_the_owner_sets_up_a_mail_server(
    database: EmptyDatabase, box: Letterbox
) -> None:
    async with working():
        message = make_message()
        await until(lambda: states() == ['held'])
        owners = {'mail.host': box.host, 'mail.port': box.port, 'mail.security': 'none'}
        settings.change(owners, by=SYSTEM)

        assert await arrived(box, 1) == [message.message_id]


@pytest.mark.usefixtures('with_server')
async def test_secrets_are_in_the_letter_and_nowhere_else_afterwards(box: Letterbox) -> None:
    async with working():
        make_invitation_message(contact_id=1)
        await arrived(box, 1)
        await until(lambda: states() == ['sent'])

    letter = box.received[0]
    row = Message.get()
    for secret in ('7KQM-4TXD', 'TOKEN-IN-LINK'):
        assert secret in letter.text
        assert secret in letter.html
        assert secret not in repr([getattr(row, name) for name in Message._meta.fields])
    assert '••••••' in (row.text_sent or '')
    assert row.sealed_facts is None


@pytest.mark.usefixtures('with_server')
async def test_one_message_that_cannot_be_written_keeps_no_other(box: Letterbox) -> None:
    broken = make_message('no_such_wording')
    good = make_message()
    async with working(pace=Pace(lease=timedelta(seconds=60), pauses=())):
        assert await arrived(box, 1) == [good.message_id]
        await until(lambda: states() == ['failed', 'sent'])

    assert Message.get_by_id(broken.id).reason == 'bug'


@pytest.mark.usefixtures('with_server')
async def test_two_workers_send_each_message_once(box: Letterbox) -> None:
    messages = [make_message(to=f'ada{number}@example.com') for number in range(20)]
    async with working(), working():
        ids = await arrived(box, 20)
        await until(lambda: set(states()) == {'sent'})

    assert sorted(ids) == sorted(message.message_id for message in messages)


@pytest.mark.parametrize('steps', range(6))
@pytest.mark.usefixtures('with_server')
async def test_a_worker_that_is_woken_while_it_is_stopped_stops(steps: int) -> None:
    worker = Worker(pace=HASTY)
    task = asyncio.create_task(worker.run())
    message = make_message()
    await until(lambda: states() == ['sent'] and worker.is_idle)
    outbox.announce(message)
    for _ in range(steps):  # the loop's turns between waking and stopping
        await asyncio.sleep(0)
    task.cancel()
    done, _pending = await asyncio.wait({task}, timeout=3)

    assert done == {task}


@pytest.mark.usefixtures('with_server')
async def test_while_the_mail_server_says_nothing_booking_answers_in_under_a_second(box: Letterbox) -> None:
    household = make_customer()
    make_technician()
    service_type = make_service_type(household.asset.product)
    start = free_start(household, service_type)
    box.be_silent()
    async with working():
        for _ in range(5):
            make_message()
        await until(lambda: Message.select().where(Message.lease_until.is_null(False)).count() == 4)
        began = time.monotonic()
        booking = make_booking(household, service_type, start)
        took = time.monotonic() - began
        box.behave()
        await arrived(box, 6)

    assert took < 1
    letter = next(each for each in box.received if each.calendar)
    calendar: Any = Calendar.from_ical(letter.calendar or b'')
    assert letter.recipients == (household.contact.email,)
    assert calendar.events[0].start == booking.starts_at
    assert calendar.events[0].end == booking.ends_at
    assert calendar.events[0]['UID'] == booking.uid
