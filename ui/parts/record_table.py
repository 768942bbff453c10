"""A list of records as a table; on a phone each row becomes a small card with its labels."""

from collections.abc import Callable, Sequence

from nicegui import ui

from ui.parts.pieces import block, text

Cell = str | Callable[[], object]  # words, or what draws the cell


def record_table(columns: Sequence[str], rows: Sequence[Sequence[Cell]], *, label: str) -> ui.element:
    """`columns` are headings in words; the first cell names the row, and a link in it opens the row wherever it is
    pressed. `label` names the table.
    """
    with block('section', 'card flush'), block('table', 'records', aria_label=label) as table:
        with block('thead'), block('tr'):
            for column in columns:
                text(column, tag='th').props['scope'] = 'col'
        with block('tbody'):
            for row in rows:
                _row(columns, row)
    return table


def _row(columns: Sequence[str], row: Sequence[Cell]) -> None:
    with block('tr'):
        for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
            made = block('td' if place else 'th', data_label=column)
            if not place:
                made.props['scope'] = 'row'
            with made:
                if callable(cell):
                    cell()
                elif cell:
                    text(cell, tag='span')
