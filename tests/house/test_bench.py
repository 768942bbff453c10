"""What bench/ measures is run and kept."""

import ast
import subprocess
import sys
from pathlib import Path

import figures
import pytest
from sources import HOUSE

MEASUREMENTS = sorted((HOUSE / 'bench').glob('*.py'))


def title(file: Path) -> str:
    """What its docstring says it measures: 'How long Book takes beside a plain rival …'."""
    first = (ast.get_docstring(ast.parse(file.read_text(encoding='utf-8'))) or '').partition(':')[0]
    words = first.removeprefix('Measures ')
    return words[:1].upper() + words[1:]


@pytest.mark.prove
@pytest.mark.parametrize('file', MEASUREMENTS, ids=lambda file: file.stem)
def test_the_measurement_runs_and_its_figures_are_kept(file: Path) -> None:
    command = f'python -m bench.{file.stem}'
    words = [sys.executable, *command.split()[1:]]
    run = subprocess.run(words, check=True, cwd=HOUSE, stdout=subprocess.PIPE, text=True, timeout=170)
    lines = run.stdout.strip('\n').splitlines()
    figures.write(f'bench-{file.stem}', title=title(file), command=command, lines=['```', *lines, '```'])
