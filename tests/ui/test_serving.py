"""The server says how it is tuned, and is: many open pages must not be dropped by a long garbage collection."""

import json
from pathlib import Path
from typing import Any

from server import running_server, wait_for


def test_collections_are_rare_and_a_lost_connection_may_come_back_for_half_a_minute(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        line = wait_for(lambda: _line(server.log()), 'the line that says how it serves')
    assert line['gc_thresholds'] == [50_000, 10, 10]
    assert line['objects_frozen'] > 100_000
    assert line['reconnect_seconds'] >= 30


def _line(log: str) -> dict[str, Any] | None:
    told = (json.loads(line) for line in log.splitlines() if line.startswith('{'))
    return next((line for line in told if line.get('event') == 'serving'), None)
