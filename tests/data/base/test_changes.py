"""One record of what happened: history, reactions in its transaction, announcements after it."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from structlog.testing import capture_logs

from data.base import changes
from data.base.actor import OPERATOR, Actor, Via
from data.base.changes import Change, ChangeRow, record
from data.base.database import transaction
from data.offer.products import Product
from data.people.customers import Customer

pytestmark = pytest.mark.usefixtures('database')

ADA = Actor(7, 8, Via.PERSON)


class Moved(Change):
    """Something is elsewhere."""


class MovedFar(Moved):
    """A kind of it."""


class Other(Change):
    """Nothing to do with it."""


class Stumble(Exception):
    """A reaction that says no."""


@pytest.fixture(autouse=True)
def _nobody_else_listens() -> Iterator[None]:
    changes.forget_all()
    yield
    changes.forget_all()


def move(kind: type[Change] = MovedFar) -> Product:
    with transaction():
        product = Product.create(name='Boiler')
        record(kind(product, by=ADA, before={'place': 'here'}, after={'place': 'there'}))
        return product


def test_history_says_who_did_what_to_which_row() -> None:
    product = move()

    row = ChangeRow.get()
    assert (row.kind, row.subject_type, row.subject_id) == ('MovedFar', 'products', product.id)
    assert (row.account_id, row.via, row.customer_id) == (7, 'person', None)
    assert (json.loads(row.before), json.loads(row.after)) == ({'place': 'here'}, {'place': 'there'})


def test_history_of_a_household_s_row_names_the_household_for_an_erasure() -> None:
    with transaction():
        customer = Customer.create(name='Lind', search_text='lind', made_at=datetime(2030, 5, 6, tzinfo=UTC))
        record(Moved(customer, by=OPERATOR, after={'since': date(2030, 5, 6), 'at': customer.made_at}))

    row = ChangeRow.get()
    assert (row.customer_id, row.via) == (customer.id, 'operator')
    assert json.loads(row.after) == {'since': '2030-05-06', 'at': '2030-05-06T00:00:00+00:00'}


def test_reactions_to_a_kind_follow_all_its_kinds_in_the_same_transaction() -> None:
    followed: list[str] = []
    changes.when(Moved, lambda change: followed.append(f'{change.kind}, {Product.select().count()} there'))
    changes.when(Other, lambda _: followed.append('never'))

    move(MovedFar)
    move(Moved)

    assert followed == ['MovedFar, 1 there', 'Moved, 2 there']


def test_a_reaction_that_refuses_takes_everything_back() -> None:
    heard: list[str] = []

    def refuse(_: Change) -> None:
        raise Stumble

    changes.listen(Moved, lambda change: heard.append(change.kind))
    changes.when(Moved, refuse)
    with pytest.raises(Stumble):
        move()

    assert (Product.select().count(), ChangeRow.select().count(), heard) == (0, 0, [])


def test_listeners_hear_of_it_after_the_commit_until_they_stop_and_one_that_fails_keeps_no_other_from_it() -> None:
    heard: list[str] = []

    def fail(_: Change) -> None:
        raise Stumble

    changes.listen(Moved, fail)
    stop = changes.listen(Moved, lambda change: heard.append(change.kind))

    with capture_logs() as logs:
        move()
    stop()
    stop()  # twice is once
    move()

    assert heard == ['MovedFar']
    assert [line['event'] for line in logs if line['log_level'] == 'error'] == ['listener failed']


def test_what_is_rolled_back_after_it_was_recorded_is_never_announced() -> None:
    heard: list[str] = []
    changes.listen(Moved, lambda change: heard.append(change.kind))

    def stumble() -> None:
        with transaction():
            move()
            raise Stumble

    with pytest.raises(Stumble):
        stumble()

    assert heard == []
    assert ChangeRow.select().count() == 0


def test_the_log_names_the_change_by_numbers_and_holds_no_facts() -> None:
    with capture_logs() as logs:
        move()

    assert [line for line in logs if line['event'] == 'change'] == [
        {
            'event': 'change',
            'log_level': 'info',
            'change': 'MovedFar',
            'subject': 'products',
            'subject_id': Product.get().id,
            'by': 'person:7',
        }
    ]


def test_what_is_rolled_back_is_no_fact_of_the_log_either() -> None:
    def command() -> None:
        with transaction():
            move()
            raise Stumble

    with capture_logs() as logs, pytest.raises(Stumble):
        command()

    assert logs == []


def test_a_page_may_stop_listening_after_the_house_was_wired_anew() -> None:
    stop = changes.listen(Moved, lambda _: None)
    changes.forget_all()

    stop()


def test_what_is_no_fact_is_refused_rather_than_written_somehow() -> None:
    with pytest.raises(TypeError, match='no fact'):
        changes.as_json({'when': object()})
