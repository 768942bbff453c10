"""What the documents say exists."""

import re
from pathlib import Path

import pytest
from sources import HOUSE, name_of

from data.base.environment import Environment

DOCUMENTS = [*sorted(HOUSE.glob('*.md')), *sorted((HOUSE / 'docs').rglob('*.md'))]
MAKEFILE = (HOUSE / 'Makefile').read_text(encoding='utf-8')
VERBS = re.findall(r'^(\w+):.*## ', MAKEFILE, re.MULTILINE)
PROMISES = (HOUSE / 'docs/promises.md').read_text(encoding='utf-8')


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


def test_what_the_promises_name_as_proof_is_there() -> None:
    named = re.findall(r'`(tests/[^`:]+)(?:::(\w+))?`', PROMISES)
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


def test_the_locked_sets_agree() -> None:
    ours, tools = (_pins((HOUSE / name).read_text('utf-8')) for name in ('requirements.txt', 'requirements-dev.txt'))
    assert ours - tools == set()


@pytest.mark.parametrize('name', ['requirements.txt', 'requirements-dev.txt'])
def test_a_locked_set_holds_hashes_and_no_addresses(name: str) -> None:
    locked = (HOUSE / name).read_text(encoding='utf-8')
    assert '://' not in locked
    assert all('--hash=sha256:' in locked.split(pin, 1)[1].split('\n', 2)[1] for pin in _pins(locked))


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
