"""A form that is sent twice counts once; the same key with other content is refused."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from peewee import IntegrityError

from data.base import form_keys
from data.base.actor import Actor, Via
from data.base.database import transaction
from data.base.form_keys import FormKey, FormKeyReused
from data.offer.products import Product

pytestmark = pytest.mark.usefixtures('database')

ADA, BRUNO = Actor(1, 1, Via.PERSON), Actor(2, 2, Via.PERSON)
CONTENT: dict[str, object] = {'site': 3, 'at': datetime(2030, 5, 6, 9, tzinfo=UTC), 'comment': None}


def test_the_same_press_gives_back_what_the_first_one_made() -> None:
    assert form_keys.made_before(ADA, 'key', CONTENT) is None
    form_keys.remember(ADA, 'key', CONTENT, 12)

    assert form_keys.made_before(ADA, 'key', dict(reversed(CONTENT.items()))) == 12


def test_another_session_of_the_same_person_is_the_same_person() -> None:
    form_keys.remember(ADA, 'key', CONTENT, 12)

    assert form_keys.made_before(Actor(1, 99, Via.PERSON), 'key', CONTENT) == 12


def test_the_same_key_of_somebody_else_is_another_key() -> None:
    form_keys.remember(ADA, 'key', CONTENT, 12)

    assert form_keys.made_before(BRUNO, 'key', CONTENT) is None
    assert form_keys.made_before(Actor(1, None, Via.DEVICE_KEY), 'key', CONTENT) is None
    form_keys.remember(BRUNO, 'key', CONTENT, 13)


@pytest.mark.parametrize('other', [{'comment': 'Ring twice'}, {'site': 4}, {'extra': None}, {'site': '3'}])
def test_other_content_under_the_same_key_is_refused(other: dict[str, object]) -> None:
    form_keys.remember(ADA, 'key', CONTENT, 12)

    with pytest.raises(FormKeyReused):
        form_keys.made_before(ADA, 'key', CONTENT | other)


def test_rows_in_the_content_count_by_their_number() -> None:
    boiler, stove = Product.create(name='Boiler'), Product.create(name='Stove')
    form_keys.remember(ADA, 'key', {'product': boiler}, 12)

    assert form_keys.made_before(ADA, 'key', {'product': Product.get_by_id(boiler.id)}) == 12
    with pytest.raises(FormKeyReused):
        form_keys.made_before(ADA, 'key', {'product': stove})


def test_a_key_is_kept_only_if_what_it_made_is() -> None:
    def stumble() -> None:
        with transaction():
            form_keys.remember(ADA, 'key', CONTENT, 12)
            raise LookupError

    with pytest.raises(LookupError):
        stumble()

    assert form_keys.made_before(ADA, 'key', CONTENT) is None


def test_the_schema_refuses_a_second_result_for_one_key() -> None:
    form_keys.remember(ADA, 'key', CONTENT, 12)

    with pytest.raises(IntegrityError), transaction():
        form_keys.remember(ADA, 'key', CONTENT, 13)


def test_keys_are_forgotten_after_seven_days() -> None:
    with time_machine.travel('2030-05-06T12:00:00+00:00', tick=False) as clock_of_test:
        form_keys.remember(ADA, 'key', CONTENT, 12)
        clock_of_test.shift(timedelta(days=7))
        form_keys.sweep()
        assert form_keys.made_before(ADA, 'key', CONTENT) == 12
        clock_of_test.shift(timedelta(seconds=1))
        form_keys.sweep()

    assert FormKey.select().count() == 0
