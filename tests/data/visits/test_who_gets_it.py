"""Who gets a visit that several technicians could take: R13."""

from typing import Any

import pytest
from slot_makers import FAR, HERE, NEAR, hours, technician, visit, who

from data.visits.travel import Place, no_driving


def test_r13_only_who_can_take_the_start_is_asked() -> None:
    assert who([technician(hours('8:00-9:00')), technician(technician_id=2)]) == [2]


def test_r13_a_tie_goes_to_the_lower_id() -> None:
    assert who([technician(technician_id=number) for number in (3, 1, 2)]) == [1, 2, 3]


def test_r13_fewer_visits_on_that_date_come_before_the_lower_id() -> None:
    busy = technician(visits=[visit('8:00', '9:00')])
    full_elsewhere = technician(technician_id=2, visits=[visit('2026-05-05 8:00', '2026-05-05 9:00', 8)])
    assert who([busy, full_elsewhere], drive=no_driving) == [2, 1]


def test_r13_who_has_the_booking_keeps_it_before_fewer_visits_count() -> None:
    has_it = technician(technician_id=2, visits=[visit('8:00', '9:00', 5), visit('11:00', '12:00', 6)])
    assert who([technician(), has_it], moving=5, drive=no_driving) == [2, 1]
    assert who([technician(), has_it], drive=no_driving) == [1, 2]


def test_r13_a_visit_forced_upon_another_of_the_same_second_goes_to_who_is_there_already() -> None:
    there = technician(
        technician_id=2, visits=[visit('10:00', '11:00', place=HERE), visit('8:00', '9:00', 8, place=FAR)]
    )
    near = technician(visits=[visit('8:00', '9:00', place=NEAR)])
    assert who([near, there], place=HERE) == [1]
    assert who([near, there], place=HERE, heeding=frozenset()) == [2, 1]


def test_r13_a_booking_that_moves_is_not_counted_among_the_visits_of_its_date() -> None:
    first = technician(visits=[visit('8:00', '9:00', 4)])
    second = technician(technician_id=2, visits=[visit('8:00', '9:00', 5)])
    third = technician(technician_id=3)
    assert who([first, second, third], moving=5, drive=no_driving) == [2, 3, 1]


def km_stone(number: int) -> Place:
    """A place on one straight road, on which a kilometre takes a minute."""
    return Place(0, number)


def along_the_road(start: Place | None, end: Place | None) -> int:
    return 20 if start is None or end is None else round(abs(start.longitude - end.longitude))


@pytest.mark.parametrize(
    ('home', 'visits', 'added'),
    [
        (None, [], 0),
        (57, [], 14),
        (None, [('8:00', '8:30', 57)], 7),
        (None, [('11:30', '12:00', 57)], 7),
        (43, [('8:00', '8:30', 57)], 0),
        (57, [('8:00', '8:30', 57)], 14),
        (57, [('11:30', '12:00', 57)], 14),
        (70, [('8:00', '8:30', 57), ('11:30', '12:00', 59)], 14),
        (70, [('8:00', '8:30', 70), ('9:00', '9:30', 43), ('11:30', '12:00', 43), ('12:00', '12:30', 70)], 14),
        (None, [('9:00', '9:30', 57), ('8:00', '8:30', 70), ('12:30', '13:00', 70), ('11:30', '12:00', 43)], 0),
        (None, [('2026-05-05 8:00', '2026-05-05 9:00', 57)], 0),
        (None, [('8:00', '8:30', None)], 20),
        (57, [('8:00', '8:30', None)], 7),
    ],
    ids=[
        'neither home nor visits',
        'from home and back',
        'only a visit before',
        'only a visit after',
        'on the way home',
        'a detour before going home',
        'a detour after leaving home',
        'between two',
        'those beside it count',
        'in whatever order they come',
        'those of other dates do not',
        'a visit at an unknown place',
        'home from an unknown place',
    ],
)
def test_r13_the_least_added_driving_comes_first(home: int | None, visits: list[Any], added: int) -> None:
    here = km_stone(50)
    tested = technician(
        technician_id=5,
        home=None if home is None else km_stone(home),
        visits=[visit(start, end, place=None if stone is None else km_stone(stone)) for start, end, stone in visits],
    )
    for yardstick in range(max(0, added - 1), added + 2):
        other = technician(technician_id=9, visits=[visit('8:00', '8:05', place=km_stone(50 + yardstick))])
        order = who([tested, other], place=here, drive=along_the_road)
        if yardstick != added:
            assert order == ([5, 9] if added < yardstick else [9, 5])
