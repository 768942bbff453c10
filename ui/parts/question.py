"""Asks before something that is not easily undone, saying what will happen."""

from nicegui import ui

from ui.parts.buttons import button
from ui.parts.pieces import block, heading, text


async def agreed(title: str, *sentences: str, yes: str, no: str) -> bool:
    """False also when it is closed without an answer. `yes` and `no` say what happens, as buttons do."""
    with ui.dialog() as dialog, block('div', 'card sheet question'):
        title_id = heading(title).html_id
        for sentence in sentences:
            text(sentence)
        with block('div', 'line-up'):
            button(yes, lambda: dialog.submit(True), 'danger').mark('yes')
            button(no, lambda: dialog.submit(False), 'plain').mark('no')
    dialog.props['aria-labelledby'] = title_id
    answer = bool(await dialog)
    dialog.delete()
    return answer
