"""A form of a page: Enter in a field presses its button, and browsers know which fields belong together."""

from nicegui import ui

from ui.parts.pieces import block


def form_block(classes: str = '') -> ui.element:
    """Nothing is sent by the browser itself: the button with `.props['type'] = 'submit'` is pressed instead."""
    made = block('form', novalidate='').classes(classes)
    made.on('submit', js_handler='(event) => event.preventDefault()')
    return made


def submits(button: ui.button) -> ui.button:
    """This is the button that Enter presses."""
    button.props['type'] = 'submit'
    return button
