"""The browser's own select: the fewest surprises on phones and for screen readers."""

from collections.abc import Callable, Mapping
from typing import Any

from nicegui.elements.mixins.disableable_element import DisableableElement
from nicegui.elements.mixins.value_element import ValueElement
from nicegui.events import GenericEventArguments

from ui.parts.pieces import text


class Dropdown(ValueElement[str], DisableableElement):
    """Options are value → words; '' stands for nothing chosen."""

    VALUE_PROP = 'value'

    def __init__(
        self,
        options: Mapping[str, str],
        *,
        value: str = '',
        on_change: Callable[[Any], Any] | None = None,
    ) -> None:
        super().__init__(tag='select', value=value, on_value_change=on_change)
        self.classes('input')
        with self:
            for each, words in options.items():
                text(words, tag='option').props['value'] = each
        self.on('change', self._take, js_handler='(event) => emit(event.target.value)')

    def _take(self, event: GenericEventArguments) -> None:
        self.set_value(str(event.args))


def dropdown(
    options: Mapping[str, str],
    *,
    value: str = '',
    on_change: Callable[[Any], Any] | None = None,
) -> Dropdown:
    """A list to choose one from; give it a label (`field_input` does). `on_change` gets `event.value`."""
    return Dropdown(options, value=value, on_change=on_change)
