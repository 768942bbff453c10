"""Draws any kind of field (data/base/fields.py) on a NiceGUI page: label, help, input, and what is wrong with it."""

from typing import Any

from nicegui import ui
from nicegui.elements.mixins.value_element import ValueElement

from data.base import fields
from data.base.words import Words
from ui.parts.input_kinds import attributes_of, kind_of, shown_value, zones
from ui.parts.pieces import block, text


class FieldInput:
    """One drawn field: `.value` is raw, as typed, for `field.parse`; `.show_error(sentence)` marks it, None clears."""

    def __init__(self, field: fields.Field, element: ValueElement[Any], error: ui.label) -> None:
        self.field = field
        self.element = element
        self._error = error

    @property
    def value(self) -> Any:
        return self.element.value

    @value.setter
    def value(self, value: Any) -> None:
        self.element.value = value

    def show_error(self, sentence: str | None) -> None:
        self._error.text = sentence or ''
        self.element.classes(add='wrong' if sentence else '', remove='' if sentence else 'wrong')
        self.element.props['aria-invalid'] = 'true' if sentence else 'false'

    def focus(self) -> None:
        self.element.run_method('focus')


def field_input(
    field: fields.Field, words: Words, value: object = None, *, autocomplete: str = '', placeholder: str = '',
) -> FieldInput:
    """Label, help and input of one field; `value` is what is stored, `autocomplete` as in HTML ('name')."""
    kind = kind_of(field)
    with block('div', f'field kind-{kind}'):
        if kind == 'yes-no':
            element: ValueElement[Any] = ui.checkbox(words(field.label), value=bool(value))
        else:
            label = text(words(field.label), tag='label')
            if not field.required:
                with label:
                    text(words('(optional)'), 'optional', tag='span')
            element = _element(field, words, value)
            label.props['for'] = element.props['for'] = f'{element.html_id}-input'
        help_line = text(words(field.help) if field.help else '', 'help')
        error = text('', 'error')
        error.props['role'] = 'alert'
    _describe(element, field, help_line, error, attributes_of(field, autocomplete))
    if placeholder:
        element.props['placeholder'] = placeholder
    return FieldInput(field, element, error)


def _element(field: fields.Field, words: Words, value: object) -> ValueElement[Any]:
    if isinstance(field, fields.Zone):
        return ui.select(zones(), value=value or None, with_input=True)
    if isinstance(field, fields.Choice):
        return _select(field, {option: words(label) for option, label in field.options}, value)
    if isinstance(field, fields.LongText):
        return ui.textarea(value=shown_value(field, value))
    return ui.input(value=shown_value(field, value))


def _select(field: fields.Choice, options: dict[str, str], value: object) -> ui.select:
    searchable = len(options) > 12
    if isinstance(field, fields.Several):
        given = value if isinstance(value, list | tuple | set) else ()
        several = [each for each in options if each in given]
        return ui.select(options, value=several, multiple=True, with_input=searchable)
    chosen = value if value in options else None
    return ui.select(options, value=chosen, with_input=searchable, clearable=not field.required)


def _describe(
    element: ValueElement[Any], field: fields.Field, help_line: ui.label, error: ui.label, attributes: dict[str, str],
) -> None:
    element.props['aria-describedby'] = f'{help_line.html_id} {error.html_id}'
    if field.required and not isinstance(field, fields.YesNo):
        element.props['aria-required'] = 'true'
    for name, said in attributes.items():
        element.props[name] = said
    element.mark(field.key)
