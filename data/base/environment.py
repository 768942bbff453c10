"""What the operator gives by environment variables; it wins over settings made in the product."""

import os
import re
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DATABASE_URL = re.compile(r'sqlite:///.+|postgres(ql)?://([^/]*@)?(\[[^]/]+\]|[^:/@]*)(:\d+)?/.+')
USUAL_PORTS = {'starttls': 587, 'tls': 465, 'none': 25}


class Environment(BaseSettings):
    """Each field is read from DOORSTEP_<NAME>, or from the file that DOORSTEP_<NAME>_FILE names (for secrets)."""

    model_config = SettingsConfigDict(env_prefix='DOORSTEP_', env_ignore_empty=True, extra='ignore', frozen=True)

    data: Path = Path('doorstep-data')
    host: str = '127.0.0.1'
    port: int = Field(default=8080, ge=1, le=65535)
    public_url: str = ''
    database_url: str = Field(default='', validation_alias=AliasChoices('DOORSTEP_DATABASE_URL', 'DATABASE_URL'))
    smtp_host: str | None = None
    smtp_port: int | None = Field(default=None, ge=1, le=65535)
    smtp_security: Literal['starttls', 'tls', 'none'] = 'starttls'
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_from: str | None = None
    trusted_proxies: str = ''
    insecure_lan: bool = False
    pseudo_language: bool = False

    @field_validator('public_url')
    @classmethod
    def _is_an_origin(cls, value: str) -> str:
        if not value:
            return ''
        parts = urlsplit(value)
        if parts.scheme not in {'http', 'https'} or not parts.hostname:
            raise ValueError('must look like https://portal.example.com')
        return value.rstrip('/')

    @field_validator('database_url')
    @classmethod
    def _is_a_database(cls, value: str) -> str:
        if value and not DATABASE_URL.fullmatch(value):
            raise ValueError('must look like postgresql://user:password@host/name')
        return value

    @field_validator('smtp_from')
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value and not re.fullmatch(r'[^\s<>@]+@[^\s<>@]+', value):
            raise ValueError('must look like portal@example.com, without a name')
        return value

    @cached_property
    def address(self) -> str:
        """The public address, without a slash at its end, from which every link is built."""
        return self.public_url or f'http://localhost:{self.port}'

    @property
    def is_secure(self) -> bool:
        """True where browsers take `__Host-` cookies: https, or plain http on the machine itself."""
        parts = urlsplit(self.address)
        return parts.scheme == 'https' or parts.hostname in {'localhost', '127.0.0.1', '::1'}

    @property
    def mail_port(self) -> int:
        """The mail server's port, the usual one of its encryption where none is given."""
        return self.smtp_port or USUAL_PORTS[self.smtp_security]

    @property
    def database(self) -> str:
        """The database's address: PostgreSQL where one is given, else a SQLite file in the data folder."""
        return self.database_url or f'sqlite:///{self.data.absolute() / "doorstep.db"}'


_loaded: list[Environment] = []


def load(**given: object) -> Environment:
    """Reads the environment once at start; `given` wins over it (tests, options of the command line).

    Raises pydantic.ValidationError, whose text names each wrong variable; OSError for a file that cannot be read.
    """
    _loaded[:] = [Environment(**(_from_files() | given))]  # type: ignore[arg-type]  # pydantic checks each value
    return _loaded[0]


def current() -> Environment:
    """What `load` read; loading is the first thing that main does."""
    if not _loaded:
        raise RuntimeError('environment.load() has not run')
    return _loaded[0]


def _from_files() -> dict[str, object]:
    """Values of DOORSTEP_<NAME>_FILE: containers hand secrets over in files."""
    suffix = '_FILE'
    files = {name: path for name, path in os.environ.items() if name.startswith('DOORSTEP_') and name.endswith(suffix)}
    return {
        name.removeprefix('DOORSTEP_').removesuffix(suffix).lower(): Path(path).read_text(encoding='utf-8').strip()
        for name, path in files.items()
    }
