"""The product's own source files, as the tests of the house read them."""

import ast
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parents[1]
ROOMS = ['data', 'mail', 'ui']


def modules(*rooms: str) -> list[Path]:
    """Every module of these rooms; main.py and all rooms when none is named."""
    found = [path for room in rooms or ROOMS for path in sorted((HOUSE / room).rglob('*.py'))]
    return found if rooms else [HOUSE / 'main.py', *found]


def files(*endings: str) -> list[Path]:
    """What lies beside the modules: templates, wording, scripts."""
    return [path for room in ROOMS for path in sorted((HOUSE / room).rglob('*')) if path.suffix in endings]


def name_of(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def module_of(path: Path) -> str:
    """'ui.parts.pieces'."""
    return '.'.join(path.relative_to(HOUSE).with_suffix('').parts)


class Origins:
    """Where a name comes from: after its import `dt.now` is 'datetime.datetime.now'; own functions get the module."""

    def __init__(self, tree: ast.Module, module: str = '') -> None:
        own = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)] if module else []
        self._imported = {name: f'{module}.{name}' for name in own} | dict(_imports(tree))

    def of(self, node: ast.expr) -> str:
        """The dotted name; '' where it begins with something else than a name."""
        if isinstance(node, ast.Name):
            return self._imported.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            before = self.of(node.value)
            return f'{before}.{node.attr}' if before else ''
        return ''


def _imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (alias.asname, alias.name) if alias.asname else (alias.name.split('.')[0],) * 2
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f'{node.module}.{alias.name}'
