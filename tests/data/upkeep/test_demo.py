"""The example company: filled by real commands, once, without a letter to anybody."""

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from conftest import EmptyDatabase

from data.access import accounts, sessions, settings
from data.access.roles import Role
from data.base import clock, tokens
from data.base.actor import SYSTEM
from data.base.refusals import InvalidInput
from data.base.tokens import LinkInvalid
from data.crew import closed_days, technicians
from data.crew.calendars import DateOverride, TimeOff
from data.messages import deliveries
from data.messages.outbox import Message, MessageState
from data.people import customers
from data.people.customers import Customer, Site
from data.people.invitations import Invitation
from data.upkeep import demo, owner_links, set_up
from data.visits import booking_lists, reasons
from data.visits.booking_table import Booking
from data.visits.free_times import wanted_again
from data.visits.reasons import LacksSkills, Question
from data.visits.states import State

TEN_IN_THE_MORNING = datetime(2026, 11, 18, 16, 10, tzinfo=UTC)  # a Wednesday in Chicago
AT_NIGHT = datetime(2026, 11, 19, 6, 10, tzinfo=UTC)
OLGA = {'name': 'Olga Winter', 'email': 'olga@alder.example', 'password': 'seven alder leaves in May'}


def test_an_empty_house_is_filled_within_seconds(database: EmptyDatabase) -> None:
    begun = time.monotonic()
    demo.ensure()
    assert time.monotonic() - begun < 10
    assert settings.read('business.name') == 'Northwind Heating & Cooling'
    assert Customer.select().count() == 8
    assert Booking.select().count() >= 20
    assert [invitation.is_open for invitation in Invitation.select()] == [True]


def test_its_crew_differs_in_skills_territories_and_absences(database: EmptyDatabase) -> None:
    with time_machine.travel(TEN_IN_THE_MORNING, tick=False):
        demo.ensure()
    crew = technicians.live()
    assert len({tuple(technicians.skills_of(each).items()) for each in crew}) == 3
    assert {len(technicians.territories_of(each)) for each in crew} == {1, 2}
    assert all(each.home_lat for each in crew)
    assert Site.select().where(Site.lat.is_null() | Site.territory.is_null()).count() == 0
    assert (TimeOff.select().count(), DateOverride.select().count()) == (2, 1)
    today = TEN_IN_THE_MORNING.date()
    closed = {row.name for row in closed_days.between(today, today + timedelta(365))}
    assert {'Thanksgiving Day', 'Christmas Day'} < closed


def test_its_visits_are_in_every_state_that_the_time_of_day_allows(database: EmptyDatabase) -> None:
    with time_machine.travel(TEN_IN_THE_MORNING, tick=False):
        demo.ensure()
        assert [row.customer.name for row in booking_lists.not_confirmed(by=SYSTEM)] == ['Brandt']
    rows = list(Booking.select().order_by(Booking.starts_at))
    assert {row.state for row in rows} == set(State) - {State.ON_BREAK}
    assert {row.cancel_reason for row in rows} == {None, 'customer', 'business', 'nobody there'}
    done = [row for row in rows if row.state == State.COMPLETED]
    assert [row.ends_at - row.blocks_until for row in done] == [timedelta(minutes=minutes) for minutes in (20, 25, 0)]
    assert any(row.override_reason for row in rows if row.starts_at > TEN_IN_THE_MORNING and row.state == 'scheduled')


def test_at_night_nobody_of_it_is_under_way(database: EmptyDatabase) -> None:
    with time_machine.travel(AT_NIGHT, tick=False):
        demo.ensure()
    assert {row.state for row in Booking.select()} == {State.SCHEDULED, State.COMPLETED, State.CANCELED}


