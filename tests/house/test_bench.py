"""What bench/ measures is run and kept."""

import subprocess
import sys

import figures
import pytest
from sources import HOUSE

TITLES = {
    'slots': 'Free times beside a plain rival',
    'booking': 'Book beside a plain rival',
}


def test_every_measurement_is_run_by_make_prove() -> None:
    assert {file.stem for file in (HOUSE / 'bench').glob('*.py')} == set(TITLES)


@pytest.mark.prove
@pytest.mark.parametrize('name', TITLES)
def test_the_measurement_runs_and_its_figures_are_kept(name: str) -> None:
    command = f'python -m bench.{name}'
    words = [sys.executable, *command.split()[1:]]
    run = subprocess.run(words, check=True, cwd=HOUSE, stdout=subprocess.PIPE, text=True, timeout=170)
    lines = run.stdout.strip('\n').splitlines()
    figures.write(f'bench-{name}', title=TITLES[name], command=command, lines=['```', *lines, '```'])
