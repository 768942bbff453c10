"""The secret key beside the database: seals what must be read again, signs what goes out in links.

It lies in the data folder as `secret.key`, never inside the database or a backup.
"""

import hashlib
import hmac
import os
from functools import cache
from pathlib import Path

from cryptography.fernet import Fernet
from itsdangerous import BadSignature, URLSafeSerializer

from data.base import environment


def seal(text: str) -> bytes:
    """Encrypted and authenticated (Fernet)."""
    return _fernet(_key_file()).encrypt(text.encode())


def unseal(sealed: bytes) -> str:
    """What `seal` was given. Raises cryptography.fernet.InvalidToken under another key."""
    return _fernet(_key_file()).decrypt(bytes(sealed)).decode()


def sign(text: str, *, purpose: str) -> str:
    """`text` with a signature that serves for this purpose only."""
    return str(URLSafeSerializer(_secret(_key_file()), salt=purpose).dumps(text))


def unsign(signed: str, *, purpose: str) -> str | None:
    """The text, or None for what is forged or was signed for another purpose."""
    try:
        return str(URLSafeSerializer(_secret(_key_file()), salt=purpose).loads(signed))
    except BadSignature:
        return None


def fingerprint(text: str, *, purpose: str) -> bytes:
    """A keyed hash (HMAC-SHA256): what is short enough to be guessed cannot be guessed from a stolen database."""
    return hmac.new(_secret(_key_file()), f'{purpose}:{text}'.encode(), hashlib.sha256).digest()


def _key_file() -> Path:
    return environment.current().data / 'secret.key'


@cache
def _secret(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was faster
            return path.read_bytes().strip()
        with os.fdopen(descriptor, 'wb') as file:
            file.write(Fernet.generate_key())
            file.flush()
            os.fsync(file.fileno())
    return path.read_bytes().strip()


@cache
def _fernet(path: Path) -> Fernet:
    return Fernet(_secret(path))
