"""Measures what an answer about free times costs in a small and in a large company: `python -m bench.free_times`.

Each call asks for another service, site and now. What is known of technicians may be kept between calls, answers not.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import time_machine

sys.path.append(str(Path(__file__).parent.parent / 'tests'))  # its makers

import makers

from bench import companies
from bench.companies import DAYS_AHEAD, LARGE, SMALL, Company, Size
from data.access import settings
from data.base import clock, logs
from data.base.actor import SYSTEM
from data.base.database import transaction
from data.crew.technicians import Technician
from data.offer.service_types import ServiceType
from data.people.customers import Site
from data.visits import free_times, offers
from data.visits.search import Wanted

CALLS = 200
COMPANIES = {'small': SMALL, 'large': LARGE}
LIMITS = {  # what is aimed at, in milliseconds
    ('whole answer {day: [times]}', 'small'): 0.3,
    ('whole answer {day: [times]}', 'large'): 0.5,
    ('whole answer with driving', 'large'): 10.0,
    ('cold: load, build, answer', 'large'): 25.0,
}

Medians = Mapping[tuple[str, str], float]  # by row and company, in milliseconds


@dataclass(frozen=True, kw_only=True)
class Question:
    """What one call asks, and when; `start` is one that was free then."""

    now: datetime
    site: Site
    service_type: ServiceType
    wanted: Wanted
    first_day: date
    start: datetime

    @property
    def last_day(self) -> date:
        return self.first_day + timedelta(DAYS_AHEAD - 1)


Answer = Callable[[Question], object]


def main() -> None:
    """Prints the table."""
    logs.start(stream=open(os.devnull, 'w', encoding='utf-8'))  # noqa: PTH123, SIM115  # as if nobody read them
    print('\n'.join(table(measured())))


def measured() -> Medians:
    """The medians of both companies, each in a new database."""
    medians: dict[tuple[str, str], float] = {}
    for name, size in COMPANIES.items():
        with tempfile.TemporaryDirectory() as folder, makers.house(Path(folder)):
            medians |= {(row, name): milliseconds for row, milliseconds in _rows(size)}
    return medians


def table(medians: Medians) -> list[str]:
    """A line for each row, a column for each company, with the aim where there is one."""
    sizes = [f'{size.technicians} technicians, {size.bookings:,} bookings' for size in COMPANIES.values()]
    head = f'{DAYS_AHEAD} days, median of {CALLS} calls, SQLite, CPU time'
    lines = [f'{head:46}{sizes[0]:>32}{sizes[1]:>36}']
    for row in dict.fromkeys(row for row, _ in medians):
        cells = [f'{medians[row, name]:.2f} ms{_aim(row, name):16}' for name in COMPANIES]
        lines.append(f'{row:46}{cells[0]:>32}{cells[1]:>36}'.rstrip())
    return lines


def _aim(row: str, name: str) -> str:
    return f' (aim {LIMITS[row, name]:g} ms)' if (row, name) in LIMITS else ''


def _rows(size: Size) -> Iterator[tuple[str, float]]:
    """With driving first: then nobody knows any more where the sites are."""
    company = companies.make(size)
    asked = _questions(company)
    driving = {
        'whole answer with driving': _median(asked, whole_answer),
        'best technician, with driving': _median(asked, best_technician),
        'as a page asks, with driving': _median(asked, as_a_page),
        'cold, with driving': _median(asked, whole_answer, before=_forget_crew),
    }
    companies.forget_places()
    asked = _questions(company)
    yield 'whole answer {day: [times]}', _median(asked, whole_answer)
    yield 'which days are open', _median(asked, open_days)
    yield 'best technician for a start', _median(asked, best_technician)
    yield 'cold: load, build, answer', _median(asked, whole_answer, before=_forget_crew)
    yield from driving.items()


def whole_answer(question: Question) -> object:
    return free_times.offered(question.wanted, first_day=question.first_day, last_day=question.last_day)


def open_days(question: Question) -> object:
    return free_times.open_days(question.wanted, first_day=question.first_day, last_day=question.last_day)


def best_technician(question: Question) -> object:
    return free_times.candidates(question.wanted, question.start)[0]


def as_a_page(question: Question) -> object:
    """With the right, and what the site and the service type ask, read afresh."""
    return offers.offered(
        question.site, question.service_type, first_day=question.first_day, last_day=question.last_day, by=SYSTEM
    )


def _questions(company: Company) -> list[Question]:
    """Of a long afternoon, in no order; each has something free."""
    chance, asked = Random(2), list[Question]()
    noon = datetime.combine(clock.today(settings.zone()), datetime.min.time(), settings.zone()) + timedelta(hours=12)
    while len(asked) < CALLS:
        now = noon + timedelta(seconds=chance.randrange(6 * 3600))
        site, service_type = chance.choice(company.sites), chance.choice(company.service_types)
        with _at(now):
            wanted, today = free_times.wanted(Site.get_by_id(site.id), service_type), clock.today(settings.zone())
            free = free_times.offered(wanted, first_day=today, last_day=today + timedelta(DAYS_AHEAD - 1))
        if free:
            start = chance.choice(chance.choice(list(free.values())))
            asked.append(
                Question(now=now, site=site, service_type=service_type, wanted=wanted, first_day=today, start=start)
            )
    return asked


def _median(questions: Sequence[Question], answer: Answer, before: Callable[[], object] = lambda: None) -> float:
    """Milliseconds of a call, once it was called for each; without `before`, what may be kept is kept."""
    taken = []
    for question in questions:
        with _at(question.now):
            before()
            began = time.process_time()  # other work beside counts little
            answer(question)
            taken.append(1000 * (time.process_time() - began))
    return statistics.median(taken)


@contextmanager
def _at(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


def _forget_crew() -> None:
    """Everything about everybody may have changed: nothing that is kept is of use."""
    with transaction():
        Technician.update(revision=Technician.revision + 1).execute()


if __name__ == '__main__':
    main()
