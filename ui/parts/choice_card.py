"""Large cards of which one is chosen, as on the book page: radio buttons by name and keyboard."""

from collections.abc import Callable, Sequence
from typing import Any

from nicegui import ui

from ui.parts.buttons import button
from ui.parts.pieces import block, text

# arrow keys walk a radio group (ARIA Authoring Practices)
ARROWS = """(event) => {
  const step = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1}[event.key];
  if (!step) return;
  event.preventDefault();
  const all = [...event.currentTarget.parentElement.querySelectorAll('[role=radio]')];
  all[(all.indexOf(event.currentTarget) + step + all.length) % all.length].focus();
}"""


class ChoiceCards:
    """The drawn group; `.value` is what is chosen, None while nothing is."""

    def __init__(self, label: str, *, change_words: str) -> None:
        self.value: Any = None
        self.on_choose: Callable[[Any], Any] | None = None
        self._folds = bool(change_words)
        self._cards: dict[Any, ui.element] = {}
        with block('div', 'choice-group') as self.element:
            self._group = block('div', 'choices', role='radiogroup', aria_label=label)
            if change_words:
                button(change_words, self.unfold, 'bare change').props['aria-label'] = f'{change_words}: {label}'

    def add(self, value: Any, title: str, detail: str) -> None:
        with self._group, block('button', 'choice', type='button', role='radio', aria_checked='false') as made:
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
        if self._folds:
            self.element.classes(add='folded')
        return self.on_choose(value) if self.on_choose else None

    def unfold(self) -> None:
        """On a phone, shows what else could be chosen."""
        self.element.classes(remove='folded')


def choice_cards(
    label: str,
    choices: Sequence[tuple[Any, str, str]],
    on_choose: Callable[[Any], Any] | None = None,
    *,
    value: Any = None,
    change_words: str = '',
) -> ChoiceCards:
    """`choices` are (value, title, detail); `value` is marked from the start without telling `on_choose`.

    `on_choose(value)` may be async. With `change_words` ('Change') the group folds
    on a phone to what is chosen and a button of these words.
    """
    made = ChoiceCards(label, change_words=change_words)
    for each, title, detail in choices:
        made.add(each, title, detail)
    made.choose(value)
    made.on_choose = on_choose
    return made
