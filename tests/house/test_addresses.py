"""Every address that stands in the code of a page or a template is one of the list in ui/routes."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sources import HOUSE

from ui import routes

ROOMS = ('customer', 'staff', 'entry', 'parts')
LOOKS_LIKE_ONE = re.compile(r'/[a-z][a-z\-./{}#]*')
HREF = re.compile(r'(?:href|action)="(/[^"{]*)"')


def addresses() -> Iterator[tuple[str, str]]:
    """Where, and what: literals and f-strings, whose facts count as the number 1."""
    for room in ROOMS:
        for file in sorted((HOUSE / 'ui' / room).rglob('*')):
            if file.suffix == '.py':
                yield from ((f'{file.relative_to(HOUSE)}', found) for found in _of_code(file))
            elif file.suffix == '.html':
                yield from ((f'{file.relative_to(HOUSE)}', found) for found in HREF.findall(file.read_text()))


def _of_code(file: Path) -> Iterator[str]:
    nodes = list(ast.walk(ast.parse(file.read_text(encoding='utf-8'))))
    parts_of_others = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        if id(node) in parts_of_others:
            continue
        if isinstance(node, ast.JoinedStr):
            parts = [str(part.value) if isinstance(part, ast.Constant) else '1' for part in node.values]
            text = ''.join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if LOOKS_LIKE_ONE.fullmatch(re.sub(r'\d', '{', text)) and not text.endswith('/'):
            yield text.partition('#')[0]


@pytest.mark.parametrize(('where', 'address'), sorted(set(addresses())))
def test_an_address_in_the_code_is_one_of_the_list(where: str, address: str) -> None:
    assert routes.knows(address), f'{where} names {address}'


def test_the_search_finds_addresses() -> None:
    found = {address for _, address in addresses()}
    assert {'/home', '/booked/1', '/staff/customers/1', '/redeem/connect'} <= found
