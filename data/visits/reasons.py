"""Why not? The engine's reasons for a day, a time, a technician, with the facts that staff need to see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from data.access import rights, settings
from data.access.rights import Right
from data.base import clock
from data.base.actor import Actor
from data.base.marks import N_
from data.base.refusals import Refusal
from data.base.words import TimeOfDay
from data.crew import closed_days, technicians
from data.crew.technicians import Technician
from data.offer.skills import Skill
from data.offer.territories import Territory
from data.visits import free_times
from data.visits.rosters import Visit
from data.visits.rules import Rule
from data.visits.search import Wanted
from data.visits.slots import No


class WhyNot(Refusal):
    """A rule says no to a start. Its kinds name the rule; those without a technician hold for everybody."""


class OffTheGrid(WhyNot):
    words = N_('Visits of this kind start every {step}.')


class BelowLeastNotice(WhyNot):
    words = N_('Too soon: this is booked at least {notice} ahead.')


class AboveGreatestNotice(WhyNot):
    words = N_('Too late: this is booked at most {notice} ahead.')


class BeforeFirstDay(WhyNot):
    words = N_('Too soon: {day} is the first day for this.')


class AfterLastDay(WhyNot):
    words = N_('Too late: {day} is the last day for this.')


class OnClosedDay(WhyNot):
    """It begins on one, or lasts into one."""

    words = N_('Closed: {name}.')


class NobodyWorksHere(WhyNot):
    words = N_('Nobody works here yet.')


class LacksSkills(WhyNot):
    """The technician does not hold these, or not at the level that is asked for."""

    words = N_('{technician} lacks {skills}.')


class NobodyHasSkills(WhyNot):
    """Said before what each one lacks: one may hold the first skill and another the second."""

    words = N_('Nobody has {skills}.')


class NobodyWithSkillsWorks(WhyNot):
    words = N_('No one with {skills} works on {day}.')


class OtherTerritory(WhyNot):
    words = N_('{technician} is not sent to {territory}.')


class BeyondRadius(WhyNot):
    words = N_('{technician} goes {radius} km at most from home.')


class OutsideHours(WhyNot):
    """All of the visit lies in working hours, and in no break."""

    words = N_('{technician} does not work then.')


class TooFewHours(WhyNot):
    """They may work, but nowhere so long without a break."""

    words = N_('{technician} does not work long enough on {day}.')


class OnTimeOff(WhyNot):
    words = N_('{technician} is away.')


class NoRoomLeft(WhyNot):
    words = N_('{technician} has no room left on {day}.')


class AtVisit(WhyNot):
    words = N_('{technician} is at a {length} job until {until}.')


class BeforeNextVisit(WhyNot):
    words = N_('{technician} has the next job at {start}.')


class FarFromVisit(WhyNot):
    """There is time for the visit, but not for the drive from the one before."""

    words = N_('{technician} is at a {length} job until {until}, {drive} away.')


class FarFromNextVisit(WhyNot):
    words = N_('{technician} has the next job at {start}, {drive} away.')


class NoRoomWithDrives(WhyNot):
    words = N_('{technician} has no room left on {day} with the drives.')


@dataclass(frozen=True, kw_only=True)
class Question:
    """`start` None: at any time of that local date, else the day is the start's own, whatever `day` says;
    `technician` None: anybody; `moving`: the booking that moves.
    """

    wanted: Wanted
    day: date
    start: datetime | None = None
    technician: Technician | None = None
    moving: int | None = None


@dataclass(frozen=True, kw_only=True)
class _Facts:
    """What the sentences name, read once however many technicians there are."""

    technicians: Mapping[int, Technician]
    held: Mapping[int, Mapping[int, int]]  # level by technician and skill
    skills: Sequence[Skill]  # that are asked for, by name
    territory: Territory | None  # where the visit is


def why_not(question: Question, *, by: Actor) -> list[WhyNot]:
    """For staff: what says no, who came nearest first; one reason alone where it is everybody's. Empty: it is free."""
    rights.require(by, Right.SEE_APPOINTMENTS)
    chosen = question.technician
    if question.start is not None:
        question = replace(question, day=question.start.astimezone(settings.zone()).date())
    found = free_times.why_not(
        question.wanted,
        question.day,
        start=question.start,
        technician_id=None if chosen is None else chosen.id,
        moving=question.moving,
    )
    if not found or found[0].technician_id is None:
        return [_of_everybody(no.rule, question) for no in found]
    nearest = sorted(found, key=lambda no: -list(Rule).index(no.rule))
    facts = _facts(nearest, question.wanted)
    shared = _of_skilled(nearest, question, facts) if chosen is None else []
    return shared + [_of_one(no, question, facts) for no in nearest]


