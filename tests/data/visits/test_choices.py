"""What a customer may choose among when they book."""

from datetime import UTC, date, datetime
from typing import Any

import makers
import pytest
import time_machine
from conftest import EmptyDatabase
from people import BRUNO, RUTH
from queries import counted

from data.base import clock
from data.base.actor import STRANGER, SYSTEM
from data.base.refusals import NotFound
from data.offer import service_types
from data.people.assets import Asset
from data.visits import choices
from data.visits.choices import SOMETHING_ELSE


def test_own_things_are_offered_with_the_services_for_their_product(database: EmptyDatabase) -> None:
    makers.make_business()
    boiler, stove = makers.make_product('Boiler'), makers.make_product('Stove')
    ada = makers.make_customer(product=boiler)
    makers.make_customer(BRUNO, product=boiler)
    inspection = makers.make_service_type(boiler)
    makers.make_service_type(stove)
    found = choices.of_customer(ada.actor)
    assert found.sites == [ada.site]
    assert found.assets == {ada.asset.id: ada.asset}
    assert found.service_types == {ada.asset.id: [inspection]}


def test_a_thing_for_which_nothing_is_offered_is_left_out(database: EmptyDatabase) -> None:
    makers.make_business()
    ada = makers.make_customer()
    advice = makers.make_service_type()
    found = choices.of_customer(ada.actor)
    assert not found.assets
    assert found.service_types == {SOMETHING_ELSE: [advice]}


def test_a_thing_that_is_gone_is_left_out(database: EmptyDatabase) -> None:
    makers.make_business()
    ada = makers.make_customer()
    makers.make_service_type(ada.asset.product)
    Asset.update(ended_at=clock.now()).execute()
    assert choices.of_customer(ada.actor).are_empty


def test_what_is_hidden_from_the_portal_is_not_offered(database: EmptyDatabase) -> None:
    makers.make_business()
    ada = makers.make_customer()
    makers.make_service_type(ada.asset.product, is_on_portal=False)
    assert choices.of_customer(ada.actor).are_empty


def test_who_belongs_to_no_customer_has_nothing_to_choose(database: EmptyDatabase) -> None:
    makers.make_business()
    makers.make_service_type()
    assert choices.of_customer(makers.signed_in(makers.make_account(RUTH))).are_empty
    with pytest.raises(NotFound):
        choices.of_customer(STRANGER)


def test_a_service_type_for_several_products_is_offered_for_each(database: EmptyDatabase) -> None:
    makers.make_business()
    ada = makers.make_customer(product=makers.make_product('Boiler'))
    stove = makers.make_asset(ada.site, makers.make_product('Stove'), 'Oven 5')
    both = service_types.add(
        {'name': 'Both', 'duration_minutes': 60}, products=[ada.asset.product, stove.product], by=SYSTEM
    )
    sweep = makers.make_service_type(stove.product)
    assert choices.of_customer(ada.actor).service_types == {ada.asset.id: [both], stove.id: [sweep, both]}


@pytest.mark.parametrize('assets', [1, 6])
def test_the_choice_is_few_queries_however_many_things_somebody_has(database: EmptyDatabase, assets: int) -> None:
    makers.make_business()
    ada = makers.make_customer()
    makers.make_service_type()
    for number in range(assets):
        makers.make_service_type(makers.make_asset(ada.site, makers.make_product(f'Stove {number}')).product)
    actor = ada.actor

    with counted() as queries:
        choices.of_customer(actor)

    assert len(queries) <= 6, '\n'.join(queries)


@pytest.mark.parametrize(
    ('rules', 'first', 'last'),
    [
        ({'least_notice_minutes': 0}, date(2030, 5, 6), date(2030, 7, 5)),
        ({'least_notice_minutes': 150}, date(2030, 5, 6), date(2030, 7, 5)),
        ({'least_notice_minutes': 151}, date(2030, 5, 7), date(2030, 7, 5)),
        ({'least_days': 3}, date(2030, 5, 9), date(2030, 7, 5)),
        ({'least_days': 1, 'least_notice_minutes': 2 * 24 * 60}, date(2030, 5, 8), date(2030, 7, 5)),
        ({'greatest_notice_minutes': 180}, date(2030, 5, 6), date(2030, 5, 7)),
        ({'greatest_days': None}, date(2030, 5, 6), date(2031, 5, 6)),
    ],
    ids=['at once', 'five to midnight', 'after it', 'in three days', 'two days of notice', 'three hours', 'no limit'],
)
def test_days_ahead_are_those_that_the_rules_leave(
    database: EmptyDatabase, rules: dict[str, Any], first: date, last: date
) -> None:
    makers.make_business()
    kind = makers.make_service_type(**{'granularity_minutes': 5, **rules})
    with time_machine.travel(datetime(2030, 5, 7, 2, 25, tzinfo=UTC), tick=False):  # 21:25 in Chicago
        assert choices.days_ahead(kind) == (first, last)
