"""What a customer may choose among when they book."""

import makers
import pytest
from conftest import EmptyDatabase
from people import BRUNO, RUTH

from data.base import clock
from data.base.actor import STRANGER
from data.base.refusals import NotFound
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
