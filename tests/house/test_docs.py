"""What the documents say exists."""

import re
from pathlib import Path

import pytest
from sources import HOUSE, modules, name_of

from data.access.settings import SETTINGS
from data.base.environment import Environment

DOCUMENTS = [*sorted(HOUSE.glob('*.md')), *sorted((HOUSE / 'docs').rglob('*.md'))]
MAKEFILE = (HOUSE / 'Makefile').read_text(encoding='utf-8')
VERBS = re.findall(r'^(\w+):.*## ', MAKEFILE, re.MULTILINE)
PROMISES = (HOUSE / 'docs/promises.md').read_text(encoding='utf-8')
CONFIGURE = (HOUSE / 'docs/configure.md').read_text(encoding='utf-8').splitlines()


@pytest.mark.parametrize('document', DOCUMENTS, ids=name_of)
def test_the_links_of_a_document_resolve(document: Path) -> None:
    text = document.read_text(encoding='utf-8')
    links = [link for link in re.findall(r'\]\(([^)\s]+)\)', text) if not re.match(r'https?:|mailto:', link)]
    assert [link for link in links if not _resolves(document, link)] == []


@pytest.mark.parametrize('verb', VERBS)
def test_a_verb_of_the_makefile_is_explained(verb: str) -> None:
    explained = (HOUSE / 'README.md').read_text(encoding='utf-8') + (HOUSE / 'CONTRIBUTING.md').read_text('utf-8')
    assert f'`make {verb}`' in explained


def test_every_verb_that_documents_name_exists() -> None:
    named = {verb for document in DOCUMENTS for verb in re.findall(r'`make ([a-z]+)', document.read_text('utf-8'))}
    later = {'bench', 'binary'}  # promised by issues 3 and 9
    assert named - set(VERBS) - later == set()


@pytest.mark.parametrize('document', DOCUMENTS, ids=name_of)
def test_the_modules_and_tests_that_a_document_names_are_there(document: Path) -> None:
    named = re.findall(r'`((?:data|mail|ui|tests|bench)/[^`:*…<> ]*)(?:::(\w+))?`', document.read_text('utf-8'))
    assert [f'{path}::{test}' for path, test in named if not _is_there(path, test)] == []


def test_every_promise_says_what_shows_it_or_that_it_is_open() -> None:
    rows = [row.strip('|').split('|') for row in PROMISES.splitlines() if re.match(r'\| \d', row)]
    assert [cells[0] for cells in rows if len(cells) != 3 or not re.search(r'`[^`]+`|\bopen\b|by hand', cells[2])] == []
    numbers = [cells[0].strip() for cells in rows]
    assert len(numbers) == len(set(numbers))


def test_the_example_environment_names_every_variable_and_no_other() -> None:
    example = (HOUSE / '.env.example').read_text(encoding='utf-8')
    named = re.findall(r'^#?DOORSTEP_(\w+)=', example, re.MULTILINE)
    assert set(named) == {name.upper() for name in Environment.model_fields}


def test_every_variable_of_the_environment_is_explained_and_no_other() -> None:
    assert _explained(r'DOORSTEP_(\w+)') == {name.upper() for name in Environment.model_fields}


def test_every_setting_is_explained_with_its_default_and_no_other() -> None:
    assert _explained(r'([a-z]+\.[a-z_]+)') == set(SETTINGS)
    plain = {key: setting.default for key, setting in SETTINGS.items() if setting.default is not None}
    rows = {key: next(row for row in CONFIGURE if row.startswith(f'| `{key}`')) for key in plain}
    assert [key for key, default in plain.items() if f'`{default}`' not in rows[key]] == []


def test_every_setting_is_explained_under_its_name_on_the_page() -> None:
    names = {setting.key: setting.field.label for setting in SETTINGS.values()}
    assert [key for key, name in names.items() if not any(f'| `{key}` | {name} |' in row for row in CONFIGURE)] == []


def test_the_floor_plan_names_every_module_of_data_on_its_floor() -> None:
    text = (HOUSE / 'docs/architecture.md').read_text(encoding='utf-8')
    plan = dict(re.findall(r'^\| `(\w+)` \| (.+) \|$', text, re.MULTILINE))
    on_floors = [path for path in modules('data') if path.parts[-3] == 'data' and path.stem != '__init__']
    missing = [name_of(path) for path in on_floors if path.stem.replace('_', ' ') not in plan[path.parts[-2]]]
    assert missing == []


def test_every_word_of_the_glossary_stands_there_once() -> None:
    rows = re.findall(r'^\| \*\*(.+?)\*\*', (HOUSE / 'docs/glossary.md').read_text(encoding='utf-8'), re.MULTILINE)
    assert len(rows) > 40
    assert len(rows) == len(set(rows))


def test_the_locked_sets_agree() -> None:
    ours, tools = (_pins((HOUSE / name).read_text('utf-8')) for name in ('requirements.txt', 'requirements-dev.txt'))
    assert ours - tools == set()


@pytest.mark.parametrize('name', ['requirements.txt', 'requirements-dev.txt'])
def test_a_locked_set_holds_hashes_and_no_addresses(name: str) -> None:
    locked = (HOUSE / name).read_text(encoding='utf-8')
    assert '://' not in locked
    assert all('--hash=sha256:' in locked.split(pin, 1)[1].split('\n', 2)[1] for pin in _pins(locked))


def _explained(name: str) -> set[str]:
    """What stands first in a row of a table of docs/configure.md."""
    return {found[1] for row in CONFIGURE if (found := re.match(rf'\| `{name}` \|', row))}


def _resolves(document: Path, link: str) -> bool:
    path, _, anchor = link.partition('#')
    target = (document.parent / path) if path else document
    if not anchor or target.suffix != '.md':
        return target.exists()
    return target.exists() and anchor in _anchors(target.read_text(encoding='utf-8'))


def _anchors(text: str) -> set[str]:
    headings = re.findall(r'^#+ (.+)$', text, re.MULTILINE)
    return {re.sub(r'[^\w\- ]', '', heading.lower()).replace(' ', '-') for heading in headings}


def _is_there(path: str, test: str) -> bool:
    file = HOUSE / path
    return file.exists() and (not test or f'def {test}(' in file.read_text(encoding='utf-8'))


def _pins(locked: str) -> set[str]:
    return set(re.findall(r'^[\w.\-\[\]]+==[^\s;]+', locked, re.MULTILINE))
