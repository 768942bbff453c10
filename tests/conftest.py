"""What every test may ask for: a fresh database on both engines, the wired house, a browser."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import postgres
import pytest

import main
from data.base import environment
from data.base.database import close_database, open_database
from data.base.upgrade import upgrade

pytest_plugins = ('nicegui.testing.user_plugin',)


@dataclass(frozen=True)
class EmptyDatabase:
    """A migrated database without rows; `url` opens it from another process as well, with `data` as its folder."""

    engine: str
    url: str
    data: Path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys come last: once Playwright runs in a process, its event loop lets no other start there."""
    items.sort(key=lambda item: 'playwright' in getattr(item, 'fixturenames', ()))


@pytest.fixture(scope='session', autouse=True)
def _nothing_from_outside() -> Iterator[None]:
    """Neither pytest's own arguments nor the operator's environment reach what is tested."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, 'argv', ['main.py'])
        for name in [name for name in os.environ if name.startswith('DOORSTEP_') or name == 'DATABASE_URL']:
            patch.delenv(name)
        yield


@pytest.fixture(scope='session')
def postgresql_server() -> Iterator[postgres.Server]:
    if os.environ.get('PG') == 'skip' and not os.environ.get('CI'):
        pytest.skip('PG=skip')
    with postgres.running() as server:
        yield server


@pytest.fixture(scope='session')
def postgresql_template(postgresql_server: postgres.Server) -> str:
    name = postgresql_server.create()
    _migrate(postgresql_server.url(name))
    return name


@pytest.fixture(scope='session')
def postgresql_pool(postgresql_server: postgres.Server, postgresql_template: str) -> postgres.Pool:
    return postgres.Pool(postgresql_server, postgresql_template)


@pytest.fixture(scope='session')
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp('template') / 'doorstep.db'
    _migrate(f'sqlite:///{file}')
    return file


@pytest.fixture(params=['sqlite', 'postgresql'])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EmptyDatabase]:
    """An empty database of this version, open, with the house wired as `main.py` does it; once on each engine."""
    make = _on_sqlite if request.param == 'sqlite' else _on_postgresql
    with make(request, tmp_path) as url:
        environment.load(data=tmp_path, database_url=url)
        open_database(url)
        main.wire()
        yield EmptyDatabase(request.param, url, tmp_path)
        close_database()


@pytest.fixture(scope='session')
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Debian's Chromium instead of Playwright's own; its sandbox does not run as root."""
    chromium = shutil.which('chromium') or shutil.which('chromium-browser') or shutil.which('google-chrome')
    if chromium is None:
        pytest.fail('Chromium is missing. Type: sudo apt-get install chromium')
    sandbox = ['--no-sandbox'] if os.getuid() == 0 else []
    return {**browser_type_launch_args, 'executable_path': chromium, 'args': sandbox}


def _migrate(url: str) -> None:
    open_database(url)
    upgrade()
    close_database()


@contextmanager
def _on_sqlite(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    template: Path = request.getfixturevalue('sqlite_template')
    shutil.copy(template, folder / 'doorstep.db')
    yield f'sqlite:///{folder / "doorstep.db"}'


@contextmanager
def _on_postgresql(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    pool: postgres.Pool = request.getfixturevalue('postgresql_pool')
    server: postgres.Server = request.getfixturevalue('postgresql_server')
    name = pool.take()
    yield server.url(name)
    pool.give_back(name)
