"""What bench/ measures is run and kept."""

import ast
import subprocess
import sys
from pathlib import Path

import figures
import pytest
from sources import HOUSE

ELSEWHERE = {'free_times', 'rush'}  # run by tests/data/visits/test_bench_limits.py, which also judges them


def measurements() -> list[Path]:
    """The commands among the files of bench/: what they are made of measures nothing."""
    files = sorted((HOUSE / 'bench').glob('*.py'))
    return [file for file in files if "__name__ == '__main__'" in file.read_text(encoding='utf-8')]


def title(file: Path) -> str:
    """What its docstring says it measures: 'How long Book takes beside a plain rival …'."""
    first = (ast.get_docstring(ast.parse(file.read_text(encoding='utf-8'))) or '').partition(':')[0]
    words = first.removeprefix('Measures ')
    return words[:1].upper() + words[1:]


def test_make_bench_runs_every_measurement() -> None:
    verb = (HOUSE / 'Makefile').read_text(encoding='utf-8').partition('for each in ')[2]
    assert set(verb.partition(';')[0].split()) == {file.stem for file in measurements()}


@pytest.mark.prove
@pytest.mark.parametrize(
    'file', [file for file in measurements() if file.stem not in ELSEWHERE], ids=lambda file: file.stem
)
def test_the_measurement_runs_and_its_figures_are_kept(file: Path) -> None:
    command = f'python -m bench.{file.stem}'
    words = [sys.executable, *command.split()[1:]]
    run = subprocess.run(words, check=True, cwd=HOUSE, stdout=subprocess.PIPE, text=True, timeout=170)
    lines = run.stdout.strip('\n').splitlines()
    figures.write(f'bench-{file.stem}', title=title(file), command=command, lines=['```', *lines, '```'])
