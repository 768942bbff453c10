"""The example company's visits in every state, by staff's own commands: past ones, one under way, and what comes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from data.access import settings
from data.base import clock
from data.base.actor import SYSTEM
from data.crew import technicians
from data.crew.technicians import Technician
from data.people import assets, customers
from data.people.assets import Asset
from data.people.customers import Contact
from data.upkeep.example_company import (
    ADVICE,
    BOILER_REPAIR,
    CHECK,
    COOLING_REPAIR,
    FILTERS,
    INSPECTION,
    SAM,
    Company,
)
from data.visits import booking_steps, bookings, corrections, free_times, offers, statuses
from data.visits.booking_table import Booking
from data.visits.rules import ALL_RULES, Rule
from data.visits.states import Reason, State
from data.visits.wishes import Wish

BOOKED_DAYS = 14
BUT_NOTICE = ALL_RULES - {Rule.LEAST_NOTICE, Rule.LEAST_DAYS}  # what is past or about to begin could have been booked
MINUTE, DAY = timedelta(minutes=1), timedelta(1)
HALF_AN_HOUR = 30 * MINUTE
CALLED = 'Agreed on the phone, entered afterwards.'
CALLED_TODAY = 'Called this morning; we had time.'


@dataclass(frozen=True)
class Job:
    """What is done for whom: the contact by e-mail, its thing and the service type by name."""

    email: str
    thing: str | None
    service: str
    comment: str | None = None


# which open day from now, how far into that day's free times
AHEAD = (
    (0, 0.2, Job('ifeoma@example.com', 'Mitsubishi MSZ-LN', FILTERS)),
    (0, 0.6, Job('grace@example.com', 'Daikin Perfera', COOLING_REPAIR, 'Drips on the front desk.')),
    (0, 0.9, Job('rafael@example.com', 'Bosch Compress 3400i', CHECK)),
    (1, 0.1, Job('amira@example.com', 'Daikin Altherma 3', CHECK)),
    (1, 0.4, Job('petra@example.com', 'Buderus GB172', BOILER_REPAIR, 'No hot water since this morning.')),
    (1, 0.7, Job('kenji@example.com', 'Worcester Greenstar 4000', INSPECTION)),
    (2, 0.3, Job('miriam@example.com', 'Nibe F2120', CHECK)),
    (2, 0.8, Job('jonas@example.com', 'Viessmann Vitodens 100', BOILER_REPAIR, 'It ticks when it heats up.')),
    (3, 0.2, Job('petra@example.com', 'Carrier Infinity 26', FILTERS)),
    (3, 0.5, Job('kenji@example.com', None, ADVICE, 'We think about a heat pump.')),
    (5, 0.4, Job('rafael@example.com', 'Bosch Compress 3400i', FILTERS)),
    (6, 0.6, Job('amira@example.com', 'Vaillant ecoTEC plus', INSPECTION, 'The gate code is 2580.')),
)
WAITING_FOR_PARTS = 7  # the place of one in AHEAD

# as AHEAD, with why it was canceled, what the customer reads and what they do not
CANCELED = (
    (4, 0.3, Job('amira@example.com', 'Daikin Altherma 3', FILTERS), Reason.CUSTOMER, 'We are away that day.', None),
    (
        4,
        0.6,
        Job('miriam@example.com', 'Nibe F2120', FILTERS),
        Reason.BUSINESS,
        'The filters have not arrived. We will call you.',
        'Supplier says two more weeks.',
    ),
)

# days ago, hour; then by how many minutes it began late, and how long it took
DONE = (
    (9, 9, Job('amira@example.com', 'Vaillant ecoTEC plus', INSPECTION), 4, 62),
    (6, 13, Job('petra@example.com', 'Carrier Infinity 26', FILTERS), -5, 40),
    (4, 10, Job('grace@example.com', 'Daikin Perfera', COOLING_REPAIR, 'It drips again.'), 11, 127),
)
NOBODY_THERE = (3, 10, Job('rafael@example.com', 'Bosch Compress 3400i', CHECK))
NOT_CONFIRMED = (2, 13, Job('jonas@example.com', 'Viessmann Vitodens 100', INSPECTION))

AT_WORK = Job('kenji@example.com', 'Worcester Greenstar 4000', BOILER_REPAIR, 'The heating is off since last night.')
ON_THE_WAY = Job('amira@example.com', 'Daikin Altherma 3', FILTERS, 'The light on the filter is on.')
AFTER_HOURS = Job('grace@example.com', 'Daikin Perfera', FILTERS)


def enter(company: Company) -> None:
    """In the caller's transaction."""
    for days_ago, hour, job, late, minutes in DONE:
        done = _past(company, job, days_ago, hour)
        began = done.starts_at + late * MINUTE
        corrections.settle(done, work_started_at=began, completed_at=began + minutes * MINUTE, by=SYSTEM)
    _found_nobody(_past(company, NOBODY_THERE[2], *NOBODY_THERE[:2]))
    _past(company, NOT_CONFIRMED[2], *NOT_CONFIRMED[:2])
    _under_way(company)
    _after_hours(company)
    ahead = [_ahead(company, job, open_day, share) for open_day, share, job in AHEAD]
    parts = {'state': State.SCHEDULED, 'name': 'Waiting for parts', 'color': '#8a5a00', 'is_shown_to_customers': False}
    booking_steps.set_status(ahead[WAITING_FOR_PARTS], statuses.add(parts, by=SYSTEM), by=SYSTEM)
    for open_day, share, job, reason, note, internal_note in CANCELED:
        off = _ahead(company, job, open_day, share)
        bookings.cancel(off, reason, by=SYSTEM, note=note, internal_note=internal_note)