def test_at_one_time_it_is_always_the_same(database: EmptyDatabase) -> None:
    with time_machine.travel(TEN_IN_THE_MORNING, tick=False):
        demo.ensure()
    under_way = Booking.select().where(Booking.state.in_((State.IN_PROGRESS, State.TRAVELING))).order_by(Booking.id)
    assert [(row.customer.name, row.technician.name, f'{row.starts_at:%H:%M}') for row in under_way] == [
        ('Nakamura', 'Marco Reyes', '15:30'),
        ('Khoury', 'Sam Okafor', '16:30'),
    ]
    first = Booking.select().where(Booking.starts_at > AT_NIGHT).order_by(Booking.starts_at).first()
    assert (first.technician.name, first.starts_at) == ('Lena Fischer', datetime(2026, 11, 19, 13, 30, tzinfo=UTC))


def test_staff_see_why_not_everybody_can_do_everything(database: EmptyDatabase) -> None:
    with time_machine.travel(TEN_IN_THE_MORNING, tick=False):
        demo.ensure()
        repair = Booking.get((Booking.service_name == 'Boiler repair') & (Booking.state == State.SCHEDULED))
        sam = next(each for each in technicians.live() if each.name == 'Sam Okafor')
        day = repair.starts_at.date()
        found = reasons.why_not(Question(wanted=wanted_again(repair), day=day, technician=sam), by=SYSTEM)
    assert [type(reason) for reason in found] == [LacksSkills]


def test_its_people_sign_in_with_what_is_printed(database: EmptyDatabase) -> None:
    printed = [line.split() for line in demo.ensure()]
    told = {line[0]: line[1:] for line in printed if len(line) == 3}
    assert set(told) == {'owner', 'dispatcher', 'customer'}
    actors = {}
    for role, (email, password) in told.items():
        session = sessions.find(sessions.sign_in(email, password, browser='Test'))
        assert session is not None
        actors[role] = sessions.actor_of(session)
    assert [role for role, actor in actors.items() if customers.own_contacts(actor)] == ['customer']


def test_a_second_start_leaves_it_and_prints_a_link_for_the_owner(database: EmptyDatabase) -> None:
    demo.ensure()
    (line,) = demo.ensure()
    assert Customer.select().count() == 8
    token = sessions.find(owner_links.sign_in(line.rpartition('/')[2], browser='Test'))
    assert token is not None
    assert Role.OWNER in accounts.roles_of(token.account_id)


def test_none_of_its_messages_leaves_the_house(database: EmptyDatabase) -> None:
    demo.ensure()
    deliveries.sort(has_carrier=True)
    assert deliveries.claim('worker', most=100) == []
    ahead, over = (
        Booking.starts_at > clock.now(),
        Message.state == MessageState.DROPPED,
    )  # a confirmation of what is past
    assert Message.select().where(~over).count() == Booking.select().where(ahead).count() + 1  # and the invitation
    assert {message.state for message in Message.select()} == {MessageState.HELD, MessageState.DROPPED}
    assert all(str(message.to_address).endswith('@example.com') for message in Message.select())


def test_an_owner_fills_it_by_the_set_up_link(database: EmptyDatabase) -> None:
    link_token = set_up.first_link()
    assert link_token is not None
    session = sessions.find(demo.set_up(link_token, OLGA, browser='Test'))
    assert session is not None
    assert session.account.email == OLGA['email']
    assert Booking.select().count() >= 20
    with pytest.raises(sessions.SignInFailed):  # nobody invented has the owner's password
        sessions.sign_in('amira@example.com', OLGA['password'], browser='Test')
    with pytest.raises(LinkInvalid):
        demo.set_up(link_token, OLGA, browser='Test')


def test_a_refused_owner_leaves_an_empty_house_and_an_open_link(database: EmptyDatabase) -> None:
    link_token = set_up.first_link()
    assert link_token is not None
    with pytest.raises(InvalidInput):
        demo.set_up(link_token, OLGA | {'password': 'password1'}, browser='Test')
    with pytest.raises(accounts.EmailTaken):  # the invented customer's own address
        demo.set_up(link_token, OLGA | {'email': 'amira@example.com'}, browser='Test')
    assert not Customer.select().exists()
    tokens.look_up(tokens.Purpose.SET_UP, link_token)
