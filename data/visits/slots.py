"""Which start times can be offered for a visit, and which technician gets it: plain values in, plain values out.

Offering, booking, moving and the reason for a no ask one function, `Search.starts_of`: booking asks it for one start,
moving leaves one visit out (R14), an override heeds fewer rules, and a reason takes the rules one after the other.
"""

from collections.abc import Collection, Sequence, Set
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from data.visits.rosters import ROUND_THE_CLOCK, Roster, Visit
from data.visits.rules import ALL_RULES, EVERYBODYS, Rule
from data.visits.search import Business, Search, Wanted
from data.visits.travel import Drive, Place


class No(NamedTuple):
    """The first rule that says no to a technician, or to everybody where `technician_id` is None."""

    rule: Rule
    technician_id: int | None = None
    visit: Visit | None = None  # what is in the way of a start: VISITS, DRIVING
    drive_minutes: int = 0  # from or to that visit: DRIVING


def offered(
    wanted: Wanted,
    crew: Collection[Roster],
    business: Business,
    *,
    first_day: date,
    last_day: date,
    now: datetime,
    moving: int | None = None,
    heeding: Set[Rule] = ALL_RULES,
) -> dict[date, list[datetime]]:
    """The starts on these local dates, both included, that somebody can take, in time order; empty dates are left out.

    `moving` is the booking that asks for a new time: it does not stand in its own way (R14).
    """
    search = Search(wanted, business, first_day=first_day, last_day=last_day, now=now, heeding=heeding)
    return search.by_date(search.anybodys(without(moving, crew)))


def open_days(
    wanted: Wanted,
    crew: Collection[Roster],
    business: Business,
    *,
    first_day: date,
    last_day: date,
    now: datetime,
    moving: int | None = None,
) -> set[date]:
    """Those of these local dates on which `offered` has a start."""
    search = Search(wanted, business, first_day=first_day, last_day=last_day, now=now)
    return {day for day, _, _ in search.over.by_date(search.anybodys(without(moving, crew)))}


def candidates(
    wanted: Wanted,
    crew: Collection[Roster],
    business: Business,
    start: datetime,
    *,
    now: datetime,
    moving: int | None = None,
    heeding: Set[Rule] = ALL_RULES,
) -> list[int]:
    """The ids of the technicians who can take this start, in the order of R13: who should get it comes first."""
    search = Search.at(wanted, business, start, now=now, heeding=heeding)
    able = [each for each in without(moving, crew) if search.starts_of(each, search.bit_of(start))]
    has_it = {each.technician_id for each in crew if each.has(moving)}

    def preference(roster: Roster) -> tuple[int, bool, int, int]:
        that_date = visits_on(search.first_day, roster, business.zone)
        added = added_drive(wanted, start, roster, that_date, business.drive)
        return added, roster.technician_id not in has_it, len(that_date), roster.technician_id

    return [each.technician_id for each in sorted(able, key=preference)]


def is_offered(
    wanted: Wanted,
    crew: Collection[Roster],
    business: Business,
    start: datetime,
    *,
    now: datetime,
    moving: int | None = None,
) -> bool:
    """Whether `offered` has this start: asked again when it is booked, by whoever holds the write lock."""
    return bool(candidates(wanted, crew, business, start, now=now, moving=moving))


def nearby(
    wanted: Wanted,
    crew: Collection[Roster],
    business: Business,
    day: date,
    *,
    now: datetime,
    moving: int | None = None,
) -> set[datetime]:
    """The starts of this local date for which somebody drives least out of their way; none where all are alike."""
    search = Search(wanted, business, first_day=day, last_day=day, now=now)
    least: dict[datetime, int] = {}
    for roster in without(moving, crew):
        that_date = visits_on(day, roster, business.zone)
        for start in search.by_date(search.starts_of(roster, search.asked)).get(day, []):
            added = added_drive(wanted, start, roster, that_date, business.drive)
            least[start] = min(added, least.get(start, added))
    best = min(least.values(), default=0)
    return {start for start, added in least.items() if added == best} if len(set(least.values())) > 1 else set()


