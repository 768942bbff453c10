"""Skills and territories: added, renamed by one editor at a time, ended only where nobody is left behind."""

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import makers
import pytest
from people import BRUNO

from data.base import clock
from data.base.actor import SYSTEM
from data.base.changes import ChangeRow
from data.base.refusals import ChangedMeanwhile, NotFound
from data.base.words import Words
from data.crew import technicians
from data.offer import service_types, skills, territories
from data.offer.service_types import ServiceType, StillAsked
from data.people.customers import Customer, Site, SitesInside

pytestmark = pytest.mark.usefixtures('database')

KINDS: dict[str, tuple[ModuleType, Callable[[str], Any]]] = {
    'a skill': (skills, makers.make_skill),
    'a territory': (territories, makers.make_territory),
}
each_kind = pytest.mark.parametrize(('module', 'make'), KINDS.values(), ids=KINDS)


@each_kind
def test_what_is_live_is_listed_by_name_and_found(module: ModuleType, make: Callable[[str], Any]) -> None:
    rows = [make(name) for name in ('oil', 'Gas', 'Solar')]
    module.end(rows[2], by=SYSTEM)

    assert [row.name for row in module.live()] == ['Gas', 'oil']
    assert module.find(rows[0].id) == rows[0]
    for number in (rows[2].id, 0, 10**6):
        with pytest.raises(NotFound):
            module.find(number)


@each_kind
def test_a_new_name_keeps_the_old_one_in_history(module: ModuleType, make: Callable[[str], Any]) -> None:
    row = make('Gas')

    renamed = module.rename(row, {'name': 'Gas and oil'}, version=1, by=SYSTEM)

    assert (renamed.name, renamed.version) == ('Gas and oil', 2)
    kept = ChangeRow.get(ChangeRow.kind.endswith('Renamed'))
    assert (json.loads(kept.before), json.loads(kept.after)) == ({'name': 'Gas'}, {'name': 'Gas and oil'})


@each_kind
def test_the_second_editor_of_a_name_is_told(module: ModuleType, make: Callable[[str], Any]) -> None:
    row = make('Gas')
    module.rename(row, {'name': 'Gas and oil'}, version=1, by=SYSTEM)

    with pytest.raises(ChangedMeanwhile):
        module.rename(row, {'name': 'Propane'}, version=1, by=SYSTEM)

    assert module.find(row.id).name == 'Gas and oil'


@each_kind
def test_what_has_ended_is_neither_renamed_nor_ended_again(module: ModuleType, make: Callable[[str], Any]) -> None:
    row = make('Gas')
    module.end(row, by=SYSTEM)

    with pytest.raises(NotFound):
        module.rename(row, {'name': 'Oil'}, version=1, by=SYSTEM)
    with pytest.raises(NotFound):
        module.end(row, by=SYSTEM)


def test_a_skill_does_not_end_while_services_ask_for_it_and_they_are_named() -> None:
    skill = makers.make_skill('Gas')
    kinds = [makers.make_service_type(skills={skill: 1}, name=name) for name in ('Repair', 'Check')]

    with pytest.raises(StillAsked) as refused:
        skills.end(skill, by=SYSTEM)

    sentence = 'Still asked for by: Check, Repair. Please take Gas out of them first.'
    assert Words().refusal(refused.value) == sentence
    assert skills.live() == [skill]

    service_types.require_skills(kinds[0], {}, by=SYSTEM)
    ServiceType.update(ended_at=clock.now()).where(ServiceType.id == kinds[1].id).execute()
    skills.end(skill, by=SYSTEM)
    assert skills.live() == []


def test_who_holds_a_skill_that_ends_keeps_it_for_bookings_that_still_need_it() -> None:
    gas, oil = makers.make_skill('Gas'), makers.make_skill('Oil')
    tom = makers.make_technician(skills={gas: 2})
    skills.end(gas, by=SYSTEM)

    technicians.give_skills(tom, {oil: 1}, by=SYSTEM)

    assert technicians.skills_of(tom) == {gas.id: 2, oil.id: 1}


def test_a_territory_does_not_end_while_a_customer_lives_in_it() -> None:
    north = makers.make_territory('North Side')
    household = makers.make_customer()
    Site.update(territory=north).where(Site.id == household.site.id).execute()

    with pytest.raises(SitesInside) as refused:
        territories.end(north, by=SYSTEM)

    address = household.site.address
    assert Words().refusal(refused.value) == f'Still in North Side: {address}. Please move these addresses first.'
    assert territories.live() == [north]


def test_of_many_addresses_in_a_territory_three_are_named() -> None:
    north = makers.make_territory()
    product = makers.make_product()
    for number in range(1, 5):
        makers.make_customer(BRUNO, address=f'{number} Elm Court', product=product, signs_in=False)
    Site.update(territory=north).execute()

    with pytest.raises(SitesInside) as refused:
        territories.end(north, by=SYSTEM)

    assert refused.value.facts['addresses'] == '1 Elm Court · 2 Elm Court · 3 Elm Court · …'


@pytest.mark.parametrize('table', [Site, Customer])
def test_sites_that_are_served_no_more_keep_no_territory(table: type[Site | Customer]) -> None:
    north = makers.make_territory()
    makers.make_customer()
    Site.update(territory=north).execute()
    table.update(ended_at=clock.now()).execute()

    territories.end(north, by=SYSTEM)

    assert territories.live() == []
