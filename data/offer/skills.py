"""What a technician must be able to do, or hold, for some kinds of work: a certificate, a language, a licence."""

from collections.abc import Mapping
from typing import Any

from peewee import SQL, IntegerField, TextField

from data.access import rights
from data.access.rights import Right
from data.base import clock
from data.base.actor import Actor
from data.base.changes import Change, record
from data.base.columns import InstantField
from data.base.database import transaction
from data.base.fields import Number, Text
from data.base.marks import N_
from data.base.refusals import ChangedMeanwhile, NotFound
from data.base.table import Table

ADDING = (Text(key='name', label=N_('Skill'), help=N_('Such as a certificate or a language.'), most=80),)
LEVEL = Number(key='level', label=N_('Level'), help=N_('1 is the least.'), least=1, most=10)


class Skill(Table):
    """One of them. Technicians hold it at a level, service types ask for one at a level; 1 is the least."""

    name = TextField()
    ended_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        table_name = 'skills'


class SkillChanged(Change):
    """Anything about a skill."""


class SkillAdded(SkillChanged):
    """It can be held and asked for from now on."""


class SkillRenamed(SkillChanged):
    """It has another name; who holds it and what asks for it stay."""


class SkillEnded(SkillChanged):
    """Nothing new asks for it. Who holds it keeps it: bookings of services that have ended may still need it."""


def add(values: Mapping[str, Any], *, by: Actor) -> Skill:
    """A new one by `ADDING`'s values."""
    with transaction():
        rights.require(by, Right.CHANGE_CATALOGUE)
        skill = Skill.create(name=values['name'])
        record(SkillAdded(skill, by=by, after=values))
        return skill


def rename(skill: Skill, values: Mapping[str, Any], *, version: int, by: Actor) -> Skill:
    """By `ADDING`'s values, if it is still at `version`. Raises NotFound, ChangedMeanwhile."""
    with transaction():
        rights.require(by, Right.CHANGE_CATALOGUE)
        before = find(skill.id)
        same = (Skill.id == skill.id) & (Skill.version == version)
        if not Skill.update(name=values['name'], version=Skill.version + 1).where(same).execute():
            raise ChangedMeanwhile
        renamed = find(skill.id)
        record(SkillRenamed(renamed, by=by, before={'name': before.name}, after=values))
        return renamed


def end(skill: Skill, *, by: Actor) -> None:
    """Takes it out of all lists. Raises NotFound; service_types.StillAsked while a service asks for it."""
    with transaction():
        rights.require(by, Right.CHANGE_CATALOGUE)
        ending = find(skill.id)
        Skill.update(ended_at=clock.now()).where(Skill.id == skill.id).execute()
        record(SkillEnded(ending, by=by, before={'name': ending.name}))


def live() -> list[Skill]:
    """By name."""
    return list(Skill.select().where(Skill.ended_at.is_null()).order_by(SQL('lower(name)'), Skill.id))


def find(skill_id: int) -> Skill:
    """A live one. Raises NotFound."""
    found = Skill.find_live(skill_id)
    if found is None:
        raise NotFound
    return found


def checked(levels: Mapping[Skill, int]) -> dict[int, int]:
    """Level by skill id, each skill live and each level right. Raises NotFound, WrongInput."""
    return {find(skill.id).id: LEVEL.parse(level) for skill, level in levels.items()}
