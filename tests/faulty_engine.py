"""Copies of the slot engine with one fault each, beside which ours stays as it is."""

import sys
from importlib import import_module
from types import ModuleType

import pytest
from slot_comparison import Engine

MODULES = ('rules', 'travel', 'working_time', 'rosters', 'search', 'slots')  # in the order in which they import


def with_fault(module: str, old: str, new: str) -> Engine:
    """The engine with other words at one place of one module."""
    copies: dict[str, ModuleType] = {}
    with pytest.MonkeyPatch.context() as patch:
        for name in MODULES:
            source = import_module(f'data.visits.{name}').__spec__.loader.get_source(f'data.visits.{name}')  # type: ignore[union-attr]
            if name == module:
                assert source.count(old) == 1, f'{module}.py has {source.count(old)} times: {old}'
                source = source.replace(old, new)
            copies[name] = ModuleType(f'data.visits.{name}')
            patch.setitem(sys.modules, f'data.visits.{name}', copies[name])
            exec(compile(source, f'faulty {name}.py', 'exec'), vars(copies[name]))  # noqa: S102  # our own source
    return Engine(**{name: copies[name] for name in ('rosters', 'search', 'slots', 'travel')})
