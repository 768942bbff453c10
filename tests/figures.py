"""Keeps what the long proofs measure in docs/performance.md, each figure with the command that measures it again."""

import os
import platform
import re
import sqlite3
from pathlib import Path

from sources import HOUSE

PERFORMANCE = HOUSE / 'docs/performance.md'
HEAD = """# What was measured

Written by `make prove`; each line is replaced when its command runs again. Compare only figures of one machine.
Machine: {machine}.

| what | figure | measured by |
|---|---|---|
"""
MACHINE = f'{os.cpu_count()} cores, CPython {platform.python_version()}, SQLite {sqlite3.sqlite_version}'


def keep(what: str, figure: str, command: str, *, file: Path = PERFORMANCE) -> None:
    """Puts the figure in the place of what stood there under the same `what`; lines are sorted by it."""
    lines = dict(_lines(file.read_text(encoding='utf-8'))) if file.exists() else {}
    lines[what] = f'| {what} | {figure} | `{command}` |'
    table = '\n'.join(lines[name] for name in sorted(lines, key=str.casefold))
    file.write_text(f'{HEAD.format(machine=MACHINE)}{table}\n', encoding='utf-8')


def _lines(text: str) -> list[tuple[str, str]]:
    """The table's lines by what they are about."""
    return [(match[1], match[0]) for match in re.finditer(r'^\| (?!what \|)([^|-][^|]*) \|.*$', text, re.MULTILINE)]
