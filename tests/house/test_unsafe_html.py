"""Text from people never becomes HTML, style, script or a link target (docs/security.md says why each rule exists)."""

from pathlib import Path

import pytest
from sources import files, module_of, modules, name_of
from unsafe_html import Finding, in_module, in_script, in_template

LISTED = {  # (file, part of the expression) → why no text from people can stand in it
    ('mail/rendering.py', 'autoescape=False'): 'the text part of a mail: nothing in it is markup',
    ('ui/frame.py', 'marks.items()'): 'the names stand above it',
    ('ui/frame.py', "design.asset_address('pages.css')"): 'addresses of our own files',
    ('ui/parts/field_input.py', 'kind-{kind}'): 'the name of a class of ours',
    ('ui/parts/field_input.py', 'element.props[name]'): 'the attributes that belong to a kind of field',
    ('ui/parts/pieces.py', "name.replace('_', '-')"): 'a keyword of a call, checked where it is given',
    ('ui/parts/pieces.py', 'chip {tone}'): 'one of the states of the design',
    ('ui/parts/pieces.py', 'notice {kind}'): 'one of three kinds, written out by its callers',
    ('ui/parts/slot_picker.py', 'getHtmlElement({title.id})'): "the number of one of the page's own elements",
}
TEMPLATES = {'.html', '.txt', '.svg'}
SCRIPTS = {'.js', '.vue'}


@pytest.mark.parametrize('path', [*modules(), *files(*TEMPLATES, *SCRIPTS)], ids=name_of)
def test_no_text_from_people_becomes_markup_here(path: Path) -> None:
    assert [found for found in findings(path) if not _reasons(path, found)] == []


def test_what_is_listed_still_stands_there() -> None:
    needed = {reason for path in modules() for found in findings(path) for reason in _reasons(path, found)}
    assert set(LISTED) - needed == set()


@pytest.mark.parametrize(
    'source',
    [
        'ui.html(note, sanitize=False)',
        'ui.html(note, sanitize=trusted)',
        'ui.notify(note, html=True)',
        'ui.notify(note, **options)',
        'ui.chat_message(note, text_html=True)',
        'card.add_slot("body", f"<b>{note}</b>")',
        'card.add_slot("body", template)',
        'card.add_slot("body", "<b v-html=\'props.value\'></b>")',
        'card.props(f"title={note}")',
        'card.props("title=" + note)',
        'card.style(colour)',
        'card.classes(replace=f"chip {state}")',
        'ui.run_javascript(f"alert({note})")',
        'page.client.run_javascript("alert({})".format(note))',
        'ui.add_head_html(head)',
        'ui.add_body_html(f"<p>{note}</p>")',
        'card.props[":title"] = note',
        'card.props[name] = note',
        'card.props["innerHTML"] = note',
        'ui.element("div", innerHTML=note)',
        'text(note, classes=note)',
        'from ui.parts.pieces import text\ntext("Hello", note)',
        'button.on("click", js_handler=f"() => {note}")',
        'marker.bind_popup(note)',
        'marker.bind_tooltip(note)',
        'marker.run_method("bindPopup", note)',
        'from nicegui import ui as pages\npages.markdown(note)',
        'from nicegui.ui import editor\neditor()',
        'ui.link("Read", "javascript:alert(1)")',
        'import jinja2\njinja2.Environment(loader=loader)',
        'from jinja2 import Environment\nEnvironment(autoescape=False)',
        'from markupsafe import Markup\nMarkup(note)',
        'from nicegui import ui\nui.echart({"series": {name: 1}})',
        'from nicegui import ui\nbanner = ui.label("Hello")',
        'from nicegui import ui\n@ui.refreshable\ndef visits(): ...',
        'from nicegui import ui\n@ui.page("/")\ndef home(): ...',
        'from nicegui import ui\nclass Page:\n    banner = ui.label("Hello")',
    ],
)
def test_a_module_that_lets_text_become_markup_is_refused(source: str) -> None:
    start = '' if 'import' in source else 'from nicegui import ui\ndef page(): '
    assert in_module(start + source)


@pytest.mark.parametrize(
    'source',
    [
        'ui.label(note)',
        'ui.html("<hr>", sanitize=True)',
        'card.props("flat dense").classes("chip" if free else "chip taken")',
        'card.props["aria-label"] = note',
        'ui.notify(note)',
    ],
)
def test_plain_text_and_written_out_markup_pass(source: str) -> None:
    assert in_module(f'from nicegui import ui\ndef page():\n    """Nothing of v-html."""\n    {source}') == []


def test_a_constant_of_the_module_is_written_out() -> None:
    assert in_module('FLAT = "flat"\ndef page(): button.props(FLAT)') == []
    assert in_module('FLAT = flat()\ndef page(): button.props(FLAT)')


@pytest.mark.parametrize('line', ['{{ note|safe }}', '{% autoescape false %}', '<a href="javascript:x()">', '<script>'])
def test_a_template_without_escaping_is_refused(line: str) -> None:
    assert in_template(line, plain=False)
    assert in_template('{{ note }} <script src="/doors.js"></script>', plain=False) == []


@pytest.mark.parametrize('line', ['box.innerHTML = note', 'document.write(note)', 'eval(note)', 'pin.bindPopup(note)'])
def test_a_script_that_makes_html_of_text_is_refused(line: str) -> None:
    assert in_script(line)
    assert in_script('box.textContent = note') == []


def findings(path: Path) -> list[Finding]:
    source = path.read_text(encoding='utf-8')
    if path.suffix == '.py':
        return in_module(source, module_of(path))
    return in_script(source) if path.suffix in SCRIPTS else in_template(source, plain=path.suffix == '.txt')


def _reasons(path: Path, found: Finding) -> list[tuple[str, str]]:
    return [listed for listed in LISTED if listed[0] == name_of(path) and listed[1] in found.code]
