"""What technicians can do and where they are sent: replaced as a whole, kept in history, heeded by the next offer."""

import json
from collections.abc import Callable

import makers
import pytest
from people import TESS, TOM

from data.access import accounts
from data.access.roles import Role
from data.base.actor import SYSTEM
from data.base.changes import ChangeRow
from data.base.refusals import InvalidInput, NotFound, WrongInput
from data.base.words import Words
from data.crew import calendars, technicians
from data.crew.technicians import AlreadyTechnician, Technician
from data.offer import territories
from data.people.customers import Site

pytestmark = pytest.mark.usefixtures('database')

CHICAGO = (41.88, -87.63)


def history(kind: str) -> tuple[object, object]:
    """What was before and after the latest change of this kind."""
    row = ChangeRow.select().where(ChangeRow.kind == kind).order_by(ChangeRow.id.desc())[0]
    return json.loads(row.before), json.loads(row.after)


def test_new_skills_take_the_place_of_the_old_and_both_stand_in_history() -> None:
    gas, oil, lift = (makers.make_skill(name) for name in ('Gas', 'Oil', 'Lift'))
    tom = makers.make_technician(skills={gas: 2, oil: 1})

    technicians.give_skills(tom, {oil: 3, lift: 1}, by=SYSTEM)

    assert technicians.skills_of(tom) == {oil.id: 3, lift.id: 1}
    assert history('SkillsGiven') == (
        {'skills': {str(gas.id): 2, str(oil.id): 1}},
        {'skills': {str(oil.id): 3, str(lift.id): 1}},
    )


def test_skills_of_one_technician_are_not_those_of_another() -> None:
    gas = makers.make_skill()
    tom, tess = makers.make_technician(skills={gas: 1}), makers.make_technician(TESS)

    technicians.give_skills(tess, {gas: 2}, by=SYSTEM)
    technicians.give_skills(tom, {}, by=SYSTEM)

    assert (technicians.skills_of(tom), technicians.skills_of(tess)) == ({}, {gas.id: 2})


def test_a_level_below_the_least_is_refused_and_the_old_skills_stay() -> None:
    gas = makers.make_skill()
    tom = makers.make_technician(skills={gas: 2})

    with pytest.raises(WrongInput) as wrong:
        technicians.give_skills(tom, {gas: 0}, by=SYSTEM)

    assert Words().refusal(wrong.value) == 'Please enter a number from 1 to 10.'
    assert technicians.skills_of(tom) == {gas.id: 2}


def test_new_territories_take_the_place_of_the_old_and_one_named_twice_counts_once() -> None:
    north, south, west = (makers.make_territory(name) for name in ('North', 'South', 'West'))
    tom = makers.make_technician(territories=[north])

    technicians.set_territories(tom, [south, west, south], by=SYSTEM)

    assert technicians.territories_of(tom) == {south.id, west.id}
    assert history('TerritoriesSet') == ({'territories': [north.id]}, {'territories': [south.id, west.id]})


def test_nobody_is_sent_to_a_territory_that_has_ended() -> None:
    north, gone = makers.make_territory('North'), makers.make_territory('Gone')
    territories.end(gone, by=SYSTEM)
    tom = makers.make_technician(territories=[north])

    with pytest.raises(NotFound):
        technicians.set_territories(tom, [gone], by=SYSTEM)

    assert technicians.territories_of(tom) == {north.id}


def test_a_home_and_a_radius_are_set_and_taken_away() -> None:
    tom = makers.make_technician(home=CHICAGO, radius=30)
    assert (tom.home_lat, tom.home_lon, tom.radius_km) == (*CHICAGO, 30)

    technicians.set_home(tom, None, None, 0, by=SYSTEM)

    now = technicians.find(tom.id)
    assert (now.home_lat, now.home_lon, now.radius_km) == (None, None, 0)
    before, after = history('HomeSet')
    assert before == {'home_lat': 41.88, 'home_lon': -87.63, 'radius_km': 30}
    assert after == {'home_lat': None, 'home_lon': None, 'radius_km': 0}


