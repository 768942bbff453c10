"""Measures what a month of free times costs where many bookings lie behind: `python -m bench.free_times`.

The visits of the month are read by two queries, each by its index; the rival asks for both in one, as one writes it
first, and SQLite then looks at every booking there ever was. Both must find the same before anything is measured.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random

sys.path.append(str(Path(__file__).parent.parent / 'tests'))  # its makers

import makers
from makers import Household
from peewee import chunked
from people import Person

from data.access import settings
from data.base import clock, logs
from data.base.actor import SYSTEM
from data.base.database import transaction
from data.offer.service_types import ServiceType
from data.visits import bookings, free_times
from data.visits.booking_table import Booking
from data.visits.slots import Span, Visit
from data.visits.states import UNDER_WAY, State

TECHNICIANS = 50
SIZES = (1_500, 100_000)
DAYS_AHEAD = 60
CALLS = 20

Visits = Mapping[int, Sequence[Visit]]  # by technician


def main() -> None:
    """Prints the table."""
    logs.start(stream=open(os.devnull, 'w', encoding='utf-8'))  # noqa: PTH123, SIM115  # as if nobody read them
    print(f'{TECHNICIANS} technicians, a month, SQLite, CPU time, median of {CALLS} calls')
    print(f'{"bookings":>8}{"in the month":>14}{"two queries":>14}{"one query":>12}{"ratio":>8}{"whole answer":>15}')
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder, makers.house(Path(folder)):
            _row(size)


def in_one_query(span: Span) -> Visits:
    """The rival: what touches the span, or is under way."""
    touching = (Booking.blocks_until > span.start) & (Booking.starts_at < span.end)
    return bookings._by_technician((Booking.state != State.CANCELED) & (touching | Booking.state.in_(UNDER_WAY)))  # noqa: SLF001  # as bookings reads


def in_two_queries(span: Span) -> Visits:
    return bookings._visits(span)  # noqa: SLF001  # what is measured


def _row(size: int) -> None:
    household, service_type = _company(size)
    first_day = clock.today(settings.zone())
    month = {'first_day': first_day, 'last_day': first_day + timedelta(30)}
    span = free_times.reach(**month)
    ours, theirs = in_two_queries(span), in_one_query(span)
    if _in_order(ours) != _in_order(theirs):
        raise SystemExit('The two ways do not find the same visits: the figures would mean nothing.')
    two, one = _median_ms(partial(in_two_queries, span)), _median_ms(partial(in_one_query, span))
    answer = _median_ms(partial(bookings.offered, household.site, service_type, **month, by=SYSTEM))
    found = sum(map(len, ours.values()))
    print(f'{size:>8,}{found:>14,}{two:>11.2f} ms{one:>9.2f} ms{one / two:>7.1f}×{answer:>12.2f} ms')


def _company(size: int) -> tuple[Household, ServiceType]:
    """Technicians with so many bookings, an eighth of them ahead and one of each technician under way."""
    makers.make_business()
    product = makers.make_product()
    household, service_type = makers.make_customer(product=product, signs_in=False), makers.make_service_type(product)
    numbers = count(1)
    crew = [makers.make_technician(Person(f'Technician {number}', '')) for number in range(TECHNICIANS)]
    pattern = makers.make_booking(household, service_type).__data__
    with transaction():
        Booking.delete().execute()
        for technician in crew:
            rows = [
                {**pattern, 'id': (number := next(numbers)), 'uid': str(number), 'technician': technician.id, **columns}
                for columns in _diary(Random(technician.id), size // TECHNICIANS)
            ]
            for some in chunked(rows, 500):
                Booking.insert_many(some).execute()
    return household, service_type


def _diary(chance: Random, size: int) -> Iterator[dict[str, object]]:
    """Visits of one technician, from the last ahead back into the past; the first that is over is under way still."""
    per_day = -(-size // (8 * DAYS_AHEAD))
    today = datetime.combine(clock.today(UTC), datetime.min.time(), UTC)
    for number in range(size):
        day, place = divmod(number, per_day)
        starts_at = today + timedelta(DAYS_AHEAD - day, hours=14) + place * timedelta(minutes=60)
        ends_at = starts_at + timedelta(minutes=chance.choice([30, 45, 60]))
        state = State.SCHEDULED if day <= DAYS_AHEAD else State.COMPLETED
        under_way = {'state': State.TRAVELING, 'travel_started_at': starts_at} if number == per_day * DAYS_AHEAD else {}
        yield {'state': state, 'starts_at': starts_at, 'ends_at': ends_at, 'blocks_until': ends_at, **under_way}


def _in_order(visits: Visits) -> dict[int, list[Visit]]:
    return {technician: sorted(of_one) for technician, of_one in visits.items()}


def _median_ms(call: Callable[[], object]) -> float:
    taken = []
    for _ in range(CALLS):
        began = time.process_time()
        call()
        taken.append(1000 * (time.process_time() - began))
    return statistics.median(taken)


if __name__ == '__main__':
    main()
