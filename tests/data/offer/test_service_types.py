"""What is on offer: a customer sees what fits their thing, while it is offered; owners say by which rules."""

import json
from collections.abc import Callable

import makers
import pytest
from peewee import IntegrityError

from data.base import clock
from data.base.actor import SYSTEM
from data.base.changes import ChangeRow
from data.base.database import transaction
from data.base.refusals import ChangedMeanwhile, InvalidInput, NotFound, WrongInput
from data.base.words import Words
from data.offer import products, service_types, skills
from data.offer.products import Product
from data.offer.service_types import ServiceType, ServiceTypeProduct

pytestmark = pytest.mark.usefixtures('database')


def test_a_service_is_offered_for_its_products_and_what_needs_none_for_something_else() -> None:
    boiler, stove = makers.make_product('Boiler'), makers.make_product('Stove')
    inspection, repair = makers.make_service_type(boiler), makers.make_service_type(None, minutes=60)

    assert service_types.on_portal(boiler) == [inspection]
    assert service_types.on_portal(stove) == []
    assert service_types.on_portal(None) == [repair]


@pytest.mark.parametrize('columns', [{'is_on_portal': False}, {'ended_at': clock.now()}], ids=['hidden', 'ended'])
def test_what_is_not_on_the_portal_is_offered_to_no_customer(columns: dict[str, object]) -> None:
    boiler = makers.make_product()
    kind = makers.make_service_type(boiler)
    ServiceType.update(**columns).where(ServiceType.id == kind.id).execute()

    assert service_types.on_portal(boiler) == []


def test_a_product_named_twice_counts_once() -> None:
    boiler = makers.make_product()

    service_types.add({'name': 'Check', 'duration_minutes': 30}, products=[boiler, boiler], by=SYSTEM)

    assert ServiceTypeProduct.select().count() == 1


def test_a_service_for_a_product_that_has_ended_is_not_added_at_all() -> None:
    boiler, stove = makers.make_product('Boiler'), makers.make_product('Stove')
    Product.update(ended_at=clock.now()).where(Product.id == stove.id).execute()

    with pytest.raises(NotFound):
        service_types.add({'name': 'Check', 'duration_minutes': 30}, products=[boiler, stove], by=SYSTEM)

    assert ServiceType.select().count() == 0


@pytest.mark.parametrize(
    'columns',
    [{'duration_minutes': 0}, {'duration_minutes': 7}, {'granularity_minutes': 0}, {'set_up_minutes': -5}],
    ids=str,
)
def test_the_schema_takes_only_whole_cells_of_five_minutes(columns: dict[str, object]) -> None:
    kind = makers.make_service_type()

    with pytest.raises(IntegrityError), transaction():
        ServiceType.update(**columns).where(ServiceType.id == kind.id).execute()


def test_products_are_listed_by_name_while_they_are_serviced() -> None:
    for name in ('stove', 'Boiler', 'Heat pump', 'Fax'):
        makers.make_product(name)
    Product.update(ended_at=clock.now()).where(Product.name == 'Fax').execute()

    assert [product.name for product in products.live()] == ['Boiler', 'Heat pump', 'stove']


FINDERS: dict[str, tuple[Callable[[int], object], Callable[[], Product | ServiceType]]] = {
    'a product': (products.find, makers.make_product),
    'a service type': (service_types.find, makers.make_service_type),
}


@pytest.mark.parametrize(('find', 'make'), FINDERS.values(), ids=FINDERS)
def test_what_has_ended_or_never_was_is_not_found(
    find: Callable[[int], object], make: Callable[[], Product | ServiceType]
) -> None:
    row = make()
    assert find(row.id) == row

    type(row).update(ended_at=clock.now()).execute()
    for number in (row.id, 0, 10**6):
        with pytest.raises(NotFound):
            find(number)


RULES = {
    'duration_minutes': 60,
    'set_up_minutes': 7,
    'clean_up_minutes': 11,
    'granularity_minutes': 1440,
    'least_notice_minutes': 1,
    'greatest_notice_minutes': 60,
    'least_days': 1,
    'greatest_days': None,
}


def test_the_rules_of_a_service_are_changed_and_kept_in_history() -> None:
    kind = makers.make_service_type()

    changed = service_types.change_rules(kind, RULES, version=1, by=SYSTEM)

    assert {key: getattr(changed, key) for key in RULES} == RULES
    row = ChangeRow.get(ChangeRow.kind == 'RulesChanged')
    assert json.loads(row.after) == RULES
    assert json.loads(row.before)['greatest_days'] == 60