NORTH, ASKED = 'Please enter a number from -90 to 90.', 'Please fill this in.'
EXAMPLE = 'Please enter a number such as 41.88.'
WRONG_HOMES: dict[str, tuple[tuple[float | None, float | None, float], dict[str, str]]] = {
    'beyond the pole': ((90.1, 0, 0), {'home_lat': NORTH}),
    'around the world': ((0, -180.1, 0), {'home_lon': 'Please enter a number from -180 to 180.'}),
    'nowhere': ((float('nan'), 0, 0), {'home_lat': EXAMPLE}),
    'without end': ((0, float('inf'), float('inf')), {'home_lon': EXAMPLE, 'radius_km': EXAMPLE}),
    'half a place': ((41.88, None, 0), {'home_lon': ASKED}),
    'the other half': ((None, -87.63, 0), {'home_lat': ASKED}),
    'a negative radius': ((*CHICAGO, -1), {'radius_km': 'Please enter a number from 0 to 1000.'}),
    'a radius beyond all roads': ((*CHICAGO, 1001), {'radius_km': 'Please enter a number from 0 to 1000.'}),
}


@pytest.mark.parametrize(('home', 'sentences'), WRONG_HOMES.values(), ids=WRONG_HOMES)
def test_a_home_that_is_no_place_is_refused_with_a_sentence_for_each_field(
    home: tuple[float | None, float | None, float], sentences: dict[str, str]
) -> None:
    tom = makers.make_technician(home=CHICAGO)

    with pytest.raises(InvalidInput) as wrong:
        technicians.set_home(tom, *home, by=SYSTEM)

    assert {key: Words().refusal(each) for key, each in wrong.value.errors.items()} == sentences
    assert technicians.find(tom.id).home_lat == 41.88


def test_an_account_is_the_sign_in_of_one_technician_only() -> None:
    account = makers.make_account(TOM, Role.TECHNICIAN)
    makers.make_technician(account=account)

    with pytest.raises(AlreadyTechnician) as refused:
        makers.make_technician(TESS, account=account)

    assert Words().refusal(refused.value) == f'{TOM.name} is a technician already.'
    assert Technician.select().count() == 1


def test_whose_sign_in_it_becomes_gets_the_role() -> None:
    account = makers.make_account(TOM)

    makers.make_technician(account=account)

    assert accounts.roles_of(account.id) == {Role.TECHNICIAN}


RAISES: dict[str, Callable[[Technician], object]] = {
    'skills': lambda t: technicians.give_skills(t, {makers.make_skill(): 1}, by=SYSTEM),
    'territories': lambda t: technicians.set_territories(t, [makers.make_territory()], by=SYSTEM),
    'home': lambda t: technicians.set_home(t, *CHICAGO, 0, by=SYSTEM),
    'weekly hours': lambda t: calendars.set_week(t, {0: makers.WORKDAY}, by=SYSTEM),
}


@pytest.mark.parametrize('write', RAISES.values(), ids=RAISES)
def test_each_of_these_raises_the_revision_of_that_technician_alone(write: Callable[[Technician], object]) -> None:
    tom, tess = makers.make_technician(), makers.make_technician(TESS)

    write(tom)

    assert technicians.find(tom.id).revision > tom.revision
    assert technicians.find(tess.id).revision == tess.revision


def test_what_nobody_can_do_is_not_offered_and_what_somebody_learns_is() -> None:
    cast, gas = makers.make_cast(), makers.make_skill()
    kind = makers.make_service_type(cast.household.asset.product, skills={gas: 2})
    technicians.give_skills(cast.technician_row, {gas: 1}, by=SYSTEM)
    assert makers.free_starts(cast.household, kind) == []

    technicians.give_skills(cast.technician_row, {gas: 2}, by=SYSTEM)

    assert makers.free_starts(cast.household, kind) != []


def test_nobody_is_sent_beyond_their_territories_or_their_radius() -> None:
    cast, north = makers.make_cast(), makers.make_territory()
    site = cast.household.site
    Site.update(territory=north, lat=41.88, lon=-87.63).where(Site.id == site.id).execute()

    def is_served() -> bool:
        return makers.free_starts(cast.household, cast.service_type) != []

    assert not is_served()
    technicians.set_territories(cast.technician_row, [north], by=SYSTEM)
    assert is_served()
    technicians.set_home(cast.technician_row, 42.88, -87.63, 111, by=SYSTEM)  # a degree of latitude is 111.2 km
    assert not is_served()
    technicians.set_home(cast.technician_row, 42.88, -87.63, 112, by=SYSTEM)
    assert is_served()
