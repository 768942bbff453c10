"""Two people edit one technician: the second one learns that there is something new, and overwrites nothing."""

from collections.abc import Callable

import makers
import pytest

from data.base.actor import SYSTEM
from data.base.changes import ChangeRow
from data.base.refusals import ChangedMeanwhile
from data.crew import calendars, technicians
from data.crew.technicians import Technician

pytestmark = pytest.mark.usefixtures('database')

Edit = Callable[[Technician, int | None], None]
EDITS: dict[str, Edit] = {
    'the week': lambda t, version: calendars.set_week(t, {}, version=version, by=SYSTEM),
    'home': lambda t, version: technicians.set_home(t, 41.9, -87.6, 30, version=version, by=SYSTEM),
    'skills': lambda t, version: technicians.give_skills(t, {}, version=version, by=SYSTEM),
    'territories': lambda t, version: technicians.set_territories(t, [], version=version, by=SYSTEM),
}


@pytest.mark.parametrize('first', EDITS.values(), ids=EDITS)
@pytest.mark.parametrize('second', EDITS.values(), ids=EDITS)
def test_the_second_editor_learns_that_somebody_was_faster(first: Edit, second: Edit) -> None:
    technician = makers.make_technician()
    seen = technicians.find(technician.id).version
    first(technician, seen)
    changes = ChangeRow.select().count()

    with pytest.raises(ChangedMeanwhile):
        second(technician, seen)

    assert ChangeRow.select().count() == changes
    second(technician, technicians.find(technician.id).version)


@pytest.mark.parametrize('edit', EDITS.values(), ids=EDITS)
def test_an_edit_that_saw_nothing_before_it_overwrites_what_is_there(edit: Edit) -> None:
    technician = makers.make_technician()
    before = technicians.find(technician.id).version

    edit(technician, None)

    assert technicians.find(technician.id).version == before + 1
