"""The session's cookie as browsers get it: over https, on the machine itself, and on a network without https."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import makers
import pytest
from people import CLEO, PASSWORD
from server import Server, free_port, running_server

ELSEWHERE = '192.168.1.5'
UNSAFE = 'This address is not safe to sign in'
READ_ALONG = 'This connection is not encrypted'


@pytest.fixture(scope='module')
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp('cookies')
    with makers.house(made / 'data'):
        makers.make_business()
        makers.make_dispatcher()
    return made


@pytest.fixture
def on_https(folder: Path) -> Iterator[Server]:
    with running_server(folder, DOORSTEP_PUBLIC_URL='https://portal.example.com') as server:
        yield server


@pytest.fixture(params=['', 'true'], ids=['without a word of the operator', 'allowed by the operator'])
def on_a_network(folder: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Server, bool]]:
    port, allowed = str(free_port()), str(request.param)
    address = f'http://{ELSEWHERE}:{port}'
    with running_server(
        folder, DOORSTEP_INSECURE_LAN=allowed, DOORSTEP_PORT=port, DOORSTEP_PUBLIC_URL=address
    ) as server:
        yield server, bool(request.param)


def test_over_https_only_this_host_gets_it_and_no_script_reads_it(on_https: Server) -> None:
    name, attributes = cookie(sign_in(on_https, 'https://portal.example.com'))
    assert name == '__Host-doorstep-session'
    assert {'secure', 'httponly', 'samesite=lax', 'path=/'} <= attributes
    assert not [each for each in attributes if each.startswith('domain')]


def test_on_the_machine_itself_it_is_the_same(folder: Path) -> None:
    with running_server(folder) as server:
        name, attributes = cookie(sign_in(server, server.url))
    assert name == '__Host-doorstep-session'
    assert 'secure' in attributes


def test_plain_http_from_elsewhere_is_explained_or_allowed_with_a_warning(on_a_network: tuple[Server, bool]) -> None:
    server, is_allowed = on_a_network
    origin = f'http://{ELSEWHERE}:{server.port}'
    page = httpx.get(f'{server.url}/sign-in', headers={'Host': origin.removeprefix('http://')}).text

    assert (UNSAFE in page, READ_ALONG in page) == (not is_allowed, is_allowed)
    assert ('type="password"' in page) is is_allowed
    if is_allowed:
        name, attributes = cookie(sign_in(server, origin))
        assert name == 'doorstep-insecure-session'
        assert 'secure' not in attributes
        assert 'httponly' in attributes


def sign_in(server: Server, origin: str) -> httpx.Response:
    form = {'email': CLEO.email, 'password': PASSWORD}
    headers = {'Host': origin.partition('://')[2], 'Origin': origin}
    answer = httpx.post(f'{server.url}/sign-in', data=form, headers=headers, timeout=20)
    assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
    return answer


def cookie(answer: httpx.Response) -> tuple[str, set[str]]:
    """Its name, and its attributes in lower case."""
    pair, *attributes = answer.headers['set-cookie'].split(';')
    return pair.partition('=')[0], {each.strip().lower() for each in attributes}
