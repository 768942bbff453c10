"""Puts one invented case to the engine and to the oracle, and says what both answered."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import lru_cache
from random import Random
from typing import Any

import slot_cases
from slot_cases import Case
from slot_oracle import RULES, Answer, Oracle, drive_minutes, no_drive

from data.visits import rosters, search, slots, travel


@dataclass(frozen=True, kw_only=True)
class Engine:
    """The modules of an engine: ours, or a copy of ours with a fault."""

    rosters: Any
    search: Any
    slots: Any
    travel: Any


OURS = Engine(rosters=rosters, search=search, slots=slots, travel=travel)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What one of them says to everything that is asked about a case."""

    offered: dict[date, list[datetime]]
    without_a_rule: dict[date, list[datetime]]  # on one of the days
    open_days: set[date]
    candidates: dict[datetime, list[int]]
    forced: dict[datetime, list[int]]  # every rule is overridden
    nearby: dict[date, set[datetime]]
    why_not: dict[tuple[date, datetime | None], list[tuple[str, int | None]]]


@dataclass(frozen=True, kw_only=True)
class Truth:
    """The oracle's answers, and what was drawn to ask for them."""

    answers: Answers
    left_out: frozenset[str]  # the rules that are overridden in `without_a_rule`
    on_grid: int  # so many starts lie on the grid within the asked days

    @property
    def has_both(self) -> bool:
        """Whether starts on the grid are offered and others refused."""
        return 0 < sum(map(len, self.answers.offered.values())) < self.on_grid


def oracle_of(case: Case, kind: type[Oracle] = Oracle) -> Oracle:
    drive = drive_minutes if case.drives else no_drive
    return kind(case.wanted, case.crew, case, drive, case.now, case.moving)


@lru_cache(maxsize=3000)
def offered_by_the_rules(seed: int) -> Answer:
    case = slot_cases.invent(seed)
    return oracle_of(case).offered(case.first_day, case.last_day)


@lru_cache(maxsize=3000)
def truth(seed: int) -> Truth:
    case = slot_cases.invent(seed)
    chance, oracle = Random(seed), oracle_of(case)
    offered = offered_by_the_rules(seed)
    asked = oracle.starts(case.first_day, case.last_day)
    grid = [start for start in asked if oracle.lies_on_the_grid(start)]
    found = [start for starts in offered.values() for start in starts]
    some = chance.sample(found, min(3, len(found))) + [_instant(chance.choice(each)) for each in (asked, grid) if each]
    begun = [visit.starts_at for each in case.crew for visit in each.visits if visit.starts_at in asked]
    forced = [_instant(chance.choice(each)) for each in (asked, begun) if each]
    left_out = frozenset(chance.choice([{rule} for rule in RULES[:-2]] + [{'visits', 'driving'}, {'driving'}]))
    days_of = {start: oracle.shown(int(start.timestamp()))[0] for start in some}
    day = chance.choice(case.days)
    return Truth(
        left_out=left_out,
        on_grid=len(grid),
        answers=Answers(
            offered=offered,
            without_a_rule=oracle.offered(day, day, set(RULES) - left_out),
            open_days=set(offered),
            candidates={start: oracle.candidates(start) for start in some},
            forced={start: oracle.candidates(start, heeding=()) for start in forced},
            nearby={day: oracle.nearby(day) for day in case.days},
            why_not={(day, None): oracle.why_not(day)}
            | {(days_of[start], start): oracle.why_not(days_of[start], start) for start in some},
        ),
    )


def agree(seed: int, engine: Engine = OURS) -> None:
    """Raises AssertionError where the engine says anything else than the oracle."""
    case, known = slot_cases.invent(seed), truth(seed)
    asks = Asks(case, engine)
    exact = asks.everything(known, asks.business())
    assert exact == known.answers, f'case {seed}'
    asks.about_something_else()
    assert asks.everything(known, asks.business(case.kept_days)) == exact, f'case {seed}, masks are made to be kept'
    asks.about_something_else()
    kept = asks.everything(known, asks.business(case.kept_days), in_turn=reversed)
    assert kept == exact, f'case {seed}, masks were kept'
    asks.check_facts(known)


