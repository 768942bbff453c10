"""The example company: everything that a business has, made up, to look around in."""

from collections.abc import Mapping
from typing import Any


def set_up(link_token: str, values: Mapping[str, Any], *, browser: str) -> str:
    """To come."""
    raise NotImplementedError


def ensure() -> list[str]:
    """To come."""
    return []
