"""The business's own names for states: each state has exactly one default, and what ends stays where it stands."""

import makers
import pytest
from makers import Cast

from data.base.changes import ChangeRow
from data.base.fields import parse_form
from data.base.refusals import InvalidInput, NotFound
from data.visits import booking_steps, bookings, statuses
from data.visits.booking_table import Booking
from data.visits.states import State
from data.visits.statuses import ColorWrong, DefaultCannotEnd, Status

pytestmark = pytest.mark.usefixtures('database')
NEW = {'state': 'scheduled', 'name': 'Parts ordered', 'color': '#CC0033', 'is_shown_to_customers': False}


@pytest.fixture
def cast() -> Cast:
    return makers.make_cast()


def defaults() -> dict[str, int]:
    rows = Status.select().where(Status.is_default & Status.ended_at.is_null())
    found = [(row.state, row.id) for row in rows]
    assert len(found) == len(State) == len(dict(found))
    return dict(found)


def test_an_added_status_can_be_chosen_and_changes_no_default(cast: Cast) -> None:
    before = defaults()

    added = statuses.add(parse_form(statuses.ADDING, NEW), by=cast.owner)

    assert (added.name, added.color, added.is_default, added.is_shown_to_customers) == (
        'Parts ordered',
        '#cc0033',
        False,
        False,
    )
    assert defaults() == before
    assert statuses.live()[1] == added  # behind the default of its state


def test_a_status_is_renamed_and_recolored(cast: Cast) -> None:
    added = statuses.add(NEW, by=cast.owner)

    changed = statuses.change(added, {'name': 'Waiting for parts', 'color': None}, by=cast.owner)

    assert (changed.name, changed.color, changed.state) == ('Waiting for parts', None, 'scheduled')
    assert ChangeRow.select().where(ChangeRow.kind == 'StatusChanged').count() == 1


def test_another_default_takes_the_place_of_the_old_one(cast: Cast) -> None:
    before, added = defaults(), statuses.add(NEW, by=cast.owner)

    statuses.set_default(added, by=cast.owner)
    statuses.set_default(added, by=cast.owner)

    assert defaults() == {**before, 'scheduled': added.id}
    assert makers.make_booking(cast.household, cast.service_type).status == added
    assert ChangeRow.select().where(ChangeRow.kind == 'DefaultChanged').count() == 1


def test_a_default_does_not_end_before_there_is_another(cast: Cast) -> None:
    first, added = statuses.default_of(State.SCHEDULED), statuses.add(NEW, by=cast.owner)
    with pytest.raises(DefaultCannotEnd):
        statuses.end(first, by=cast.owner)

    statuses.set_default(added, by=cast.owner)
    statuses.end(first, by=cast.owner)

    assert defaults()['scheduled'] == added.id
    assert first not in statuses.live()


def test_bookings_keep_a_status_that_ends(cast: Cast) -> None:
    added = statuses.add(NEW, by=cast.owner)
    booking = booking_steps.set_status(
        makers.make_booking(cast.household, cast.service_type), added, by=cast.dispatcher
    )

    statuses.end(added, by=cast.owner)

    assert Booking.get_by_id(booking.id).status == added
    assert bookings.cancel(booking, by=cast.customer).status == statuses.default_of(State.CANCELED)


def test_a_color_is_written_in_one_way(cast: Cast) -> None:
    for color in ('red', '#12345', '#12345g', 'url(x)'):
        with pytest.raises(ColorWrong):
            statuses.add({**NEW, 'color': color}, by=cast.owner)


def test_a_state_that_there_is_not_is_refused_at_the_door() -> None:
    with pytest.raises(InvalidInput):
        parse_form(statuses.ADDING, {**NEW, 'state': 'flying'})


@pytest.mark.parametrize('who', ['dispatcher', 'technician', 'customer', 'stranger'])
def test_statuses_are_the_owners(cast: Cast, who: str) -> None:
    with pytest.raises(NotFound):
        statuses.add(NEW, by=getattr(cast, who))
