"""How a page's handler calls a command, shows what it said, and takes a press once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, ParamSpec, TypeVar

from nicegui import ui

from data.access.sessions import SignedOut
from data.base.database import DatabaseBusy, is_postgresql, little_patience, own_connection
from data.base.fields import Field, Phone, parse_form
from data.base.refusals import InvalidInput, Refusal
from data.base.words import Words
from ui.doorkeeper import SIGN_IN
from ui.parts import buttons
from ui.parts.field_input import FieldInput, field_input
from ui.parts.pieces import block

P = ParamSpec('P')
R = TypeVar('R')

PASSWORDS_AT_ONCE = 2  # argon2 takes 20 MB and a core for each

_hashing = asyncio.Semaphore(PASSWORDS_AT_ONCE)


@dataclass(frozen=True)
class Form:
    """A form of a page or of the entry: its name and the fields it asks. Tests collect them all."""

    name: str
    fields: Sequence[Field]
    faults: Callable[[Mapping[str, Any]], Mapping[str, Refusal]] = lambda values: {}  # between fields, by field key

    def parse(self, raw: Mapping[str, object]) -> dict[str, Any]:
        """Raises InvalidInput with all that is wrong at once, in the fields and between them."""
        errors: dict[str, Refusal] = {}
        try:
            values = parse_form(self.fields, raw)
        except InvalidInput as invalid:
            values, errors = invalid.values, invalid.errors
        errors = {**self.faults(values), **errors}
        if errors:
            raise InvalidInput(errors, values)
        return values

    def in_country(self, country: str | None) -> 'Form':
        """The same form, whose phone numbers may be typed as people of `country` (ISO 3166) do; None: with its code."""
        return replace(self, fields=[_of_country(field, country) for field in self.fields])

    def draw(self, words: Words, values: Mapping[str, object] | None = None) -> 'DrawnForm':
        """On a NiceGUI page, below each other; `values` are shown from the start. Phone numbers are those of the
        reader's country.
        """
        form = self.in_country(words.country)
        with block('div', 'fields'):
            inputs = {field.key: field_input(field, words, (values or {}).get(field.key)) for field in form.fields}
        return DrawnForm(form, words, inputs)


@dataclass(frozen=True)
class DrawnForm:
    """A form on one open page."""

    form: Form
    words: Words
    inputs: dict[str, FieldInput]

    def values(self) -> dict[str, Any]:
        """What was typed, as values of ours; earlier sentences go. Raises InvalidInput."""
        self.show_errors({})
        return self.form.parse({key: drawn.value for key, drawn in self.inputs.items()})

    def show_errors(self, errors: Mapping[str, Refusal], *, focus: bool = True) -> None:
        """A sentence at each wrong field, the first one focused."""
        for key, drawn in self.inputs.items():
            drawn.show_error(self.words.refusal(errors[key]) if key in errors else None)
        first = next((self.inputs[key] for key in self.inputs if key in errors), None)
        if first and focus:
            first.focus()

    def clear(self) -> None:
        """Empties every input, for the next entry."""
        for drawn in self.inputs.values():
            drawn.value = [] if isinstance(drawn.value, list) else False if isinstance(drawn.value, bool) else ''


def _of_country(field: Field, country: str | None) -> Field:
    return replace(field, country=country) if isinstance(field, Phone) and field.country is None else field


def forms_values(*forms: DrawnForm) -> tuple[dict[str, Any], ...]:
    """The values of several forms that one press sends; every wrong field of all of them is marked at once.

    Raises InvalidInput, for which all sentences stand at their fields already.
    """
    values: list[dict[str, Any]] = []
    invalid: list[InvalidInput] = []
    for form in forms:
        try:
            values.append(form.values())
        except InvalidInput as wrong:
            form.show_errors(wrong.errors, focus=not invalid)  # the first wrong field of all
            invalid.append(wrong)
    if invalid:
        raise InvalidInput({})
    return tuple(values)


async def done(command: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Runs a command: at once on the loop on SQLite, where nothing interleaves with its transaction; in a thread when
    the write lock is not free within 50 ms, and always on PostgreSQL. Raises what the command raises.

    For commands with one transaction, before which nothing counts: such a one is run again from its start. What has
    several, such as one that counts tries first, goes `in_thread`.
    """
    if is_postgresql():
        return await in_thread(command, *args, **kwargs)
    try:
        with little_patience():
            return command(*args, **kwargs)
    except DatabaseBusy:  # nothing of its one transaction has run yet
        return await in_thread(command, *args, **kwargs)


async def in_thread(command: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Runs what takes long off the loop, with a connection of its own."""

    def run() -> R:
        with own_connection():
            return command(*args, **kwargs)

    return await asyncio.to_thread(run)


async def hashing(command: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """`in_thread` for commands that hash a password; more than two at once wait for their turn."""
    async with _hashing:
        return await in_thread(command, *args, **kwargs)


@contextmanager
def refusals_shown(words: Words, *forms: DrawnForm) -> Iterator[None]:
    """Puts a refusal into words where the reader looks: at the fields, else as a notification that stays a while."""
    try:
        yield
    except InvalidInput as invalid:
        for form in forms if invalid.errors else ():
            form.show_errors(invalid.errors)
    except SignedOut:
        ui.navigate.to(SIGN_IN)
    except Refusal as refusal:
        ui.notify(words.refusal(refusal), type='negative', timeout=8000, close_button=words('Close'))


def busy_button(words: str, on_click: Callable[[], Awaitable[None]], classes: str = '') -> ui.button:
    """A button that takes no second press while the first is being worked on.

    What `on_click` says afterwards stands on the page: the row of the button may have been drawn again meanwhile.
    """
    client = ui.context.client

    async def press() -> None:
        if not made.enabled:
            return
        buttons.busy(made)
        try:
            with client:
                await on_click()
        finally:
            if not made.is_deleted:
                buttons.idle(made)

    made = buttons.button(words, press, classes)
    return made
