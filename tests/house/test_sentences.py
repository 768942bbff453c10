"""Every sentence that the code asks to be translated reaches the translators by `make words`."""

import ast
import gettext
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from sources import HOUSE, modules, name_of

ASKS = {'_': 1, 'N_': 1, 'words': 1, 'self': 1, 'ngettext': 2}  # call → how many messages it takes
MAKEFILE = (HOUSE / 'Makefile').read_text(encoding='utf-8')
PYBABEL = Path(sys.executable).with_name('pybabel')
IS_THE_ASKED = 'data/base/words.py'  # hands plural forms on, as it gets them


@pytest.fixture(scope='module')
def pot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the Makefile's own line finds."""
    made = tmp_path_factory.mktemp('words') / 'doorstep.pot'
    pybabel(f'{_options("extract")} -o {made} .')
    return made


@pytest.fixture
def collected(pot: Path) -> set[str]:
    with pot.open('rb') as file:
        ids = [message.id for message in read_po(file)]
    return {one for each in ids for one in ([each] if isinstance(each, str) else each)}


def test_every_message_of_the_code_is_collected(collected: set[str]) -> None:
    missing = [
        (name_of(path), line, text)
        for path in modules()
        for line, text in messages(path.read_text('utf-8'))
        if text not in collected
    ]
    assert missing == []
    assert len(collected) > 200


def test_messages_of_templates_are_collected(collected: set[str]) -> None:
    assert 'Create my account' in collected


def test_plural_forms_stand_in_the_call_itself() -> None:
    elsewhere = [
        (name_of(path), line)
        for path in modules()
        if name_of(path) != IS_THE_ASKED
        for line in plurals_from_elsewhere(path.read_text('utf-8'))
    ]
    assert elsewhere == []
    assert plurals_from_elsewhere('_.ngettext(one, many, n)') == [1, 1]


def test_a_new_language_is_begun_brought_up_to_date_and_read_with_its_own_letters(pot: Path, tmp_path: Path) -> None:
    folder = tmp_path / 'de' / 'LC_MESSAGES'
    po = folder / 'doorstep.po'
    pybabel(f'-q init -i {pot} -D doorstep -d {tmp_path} -l de')
    begun = po.read_text(encoding='utf-8')
    translated = begun.replace('msgid "Settings"\nmsgstr ""', 'msgid "Settings"\nmsgstr "Präferenzen"')
    po.write_text(translated, encoding='utf-8')
    pybabel(f'{_options("update")} -i {pot} -l de -o {po}')
    pybabel(f'{_options("compile")} -i {po} -o {folder / "doorstep.mo"}')

    assert gettext.translation('doorstep', tmp_path, ['de']).gettext('Settings') == 'Präferenzen'


def pybabel(line: str) -> None:
    subprocess.run([PYBABEL, *shlex.split(line)], cwd=HOUSE, check=True)


def _options(verb: str) -> str:
    """'-q extract …' as the Makefile has it, up to what it reads and writes."""
    found = re.search(rf'pybabel (-q {verb}.*?) -[io] ', MAKEFILE)
    assert found
    return found[1]


def messages(source: str) -> Iterator[tuple[int, str]]:
    """Every text that is written where a message is asked for, also inside a condition or an f-string."""
    for call, taken in _asking(source):
        texts = [node for argument in call.args[:taken] for node in _alternatives(argument)]
        yield from ((node.lineno, node.value) for node in texts if isinstance(node.value, str) and node.value)


def plurals_from_elsewhere(source: str) -> list[int]:
    return [
        call.lineno
        for call, taken in _asking(source)
        if taken > 1
        for argument in call.args[:taken]
        if not isinstance(argument, ast.Constant)
    ]


def _asking(source: str) -> Iterator[tuple[ast.Call, int]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, 'id', getattr(node.func, 'attr', ''))
            if name in ASKS:
                yield node, ASKS[name]


def _alternatives(argument: ast.expr) -> Iterator[ast.Constant]:
    if isinstance(argument, ast.Constant):
        yield argument
    elif isinstance(argument, ast.IfExp):
        yield from (*_alternatives(argument.body), *_alternatives(argument.orelse))
