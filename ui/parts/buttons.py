"""The look of buttons; what is pressed goes through `busy_button` of ui/forms.py, which is drawn by these."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from ui.parts.pieces import icon


def button(words: str, on_click: Callable[..., Any] | None = None, classes: str = '') -> ui.button:
    """One press; classes: '' (the page's one main action), 'plain', 'bare', 'danger', and 'large', 'wide'."""
    return ui.button(words, on_click=on_click, color=None).classes(classes)


def icon_button(name: str, words: str, on_click: Callable[..., Any] | None = None, *, turns: bool = False) -> ui.button:
    """A button that shows only an icon; `words` are its name and tooltip."""
    made = ui.button(on_click=on_click, color=None).classes('square')
    made.props['aria-label'] = words
    made.props['title'] = words
    with made:
        icon(name, turns=turns)
    return made


def busy(pressed: ui.button) -> None:
    """Shows that a press is being worked on and takes no second one; `idle` ends it."""
    pressed.props['loading'] = True
    pressed.props['aria-busy'] = 'true'
    pressed.disable()


def idle(pressed: ui.button) -> None:
    """The end of `busy`."""
    pressed.props['loading'] = False
    pressed.props['aria-busy'] = 'false'
    pressed.enable()
