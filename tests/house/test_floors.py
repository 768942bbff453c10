"""The house keeps its shape: floors, names, sizes, one clock, no `async` in data/."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sources import HOUSE, Origins, modules, name_of

MOST_LINES = 300
NOBODY_IS_CALLED = {'utils', 'helpers', 'common', 'manager', 'service', 'services', 'models'}
CLOCK = 'data/base/clock.py'
READS_TIME = {
    'datetime.datetime.now',
    'datetime.datetime.utcnow',
    'datetime.datetime.today',
    'datetime.date.today',
    'time.time',
    'time.time_ns',
    'time.localtime',
    'time.gmtime',
    'time.ctime',
}


@pytest.mark.parametrize('path', modules(), ids=name_of)
def test_a_module_holds_one_concept_under_a_telling_name(path: Path) -> None:
    assert path.stem not in NOBODY_IS_CALLED
    if 'migrations' not in path.parts:
        lines = len(path.read_text(encoding='utf-8').splitlines())
        assert lines <= MOST_LINES, f'{name_of(path)} has {lines} lines: split it by concept'


def test_data_holds_no_async() -> None:
    assert [place for path in modules('data') for place in asynchronous(path.read_text(encoding='utf-8'))] == []
    assert asynchronous('async def book(): ...')


def test_only_the_clock_reads_time() -> None:
    elsewhere = [path for path in modules('data', 'mail', 'ui') if name_of(path) != CLOCK]
    readings = [(name_of(path), *found) for path in elsewhere for found in readings_of_time(path.read_text('utf-8'))]
    assert readings == []
    assert readings_of_time((HOUSE / CLOCK).read_text(encoding='utf-8'))


@pytest.mark.parametrize(
    'source',
    [
        'import datetime as d\nd.datetime.now()',
        'from datetime import date as day\nday.today()',
        'from time import time\ntime()',
        'import time\nstamp = time.time_ns',
    ],
)
def test_a_reading_of_time_is_seen_under_any_name(source: str) -> None:
    assert readings_of_time(source)


def test_a_waiting_time_is_no_reading_of_time() -> None:
    assert readings_of_time('import time\nfrom data.base import clock\ntime.monotonic()\nclock.now()') == []


@pytest.mark.parametrize(
    ('module', 'source', 'complaint'),
    [
        ('data/shed.py', '', 'data.shed'),
        ('data/base/early.py', 'from data import visits', 'data.base is not allowed to import data.visits'),
        ('data/visits/painted.py', 'from nicegui import ui', 'data is not allowed to import nicegui'),
        ('mail/posted.py', 'import ui.frame', 'mail is not allowed to import ui'),
        ('ui/started.py', 'import main', 'ui is not allowed to import main'),
    ],
    ids=['a module without a floor', 'up a floor', 'a page in data', 'mail asks ui', 'nobody asks main'],
)
def test_a_step_off_the_floors_is_refused(tmp_path: Path, module: str, source: str, complaint: str) -> None:
    for path in modules('data', 'mail', 'ui'):
        copy = tmp_path / path.relative_to(HOUSE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.touch()
    (tmp_path / module).write_text(source, encoding='utf-8')
    shutil.copy(HOUSE / 'pyproject.toml', tmp_path)
    check = [str(Path(sys.executable).with_name('lint-imports')), '--no-cache']
    outcome = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert outcome.returncode != 0
    assert complaint in ' '.join(outcome.stdout.split())


def asynchronous(source: str) -> list[int]:
    """Lines that define something to be awaited."""
    nodes = ast.walk(ast.parse(source))
    return [node.lineno for node in nodes if isinstance(node, ast.AsyncFunctionDef | ast.AsyncWith | ast.AsyncFor)]


def readings_of_time(source: str) -> list[tuple[int, str]]:
    """Lines that ask the machine what time it is."""
    tree = ast.parse(source)
    origins = Origins(tree)
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute)]
    return [(node.lineno, origins.of(node)) for node in names if origins.of(node) in READS_TIME]