def _of_everybody(rule: Rule, question: Question) -> WhyNot:
    wanted, today = question.wanted, clock.today(settings.zone())
    if rule == Rule.GRID:
        return OffTheGrid(step=timedelta(minutes=wanted.granularity_minutes))
    if rule == Rule.LEAST_NOTICE:
        return BelowLeastNotice(notice=timedelta(minutes=wanted.least_notice_minutes))
    if rule == Rule.GREATEST_NOTICE:
        return AboveGreatestNotice(notice=timedelta(minutes=wanted.greatest_notice_minutes or 0))
    if rule == Rule.LEAST_DAYS:
        return BeforeFirstDay(day=today + timedelta(wanted.least_days))
    if rule == Rule.GREATEST_DAYS:
        return AfterLastDay(day=today + timedelta(wanted.greatest_days or 0))
    if rule == Rule.CLOSED_DAY:
        return OnClosedDay(name=_closed_name(question))
    return NobodyWorksHere()


def _closed_name(question: Question) -> str | date:
    """Of the first closed date that the visit touches. Whenever it begins on its day, it lasts into that one."""
    zone = settings.zone()
    start = question.start or datetime.combine(question.day + timedelta(1), time(), zone)  # as late as can be
    last_moment = start.astimezone(UTC) + timedelta(minutes=question.wanted.duration_minutes, seconds=-1)
    closed = closed_days.between(question.day, last_moment.astimezone(zone).date())
    return closed[0].name if closed else question.day  # opened a moment ago


def _facts(found: Sequence[No], wanted: Wanted) -> _Facts:
    ids = [no.technician_id for no in found if no.technician_id is not None]
    return _Facts(
        technicians=technicians.named(ids),
        held=technicians.skills_of_each(ids),
        skills=list(Skill.select().where(Skill.id.in_(list(wanted.skills))).order_by(Skill.name, Skill.id)),
        territory=Territory.get_or_none(Territory.id == wanted.territory_id),
    )


def _of_skilled(nearest: Sequence[No], question: Question, facts: _Facts) -> list[WhyNot]:
    """What skills and days off say together, before what each technician lacks."""
    rules, names = {no.rule for no in nearest}, [skill.name for skill in facts.skills]
    if rules == {Rule.SKILLS}:
        return [NobodyHasSkills(skills=names)]
    if rules == {Rule.SKILLS, Rule.HOURS}:
        return [NobodyWithSkillsWorks(skills=names, day=question.day)]
    return []


def _of_one(no: No, question: Question, facts: _Facts) -> WhyNot:
    technician = facts.technicians[no.technician_id or 0]
    who: dict[str, object] = {'technician': technician.name}
    if no.rule == Rule.SKILLS:
        return LacksSkills(**who, skills=_lacked(question.wanted, facts.held[technician.id], facts))
    if no.rule == Rule.TERRITORY:
        return OtherTerritory(**who, territory=facts.territory.name if facts.territory else '')
    if no.rule == Rule.RADIUS:
        return BeyondRadius(**who, radius=f'{technician.radius_km:g}')
    if no.rule == Rule.HOURS:
        return OutsideHours(**who) if question.start else TooFewHours(**who, day=question.day)
    if no.rule == Rule.TIME_OFF:
        return OnTimeOff(**who)
    if no.visit is None or question.start is None:
        return (NoRoomWithDrives if no.rule == Rule.DRIVING else NoRoomLeft)(**who, day=question.day)
    return _of_visit(no.visit, no.drive_minutes if no.rule == Rule.DRIVING else None, question.start, who)


def _of_visit(visit: Visit, drive_minutes: int | None, start: datetime, who: dict[str, object]) -> WhyNot:
    """A visit that begins later is the next job, any other the one that keeps the technician."""
    begins, ends = (datetime.fromtimestamp(seconds, UTC) for seconds in (visit.starts_at, visit.blocks_until))
    is_far, drive = drive_minutes is not None, timedelta(minutes=drive_minutes or 0)
    if begins > start:
        next_job = who | {'start': TimeOfDay(begins)}
        return FarFromNextVisit(**next_job, drive=drive) if is_far else BeforeNextVisit(**next_job)
    job = who | {'length': ends - begins, 'until': TimeOfDay(ends)}
    return FarFromVisit(**job, drive=drive) if is_far else AtVisit(**job)


def _lacked(wanted: Wanted, held: Mapping[int, int], facts: _Facts) -> list[str]:
    """The names of what the technician does not hold at its level."""
    return [skill.name for skill in facts.skills if held.get(skill.id, -1) < wanted.skills[skill.id]]
