"""Services of others that answer for ever: all of an exchange ends with our patience, whatever is in time by itself."""

import time
from pathlib import Path

import pytest
from lookup_servers import dripping

from data.base import environment
from data.upkeep.outside import Outside, OutsideFailed

PATIENCE_SECONDS = 0.5
OK = b'HTTP/1.1 200 OK\r\n'
DRIPS = {
    'nothing but headers': (OK + b'X-Endless: ', b'a'),
    'one header after the other': (OK, b'X-Endless: a\r\n'),
    'early hints': (b'', b'HTTP/1.1 103 Early Hints\r\n\r\n'),
    'a body': (OK + b'Content-Length: 100000\r\n\r\n', b' '),
    'a body in chunks': (OK + b'Transfer-Encoding: chunked\r\n\r\n', b'1\r\n \r\n'),
}


@pytest.fixture(autouse=True)
def _environment(tmp_path: Path) -> None:
    environment.load(data=tmp_path)


@pytest.mark.parametrize(('start', 'drip'), DRIPS.values(), ids=DRIPS)
def test_who_answers_in_drips_is_left_when_patience_ends(start: bytes, drip: bytes) -> None:
    service = Outside('dripping service', each_seconds=0, patience_seconds=PATIENCE_SECONDS)
    with dripping(start, drip) as server:
        began = time.monotonic()
        with pytest.raises(OutsideFailed, match='too slow an answer'):
            service.ask(server.address, '/question')

        assert time.monotonic() - began < 5
        assert server.hung_up.wait(5), 'the connection is still open'
