"""Free times and bookings come as fast in a large company as was aimed at, with three times as much allowed here: other
work may go on beside.
"""

import figures
import pytest

from bench import free_times, rush

SLACK = 3
COMMAND = 'pytest -m prove tests/data/visits/test_bench_limits.py'

pytestmark = pytest.mark.prove


@pytest.mark.timeout(600)
def test_free_times_come_at_once_in_small_and_large_companies() -> None:
    medians = free_times.measured()
    lines = ['```', *free_times.table(medians), '```', '', f'Alone: `python -m bench.{"free_times"}`.']
    figures.write('limits-free-times', title='What an answer about free times costs', command=COMMAND, lines=lines)

    too_slow = {place: medians[place] for place, limit in free_times.LIMITS.items() if medians[place] > SLACK * limit}
    assert too_slow == {}


@pytest.mark.timeout(600)
def test_a_large_company_takes_many_bookings_a_second() -> None:
    one, together = rush.measured()
    lines = ['```', *rush.table(one, together), '```']
    figures.write('limits-rush', title='How fast customers book in a large company', command=COMMAND, lines=lines)

    assert one.median_ms <= SLACK * rush.MOST_MS
    assert together.a_second >= rush.LEAST_A_SECOND / SLACK
