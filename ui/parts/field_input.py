"""Draws any kind of field (data/base/fields.py) on a NiceGUI page: label, help, input, and what is wrong with it.

A whole form is drawn by Form.draw (ui/forms.py), which calls this for each field.
"""

from typing import Any

from nicegui import ui
from nicegui.elements.mixins.value_element import ValueElement

from data.base import fields
from data.base.words import Words
from ui.parts.dropdown import dropdown
from ui.parts.input_kinds import attributes_of, kind_of, shown_value, zones
from ui.parts.pieces import block, text

MANY = 40  # options from which on typing finds them faster than scrolling
# Quasar's list holds a part that can be focused beside its options, which a listbox must not (ARIA 1.2)
ONLY_OPTIONS = """() => setTimeout(() => document.querySelectorAll('.q-menu .q-virtual-scroll__content')
    .forEach(each => each.removeAttribute('tabindex')))"""


class FieldInput:
    """One drawn field: `.value` is raw, as typed, for `field.parse`; `.show_error(sentence)` marks it, None clears."""

    def __init__(
        self,
        field: fields.Field,
        box: ui.element,
        inputs: dict[str, ValueElement[Any]],
        error: ui.label,
    ) -> None:
        self.field = field
        self.box = box
        self._inputs = inputs  # by option for Several, else one
        self._error = error

    @property
    def element(self) -> ValueElement[Any]:
        """The input, to bind or to listen to; of several boxes the first."""
        return next(iter(self._inputs.values()))

    @property
    def value(self) -> Any:
        if isinstance(self.field, fields.Several):
            return [option for option, box in self._inputs.items() if box.value]
        return self.element.value

    @value.setter
    def value(self, value: Any) -> None:
        if isinstance(self.field, fields.Several):
            for option, box in self._inputs.items():
                box.value = option in value
        else:
            shown = value if isinstance(value, bool) else shown_value(self.field, value)
            self.element.value = None if shown == '' and isinstance(self.element, ui.select) else shown

    def show_error(self, sentence: str | None) -> None:
        self._error.text = sentence or ''
        for each in self._inputs.values():
            each.classes(add='wrong' if sentence else '', remove='' if sentence else 'wrong')
            each.props['aria-invalid'] = 'true' if sentence else 'false'

    def focus(self) -> None:
        if not isinstance(self.element, ui.checkbox):
            self.element.run_method('focus')


def field_input(field: fields.Field, words: Words, value: object = None) -> FieldInput:
    """Label, help and input of one field; `value` is what is stored."""
    kind = kind_of(field)
    with block('fieldset' if kind == 'several' else 'div', f'field kind-{kind}') as box:
        inputs = _inputs(field, words, value)
        help_line = text(words(field.help) if field.help else '', 'help')
        error = text('', 'error')
        error.props['role'] = 'alert'
    attributes = attributes_of(field) | {'aria-describedby': f'{help_line.html_id} {error.html_id}'}
    if field.required and kind not in {'yes-no', 'several'}:
        attributes['aria-required'] = 'true'
    for option, element in inputs.items():
        for name, said in attributes.items():
            element.props[name] = said
        element.mark(f'{field.key} {field.key}-{option}' if option else field.key)
    return FieldInput(field, box, inputs, error)


def _inputs(field: fields.Field, words: Words, value: object) -> dict[str, ValueElement[Any]]:
    if isinstance(field, fields.YesNo):
        return {'': ui.checkbox(words(field.label), value=bool(value))}
    several = isinstance(field, fields.Several)
    label = text(words(field.label), tag='legend' if several else 'label')
    if not field.required:
        with label:
            text(words('(optional)'), 'optional', tag='span')
    if isinstance(field, fields.Several):
        given = value if isinstance(value, list | tuple | set) else ()
        return {option: ui.checkbox(words(name), value=option in given) for option, name in field.options}
    element = _input(field, words, shown_value(field, value))
    is_native = element.tag == 'select'
    label.props['for'] = element.html_id if is_native else f'{element.html_id}-input'
    if not is_native:
        element.props['for'] = f'{element.html_id}-input'
    return {'': element}


def _input(field: fields.Field, words: Words, shown: str) -> ValueElement[Any]:
    if isinstance(field, fields.Zone | fields.Choice):
        names = {name: name for name in zones()}
        options = {value: words(name) for value, name in field.options} if isinstance(field, fields.Choice) else names
        if len(options) > MANY:
            made = ui.select(options, value=shown if shown in options else None, with_input=True)
            return made.on('popup-show', js_handler=ONLY_OPTIONS)
        if not field.required or shown not in options:
            options = {'': words('Choose…'), **options}
        return dropdown(options, value=shown if shown in options else '')
    if isinstance(field, fields.LongText):
        return ui.textarea(value=shown)
    return ui.input(value=shown)
