"""Finds where text from people could become HTML, style, script or a link target, by reading the syntax tree."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from sources import Origins, module_of, modules

BUILDS_MARKUP = {
    'add_slot',
    'props',
    'style',
    'classes',
    'run_javascript',
    'add_head_html',
    'add_body_html',
    'add_css',
    'default_props',
    'default_style',
    'default_classes',
}
CHANGES = {'add', 'remove', 'replace'}  # `classes(remove=…)` counts as well
HANDED_ON = {'classes', 'props', 'style', 'js_handler'}  # parameters of this name are checked where they are given
NEVER_BUILT = {
    'nicegui.ui.markdown': 'renders HTML from its text',
    'nicegui.ui.restructured_text': 'renders HTML from its text',
    'nicegui.ui.editor': 'stores script',
    'nicegui.ui.add_scss': 'compiles on the server what add_css does plainly',
    'markupsafe.Markup': 'switches escaping off',
}
PROPS = {'props', '_props'}
RUNS = {'innerHTML', 'outerHTML', 'srcdoc'}  # attributes that take HTML
IN_TEXT = {  # in any string of a module that is no docstring, and in templates and scripts
    r'v-html': 'v-html puts text into the page as HTML',
    r'\bjavascript:': 'a link that runs script',
    r'\b(bind|set)(Popup|Tooltip)(Content)?\b': "Leaflet's popups and tooltips take HTML",
}
IN_TEMPLATES = {
    r'\|\s*safe\b': 'escaping is switched off',
    r'autoescape\s+false': 'escaping is switched off',
    r'<script(?![^>]*\bsrc=)': 'a script in a template takes part in its escaping',
}
IN_SCRIPTS = {
    r'\b(inner|outer)HTML\b|insertAdjacentHTML|document\.write': 'use textContent',
    r'\beval\(|new Function\(': 'text is run as script',
}


Hits = Iterator[tuple[ast.expr, str]]
Rule = Callable[[ast.Call, Origins], Hits]


@dataclass(frozen=True)
class Finding:
    line: int
    code: str  # the offending expression, as it may be listed with a reason
    why: str


def in_module(source: str, module: str = '') -> list[Finding]:
    """`module` is its full name, so that its own functions are known."""
    tree = ast.parse(source)
    origins, constants = Origins(tree, module), _constants(tree)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    rules: list[Rule] = [_raw_html, _leaflet, _never, _keys]
    found = [hit for call in calls for rule in rules for hit in rule(call, origins)]
    found += [hit for call in calls for hit in _built_strings(call, origins, constants)]
    found += _attributes(tree)
    found += _elements_at_import(tree, origins)
    texts = [(node, why) for node in _texts(tree) for why in _matches(IN_TEXT, str(node.value))]
    return [Finding(node.lineno, ast.unparse(node), why) for node, why in [*found, *texts]]


def in_template(source: str, *, plain: bool) -> list[Finding]:
    """`plain`: a text file, where nothing is escaped and nothing needs to be."""
    return [] if plain else _in_lines({**IN_TEXT, **IN_TEMPLATES}, source)


def in_script(source: str) -> list[Finding]:
    return _in_lines({**IN_TEXT, **IN_SCRIPTS}, source)


def _raw_html(call: ast.Call, origins: Origins) -> Hits:
    """Switches that a call must not carry unless they are plainly on the safe side."""
    name = _called(call)
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if name == 'notify' and None in given:
        yield call, 'options from elsewhere may say html=True'
    for switch, safe in (('sanitize', True), ('html', False), ('text_html', False), ('autoescape', True)):
        value = given.get(switch)
        if value is None or (switch == 'html' and name not in {'notify', 'notification'}):
            continue
        if not isinstance(value, ast.Constant) or value.value is not safe:
            yield call, f'{switch} must be {safe}'
    if origins.of(call.func) in {'jinja2.Environment', 'jinja2.Template'} and 'autoescape' not in given:
        yield call, 'autoescape must be said'


def _leaflet(call: ast.Call, _: Origins) -> Hits:
    if _called(call) in {'bind_popup', 'bind_tooltip'}:
        yield call, "Leaflet's popups and tooltips take HTML"


def _never(call: ast.Call, origins: Origins) -> Hits:
    if (why := NEVER_BUILT.get(origins.of(call.func))) is not None:
        yield call, why


def _keys(call: ast.Call, origins: Origins) -> Hits:
    """Keys that begin with ':' are run as script in these components."""
    if origins.of(call.func) not in {'nicegui.ui.echart', 'nicegui.ui.aggrid', 'nicegui.ui.table'}:
        return
    for node in ast.walk(call):
        keys = node.keys if isinstance(node, ast.Dict) else [node.key] if isinstance(node, ast.DictComp) else []
        built = [key for key in keys if not isinstance(key, ast.Constant)]
        yield from ((key or call, 'a key of a chart or grid must be written out') for key in built)


@cache
def _positions() -> dict[str, int]:
    """Where our own functions take `classes`, by the function's full name."""
    places = {}
    for path in modules('ui'):
        for node in ast.parse(path.read_text(encoding='utf-8')).body:
            names = [argument.arg for argument in node.args.args] if isinstance(node, ast.FunctionDef) else []
            if isinstance(node, ast.FunctionDef) and 'classes' in names:
                places[f'{module_of(path)}.{node.name}'] = names.index('classes')
    return places


