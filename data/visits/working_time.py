"""Which 5-minute cells of UTC the business's clock puts into working time, as bit masks that survive clock changes.

A *UTC mask* has one bit for each cell of a horizon; a *local mask* has 288 bits for each local date. The step between
the two, one shift for each stretch of constant offset, is all there is of daylight saving: a skipped hour is never
reached, both copies of a repeated hour are, and no "fold" is chosen. It is exact where clocks differ from UTC by whole
cells and change between two cells; so it is in every zone since 2012, Antarctica/Casey until 2022 apart.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from data.base.cells import CELL_MINUTES

CELL_SECONDS = 60 * CELL_MINUTES
DAY_MINUTES = 24 * 60
DAY_CELLS = DAY_MINUTES // CELL_MINUTES
DAY_BYTES = DAY_CELLS // 8


class Window(NamedTuple):
    """A part of a local date, half-open, in minutes of its wall clock (60 × hour + minute); 1440 is 24:00."""

    start_minute: int
    end_minute: int


class DayHours(NamedTuple):
    """Working time of one local date: inside a window and outside every break; no window is a day off."""

    windows: tuple[Window, ...] = ()
    breaks: tuple[Window, ...] = ()


DAY_OFF = DayHours()


class Stretch(NamedTuple):
    """Time of one offset: its UTC bits [start, end) show the local bits [start + shift, end + shift)."""

    start: int
    end: int
    shift: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Horizon:
    """A run of UTC cells and the local dates that they can show."""

    first_cell: int  # bit 0 of a UTC mask, counted in cells since 1970
    size: int  # bits of a UTC mask
    dates: tuple[date, ...]  # without gaps; bit 0 of a local mask is the midnight of the first
    stretches: tuple[Stretch, ...]  # in time order, together the whole horizon

    @property
    def start(self) -> int:
        """In seconds since 1970, as `end`."""
        return self.first_cell * CELL_SECONDS

    @property
    def end(self) -> int:
        return (self.first_cell + self.size) * CELL_SECONDS

    def nearest_bit(self, cell: int) -> int:
        """The bit of a cell counted since 1970, or the end at which it lies outside."""
        return min(self.size, max(0, cell - self.first_cell))

    def to_utc(self, local_mask: int) -> int:
        """The UTC mask of what a local mask says."""
        mask = 0
        for start, end, shift in self.stretches:
            mask |= (local_mask >> start + shift & _ones(end - start)) << start
        return mask

    def by_date(self, mask: int) -> Iterator[tuple[date, int, int]]:
        """The set bits of a UTC mask as (local date, its bits, number of the lowest), in time order without empty ones.

        A date comes twice where an hour around midnight is repeated.
        """
        for start, end, shift in self.stretches:
            local = (mask >> start & _ones(end - start)) << start + shift
            pieces = local.to_bytes(len(self.dates) * DAY_BYTES, 'little')
            for number in range((start + shift) // DAY_CELLS, -(-(end + shift) // DAY_CELLS)):
                bits = int.from_bytes(pieces[number * DAY_BYTES : (number + 1) * DAY_BYTES], 'little')
                if bits:
                    yield self.dates[number], bits, number * DAY_CELLS - shift


@lru_cache(maxsize=512)
def horizon(zone: ZoneInfo, first_day: date, last_day: date) -> Horizon:
    """All cells that show one of these local dates, both included."""
    # No clock is a whole day off UTC: a UTC day more at each end holds these dates, a date more holds those UTC days.
    dates = tuple(first_day + timedelta(days) for days in range(-2, (last_day - first_day).days + 3))
    first_cell, end_cell = (cell_of(datetime.combine(day, time(), UTC)) for day in (dates[1], dates[-1]))
    return Horizon(
        first_cell=first_cell,
        size=end_cell - first_cell,
        dates=dates,
        stretches=tuple(_stretches(zone, first_cell, end_cell)),
    )


def cell_of(instant: datetime) -> int:
    """The number of the cell that holds the instant."""
    return int(instant.timestamp() // CELL_SECONDS)


def cell_after(instant: datetime) -> int:
    """The number of the first cell that begins at the instant or later."""
    return -int(-instant.timestamp() // CELL_SECONDS)


def instant_of(cell: int) -> datetime:
    """The instant at which a cell begins."""
    return datetime.fromtimestamp(cell * CELL_SECONDS, UTC)


def working_mask(
    week: Mapping[int, DayHours], overrides: Mapping[date, DayHours], closed_days: Set[date], over: Horizon
) -> int:
    """The cells that are working time in full: R2, R3, R4. Days that `week` (0: Monday) does not name are off."""
    return over.to_utc(
        _local_mask(
            0 if day in closed_days else _day_pattern(overrides.get(day, week.get(day.weekday(), DAY_OFF)))
            for day in over.dates
        )
    )


@lru_cache(maxsize=512)
def grid_mask(granularity_minutes: int, over: Horizon) -> int:
    """The cells whose wall-clock time is a multiple of the granularity: R5."""
    pattern = sum(1 << minute // CELL_MINUTES for minute in range(0, DAY_MINUTES, granularity_minutes))
    return over.to_utc(_local_mask(pattern for _ in over.dates))


def dates_mask(first_day: date, last_day: date, over: Horizon) -> int:
    """The cells of these local dates, both included; none where the last is before the first."""
    first, end = ((day - over.dates[0]).days for day in (first_day, last_day + timedelta(1)))
    first, end = (DAY_CELLS * min(len(over.dates), max(0, days)) for days in (first, end))
    return over.to_utc(_ones(end) & ~_ones(first))


def busy_mask(spans: Iterable[tuple[int, int]], over: Horizon) -> int:
    """The cells that these spans, in seconds since 1970, touch; spans may overlap and arrive unsorted."""
    starts, ends = bytearray(over.size // 8 + 1), bytearray(over.size // 8 + 1)
    done = 0
    for start, end in sorted(spans):
        first, until = start // CELL_SECONDS - over.first_cell, -(-end // CELL_SECONDS) - over.first_cell
        if first < done:
            first = done
        if until > over.size:
            until = over.size
        if first < until:
            starts[first >> 3] |= 1 << (first & 7)
            ends[until >> 3] |= 1 << (until & 7)
            done = until
    # A run of ones is 2^end - 2^start. Overlaps were cut off, so runs add up; where two touch, the powers cancel.
    return int.from_bytes(ends, 'little') - int.from_bytes(starts, 'little')


def runs_of(cells: int, mask: int) -> int:
    """The bits that begin a run of so many ones."""
    length = 1
    while length < cells:
        step = min(length, cells - length)
        mask &= mask >> step
        length += step
    return mask


def _stretches(zone: ZoneInfo, first_cell: int, end_cell: int) -> Iterator[Stretch]:
    def offset(cell: int) -> int:
        shown = datetime.fromtimestamp(cell * CELL_SECONDS, zone).utcoffset() or timedelta()
        return shown // timedelta(minutes=CELL_MINUTES)

    start, current = first_cell, offset(first_cell)
    for midnight in range(first_cell + DAY_CELLS, end_cell + 1, DAY_CELLS):  # no zone changes twice within a day
        if offset(midnight) != current:
            day = range(midnight - DAY_CELLS, midnight)
            change = day.start + bisect_left(day, True, key=lambda cell: offset(cell) != current)
            yield Stretch(start - first_cell, change - first_cell, current + DAY_CELLS)
            start, current = change, offset(midnight)
    if start < end_cell:
        yield Stretch(start - first_cell, end_cell - first_cell, current + DAY_CELLS)


@lru_cache(maxsize=4096)
def _day_pattern(hours: DayHours) -> int:
    """The 288 cells of a date; a cell that is only partly working time is not set."""
    minutes = 0
    for start, end in hours.windows:
        minutes |= _ones(end) & ~_ones(start)
    for start, end in hours.breaks:
        minutes &= ~(_ones(end) & ~_ones(start))
    whole = runs_of(CELL_MINUTES, minutes)
    return int(f'{whole:0{DAY_MINUTES}b}'[CELL_MINUTES - 1 :: CELL_MINUTES], 2)  # every fifth bit, from bit 0


def _local_mask(patterns: Iterable[int]) -> int:
    return int.from_bytes(b''.join(pattern.to_bytes(DAY_BYTES, 'little') for pattern in patterns), 'little')


def _ones(count: int) -> int:
    return (1 << count) - 1
