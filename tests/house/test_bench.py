"""What bench/ measures is run and kept, and measured on what can be made again."""

import ast
import subprocess
import sys
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import figures
import makers
import pytest
from sources import HOUSE

from bench import companies
from bench.companies import SMALL
from data.base import clock
from data.visits.booking_table import Booking

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


def test_a_company_is_the_same_for_the_same_seed_and_day(tmp_path: Path) -> None:
    one, again = (_bookings_of_small_company(tmp_path / name) for name in ('one', 'again'))

    assert one == again
    assert len(one) == SMALL.bookings
    assert len([start for _, start, _ in one if start >= _today()]) == SMALL.ahead


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


def _bookings_of_small_company(folder: Path) -> list[tuple[int, datetime, int]]:
    folder.mkdir()
    with makers.house(folder):
        companies.make(SMALL)
        return [(row.technician_id, row.starts_at, row.site_id) for row in Booking.select().order_by(Booking.id)]


def _today() -> datetime:
    zone = ZoneInfo('America/Chicago')
    return datetime.combine(clock.today(zone), time(), zone)
