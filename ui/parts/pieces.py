"""The smallest pieces: text, headings, enclosing blocks, icons, links that look like buttons, state chips."""

from nicegui import ui

from data.base.words import Words
from ui import design


def block(tag: str = 'div', classes: str = '', **attributes: str) -> ui.element:
    """An HTML element to put others in: `with block('section', 'card'):`; `aria_label=…` becomes aria-label."""
    made = ui.element(tag).classes(classes)
    for name, value in attributes.items():
        made.props[name.replace('_', '-')] = value
    return made


def card(classes: str = '') -> ui.element:
    """A white sheet: `with card():`."""
    return block('section', f'card {classes}')


def text(content: str, classes: str = '', *, tag: str = 'p') -> ui.label:
    """A paragraph; classes: 'quiet' (second voice), 'faint' (small print), 'strong', 'lead'."""
    label = ui.label(content).classes(classes)
    label.tag = tag
    return label


def heading(content: str, *, level: int = 2) -> ui.label:
    """A heading inside a page (the frame draws the h1)."""
    return text(content, tag=f'h{level}')


def icon(name: str, *, turns: bool = False) -> ui.element:
    """One of assets/icons.svg, silent beside its word; `turns` for arrows, which point the other way right-to-left."""
    drawn = block('svg', 'icon turns' if turns else 'icon', aria_hidden='true')
    with drawn:
        block('use', href=f'{design.asset_address("icons.svg")}#{name}')
    return drawn


def link(words: str, address: str, classes: str = '') -> ui.link:
    """A link in text; the address is ours or tel:, never typed by people."""
    return ui.link(words, address).classes(classes)


def button_link(words: str, address: str, classes: str = '', *, icon_name: str = '') -> ui.link:
    """A link that looks like a button; classes: 'large', 'plain' (second choice), 'bare', 'wide'."""
    made = ui.link('', address).classes(f'button {classes}')
    with made:
        if icon_name:
            icon(icon_name)
        text(words, tag='span')
    return made


def call_link(number: str, words: Words, classes: str = '') -> ui.link:
    """The number (E.164) as the reader writes it; pressing it calls."""
    made = ui.link(words.phone(number), f'tel:{number}').classes(classes)
    made.props['dir'] = 'ltr'
    return made


def state_chip(words: str, state: str) -> ui.label:
    """A state as a word in its colour; `state` is 'scheduled', 'traveling', 'in-progress', 'completed', 'canceled'
    (on break looks like in progress), anything else is grey."""
    tone = {'on-break': 'in-progress', 'on_break': 'in-progress'}.get(state, state.replace('_', '-'))
    return text(words, f'chip {tone}' if tone in design.STATES else 'chip', tag='span')


def initials(name: str) -> str:
    """'AK' for Amira Khoury; one letter for one name."""
    parts = name.split()
    return ''.join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()


def avatar(name: str) -> ui.label:
    """A person's initials in a circle, silent beside the name."""
    made = text(initials(name), 'avatar', tag='span')
    made.props['aria-hidden'] = 'true'
    return made


def notice(words: str, kind: str = '') -> ui.label:
    """One sentence in a coloured bar; kind: '' (good to know), 'warning', 'refused' (read out at once)."""
    made = text(words, f'notice {kind}')
    made.props['role'] = 'alert' if kind == 'refused' else 'status'
    return made


def empty_state(sentence: str, action: tuple[str, str] | None = None) -> ui.element:
    """What stands where nothing is yet: one sentence and one action (words, address)."""
    with block('div', 'empty-state') as made:
        text(sentence)
        if action:
            button_link(*action, classes='plain')
    return made


def facts(pairs: dict[str, str]) -> ui.element:
    """Labels with what belongs to them, as in the side panel of one appointment; empty values are left out."""
    with block('dl', 'facts') as made:
        for label, value in pairs.items():
            if value:
                text(label, tag='dt')
                text(value, tag='dd')
    return made
