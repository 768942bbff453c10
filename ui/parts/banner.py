"""The one line that stands on every page while the connection is not encrypted (security by the operator's choice)."""

from data.base import environment
from data.base.words import Words


def standing_banner(words: Words) -> str:
    """'' where everything is well."""
    given = environment.current()
    if given.is_secure or not given.insecure_lan:
        return ''
    return words('This connection is not encrypted: others in this network can read along.')
