"""A list that follows changes row by row: what reads as before keeps its focus, its open folds and what was typed."""

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from nicegui import ui

Row = TypeVar('Row')


class LiveRows(Generic[Row]):
    """`draw` makes one element for a row; `reads` says all that it shows: it is drawn again when that is another."""

    def __init__(
        self,
        place: ui.element,
        draw: Callable[[Row], ui.element],
        *,
        key: Callable[[Row], Hashable],
        reads: Callable[[Row], object],
        empty: Callable[[], ui.element] | None = None,
    ) -> None:
        self._place, self._draw, self._key, self._reads, self._empty = place, draw, key, reads, empty
        self._drawn: dict[Hashable, tuple[object, ui.element]] = {}
        self._nothing: ui.element | None = None

    def show(self, rows: Sequence[Row]) -> None:
        """In this order; what is not among them goes."""
        if self._nothing:
            self._nothing.delete()
            self._nothing = None
        wanted = {self._key(row): row for row in rows}
        for key in [key for key in self._drawn if key not in wanted]:
            self._drawn.pop(key)[1].delete()
        for index, (key, row) in enumerate(wanted.items()):
            element = self._up_to_date(key, row)
            if self._place.default_slot.children[index] is not element:
                element.move(target_index=index)
        if not rows and self._empty:
            with self._place:
                self._nothing = self._empty()

    def _up_to_date(self, key: Hashable, row: Row) -> ui.element:
        reads = self._reads(row)
        before, element = self._drawn.get(key, (None, None))
        if element is not None and before == reads:
            return element
        if element is not None:
            element.delete()
        with self._place:
            drawn = self._draw(row)
        self._drawn[key] = (reads, drawn)
        return drawn
