"""Why not? The engine's reasons for a day, a time, a technician, with the facts that staff need to see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from data.access import rights, settings
from data.access.rights import Right
from data.base import clock
from data.base.actor import Actor
from data.base.marks import N_
from data.base.refusals import Refusal
from data.base.words import TimeOfDay
from data.crew.closed_days import ClosedDay
from data.crew.technicians import Technician, TechnicianSkill
from data.offer.skills import Skill
from data.offer.territories import Territory
from data.visits import free_times
from data.visits.rosters import Visit
from data.visits.rules import Rule
from data.visits.search import Wanted
from data.visits.slots import No


class Reason(Refusal):
    """A rule says no. Its kinds name the rule; those without a technician hold for everybody."""


class OffTheGrid(Reason):
    words = N_('Visits of this kind start every {step}.')


class TooSoon(Reason):
    words = N_('Too soon: this is booked at least {notice} ahead.')


class TooLate(Reason):
    words = N_('Too late: this is booked at most {notice} ahead.')


class TooFewDays(Reason):
    words = N_('Too soon: {day} is the first day for this.')


class TooManyDays(Reason):
    words = N_('Too late: {day} is the last day for this.')


class Closed(Reason):
    words = N_('Closed: {name}.')


class NobodyWorksHere(Reason):
    words = N_('Nobody works here yet.')


class LacksSkills(Reason):
    words = N_('{technician} lacks {skills}.')


class NobodyHasSkills(Reason):
    words = N_('Nobody has {skills}.')


class NobodyWithSkillsWorks(Reason):
    words = N_('No one with {skills} works on {day}.')


class OtherTerritory(Reason):
    words = N_('{technician} is not sent to {territory}.')


class BeyondRadius(Reason):
    words = N_('{technician} goes {radius} km at most from home.')


class NotWorking(Reason):
    words = N_('{technician} does not work then.')


class DayOff(Reason):
    words = N_('{technician} does not work long enough on {day}.')


class Away(Reason):
    words = N_('{technician} is away.')


class FullyBooked(Reason):
    words = N_('{technician} has no room left on {day}.')


class HasVisit(Reason):
    words = N_('{technician} is at a {length} job until {until}.')


class HasVisitAfter(Reason):
    words = N_('{technician} has the next job at {start}.')


class TooFar(Reason):
    words = N_('{technician} is at a {length} job until {until}, {drive} away.')


class TooFarAfter(Reason):
    words = N_('{technician} has the next job at {start}, {drive} away.')


class NoTimeToDrive(Reason):
    words = N_('{technician} has no room left on {day} with the drives.')


@dataclass(frozen=True, kw_only=True)
class Question:
    """`start` None: at any time of that local date; `technician` None: anybody; `moving`: the booking that moves."""

    wanted: Wanted
    day: date
    start: datetime | None = None
    technician: Technician | None = None
    moving: int | None = None


def why_not(question: Question, *, by: Actor) -> list[Reason]:
    """For staff: what says no, who came nearest first; one reason alone where it is everybody's. Empty: it is free."""
    rights.require(by, Right.SEE_APPOINTMENTS)
    asked, chosen = question.wanted, question.technician
    found = free_times.why_not(
        asked,
        question.day,
        start=question.start,
        technician_id=None if chosen is None else chosen.id,
        moving=question.moving,
    )
    if found and found[0].technician_id is None:
        return [_of_everybody(found[0].rule, question)]
    nearest = sorted(found, key=lambda no: -list(Rule).index(no.rule))
    shared = _of_skilled(nearest, question) if chosen is None else []
    return shared + [_of_one(no, question) for no in nearest]


def _of_everybody(rule: Rule, question: Question) -> Reason:
    wanted, today = question.wanted, clock.today(settings.zone())
    if rule == Rule.GRID:
        return OffTheGrid(step=timedelta(minutes=wanted.granularity_minutes))
    if rule == Rule.LEAST_NOTICE:
        return TooSoon(notice=timedelta(minutes=wanted.least_notice_minutes))
    if rule == Rule.GREATEST_NOTICE:
        return TooLate(notice=timedelta(minutes=wanted.greatest_notice_minutes or 0))
    if rule == Rule.LEAST_DAYS:
        return TooFewDays(day=today + timedelta(wanted.least_days))
    if rule == Rule.GREATEST_DAYS:
        return TooManyDays(day=today + timedelta(wanted.greatest_days or 0))
    if rule == Rule.CLOSED_DAY:
        closed = ClosedDay.get_or_none(ClosedDay.day.in_([question.day, question.day + timedelta(1)]))
        return Closed(name=closed.name if closed else question.day)
    return NobodyWorksHere()


def _of_skilled(nearest: Sequence[No], question: Question) -> list[Reason]:
    """What skills and days off say together, before what each technician lacks."""
    rules = {no.rule for no in nearest}
    if rules == {Rule.SKILLS}:
        return [NobodyHasSkills(skills=_skills(question.wanted))]
    if rules == {Rule.SKILLS, Rule.HOURS}:
        return [NobodyWithSkillsWorks(skills=_skills(question.wanted), day=question.day)]
    return []


def _of_one(no: No, question: Question) -> Reason:
    technician = Technician.get_by_id(no.technician_id)
    facts: dict[str, object] = {'technician': technician.name}
    if no.rule == Rule.SKILLS:
        return LacksSkills(**facts, skills=_skills(question.wanted, technician))
    if no.rule == Rule.TERRITORY:
        return OtherTerritory(**facts, territory=Territory.get_by_id(question.wanted.territory_id).name)
    if no.rule == Rule.RADIUS:
        return BeyondRadius(**facts, radius=f'{technician.radius_km:g}')
    if no.rule == Rule.HOURS:
        return NotWorking(**facts) if question.start else DayOff(**facts, day=question.day)
    if no.rule == Rule.TIME_OFF:
        return Away(**facts)
    if no.visit is None or question.start is None:
        return (NoTimeToDrive if no.rule == Rule.DRIVING else FullyBooked)(**facts, day=question.day)
    return _of_visit(no.visit, no.drive_minutes if no.rule == Rule.DRIVING else None, question.start, facts)


def _of_visit(visit: Visit, drive_minutes: int | None, start: datetime, facts: dict[str, object]) -> Reason:
    """A visit that begins later is the next job, any other the one that keeps the technician."""
    begins, ends = (datetime.fromtimestamp(seconds, UTC) for seconds in (visit.starts_at, visit.blocks_until))
    is_far, drive = drive_minutes is not None, timedelta(minutes=drive_minutes or 0)
    if begins > start:
        facts |= {'start': TimeOfDay(begins)}
        return TooFarAfter(**facts, drive=drive) if is_far else HasVisitAfter(**facts)
    facts |= {'length': ends - begins, 'until': TimeOfDay(ends)}
    return TooFar(**facts, drive=drive) if is_far else HasVisit(**facts)


def _held(technician: Technician) -> dict[int, int]:
    rows = TechnicianSkill.select().where(TechnicianSkill.technician == technician)
    return {row.skill_id: row.level for row in rows}


def _skills(wanted: Wanted, technician: Technician | None = None) -> list[str]:
    """The names of what is asked for, or of that which the technician does not hold at its level."""
    held = _held(technician) if technician else {}
    asked = [skill for skill, level in wanted.skills.items() if held.get(skill, -1) < level]
    return [skill.name for skill in Skill.select().where(Skill.id.in_(asked)).order_by(Skill.name)]
