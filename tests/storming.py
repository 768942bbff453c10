"""What a racer does in a storm: its threads are customers, dispatcher and technicians of one small company, at once."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from random import Random
from typing import Any

from makers import Household
from region import another_process

from data.access import settings
from data.base import clock
from data.base.actor import Actor
from data.base.database import own_connection
from data.base.refusals import Refusal
from data.offer.service_types import ServiceType
from data.visits import booking_steps, bookings, corrections, free_times, offers
from data.visits.booking_table import Booking
from data.visits.states import OVER, Reason, State
from data.visits.wishes import Wish

MINUTE = timedelta(minutes=1)
LATEST = 40  # of those that are over, among which somebody takes one back

Offer = dict[date, list[datetime]]
Press = tuple[int | None, Callable[[], Booking]]  # the booking that the page shows, and what its button does


@dataclass(frozen=True, kw_only=True)
class Company:
    """Who acts, and when something can be booked."""

    households: Mapping[int, tuple[Household, Actor]]  # by customer
    technicians: Mapping[int, Actor]
    dispatcher: Actor
    services: Sequence[ServiceType]
    first_day: date
    days: int

    def some_day(self, chance: Random) -> date:
        return self.first_day + timedelta(chance.randrange(self.days))

    def who_may(self, booking: Booking, chance: Random) -> Actor:
        """Half of all is done by the customer."""
        return chance.choice([self.dispatcher, self.households[booking.customer_id][1]])

    def answers(self) -> list[Offer]:
        site = next(iter(self.households.values()))[0].site
        last_day = self.first_day + timedelta(self.days)
        return [
            free_times.offered(free_times.wanted(site, service), first_day=self.first_day, last_day=last_day)
            for service in self.services
        ]


@dataclass(frozen=True, kw_only=True)
class Acted:
    """One act of a storm. `end` is 'done', the name of the refusal, or what went wrong, which `is_wrong` says."""

    act: str
    booking_id: int | None
    end: str
    seconds: float
    is_wrong: bool = False


@dataclass(frozen=True)
class Storm:
    """The order to do the acts of these numbers in so many threads, each with a connection of its own."""

    company: Company
    numbers: range
    threads: int

    def __call__(self) -> list[Acted]:
        left = iter(self.numbers)
        with ThreadPoolExecutor(self.threads) as pool:
            working = [pool.submit(_worked, self.company, left) for _ in range(self.threads)]
            return [acted for each in working for acted in each.result()]


@dataclass(frozen=True)
class AskTwice:
    """The order to tell what is offered by the rosters that this process has kept, and by those read afresh."""

    company: Company
    url: str

    def __call__(self) -> tuple[list[Offer], list[Offer]]:
        kept = self.company.answers()
        with another_process(self.url):
            return kept, self.company.answers()


def _worked(company: Company, left: Iterator[int]) -> list[Acted]:
    with own_connection():
        return [_acted(company, number) for number in left]


def _acted(company: Company, number: int) -> Acted:
    chance = Random(number)
    act = chance.choices(list(ACTS), [weight for weight, _ in ACTS.values()])[0]
    began, booking_id, is_wrong = time.perf_counter(), None, False
    try:
        shown = ACTS[act][1](company, chance, number)
        if shown is None:  # no page has such a button yet
            act, shown = 'book', _book(company, chance, number)
        booking_id, press = shown
        began = time.perf_counter()
        booking_id, end = press().id, 'done'
    except Refusal as told:
        end = type(told).__name__
    except Exception as failure:  # noqa: BLE001  # whatever it is, the test tells
        end, is_wrong = f'{type(failure).__name__}: {failure}', True
    return Acted(act=act, booking_id=booking_id, end=end, seconds=time.perf_counter() - began, is_wrong=is_wrong)


def _book(company: Company, chance: Random, number: int) -> Press:
    household, customer = chance.choice(list(company.households.values()))
    by, service = chance.choice([customer, customer, company.dispatcher]), chance.choice(company.services)
    day = company.some_day(chance)
    offer = offers.offered(household.site, service, first_day=day, last_day=day, asset=household.asset, by=by)
    start = _some_start(chance, day, offer)
    wish = Wish(
        contact=household.contact, site=household.site, asset=household.asset, service_type=service, starts_at=start
    )
    return None, lambda: bookings.book(wish, by=by, key=f'press {number}')


def _move(company: Company, chance: Random, number: int) -> Press | None:
    seen = _some_booking(chance, Booking.state == State.SCHEDULED)
    if seen is None:
        return None
    by, day = company.who_may(seen, chance), company.some_day(chance)
    offer = offers.offered_again(seen, first_day=day, last_day=day, by=by)
    start = _some_start(chance, day, offer)
    if start == seen.starts_at:
        return None
    return seen.id, lambda: bookings.move(seen, start, by=by, key=f'press {number}')


def _cancel(company: Company, chance: Random, number: int) -> Press | None:
    seen = _some_booking(chance, Booking.state == State.SCHEDULED)
    if seen is None:
        return None
    return seen.id, lambda: bookings.cancel(seen, Reason.CUSTOMER, by=company.who_may(seen, chance))


def _undo(company: Company, chance: Random, number: int) -> Press | None:
    seen = _some_booking(chance, Booking.state.in_(OVER) & (Booking.left_at > clock.now() - 5 * MINUTE))
    return None if seen is None else (seen.id, lambda: corrections.undo(seen, by=company.dispatcher))


def _step(company: Company, chance: Random, number: int) -> Press | None:
    """Those who are under way are shown first, so that a technician comes to an end."""
    under_way = Booking.state.not_in([State.SCHEDULED, *OVER])
    seen = _some_booking(chance, under_way) if chance.random() < 0.6 else None
    seen = seen or _some_booking(chance, Booking.state == State.SCHEDULED)
    if seen is None:
        return None
    by = chance.choice([company.dispatcher, company.technicians[seen.technician_id]])
    targets = [step.target for step in booking_steps.possible(seen, by=by) if step.target != State.CANCELED]
    if not targets:
        return None
    target = chance.choice(targets)
    return seen.id, lambda: booking_steps.advance(seen, target, by=by)


def _some_booking(chance: Random, those: Any) -> Booking | None:
    found = list(Booking.select(Booking.id).where(those).order_by(Booking.id.desc()).limit(LATEST))
    return Booking.get_by_id(chance.choice(found).id) if found else None


def _some_start(chance: Random, day: date, offer: Offer) -> datetime:
    """What the page offers; of a page that was opened long ago, any half hour of that day."""
    starts = offer.get(day)
    if starts and chance.random() < 0.6:
        return chance.choice(starts)
    return datetime.combine(day, time_of_day(8), settings.zone()) + chance.randrange(0, 9 * 60, 30) * MINUTE


ACTS: dict[str, tuple[int, Callable[[Company, Random, int], Press | None]]] = {
    'book': (40, _book),
    'move': (25, _move),
    'cancel': (15, _cancel),
    'undo': (8, _undo),
    'step': (12, _step),
}
