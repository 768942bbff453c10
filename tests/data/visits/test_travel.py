"""Distances and drives."""

import pytest
from slot_oracle import drive_minutes as drive_by_haversine
from slot_oracle import haversine_km

from data.visits.travel import Place, distance_km, drive_minutes, no_driving

BERLIN = Place(52.5200, 13.4050)
POTSDAM = Place(52.3906, 13.0645)
SYDNEY = Place(-33.8688, 151.2093)
PLACES = [BERLIN, POTSDAM, SYDNEY, Place(0, 180), Place(0, -180), Place(90, 0), Place(-90, 77), Place(10, -170)]


@pytest.mark.parametrize('one', PLACES)
@pytest.mark.parametrize('other', PLACES)
def test_the_distance_is_that_of_haversine(one: Place, other: Place) -> None:
    assert distance_km(one, other) == pytest.approx(haversine_km(one, other), abs=1e-6)


@pytest.mark.parametrize(
    ('one', 'other', 'km'),
    [
        (BERLIN, POTSDAM, 27.2),
        (BERLIN, SYDNEY, 16_094),
        (Place(0, 0), Place(0, 1), 111.2),
        (Place(0, 180), Place(0, -180), 0),
        (Place(90, 0), Place(-90, 0), 20_015),
    ],
    ids=['two towns', 'two continents', 'a degree of the equator', 'both sides of the date line', 'the poles'],
)
def test_distances_are_those_of_the_map(one: Place, other: Place, km: float) -> None:
    assert distance_km(one, other) == pytest.approx(km, rel=0.002, abs=1e-6)


def test_a_drive_is_the_distance_by_road_factor_and_speed_rounded_up() -> None:
    assert drive_minutes(BERLIN, POTSDAM) == 54  # 27.2 km × 1.3 / 40 km/h = 53.1 min
    assert drive_minutes(POTSDAM, BERLIN) == drive_by_haversine(POTSDAM, BERLIN) == 54


def test_no_drive_is_needed_to_stay() -> None:
    assert drive_minutes(BERLIN, BERLIN) == 0


@pytest.mark.parametrize(('start', 'end'), [(None, BERLIN), (BERLIN, None), (None, None)])
def test_a_drive_with_an_unknown_place_takes_a_fixed_time(start: Place | None, end: Place | None) -> None:
    assert drive_minutes(start, end) == 20


def test_a_business_may_leave_driving_out() -> None:
    assert no_driving(BERLIN, SYDNEY) == no_driving(None, None) == 0
