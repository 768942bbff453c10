"""Logs: one line of JSON for each event, with the request's name, and nothing in it that is not for all eyes."""

import io
import json
import logging
import threading
from collections.abc import Iterator

import pytest
import structlog

from data.base import logs

TOKEN = 'Zk1XwQ9rLm4P8Vq3nT0aBg'
SIGNED = f'Im{TOKEN}.aF3xYw.n8Q2_{TOKEN}'


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What is written; the loggers of the test's own process are put back after it."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    logs.start(stream=stream)
    yield stream
    root.handlers, root.level = handlers, level
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().split('\n')[:-1]]


def test_an_event_is_one_line_with_its_nouns_its_level_and_its_instant(stream: io.StringIO) -> None:
    structlog.get_logger('data.visits').info('a booking was made', booking=12, account=3)
    [line] = lines(stream)
    assert (line['event'], line['booking'], line['account']) == ('a booking was made', 12, 3)
    assert (line['level'], line['logger']) == ('info', 'data.visits')
    assert str(line['timestamp']).endswith('Z')


@pytest.mark.parametrize('library', ['nicegui', 'uvicorn.error', 'asyncio', 'engineio.server'])
def test_other_libraries_write_in_the_same_form(stream: io.StringIO, library: str) -> None:
    logging.getLogger(library).error('%s of %d', 'one', 2)
    [line] = lines(stream)
    assert (line['event'], line['level'], line['logger']) == ('one of 2', 'error', library)


def test_a_logger_that_came_with_its_own_handler_writes_once_and_in_our_form(stream: io.StringIO) -> None:
    early = logging.getLogger('a library that was early')
    early.addHandler(logging.StreamHandler(stream))
    logs.start(stream=stream)
    early.error('heard')
    assert [line['event'] for line in lines(stream)] == ['heard']


def test_lines_of_one_request_carry_its_name_also_from_a_thread_it_hands_its_context_to(stream: io.StringIO) -> None:
    with logs.request_named() as name:
        structlog.get_logger('ours').info('inside')
        logging.getLogger('theirs').warning('inside')
    structlog.get_logger('ours').info('outside')
    assert [line.get('request') for line in lines(stream)] == [name, name, None]


def test_two_requests_at_once_keep_their_names_apart(stream: io.StringIO) -> None:
    def one(name: str) -> None:
        with logs.request_named(name):
            both.wait()
            structlog.get_logger('ours').info('working', wanted=name)

    both = threading.Barrier(2)
    threads = [threading.Thread(target=one, args=(name,)) for name in ('first', 'second')]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((line['wanted'], line['request']) for line in lines(stream)) == [('first',) * 2, ('second',) * 2]


@pytest.mark.parametrize('end', ['\n', '\r\n', '\x0b', '\x0c', '\x1c', '\x85', '\u2028', '\u2029'], ids=ascii)
def test_nobody_can_forge_a_line(stream: io.StringIO, end: str) -> None:
    forged = f'Ada{end}{{"event": "signed in", "level": "info"}}'
    structlog.get_logger('ours').info('a name was saved', name=forged)
    logging.getLogger('theirs').warning('not found: %s', forged)
    assert len(stream.getvalue().splitlines()) == 2
    assert lines(stream)[0]['event'] == 'a name was saved'


def test_nobody_can_colour_the_operators_terminal(stream: io.StringIO) -> None:
    structlog.get_logger('ours').info('a name was saved', name='\x1b[31mAda\x9b')
    assert stream.getvalue().isascii()
    assert '\x1b' not in stream.getvalue()


@pytest.mark.parametrize(
    'secret',
    [
        'ada@example.com',
        'ada.b+c@mail.example.co.uk',
        TOKEN,
        SIGNED,
        '?token=abc',
        '?a=1&c=x',
    ],
)
def test_what_looks_like_an_address_or_a_token_is_hidden_wherever_it_stands(stream: io.StringIO, secret: str) -> None:
    structlog.get_logger('ours').info(f'said {secret}', name=f'({secret})', several=[secret, {'inner': secret}])
    logging.getLogger('theirs').error('%s not found', secret)
    logging.getLogger('theirs').error('failed', exc_info=ValueError(f'bad: {secret}'))
    assert secret not in stream.getvalue()
    assert stream.getvalue().count(logs.HIDDEN) >= 5


@pytest.mark.parametrize('name', ['password', 'new_password', 'token', 'client_secret', 'email', 'Authorization'])
def test_a_fact_with_a_secret_name_is_hidden_whatever_it_is(stream: io.StringIO, name: str) -> None:
    structlog.get_logger('ours').info('said', **{name: 'hunter2'})
    assert 'hunter2' not in stream.getvalue()


@pytest.mark.parametrize(
    'harmless',
    [
        'booking 12 moved by account 3',
        '/srv/tests/test_a_long_name_of_a_file_1.py',
        '2026-11-22T12:23:06.316250Z',
        'a_function_with_a_really_long_name_2',
        'PostgreSQL',
        '127.0.0.1:8080',
        '20300506T090000Z',
    ],
)
def test_ordinary_words_are_not_hidden(stream: io.StringIO, harmless: str) -> None:
    structlog.get_logger('ours').info(harmless)
    assert lines(stream)[0]['event'] == harmless


def test_an_exception_is_told_with_its_place_in_the_same_line(stream: io.StringIO) -> None:
    try:
        json.loads('{')
    except ValueError:
        structlog.get_logger('ours').exception('the job failed', job=7)
    [line] = lines(stream)
    assert 'JSONDecodeError: Expecting' in str(line['exception'])
    assert 'test_logs.py' in str(line['exception'])
