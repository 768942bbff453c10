"""The first start: all of the business or nothing, once, by whoever has the operator's link."""

import threading
from datetime import date, timedelta

import makers
import pytest
import schema_reader
import time_machine
from people import OLGA, PASSWORD

from data.access import accounts, sessions, settings
from data.access.accounts import Account
from data.access.roles import Role
from data.base.database import database as connected
from data.base.database import own_connection
from data.base.fields import parse_form
from data.base.refusals import InvalidInput
from data.base.tokens import LinkInvalid
from data.crew.technicians import Technician
from data.offer.service_types import ServiceType
from data.upkeep import owner_links, set_up
from data.upkeep.set_up import AlreadySetUp

pytestmark = pytest.mark.usefixtures('database')

RAW = {
    'business.name': 'Alder Heating',
    'business.language': 'en',
    'business.country': 'US',
    'business.zone': 'America/Chicago',
    'business.phone': '+1 312 555 0100',
    'name': OLGA.name,
    'email': OLGA.email,
    'password': PASSWORD,
    'product': 'Boiler',
    'service': 'Annual inspection',
    'duration_minutes': '90',
    'technician': 'Tess Kowal',
    'weekdays': ['0', '1', '2', '3', '4'],
    'starts': '08:00',
    'ends': '17:00',
}


def link() -> str:
    token = set_up.first_link()
    assert token is not None
    return token


def begin(token: str, **values: object) -> str:
    return set_up.set_up(token, parse_form(set_up.SET_UP, {**RAW, **values}), browser='Firefox')


def everything() -> int:
    """Rows in all tables, but the links and the statuses that come with the database."""
    tables = [table for table in schema_reader.tables() if table not in {'tokens', 'statuses'}]
    query = 'SELECT count(*) FROM {}'
    return sum(connected.execute_sql(query.format(table)).fetchone()[0] for table in tables)


def test_the_owner_is_in_and_the_first_customer_can_be_offered_times() -> None:
    session = sessions.find(begin(link()))

    assert session is not None
    assert accounts.roles_of(session.account_id) == {Role.OWNER, Role.DISPATCHER}
    assert (session.account.email, session.account.email_confirmed_at is not None) == (OLGA.email, True)
    assert (settings.read('business.name'), settings.read('business.phone')) == ('Alder Heating', '+13125550100')
    with time_machine.travel('2030-05-06T12:00:00+00:00', tick=False):
        household = makers.make_customer()
        kind = ServiceType.get()
        starts = makers.free_starts(household, kind)
    assert {start.astimezone(settings.zone()).weekday() for start in starts} == {0, 1, 2, 3, 4}
    assert starts[0].date() == date(2030, 5, 6)


def test_an_owner_who_drives_is_the_technician_with_their_own_sign_in() -> None:
    session = sessions.find(begin(link(), technician=''))

    assert session is not None
    assert accounts.roles_of(session.account_id) == {Role.OWNER, Role.DISPATCHER, Role.TECHNICIAN}
    technician = Technician.get()
    assert (technician.name, technician.account_id) == (OLGA.name, session.account_id)


WRONG: dict[str, tuple[dict[str, object], str]] = {
    'a common password': ({'password': 'password1'}, 'password'),
    'hours that end before they start': ({'starts': '17:00', 'ends': '08:00'}, 'ends'),
}


@pytest.mark.parametrize(('values', 'field'), WRONG.values(), ids=WRONG)
def test_what_makes_no_sense_is_told_at_its_field_and_nothing_is_made(values: dict[str, object], field: str) -> None:
    token = link()

    with pytest.raises(InvalidInput) as wrong:
        begin(token, **values)

    assert set(wrong.value.errors) == {field}
    assert everything() == 0
    begin(token)


def test_what_fails_in_the_middle_leaves_nothing_and_the_link_works() -> None:
    token = link()
    values = parse_form(set_up.SET_UP, RAW) | {'duration_minutes': 7}  # past the form: the schema refuses it

    with pytest.raises(Exception, match=r'(?i)check'):
        set_up.set_up(token, values, browser='Firefox')

    assert everything() == 0
    begin(token)


def test_it_happens_once() -> None:
    token = link()
    begin(token)

    with pytest.raises(LinkInvalid):
        begin(token)
    with pytest.raises(LinkInvalid):
        set_up.check_link(token)
    assert set_up.first_link() is None


def test_a_link_that_is_still_open_makes_no_second_owner() -> None:
    token = link()
    makers.make_owner()

    with pytest.raises(AlreadySetUp):
        begin(token, email='eve@example.com')

    assert Account.select().count() == 1


def test_of_two_who_press_at_once_one_has_the_business() -> None:
    token, outcomes, barrier = link(), [], threading.Barrier(2)

    def press() -> None:
        with own_connection():
            barrier.wait(10)
            try:
                begin(token)
                outcomes.append('mine')
            except (LinkInvalid, AlreadySetUp):
                outcomes.append('no')

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ['mine', 'no']
    assert Account.select().count() == Technician.select().count() == 1


def test_each_start_makes_a_fresh_link_and_ends_the_earlier_one() -> None:
    old, new = link(), link()

    with pytest.raises(LinkInvalid):
        begin(old)
    begin(new)


def test_the_link_ends_after_a_week_and_another_start_gives_another() -> None:
    with time_machine.travel('2030-05-06T12:00:00+00:00', tick=False) as clock_of_test:
        token = link()
        clock_of_test.shift(timedelta(days=7))

        with pytest.raises(LinkInvalid):
            begin(token)
        begin(link())


def test_an_owner_who_lost_the_password_comes_in_by_the_operators_link_once() -> None:
    begin(link())
    token = owner_links.make()

    session = sessions.find(owner_links.sign_in(token, browser='Firefox'))

    assert session is not None
    assert session.account.email == OLGA.email
    with pytest.raises(LinkInvalid):
        owner_links.sign_in(token, browser='Firefox')


def test_a_set_up_link_is_no_owners_link_and_the_other_way_round() -> None:
    first = link()
    with pytest.raises(LinkInvalid):
        owner_links.sign_in(first, browser='Firefox')
    begin(first)

    with pytest.raises(LinkInvalid):
        set_up.check_link(owner_links.make())
