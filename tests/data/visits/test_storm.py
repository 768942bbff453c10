"""Whatever many want at once of few technicians: nobody is at two places, nothing is lost, nobody is kept out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import figures
import pytest
import racers
from conftest import EmptyDatabase
from histories import disagreements
from makers import (
    make_account,
    make_business,
    make_dispatcher,
    make_product,
    make_service_type,
    make_technician,
    signed_in,
)
from people import TESS, TOM, Person
from racers import Racer, overlaps
from racing import ForgetTheLock, Leave, Open
from storming import Acted, AskTwice, Company, Storm

from data.access import settings
from data.access.roles import Role
from data.base import clock
from data.base.changes import ChangeRow
from data.messages.outbox import Message
from data.visits.booking_table import Booking

PROCESSES = 8
HOUSEHOLDS = 12
DAYS = 20
STORM_SECONDS = 600
MOST_BUSY = 0.001  # of all acts: 64 threads write without a rest, and whoever waits for five seconds is told so
TED = Person('Ted Vance', 'ted@alder.example')

# what somebody may be told; nothing else may come of an act, and least of all a word about the database
TOLD = {
    'book': {'SlotTaken'},
    'move': {'SlotTaken', 'BookingHasChanged', 'IsOver', 'OnTheWay', 'WorkHasBegun', 'CutOffPassed'},
    'cancel': {'BookingHasChanged', 'IsOver', 'OnTheWay', 'WorkHasBegun', 'CutOffPassed'},
    'undo': {'BookingHasChanged', 'TimeGone', 'TechnicianStillAtWork', 'TechnicianStillDriving'},
    'step': {
        'BookingHasChanged',
        'NotFound',  # it is another technician's by now
        'StillAtWork',
        'StillDriving',
        'TechnicianStillAtWork',
        'TechnicianStillDriving',
    },
}
TAKEN = {'SlotTaken', 'TimeGone'}
STORMS = 8  # at most, until one without guard and lock goes wrong
BUSY = 'DatabaseBusy'


@pytest.fixture(scope='module')
def long_lived() -> Iterator[list[Racer]]:
    with racers.running() as stable:
        yield [stable.racer() for _ in range(PROCESSES)]


@dataclass(frozen=True)
class Town:
    """The company, and the processes in which its people sit."""

    racers: list[Racer]
    company: Company
    url: str

    def storm(self, acts: int, *, processes: int, threads: int) -> list[Acted]:
        share = acts // processes
        for number, racer in enumerate(self.racers[:processes]):
            racer.send(Storm(self.company, range(number * share, (number + 1) * share), threads))
        return [acted for racer in self.racers[:processes] for acted in racer.answer(STORM_SECONDS)]


@pytest.fixture
def town(database: EmptyDatabase, long_lived: list[Racer]) -> Iterator[Town]:
    make_business()
    product = make_product()
    accounts = [make_account(person, Role.TECHNICIAN) for person in (TOM, TESS, TED)]
    technicians = [make_technician(Person(each.name, each.email), account=each) for each in accounts]
    households = racers.make_households(HOUSEHOLDS, product)
    company = Company(
        households={each.customer.id: (each, each.actor) for each in households},
        technicians={row.id: signed_in(account) for row, account in zip(technicians, accounts, strict=True)},
        dispatcher=signed_in(make_dispatcher()),
        services=[
            make_service_type(product, minutes=90),
            make_service_type(product, minutes=60, set_up_minutes=10, clean_up_minutes=5),
            make_service_type(product, minutes=150, granularity_minutes=15),
        ],
        first_day=clock.today(settings.zone()) + timedelta(2),
        days=DAYS,
    )
    for racer in long_lived:
        racer.tell(Open(database.url, database.data))
    yield Town(long_lived, company, database.url)
    for racer in long_lived:
        racer.tell(Leave())


def test_in_a_small_storm_nothing_collides_vanishes_or_fails(town: Town) -> None:
    assert_sound(town, town.storm(300, processes=2, threads=4))


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_of_ten_thousand_acts_of_eight_processes_with_eight_threads_none_collides_vanishes_or_fails(
    town: Town, database: EmptyDatabase
) -> None:
    began = clock.now()
    acted = town.storm(10_000, processes=PROCESSES, threads=8)
    seconds = (clock.now() - began).total_seconds()

    assert len(acted) == 10_000
    assert_sound(town, acted)
    assert taken(acted) >= len(acted) / 10
    keep_figures(database.engine, acted, seconds)


def test_without_guard_and_lock_the_storm_shows_it(town: Town, database: EmptyDatabase) -> None:
    """Else the tests above could not fail. SQLite itself refuses to write upon what was read before another wrote."""
    racers.drop_the_guard()
    for racer in town.racers:
        racer.tell(ForgetTheLock())
    for _ in range(STORMS):
        acted = town.storm(300, processes=2, threads=4)
        is_locked_out = any(each.is_wrong and 'database is locked' in each.end for each in acted)
        if is_locked_out if database.engine == 'sqlite' else overlaps():
            return
    raise AssertionError('nothing went wrong')


def assert_sound(town: Town, acted: Sequence[Acted]) -> None:
    told = {(each.act, each.end) for each in acted if each.end not in {'done', BUSY}}
    assert told <= {(act, end) for act, ends in TOLD.items() for end in ends}
    assert not [each for each in acted if each.is_wrong]
    assert sum(each.end == BUSY for each in acted) <= len(acted) * MOST_BUSY
    assert overlaps() == []
    assert disagreements(Counter(each.booking_id for each in acted if each.end == 'done' and each.booking_id)) == []
    made = Counter(each.act for each in acted if each.end == 'done')['book']
    confirmed = Message.wording == 'booking_confirmed'
    assert Booking.select().count() == Message.select().where(confirmed).count() == made
    assert ChangeRow.select().where(ChangeRow.kind == 'BookingMade').count() == made
    assert_rosters_are_right(town)


def assert_rosters_are_right(town: Town) -> None:
    """What each process has kept by now gives the answer of one that has read nothing yet, and all give the same."""
    told = [racer.tell(AskTwice(town.company, town.url)) for racer in town.racers]
    true = town.company.answers()
    assert all(kept == fresh == true for kept, fresh in told)
    assert any(starts for offer in true for starts in offer.values())


def taken(acted: Sequence[Acted]) -> int:
    return sum(each.end in TAKEN for each in acted)


def keep_figures(engine: str, acted: Sequence[Acted], seconds: float) -> None:
    waited = sorted(each.seconds for each in acted)
    ends = Counter(each.end for each in acted)
    others = {end: count for end, count in ends.most_common() if end not in {'done', BUSY, *TAKEN}}
    head = (
        'acts',
        'done',
        'refused as taken',
        'DatabaseBusy',
        'other errors',
        'overlaps',
        'seconds',
        'median',
        'longest',
    )
    row = (
        len(acted),
        ends['done'],
        taken(acted),
        ends[BUSY],
        sum(each.is_wrong for each in acted),
        len(overlaps()),
        f'{seconds:.0f}',
        f'{waited[len(waited) // 2]:.2f} s',
        f'{waited[-1]:.2f} s',
    )
    kinds = Counter(each.act for each in acted)
    figures.write(
        f'storm-{engine}',
        title=f'{PROCESSES} processes of 8 threads book, move, cancel, undo and work, on {figures.ENGINES[engine]}',
        command='pytest -m prove tests/data/visits/test_storm.py',
        lines=[
            *figures.table(head, row),
            '',
            f'Tried: {", ".join(f"{count} {act}" for act, count in kinds.most_common())}.',
            f'Told otherwise: {", ".join(f"{count} {end}" for end, count in others.items())}.',
        ],
    )