def test_rules_that_are_not_named_stay_as_they_are() -> None:
    kind = makers.make_service_type(minutes=45, granularity_minutes=15)

    changed = service_types.change_rules(kind, {'set_up_minutes': 20}, version=1, by=SYSTEM)

    assert (changed.duration_minutes, changed.granularity_minutes, changed.set_up_minutes) == (45, 15, 20)


def test_the_second_editor_of_rules_is_told_and_overwrites_nothing() -> None:
    kind = makers.make_service_type()
    service_types.change_rules(kind, {'set_up_minutes': 20}, version=1, by=SYSTEM)

    with pytest.raises(ChangedMeanwhile):
        service_types.change_rules(kind, {'set_up_minutes': 30}, version=1, by=SYSTEM)

    assert service_types.find(kind.id).set_up_minutes == 20


OF_FIVE, LESS = 'Please enter a multiple of 5.', 'The greatest notice must not be less than the least.'
WRONG_RULES: dict[str, tuple[dict[str, object], str, str]] = {
    'a duration off the cells': ({'duration_minutes': 62}, 'duration_minutes', OF_FIVE),
    'a grid off the cells': ({'granularity_minutes': 7}, 'granularity_minutes', OF_FIVE),
    'a grid beyond a day': (
        {'granularity_minutes': 1445},
        'granularity_minutes',
        'Please enter a number from 5 to 1440.',
    ),
    'set-up before nothing': ({'set_up_minutes': -1}, 'set_up_minutes', 'Please enter a number from 0 to 240.'),
    'no clean-up at all': ({'clean_up_minutes': None}, 'clean_up_minutes', 'Please fill this in.'),
    'less than the least minutes': (
        {'least_notice_minutes': 90, 'greatest_notice_minutes': 60},
        'greatest_notice_minutes',
        LESS,
    ),
    'less than the least days': ({'least_days': 9, 'greatest_days': 8}, 'greatest_days', LESS),
    'less than the least days that stand': ({'least_days': 61}, 'greatest_days', LESS),
}


@pytest.mark.parametrize(('rules', 'key', 'sentence'), WRONG_RULES.values(), ids=WRONG_RULES)
def test_rules_by_which_nothing_works_are_refused(rules: dict[str, object], key: str, sentence: str) -> None:
    kind = makers.make_service_type()

    with pytest.raises(InvalidInput) as wrong:
        service_types.change_rules(kind, rules, version=1, by=SYSTEM)

    assert {name: Words().refusal(each) for name, each in wrong.value.errors.items()} == {key: sentence}
    assert service_types.find(kind.id).version == 1


def test_a_service_asks_for_skills_and_the_new_ones_take_the_place_of_the_old() -> None:
    gas, oil, lift = (makers.make_skill(name) for name in ('Gas', 'Oil', 'Lift'))
    kind = makers.make_service_type(skills={gas: 1, oil: 1})

    service_types.require_skills(kind, {oil: 3, lift: 2}, by=SYSTEM)

    assert service_types.skills_of(kind) == {oil.id: 3, lift.id: 2}
    row = ChangeRow.select().where(ChangeRow.kind == 'SkillsRequired').order_by(ChangeRow.id.desc())[0]
    assert json.loads(row.before) == {'skills': {str(gas.id): 1, str(oil.id): 1}}
    assert json.loads(row.after) == {'skills': {str(oil.id): 3, str(lift.id): 2}}


def test_a_service_cannot_ask_for_a_skill_that_has_ended_and_keeps_what_it_asked_for() -> None:
    gas, gone = makers.make_skill('Gas'), makers.make_skill('Gone')
    skills.end(gone, by=SYSTEM)
    kind = makers.make_service_type(skills={gas: 1})

    with pytest.raises(NotFound):
        service_types.require_skills(kind, {gone: 1}, by=SYSTEM)

    assert service_types.skills_of(kind) == {gas.id: 1}


@pytest.mark.parametrize('level', [0, -1, 11, True, 1.5])
def test_a_level_is_a_whole_number_from_one_to_ten(level: int) -> None:
    kind, gas = makers.make_service_type(), makers.make_skill()

    with pytest.raises(WrongInput):
        service_types.require_skills(kind, {gas: level}, by=SYSTEM)