def why_not(
    wanted: Wanted,
    crew: Collection[Roster],
    business: Business,
    day: date,
    *,
    start: datetime | None = None,
    now: datetime,
    moving: int | None = None,
) -> list[No]:
    """Why nobody of the crew can start then, or without a start at any time of that local date: one reason for
    everybody, or one for each technician. Empty where somebody can.
    """
    business = replace(business, kept_days=None)
    day = day if start is None else start.astimezone(business.zone).date()
    rules = list(Rule)
    searches = [
        Search(wanted, business, first_day=day, last_day=day, now=now, heeding=frozenset(rules[: number + 1]))
        for number in range(len(rules))
    ]
    tireless = Roster(technician_id=0, week=ROUND_THE_CLOCK)
    if (rule := _first_no(searches, tireless, start)) is not None and rule in EVERYBODYS:
        return [No(rule)]
    found = []
    for roster in without(moving, crew):
        rule = _first_no(searches, roster, start)
        if rule is None:
            return []
        found.append(_with_facts(No(rule, roster.technician_id), searches[rules.index(rule)], roster, start))
    return found or [No(Rule.HOURS)]


def without(moving: int | None, crew: Collection[Roster]) -> list[Roster]:
    """The crew as if that booking were not there; who does not have it keeps their masks."""
    if moving is None:
        return list(crew)
    return [_without_visit(moving, each) if each.has(moving) else each for each in crew]


def visits_on(day: date, roster: Roster, zone: ZoneInfo) -> list[Visit]:
    """The visits that begin on this local date, in time order."""
    midnights = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(1)))
    return roster.visits_within(*(int(midnight.timestamp()) for midnight in midnights))


def legs_on(day: date, roster: Roster, zone: ZoneInfo) -> set[tuple[Place, Place]]:
    """From home to each visit of this local date in turn and home again, as far as the places are known."""
    stops = [roster.home, *(visit.place for visit in visits_on(day, roster, zone)), roster.home]
    return {(start, end) for start, end in pairwise(stops) if start and end}


def added_drive(wanted: Wanted, start: datetime, roster: Roster, that_date: Sequence[Visit], drive: Drive) -> int:
    """R13: the minutes of driving more between the visits beside it; else home; else nothing at that end.

    A visit that begins at the very start, which only an override leaves room for, lies before it.
    """
    at = start.timestamp()
    home = [] if roster.home is None else [roster.home]
    before = [visit.place for visit in that_date if visit.starts_at <= at][-1:] or home
    after = [visit.place for visit in that_date if visit.starts_at > at][:1] or home
    there = sum(drive(place, wanted.place) for place in before)
    onward = sum(drive(wanted.place, place) for place in after)
    return there + onward - sum(drive(left, right) for left in before for right in after)


def _first_no(searches: Sequence[Search], roster: Roster, start: datetime | None) -> Rule | None:
    """`searches` heed one rule more each, in the order of `Rule`."""
    for rule, search in zip(Rule, searches, strict=True):
        if not search.starts_of(roster, search.asked if start is None else search.bit_of(start)):
            return rule
    return None


def _with_facts(no: No, search: Search, roster: Roster, start: datetime | None) -> No:
    """Names the visit that is in the way of the start."""
    if start is None or no.rule not in {Rule.VISITS, Rule.DRIVING}:
        return no
    visit = search.in_the_way(roster, start)
    if visit is None or no.rule == Rule.VISITS:
        return no._replace(visit=visit)
    return no._replace(visit=visit, drive_minutes=search.business.drive(visit.place, search.wanted.place))


def _without_visit(booking_id: int, roster: Roster) -> Roster:
    return replace(roster, visits=[visit for visit in roster.visits if visit.booking_id != booking_id])
