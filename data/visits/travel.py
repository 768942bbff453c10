"""How far two places lie apart and how long the drive between them takes."""

import math
from bisect import bisect_left
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
ROAD_FACTOR = 1.3  # a road is longer than the straight line
ROAD_SPEED_KM_H = 40
UNKNOWN_DRIVE_MINUTES = 20
LONGEST_DRIVE_MINUTES = 24 * 60  # nobody drives longer to a visit: a wrong pin far away closes no month


class Place(NamedTuple):
    """A point on the earth in degrees, north and east positive."""

    latitude: float
    longitude: float


Drive = Callable[[Place | None, Place | None], int]  # whole minutes from the first place to the second; None: unknown


def no_driving(start: Place | None, end: Place | None) -> int:
    """The drive of a business whose distances do not matter."""
    return 0


def drive_minutes(start: Place | None, end: Place | None, unknown: int = UNKNOWN_DRIVE_MINUTES) -> int:
    """The drive by great circle, road factor and mean speed, rounded up; a fixed time when a place is unknown."""
    if start is None or end is None:
        return unknown
    return bisect_left(_CHORDS, math.dist(_unit_vector(start), _unit_vector(end)))


def distance_km(one: Place, other: Place) -> float:
    """The great-circle distance: the chord between two unit vectors tells the angle, as exactly as haversine does."""
    half_chord = math.dist(_unit_vector(one), _unit_vector(other)) / 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, half_chord))  # antipodes may come out at 1 + 2e-16


def _chord(minutes: int) -> float:
    """Between two unit vectors that lie so many minutes of driving apart."""
    return 2 * math.sin(min(math.pi / 2, minutes / 60 * ROAD_SPEED_KM_H / ROAD_FACTOR / EARTH_RADIUS_KM / 2))


# To look a drive up among these is to round it up to minutes, without an arc sine for each of thousands of places.
_CHORDS = [_chord(minutes) for minutes in range(LONGEST_DRIVE_MINUTES)]


@lru_cache(maxsize=65536)
def _unit_vector(place: Place) -> tuple[float, float, float]:
    latitude, longitude = math.radians(place.latitude), math.radians(place.longitude)
    return (math.cos(latitude) * math.cos(longitude), math.cos(latitude) * math.sin(longitude), math.sin(latitude))
