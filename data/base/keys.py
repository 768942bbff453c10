"""The secret key beside the database: seals what must be read again, signs what goes out in links.

It lies in the data folder as `secret.key`, never inside the database or a backup.
"""

import contextlib
import hashlib
import hmac
import os
import tempfile
from functools import cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from itsdangerous import BadSignature, URLSafeSerializer

from data.base import environment


class KeyDamaged(Exception):
    """The key file is empty or cut: an empty key would sign for everybody."""

    def __init__(self, path: Path) -> None:
        super().__init__(f'The key in {path} is damaged. Put the one of your backup there.')


class KeyGone(Exception):
    """Sealed with another key than ours: the one from before was lost, and nobody can read it any more."""


def ensure() -> None:
    """Makes the key at the first start. Raises KeyDamaged, and OSError where it can be neither read nor made."""
    _secret(_key_file())


def seal(text: str) -> bytes:
    """Encrypted and authenticated (Fernet)."""
    return _fernet(_key_file()).encrypt(text.encode())


def unseal(sealed: bytes) -> str:
    """What `seal` was given. Raises KeyGone."""
    try:
        return _fernet(_key_file()).decrypt(bytes(sealed)).decode()
    except InvalidToken as another:
        raise KeyGone from another


def can_unseal(sealed: bytes) -> bool:
    """False where the key is gone."""
    try:
        unseal(sealed)
    except KeyGone:
        return False
    return True


def sign(text: str, *, purpose: str) -> str:
    """`text` with a signature that serves for this purpose only."""
    return str(URLSafeSerializer(_secret(_key_file()), salt=purpose).dumps(text))


def unsign(signed: str, *, purpose: str) -> str | None:
    """The text, or None for what is forged or was signed for another purpose."""
    try:
        return str(URLSafeSerializer(_secret(_key_file()), salt=purpose).loads(signed))
    except (BadSignature, UnicodeEncodeError):  # the latter: half a surrogate pair, which nobody types
        return None


def fingerprint(text: str, *, purpose: str) -> bytes:
    """A keyed hash (HMAC-SHA256): what is short enough to be guessed cannot be guessed from a stolen database."""
    return hmac.new(_secret(_key_file()), f'{purpose}:{text}'.encode(), hashlib.sha256).digest()


def _key_file() -> Path:
    return environment.current().data / 'secret.key'


@cache
def _secret(path: Path) -> bytes:
    if not path.exists():
        _make(path)
    key = path.read_bytes().strip()
    try:
        Fernet(key)
    except ValueError as error:
        raise KeyDamaged(path) from error
    return key


def _make(path: Path) -> None:
    """Written beside its place and then linked there: nobody ever reads half of it, and the first one stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # for its owner alone
    with os.fdopen(descriptor, 'wb') as file:
        file.write(Fernet.generate_key())
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):  # another process was faster
        os.link(draft, path)
    Path(draft).unlink()


@cache
def _fernet(path: Path) -> Fernet:
    return Fernet(_secret(path))
