"""Passwords: argon2id, a list of common ones, and equal time for addresses that nobody has."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from data.base.marks import N_
from data.base.refusals import InvalidInput, WrongInput

# OWASP's least for argon2id: 19 MiB, two passes, one lane
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


def hashed(password: str) -> str:
    """An argon2id hash in PHC format; takes about 30 ms, so never on the event loop."""
    return _hasher.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """True if `kept` was made from `password`; takes as long when there is nothing kept."""
    try:
        return _hasher.verify(kept or _nobodys(), password) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def refuse_common(password: str) -> None:
    """Raises InvalidInput at `password` for one of the 30,000 that guessers try first (zxcvbn's list)."""
    if password.lower() in _common():
        raise InvalidInput({'password': WrongInput(N_('This password is used by many people. Please choose another.'))})


@cache
def _nobodys() -> str:
    return _hasher.hash('the password of an address that nobody has')


@cache
def _common() -> frozenset[str]:
    return frozenset(FREQUENCY_LISTS['passwords'])
