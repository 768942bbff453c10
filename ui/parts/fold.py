"""What opens and closes by a press on its line: the browser's own details element, so keyboard and search work."""

from collections.abc import Callable
from typing import Any, Self

from nicegui.events import GenericEventArguments

from ui.parts.pieces import block, icon, text


class Fold:
    """`with fold.line:` draws what is always seen, `with fold:` what opens under it."""

    def __init__(self, words: str = '', classes: str = '', *, on_toggle: Callable[[bool], Any] | None = None) -> None:
        """With `words` the line reads as a button that adds something."""
        self._on_toggle = on_toggle
        with block('details', 'fold').classes(classes) as self.element:
            with block('summary') as self.line:
                if words:
                    icon('plus')
                    text(words, tag='span')
                else:
                    icon('down')
            self._inside = block('div', 'inside')
        self.element.on('toggle', self._toggled, js_handler='(event) => emit(event.target.open)')

    @property
    def is_open(self) -> bool:
        return bool(self.element.props.get('open'))

    def open(self) -> None:
        self.element.props['open'] = True

    def close(self) -> None:
        self.element.props['open'] = False

    def __enter__(self) -> Self:
        self._inside.__enter__()
        return self

    def __exit__(self, *failure: object) -> None:
        self._inside.__exit__(*failure)

    def _toggled(self, event: GenericEventArguments) -> None:
        self.element.props['open'] = bool(event.args)  # so that `close` is a change
        if self._on_toggle:
            self._on_toggle(bool(event.args))


def fold(words: str = '', classes: str = '', *, on_toggle: Callable[[bool], Any] | None = None) -> Fold:
    """Closed at first. `on_toggle(is_open)` lets a page remember what it should open when it is drawn again."""
    return Fold(words, classes, on_toggle=on_toggle)