def _attributes(tree: ast.Module) -> Hits:
    """`element.props[name] = …`: any value is safe there, but not under every name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr in PROPS:
            name = node.slice.value if isinstance(node.slice, ast.Constant) else None
            if not isinstance(name, str) or name.startswith(':') or name in RUNS:
                yield node, 'an attribute must be written out, take no HTML, and not begin with ":", which runs it'


def _built_strings(call: ast.Call, origins: Origins, constants: set[str]) -> Hits:
    """What is given to add_slot, classes, props …, and to what hands it on: parameters of these names in our pieces."""
    takes = HANDED_ON | CHANGES if _called(call) in BUILDS_MARKUP else HANDED_ON
    given = [keyword.value for keyword in call.keywords if keyword.arg in takes]
    if _called(call) in BUILDS_MARKUP:
        given += call.args
    elif (position := _positions().get(origins.of(call.func))) is not None:
        given += call.args[position : position + 1]
    yield from ((value, 'must be written out') for value in given if not _is_text(value, constants))
    yield from ((call, 'an attribute that takes HTML') for keyword in call.keywords if keyword.arg in RUNS)


def _is_text(value: ast.expr, constants: set[str]) -> bool:
    """Written out in this module: a literal, a choice between such, or a name that stands for one."""
    if isinstance(value, ast.IfExp):
        return _is_text(value.body, constants) and _is_text(value.orelse, constants)
    if isinstance(value, ast.JoinedStr):
        return all(_is_text(part, constants) for part in value.values)
    if isinstance(value, ast.FormattedValue):
        return _is_text(value.value, constants)
    return isinstance(value, ast.Constant) or (isinstance(value, ast.Name) and value.id in constants | HANDED_ON)


def _constants(tree: ast.Module) -> set[str]:
    bound = [node for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)]
    targets = [target for node in bound for target in node.targets]
    return {target.id for target in targets if isinstance(target, ast.Name) and target.id.isupper()}


def _elements_at_import(tree: ast.Module, origins: Origins) -> Hits:
    """An element, page or refreshable of a module is shared by everybody who ever comes."""
    for node in _run_at_import(tree.body):
        name = origins.of(node.func if isinstance(node, ast.Call) else node)
        if name.startswith('nicegui.ui.') and (isinstance(node, ast.Call) or name.endswith(('page', 'refreshable'))):
            yield node, 'made at import and shared by everybody'


def _run_at_import(body: list[ast.stmt]) -> Iterator[ast.expr]:
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from statement.decorator_list
            yield from (node for default in statement.args.defaults for node in _calls(default))
        elif isinstance(statement, ast.ClassDef | ast.If | ast.With | ast.Try | ast.For | ast.While):
            yield from _run_at_import(statement.body)
        else:
            yield from _calls(statement)


def _calls(node: ast.AST) -> Iterator[ast.expr]:
    """Calls in `node`, those of a lambda left out: they run later."""
    if isinstance(node, ast.Call):
        yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.Lambda):
            yield from _calls(child)


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ''


def _texts(tree: ast.Module) -> list[ast.Constant]:
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [node for node in constants if id(node) not in statements]


def _matches(patterns: dict[str, str], text: str) -> list[str]:
    return [why for pattern, why in patterns.items() if re.search(pattern, text, re.IGNORECASE)]


def _in_lines(patterns: dict[str, str], source: str) -> list[Finding]:
    lines = enumerate(source.splitlines(), 1)
    return [Finding(number, line.strip(), why) for number, line in lines for why in _matches(patterns, line)]
