"""One appointment as customers see it in a list: date, what, when, state and its actions."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from nicegui import ui

from data.base.words import Words
from ui.parts.day_words import short_month, short_weekday
from ui.parts.pieces import block, state_chip, text


@contextmanager
def booking_card(
    words: Words,
    start: datetime,
    end: datetime,
    *,
    title: str,
    about: str = '',
    details: tuple[str, ...] = (),
    state: str,
    state_words: str,
    level: int = 2,
) -> Iterator[ui.element]:
    """Draws the appointment; what is put inside it (buttons) stands at its end. Lists: `with card('flush'):` around.

    `about` is said beside the title (the product), `details` after the hours (site, technician).
    """
    day = start.astimezone(words.zone).date()
    with block('article', 'booking'):
        with block('div', 'when', aria_hidden='true'):
            text(short_month(day, words), tag='span')
            text(str(day.day), tag='span')
            text(short_weekday(day, words), tag='span')
        with block('div', 'what'):
            with block('div'):
                text(title, tag=f'h{level}')
                if about:
                    text(f' · {about}', 'quiet', tag='span')
            text(words.day(day), 'only-read-aloud')
            text(' · '.join((words.hours(start, end), *(detail for detail in details if detail))))
        with block('div', 'end') as end_of_row:
            state_chip(state_words, state)
            yield end_of_row
