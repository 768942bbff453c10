"""The expected ways to say no: a message id with facts, put into words by the door that shows it."""

from collections.abc import Mapping
from typing import ClassVar

from data.base.marks import N_


class Refusal(Exception):
    """A rule said no. Subclasses stand beside their rule and give its sentence in English as `words`."""

    words: ClassVar[str] = N_('That is not possible.')

    def __init__(self, **facts: object) -> None:
        super().__init__(type(self).__name__, facts)
        self.facts = facts


class NotFound(Refusal):
    """There is no such thing, or the asker may not know of it: one answer for both."""

    words = N_('We could not find that.')


class WrongInput(Refusal):
    """One field's value is refused; `sentence` is the message id, as one kind of field can be wrong in several ways."""

    def __init__(self, sentence: str, **facts: object) -> None:
        super().__init__(**facts)
        self.words = sentence  # type: ignore[misc]  # one class for every sentence of every kind of field


class ChangedMeanwhile(Refusal):
    """Another editor was faster; what was typed stays in the form."""

    words = N_('Somebody changed this meanwhile. Please look at the new values and save again.')


class InvalidInput(Refusal):
    """A form has wrong values: `errors` holds one refusal for each wrong field, by its key; `values` what is right."""

    words = N_('Please check the marked fields.')

    def __init__(self, errors: Mapping[str, Refusal], values: Mapping[str, object] | None = None) -> None:
        super().__init__()
        self.errors = dict(errors)
        self.values = dict(values or {})