class Asks:
    """Everything that is asked about one case; its rosters live as long as this and keep their masks."""

    def __init__(self, case: Case, engine: Engine) -> None:
        self.case, self.engine = case, engine
        self.crew = [
            engine.rosters.Roster(**{each.name: getattr(roster, each.name) for each in fields(roster)})
            for roster in case.crew
        ]

    def business(self, kept_days: tuple[date, date] | None = None, **other: Any) -> Any:
        travel = self.engine.travel
        drive = travel.drive_minutes if self.case.drives else travel.no_driving
        facts = {'zone': self.case.zone, 'closed_days': self.case.closed_days, 'drive': drive, **other}
        return self.engine.search.Business(**facts, kept_days=kept_days)

    def everything(self, known: Truth, business: Any, in_turn: Callable[[Any], Any] = list) -> Answers:
        """Asked in the order of the fields, or of `in_turn`."""
        case, slots, answers = self.case, self.engine.slots, known.answers
        who = (case.wanted, self.crew, business)
        now: dict[str, Any] = {'now': case.now, 'moving': case.moving}
        days: dict[str, Any] = {'first_day': case.first_day, 'last_day': case.last_day}
        one, others = next(iter(answers.why_not))[0], frozenset(RULES) - known.left_out
        questions: dict[str, Callable[[], Any]] = {
            'offered': lambda: slots.offered(*who, **days, **now),
            'without_a_rule': lambda: slots.offered(*who, first_day=one, last_day=one, **now, heeding=others),
            'open_days': lambda: slots.open_days(*who, **days, **now),
            'candidates': lambda: {start: slots.candidates(*who, start, **now) for start in answers.candidates},
            'forced': lambda: {
                start: slots.candidates(*who, start, **now, heeding=frozenset()) for start in answers.forced
            },
            'nearby': lambda: {day: slots.nearby(*who, day, **now) for day in answers.nearby},
            'why_not': lambda: {
                (day, start): [no[:2] for no in slots.why_not(*who, day, start=start, **now)]
                for day, start in answers.why_not
            },
        }
        return Answers(**{name: questions[name]() for name in in_turn(list(questions))})

    def about_something_else(self) -> None:
        """Leaves other masks with the same rosters: another service, other closed days, another zone."""
        case, other = self.case, Random(self.case.seed)
        wanted = slot_cases.invent_wanted(other)
        for business in (
            self.business(case.kept_days, closed_days=frozenset(case.days[:1]) ^ case.closed_days),
            self.business(case.kept_days, zone=slot_cases.invent_zone(other)),
            self.business(case.kept_days),
        ):
            for each in (wanted, case.wanted):
                self.engine.slots.offered(
                    each, self.crew, business, first_day=case.first_day, last_day=case.last_day, now=case.now
                )

    def check_facts(self, known: Truth) -> None:
        """The visit that is named is one that is in the way, and the drive is that from or to it."""
        case, oracle, rosters = self.case, oracle_of(self.case), {each.technician_id: each for each in self.case.crew}
        for day, start in known.answers.why_not:
            for no in self.engine.slots.why_not(
                case.wanted, self.crew, self.business(), day, start=start, now=case.now, moving=case.moving
            ):
                if start is None or no.rule not in {'visits', 'driving'}:
                    assert no[2:] == (None, 0), f'case {case.seed} at {start}'
                else:
                    in_the_way = oracle.in_the_way(no.rule, rosters[no.technician_id], start)
                    named = no.visit and no.visit.booking_id
                    assert (named, no.drive_minutes) in in_the_way.items(), f'case {case.seed} at {start}'


def _instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
