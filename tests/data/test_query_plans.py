"""What is asked all day finds its rows by an index, however many lie behind: by the engines' own plans, once they know
how much there is, in companies of bench/.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import makers
import postgres
import pytest
from people import TOM
from queries import Statement, captured

import main
from bench import companies, rush
from bench.companies import DAYS_AHEAD, LARGE, Size
from bench.rush import Press
from data.access import sessions, settings
from data.access.accounts import Account
from data.access.roles import Role
from data.base import clock, environment
from data.base.actor import Actor
from data.base.database import close_database, database, is_postgresql, open_database, transaction
from data.crew.technicians import Technician
from data.messages import deliveries, message_lists
from data.people import sites
from data.people.customers import Contact
from data.visits import booking_lists, bookings, corrections, free_times, offers
from data.visits.booking_table import Booking

BIG = {
    'accounts',
    'assets',
    'bookings',
    'changes',
    'contacts',
    'customers',
    'form_keys',
    'messages',
    'sessions',
    'sites',
}
# big enough for a planner, and made in seconds
BIG_ENOUGH = Size(technicians=20, bookings=30_000, ahead=5_000, customers=6_000)
ROSTER = 'FROM bookings b JOIN sites s'  # some hundred sites at once: PostgreSQL reads them all, and is right
SOURCE = re.compile(r'\b(?:FROM|JOIN|UPDATE|INTO)\s+"?(\w+)"?(?:\s+(?:AS\s+)?"?(?!SET|WHERE|ON|JOIN|LEFT)(\w+)"?)?')

Scenes = Mapping[str, Callable[[], object]]


@pytest.fixture(params=['sqlite', 'postgresql'])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """With a database of its own, as one of the pool would be slow from then on."""
    make = _on_sqlite if request.param == 'sqlite' else _on_postgresql
    environment.load(data=tmp_path, database_url=make(request, tmp_path))
    open_database(environment.current().database)
    main.wire()
    yield
    close_database()


@pytest.mark.usefixtures('engine')
@pytest.mark.parametrize('size', [BIG_ENOUGH, pytest.param(LARGE, marks=pytest.mark.prove)], ids=['big', 'large'])
def test_no_query_of_the_day_looks_at_every_row(size: Size) -> None:
    companies.make(size)

    ran = {name: _run(scene) for name, scene in _scenes().items()}

    assert all(ran.values())
    steps = {
        f'{name}: {step} in {statement.sql}'
        for name, statements in ran.items()
        for statement in statements
        for step in _wide_steps(statement)
    }
    assert steps == set(), '\n'.join(sorted(steps))


def _run(scene: Callable[[], object]) -> list[Statement]:
    with captured() as statements:
        scene()
    return statements


def _scenes() -> Scenes:
    """What customers, staff and the mail worker do all day, in this order."""
    first, second, third = rush.presses(Random(5), 3)
    cleo = makers.signed_in(makers.make_dispatcher())
    made = _booked(first), _booked(second)
    tenant = _tenant(third)
    tom, day = _technician(), clock.today(settings.zone())
    token = sessions.begin(Account.get_by_id(first.by.account_id), browser='Test')
    return {
        'a page is opened': lambda: sessions.find(token),
        'free times': lambda: _offer(third),
        'free times after a booking': lambda: (_booked(third), _offer(first)),
        'a start of free times': lambda: free_times.nearby(_wanted(first), first.wish.starts_at.date()),
        'a site without a place': lambda: (sites.unpin(first.wish.site, by=cleo), _offer(first)),
        'move': lambda: _moved(made[0], by=cleo),
        'cancel, undo': lambda: _there_and_back(made[1], by=cleo),
        "a customer's home": lambda: booking_lists.home(by=first.by),
        "a tenant's home": lambda: booking_lists.home(by=tenant),
        "the staff's list": lambda: booking_lists.coming(by=cleo),
        'a day of all': lambda: booking_lists.of_day(day, with_canceled=True, by=cleo),
        "a technician's day": lambda: booking_lists.of_technician(day, by=tom),
        'what nobody confirmed': lambda: booking_lists.not_confirmed(by=cleo),
        "a customer's bookings": lambda: booking_lists.of_customer(first.wish.site.customer, by=cleo),
        'history': lambda: booking_lists.history(made[0], by=cleo),
        'the mail worker': _carry_messages,
        'what is stuck': lambda: message_lists.stuck(by=cleo),
    }


def _technician() -> Actor:
    """One with a diary, who can sign in."""
    account = makers.make_account(TOM, Role.TECHNICIAN)
    Technician.update(account=account).where(Technician.id == 1).execute()
    return makers.signed_in(account)


def _tenant(press: Press) -> Actor:
    """Of two customers, and of one only for their own bookings."""
    contact = press.wish.contact
    with transaction():
        other = Contact.get((Contact.customer != contact.customer_id) & Contact.account.is_null())
        Contact.update(account=contact.account_id, is_own_only=True).where(Contact.id == other.id).execute()
    return press.by


def _booked(press: Press) -> Booking:
    return bookings.book(press.wish, by=press.by, key=press.key)


def _wanted(press: Press) -> Any:
    return free_times.wanted(press.wish.site, press.wish.service_type)


def _offer(press: Press) -> object:
    today = clock.today(settings.zone())
    last_day = today + timedelta(DAYS_AHEAD - 1)
    wish = press.wish
    return offers.offered(
        wish.site, wish.service_type, first_day=today, last_day=last_day, asset=wish.asset, by=press.by
    )


def _moved(booking: Booking, *, by: Actor) -> Booking:
    today, now = clock.today(settings.zone()), Booking.get_by_id(booking.id)
    offer = offers.offered_again(now, first_day=today, last_day=today + timedelta(DAYS_AHEAD - 1), by=by)
    return bookings.move(now, next(iter(offer.values()))[0], by=by, key='move')


def _there_and_back(booking: Booking, *, by: Actor) -> Booking:
    return corrections.undo(bookings.cancel(Booking.get_by_id(booking.id), by=by), by=by)


def _carry_messages() -> None:
    deliveries.sort(has_carrier=True)
    taken = deliveries.claim('worker', most=4)
    assert len(taken) >= 2
    deliveries.next_due()
    deliveries.settle_sent(taken[0], subject='Confirmed', text='See you then.')
    deliveries.put_off(taken[1], 'Try again.')


def _wide_steps(statement: Statement) -> list[str]:
    """The steps of its plan that look at all of a big table."""
    return _wide_on_postgresql(statement) if is_postgresql() else _wide_on_sqlite(statement)


def _wide_on_sqlite(statement: Statement) -> list[str]:
    plan = database.execute_sql(f'EXPLAIN QUERY PLAN {statement.sql}', statement.params)
    tables = {alias or table: table for table, alias in SOURCE.findall(statement.sql)}
    steps = [row[3] for row in plan.fetchall() if row[3].startswith('SCAN')]
    return [step for step in steps if tables.get(step.split()[1], step.split()[1]) in BIG]


def _wide_on_postgresql(statement: Statement) -> list[str]:
    (plan,) = database.execute_sql(f'EXPLAIN (FORMAT JSON) {statement.sql}', statement.params).fetchone()
    found = plan if isinstance(plan, list) else json.loads(plan)
    nodes = [node for each in found for node in _nodes(each['Plan'])]
    known = {'sites'} if ROSTER in statement.sql else set()
    return [f'Seq Scan of {table}' for kind, table in nodes if kind == 'Seq Scan' and table in BIG - known]


def _nodes(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield plan['Node Type'], plan.get('Relation Name', '')
    for below in plan.get('Plans', ()):
        yield from _nodes(below)


def _on_sqlite(request: pytest.FixtureRequest, folder: Path) -> str:
    shutil.copy(request.getfixturevalue('sqlite_template'), folder / 'doorstep.db')
    return f'sqlite:///{folder / "doorstep.db"}'


def _on_postgresql(request: pytest.FixtureRequest, folder: Path) -> str:
    server: postgres.Server = request.getfixturevalue('postgresql_server')
    name = server.create(template=request.getfixturevalue('postgresql_template'))
    request.addfinalizer(lambda: server.drop(name))
    return server.url(name)
