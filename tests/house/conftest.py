"""For tests of the schema: databases that no migration has touched."""

from collections.abc import Callable, Iterator
from pathlib import Path

import postgres
import pytest

import main
from data.base import environment
from data.base.database import close_database, open_database


@pytest.fixture(params=['sqlite', 'postgresql'])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Called, it opens one more empty database of this engine and returns its address."""
    main.import_rooms()
    server: postgres.Server | None = None
    if request.param == 'postgresql':
        server = request.getfixturevalue('postgresql_server')
    made: list[str] = []

    def opened() -> str:
        close_database()
        made.append(server.create() if server else f'house-{len(made)}.db')
        url = server.url(made[-1]) if server else f'sqlite:///{tmp_path / made[-1]}'
        environment.load(data=tmp_path, database_url=url)
        open_database(url)
        return url

    yield opened
    close_database()
    if server:
        for name in made:
            server.drop(name)
