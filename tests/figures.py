"""Keeps what the long proofs show and measure in docs/performance.md, a section for each, with its command."""

import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path

from sources import HOUSE

PERFORMANCE = HOUSE / 'docs/performance.md'
HEAD = """# What was proved and measured

`make prove` writes this file: each section stands between two marks and is replaced when its proof has run. The figures
are those of the machine named beside them, with other work going on; compare ratios, not milliseconds.
"""
ENGINES = {'sqlite': 'SQLite', 'postgresql': 'PostgreSQL'}
MACHINE = f'{os.cpu_count()} cores, CPython {platform.python_version()}'


def write(mark: str, *, title: str, command: str, lines: Sequence[str], file: Path = PERFORMANCE) -> None:
    """Puts a section in the place of the one with the same mark, or at the end."""
    text = file.read_text(encoding='utf-8') if file.exists() else HEAD
    head = [f'<!-- {mark} -->', f'## {title}', f'`{command}` · {MACHINE}', '']
    section = '\n'.join([*head, *lines, f'<!-- /{mark} -->'])
    there = re.search(rf'<!-- {re.escape(mark)} -->.*<!-- /{re.escape(mark)} -->', text, re.DOTALL)
    text = text.replace(there[0], section) if there else f'{text}\n{section}\n'
    file.write_text(text, encoding='utf-8')


def table(head: Sequence[object], *rows: Sequence[object]) -> list[str]:
    """The lines of a table."""
    return [_row(head), '|' + '---|' * len(head), *(_row(row) for row in rows)]


def _row(cells: Sequence[object]) -> str:
    return f'| {" | ".join(map(str, cells))} |'
