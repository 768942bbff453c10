"""Logs: one line of JSON on stderr for each event, ours and other libraries', without addresses, tokens or secrets."""

import logging
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = '[hidden]'
SECRET_NAMES = re.compile(r'(?i)passw|secret|token|cookie|authorization|credential|api_?key|e_?mail|recipient')
MAIL_ADDRESS = re.compile(r'[\w.+-]+@[\w-]+(?:\.[\w-]+)+')
QUERY = re.compile(r'\?[\w.~%-]+=[^\s"\'<>]*')
# Random text of 128 bits and more in base64 nearly always mixes the three; names of functions and files do not.
TOKEN = re.compile(r'(?<![\w-])(?=[\w.-]*\d)(?=[\w.-]*[a-z])(?=[\w.-]*[A-Z])[\w.-]{20,}(?![\w-])')


def start(*, stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """From here on every logger of this process writes to `stream` (stderr when None) in our one form."""
    first: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt='iso', utc=True),
    ]
    last: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        without_secrets,
        structlog.processors.JSONRenderer(),  # escapes line ends and all that is not ASCII: nobody can forge a line
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *first, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=first, processors=last))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for logger in [one for one in root.manager.loggerDict.values() if isinstance(one, logging.Logger)]:
        logger.handlers = []  # engine.io has hung in its own, which writes plain lines
        logger.propagate = True
    logging.getLogger('peewee').setLevel(logging.INFO)  # its debug lines are statements with their values
    for name in ('httpx', 'httpcore', 'geopy'):
        logging.getLogger(name).setLevel(logging.WARNING)  # theirs name each web address, and in it a customer's
    logging.captureWarnings(True)


@contextmanager
def request_named(name: str | None = None) -> Iterator[str]:
    """Lines written inside carry `request`; the name is ours (never the caller's), so that it cannot be forged."""
    name = name or secrets.token_hex(6)
    with structlog.contextvars.bound_contextvars(request=name):
        yield name


def without_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The last net: what looks like a mail address, a query or a token is hidden, wherever it came from."""
    return {key: HIDDEN if SECRET_NAMES.search(key) else _hidden(value) for key, value in event.items()}


def _hidden(value: object) -> object:
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, list | tuple):
        return [_hidden(one) for one in value]
    text = value if isinstance(value, str) else repr(value)
    for pattern in (MAIL_ADDRESS, QUERY, TOKEN):
        text = pattern.sub(HIDDEN, text)
    return text
