"""Large cards of which one is chosen, as on the book page: radio buttons by name and keyboard."""

from collections.abc import Callable, Sequence
from typing import Any

from nicegui import ui

from ui.parts.pieces import block, text


class ChoiceCards:
    """The drawn group; `.value` is what is chosen, None while nothing is."""

    def __init__(self, label: str, on_choose: Callable[[Any], Any] | None, *, beside: bool) -> None:
        self.value: Any = None
        self.on_choose = on_choose
        self._cards: dict[Any, ui.element] = {}
        self.element = block('div', 'choices beside' if beside else 'choices', role='radiogroup', aria_label=label)

    def add(self, value: Any, title: str, detail: str) -> None:
        with self.element, block('button', 'choice', type='button', role='radio', aria_checked='false') as made:
            text(title, tag='span')
            if detail:
                text(detail, tag='span')
        made.mark(f'choice-{value}').on('click', lambda: self.choose(value), [])
        made.on('keydown', js_handler=ARROWS)
        self._cards[value] = made

    def choose(self, value: Any) -> Any:
        """Marks one and tells; an unknown value is not chosen."""
        if value not in self._cards:
            return None
        self.value = value
        for each, made in self._cards.items():
            made.props['aria-checked'] = 'true' if each == value else 'false'
        return self.on_choose(value) if self.on_choose else None


# arrow keys walk a radio group (ARIA Authoring Practices)
ARROWS = """(event) => {
  const step = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1}[event.key];
  if (!step) return;
  event.preventDefault();
  const all = [...event.currentTarget.parentElement.querySelectorAll('[role=radio]')];
  all[(all.indexOf(event.currentTarget) + step + all.length) % all.length].focus();
}"""


def choice_cards(
    label: str, choices: Sequence[tuple[Any, str, str]], on_choose: Callable[[Any], Any] | None = None, *,
    value: Any = None, beside: bool = False,
) -> ChoiceCards:
    """`choices` are (value, title, detail); `value` is marked from the start without telling `on_choose`.

    `beside` sets short ones in a row. `on_choose(value)` may be async.
    """
    made = ChoiceCards(label, None, beside=beside)
    for each, title, detail in choices:
        made.add(each, title, detail)
    made.choose(value)
    made.on_choose = on_choose
    return made
