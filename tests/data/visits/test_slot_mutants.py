"""Whoever takes a rule out of the engine, or bends it, makes the comparison with the oracle red."""

import faulty_engine
import pytest
import slot_comparison

CASES = 500
FAULTS = {  # rule and fault: module, what stands there, what stands there instead
    'R1 the end of a visit is busy': (
        'rosters',
        '[(start - after, end + before) for',
        '[(start - after, end + before + 1) for',
    ),
    'R1 the minute before a visit is busy': (
        'rosters',
        '[(start - after, end + before) for',
        '[(start - after - 1, end + before) for',
    ),
    'R2 the clocks never change': ('working_time', 'if offset(midnight) != current:', 'if False:'),
    'R2 the clocks change at midnight of UTC': (
        'working_time',
        'change = day.start + bisect',
        'change = day.start + 0 * bisect',
    ),
    'R2 the clocks change an hour late': (
        'working_time',
        'change = day.start + bisect',
        'change = 12 + day.start + bisect',
    ),
    'R2 a date ends before its last window': ('working_time', 'minutes |= _ones(end)', 'minutes |= _ones(end - 5)'),
    'R2 breaks are worked through': ('working_time', 'for start, end in hours.breaks:', 'for start, end in ():'),
    'R2 only the first window counts': ('working_time', 'in hours.windows:', 'in hours.windows[:1]:'),
    'R3 overrides are ignored': ('rosters', 'working_mask(self.week, self.overrides,', 'working_mask(self.week, {},'),
    'R3 an override only adds': (
        'working_time',
        '_day_pattern(overrides.get(day, week.get(day.weekday(), DAY_OFF)))',
        '_day_pattern(overrides.get(day, DAY_OFF)) | _day_pattern(week.get(day.weekday(), DAY_OFF))',
    ),
    'R4 closed days are open': ('rosters', 'closed_days if Rule.CLOSED_DAY in heeding', 'closed_days if False'),
    'R4 an override beats a closed day': (
        'working_time',
        '0 if day in closed_days else',
        '0 if day in closed_days and day not in overrides else',
    ),
    'R5 no grid': ('rules', 'ALL_RULES = frozenset(Rule)', 'ALL_RULES = frozenset(Rule) - {Rule.GRID}'),
    'R5 the grid counts from midnight of UTC': (
        'working_time',
        'return over.to_utc(_local_mask(pattern for',
        'return (_local_mask(pattern for',
    ),
    'R6 only the first minutes are working time': (
        'search',
        'runs_of(self.wanted.duration_minutes // CELL_MINUTES, free)',
        'runs_of(1, free)',
    ),
    'R6 the last minutes are not looked at': (
        'search',
        'runs_of(self.wanted.duration_minutes // CELL_MINUTES, free)',
        'runs_of(self.wanted.duration_minutes // CELL_MINUTES - 1, free)',
    ),
    'R7 visits are not in the way': ('rosters', 'if Rule.VISITS in heeding:', 'if False:'),
    'R7 time off is not in the way': ('rosters', 'if Rule.TIME_OFF in heeding:', 'if False:'),
    'R7 an empty time off is in the way': ('rosters', 'if span.start < span.end]', ']'),
    'R7 set-up of the other visit is left out': ('rosters', 'yield start - 60 * before,', 'yield start,'),
    'R7 clean-up of the other visit is left out': ('rosters', 'end + 60 * after\n', 'end\n'),
    'R7 my own set-up is left out': ('rosters', 'before, after = 60 * around[0],', 'before, after = 0,'),
    'R7 my own clean-up is left out': ('rosters', '60 * around[0], 60 * around[1]', '60 * around[0], 0'),
    'R7 set-up and clean-up are swapped': (
        'rosters',
        '60 * around[0], 60 * around[1]',
        '60 * around[1], 60 * around[0]',
    ),
    'R7 overlapping visits hide each other': ('working_time', 'done = until\n', 'done = over.size\n'),
    'R8 nobody drives': ('rules', 'ALL_RULES = frozenset(Rule)', 'ALL_RULES = frozenset(Rule) - {Rule.DRIVING}'),
    'R8 no drive to the next visit': ('search', 'start - 60 * (set_up + minutes)', 'start - 60 * set_up'),
    'R8 no drive from the last visit': ('search', 'end + 60 * (clean_up + minutes)', 'end + 60 * clean_up'),
    'R8 drives are rounded down': ('travel', 'return bisect_left(', 'return -1 + bisect_left('),
    'R8 an unknown place costs nothing': ('travel', '        return unknown', '        return 0'),
    'R8 the straight line': ('travel', 'ROAD_FACTOR = 1.3', 'ROAD_FACTOR = 1.0'),
    'R8 a drive beyond a day': ('travel', 'for minutes in range(LONGEST_DRIVE_MINUTES)', 'for minutes in range(40000)'),
    'R8 few starts are looked at without their minutes': (
        'search',
        'end = last * CELL_SECONDS + 60 * (self.wanted.duration_minutes + after)',
        'end = -10**12',
    ),
    'R9 no least notice': ('search', 'if Rule.LEAST_NOTICE in self.heeding:', 'if False:'),
    'R9 no greatest notice': ('search', 'if Rule.GREATEST_NOTICE in self.heeding and', 'if False and'),
    'R9 no least days': ('search', 'if Rule.LEAST_DAYS in self.heeding:', 'if False:'),
    'R9 no greatest days': ('search', 'if Rule.GREATEST_DAYS in self.heeding and', 'if False and'),
    'R9 the cell that runs may still be booked': ('search', 'earliest = cell_after(', 'earliest = cell_of('),
    'R9 a cell beyond the greatest notice': ('search', 'latest = cell_of(', 'latest = cell_after('),
    'R9 today is a date of UTC': ('search', 'self.now.astimezone(self.business.zone).date()', 'self.now.date()'),
    'R10 a visit ends in the range': (
        'search',
        'max(self.first_day, self.last_day) + timedelta(-(-self.wanted',
        'self.last_day - timedelta(0 * -(-self.wanted',
    ),
    'R10 a date too many': (
        'working_time',
        'in (first_day, last_day + timedelta(1)))',
        'in (first_day, last_day + timedelta(2)))',
    ),
    'R11 skills do not matter': ('search', 'if Rule.SKILLS in heeding and', 'if False and'),
    'R11 the level does not matter': ('search', 'roster.skills.get(skill, -1) < level', 'skill not in roster.skills'),
    'R11 level 0 is held by all': ('search', 'roster.skills.get(skill, -1)', 'roster.skills.get(skill, 0)'),
    'R11 a skill above the level is none': (
        'search',
        'roster.skills.get(skill, -1) < level',
        'roster.skills.get(skill, -1) != level',
    ),
    'R11 territories do not matter': ('search', 'if Rule.TERRITORY in heeding and', 'if False and'),
    "R11 no territory is nobody's": ('search', 'not in {None, *roster.territory_ids}', 'not in roster.territory_ids'),
    'R11 the radius does not matter': ('search', 'if Rule.RADIUS not in heeding or', 'if True or'),
    'R11 radius 0 is no distance': ('search', 'or not roster.radius_km or', 'or'),
    'R12 only the first technician': ('search', 'for roster in crew:', 'for roster in list(crew)[:1]:'),
    'R12 only what all can take': (
        'search',
        'found |= self.starts_of(roster, self.asked & ~found)',
        'found = self.starts_of(roster, self.asked)',
    ),
    'R13 added driving does not count': ('slots', 'return added, roster', 'return 0, roster'),
    'R13 who has the booking is as good as any': ('slots', 'roster.technician_id not in has_it,', 'False,'),
    'R13 a full day is as good as an empty one': ('slots', 'not in has_it, len(that_date),', 'not in has_it, 0,'),
    'R13 the higher id': ('slots', 'len(that_date), roster.technician_id', 'len(that_date), -roster.technician_id'),
    'R13 the way there only': ('slots', 'return there + onward -', 'return there -'),
    'R13 the way onward only': ('slots', 'return there + onward -', 'return onward -'),
    'R13 the way that falls away is not taken off': (
        'slots',
        'for left in before for right in after)',
        'for left in before for right in ())',
    ),
    'R13 the first visit of the date instead of the last before it': ('slots', '<= at][-1:]', '<= at][:1]'),
    'R13 the last visit of the date instead of the next': ('slots', '> at][:1]', '> at][-1:]'),
    'R13 home counts for nothing': ('slots', 'home = [] if roster.home is None', 'home = [] if True'),
    'R13 the visits of all days': (
        'slots',
        'for each in (day, day + timedelta(1)))',
        'for each in (day - timedelta(5), day + timedelta(5)))',
    ),
    'R13 the visits of a date of UTC': (
        'slots',
        'datetime.combine(each, time(), zone)',
        'datetime.combine(each, time(), ZoneInfo("UTC"))',
    ),
    'R14 a booking that moves is in its own way': ('slots', 'if moving is None:', 'if True:'),
    'R15 half a cell of work is work': ('working_time', 'whole = runs_of(CELL_MINUTES, minutes)', 'whole = minutes'),
    'R15 half a cell of a visit is free': (
        'working_time',
        'until = start // CELL_SECONDS - over.first_cell, -(-end // CELL_SECONDS)',
        'until = start // CELL_SECONDS - over.first_cell, (end // CELL_SECONDS)',
    ),
    'R15 each buffer is rounded to cells': (
        'rosters',
        'before, after = 60 * around[0], 60 * around[1]',
        'before, after = -(-around[0] // 5) * 300, -(-around[1] // 5) * 300',
    ),
    'R16 work that is not done ends when it was to end': (
        'search',
        'if starts and roster.under_way and',
        'if False and',
    ),
    'R16 work begins when it was to begin': (
        'search',
        'min(visit.starts_at, visit.under_way_since or now)',
        'visit.starts_at',
    ),
    'R16 work ends now': ('search', 'max(visit.blocks_until, now)', 'now'),
    'R16 now is not rounded up': (
        'search',
        'now = cell_after(self.now) * CELL_SECONDS',
        'now = int(self.now.timestamp()) // CELL_SECONDS * CELL_SECONDS',
    ),
    'R16 no drive from work that is not done': (
        'search',
        'yield visit._replace(starts_at=start,',
        'yield visit._replace(place=self.wanted.place, starts_at=start,',
    ),
    'masks are kept for any service': (
        'rosters',
        'key = (over, closed_days, around, heeding)',
        'key = (over, closed_days, heeding)',
    ),
    'masks are kept for any closed days': (
        'rosters',
        'key = (over, closed_days, around, heeding)',
        'key = (over, around, heeding)',
    ),
    'masks are kept for any zone and days': (
        'rosters',
        'key = (over, closed_days, around, heeding)',
        'key = (closed_days, around, heeding)',
    ),
    'masks are kept for any rules': (
        'rosters',
        'key = (over, closed_days, around, heeding)',
        'key = (over, closed_days, around)',
    ),
    'kept masks end before the visit does': ('search', 'self._last_end <= kept[1]', 'True'),
    'masks of a part of the days': ('search', 'kept[0] <= self.first_day and', 'True and'),
    'visits far from the start are not looked at': (
        'rosters',
        'max(lengths, default=0) + 60 * LONGEST_DRIVE_MINUTES',
        '3600',
    ),
    'nearby is also what is alike': ('slots', 'if len(set(least.values())) > 1 else set()', ''),
    'nearby is what is not nearest': ('slots', 'if added == best}', 'if added <= best + 5}'),
    'a reason is the last rule': (
        'slots',
        'for rule, search in zip(Rule, searches, strict=True):',
        'for rule, search in reversed(list(zip(Rule, searches))):',
    ),
    "a reason for everybody is each technician's": ('slots', 'and rule in EVERYBODYS', 'and False'),
    "one technician's no is everybody's": (
        'slots',
        '        if rule is None:\n            return []\n',
        '        if rule is None:\n            continue\n',
    ),
    'the visit that is named is any': (
        'search',
        '(*self._unfinished(roster), *near) if',
        '(*self._unfinished(roster), *near) if True or',
    ),
}


@pytest.mark.parametrize(('module', 'old', 'new'), FAULTS.values(), ids=FAULTS)
def test_a_fault_in_the_engine_is_found(module: str, old: str, new: str) -> None:
    engine = faulty_engine.with_fault(module, old, new)
    for seed in range(CASES):
        try:
            slot_comparison.agree(seed, engine)
        except (AssertionError, ArithmeticError, LookupError):
            return
    pytest.fail(f'{CASES} cases do not tell it from ours')


def test_an_engine_without_a_fault_is_found_right() -> None:
    engine = faulty_engine.with_fault('slots', 'return list(crew)', 'return list(crew)')
    for seed in range(40):
        slot_comparison.agree(seed, engine)