def _ahead(company: Company, job: Job, open_day: int, share: float) -> Booking:
    """One of the times that its customer is offered."""
    wish = _wish(company, job, clock.now())
    today = clock.today(settings.zone())
    last = today + timedelta(BOOKED_DAYS)
    offer = offers.offered(wish.site, wish.service_type, first_day=today, last_day=last, by=SYSTEM)
    starts = list(offer.values())[open_day]
    return _book(_wish(company, job, starts[int(len(starts) * share)]))


def _past(company: Company, job: Job, days_ago: int, hour: int) -> Booking:
    """On the last day before, so many days ago, on which somebody could come at this hour."""
    day = clock.today(settings.zone()) - timedelta(days_ago)
    return next(filter(None, (_agreed(company, job, _at(day - each * DAY, hour), CALLED) for each in range(28))))


def _under_way(company: Company) -> None:
    """One visit that goes on and one to which somebody drives, if it is a time of day at which anybody works."""
    now = clock.now()
    last = _half_hour(now - HALF_AN_HOUR)
    if at_work := _agreed(company, AT_WORK, last, CALLED_TODAY):
        coming = booking_steps.advance(at_work, State.TRAVELING, by=SYSTEM, at=last - 17 * MINUTE)
        booking_steps.advance(coming, State.IN_PROGRESS, by=SYSTEM, at=last + 2 * MINUTE)
    if soon := _agreed(company, ON_THE_WAY, _half_hour(now + HALF_AN_HOUR + 10 * MINUTE), CALLED_TODAY):
        booking_steps.advance(soon, State.TRAVELING, by=SYSTEM)


def _found_nobody(booking: Booking) -> None:
    start = booking.starts_at
    coming = booking_steps.advance(booking, State.TRAVELING, by=SYSTEM, at=start - 20 * MINUTE)
    note = 'We rang and called. Please book another time.'
    bookings.cancel(coming, Reason.NOBODY_THERE, by=SYSTEM, note=note, at=start + 15 * MINUTE)


def _after_hours(company: Company) -> None:
    """Against the working hours of the technician whom staff choose, on one of their days."""
    sam = company.crew[SAM]
    today = clock.today(settings.zone())
    for day in (today + timedelta(days) for days in range(2, 30)):
        start = _at(day, 18)
        if day.weekday() in range(1, 5) and sam.id in _who(company, AFTER_HOURS, start, ALL_RULES - {Rule.HOURS}):
            _book(_wish(company, AFTER_HOURS, start, sam, 'They close at six; not while patients are there.'))
            return


def _agreed(company: Company, job: Job, start: datetime, reason: str) -> Booking | None:
    """With who should get it, at a start that customers are offered no more; None: nobody could come then."""
    able = _who(company, job, start, BUT_NOTICE)
    return _book(_wish(company, job, start, technicians.find(able[0]), reason)) if able else None


def _who(company: Company, job: Job, start: datetime, heeding: Iterable[Rule]) -> list[int]:
    wish = _wish(company, job, start)
    return free_times.candidates(free_times.wanted(wish.site, wish.service_type), start, heeding=frozenset(heeding))


def _book(wish: Wish) -> Booking:
    return bookings.book(wish, by=SYSTEM, key=f'example-{Booking.select().count()}')


def _wish(
    company: Company, job: Job, start: datetime, technician: Technician | None = None, override: str | None = None
) -> Wish:
    contact = company.contacts[job.email]
    return Wish(
        contact=contact,
        site=customers.sites(contact.customer, by=SYSTEM)[0],
        asset=_thing(contact, job.thing),
        service_type=company.services[job.service],
        starts_at=start,
        comment=job.comment,
        technician=technician,
        override=override,
    )


def _thing(contact: Contact, name: str | None) -> Asset | None:
    return next((asset for asset in assets.of_customer(contact.customer_id, by=SYSTEM) if asset.name == name), None)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), settings.zone())


def _half_hour(instant: datetime) -> datetime:
    """The last one, as the clocks of the example's zone show it."""
    return instant - timedelta(seconds=instant.timestamp() % HALF_AN_HOUR.total_seconds())
