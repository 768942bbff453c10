"""The people who visit customers. A technician can exist without a sign-in."""

from collections.abc import Iterable, Mapping
from typing import Any

from peewee import Check, DoubleField, ForeignKeyField, IntegerField, IntegrityError, TextField

from data.access import accounts, rights
from data.access.accounts import Account
from data.access.rights import Right
from data.access.roles import Role
from data.base.actor import Actor
from data.base.changes import Change, record
from data.base.columns import InstantField
from data.base.database import savepoint, transaction
from data.base.decimals import Decimal
from data.base.fields import Phone, Text, parse_form
from data.base.marks import N_
from data.base.refusals import ChangedMeanwhile, InvalidInput, NotFound, Refusal, WrongInput
from data.base.table import Table
from data.offer import skills, territories
from data.offer.skills import Skill
from data.offer.territories import Territory

ADDING = (
    Text(key='name', label=N_('Technician'), most=100),
    Phone(key='phone', label=N_('Phone'), required=False),
)
HOME = (
    Decimal(key='home_lat', label=N_('Latitude of home'), least=-90, most=90, required=False),
    Decimal(key='home_lon', label=N_('Longitude of home'), least=-180, most=180, required=False),
    Decimal(key='radius_km', label=N_('Radius (km)'), help=N_('Around home; 0 is no limit.'), most=1000),
)


class Technician(Table):
    """One of them. `revision` rises by trigger with all that decides about their free times."""

    account_id: int | None
    account = ForeignKeyField(Account, backref='technician', null=True, unique=True, on_delete='RESTRICT')
    name = TextField()
    phone = TextField(null=True)
    home_lat = DoubleField(null=True)
    home_lon = DoubleField(null=True)
    radius_km = DoubleField(default=0)  # around home; 0: no limit
    revision = IntegerField(default=1)
    ended_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        table_name = 'technicians'

    def is_self(self, by: Actor) -> bool:
        return by.account_id is not None and by.account_id == self.account_id


class TechnicianSkill(Table):
    """A skill that a technician holds, at this level."""

    technician_id: int
    skill_id: int
    technician = ForeignKeyField(Technician, backref='skills', on_delete='RESTRICT')
    skill = ForeignKeyField(Skill, backref='technicians', on_delete='RESTRICT')
    level = IntegerField(default=1)

    class Meta:
        table_name = 'technician_skills'
        constraints = (Check('level >= 1'),)
        indexes = ((('technician', 'skill'), True),)


class TechnicianTerritory(Table):
    """A technician is sent to this territory. Who has none is sent only to sites that lie in none."""

    technician_id: int
    territory_id: int
    technician = ForeignKeyField(Technician, backref='territories', on_delete='RESTRICT')
    territory = ForeignKeyField(Territory, backref='technicians', on_delete='RESTRICT')

    class Meta:
        table_name = 'technician_territories'
        indexes = ((('technician', 'territory'), True),)


class TechnicianChanged(Change):
    """Anything about a technician."""


class TechnicianAdded(TechnicianChanged):
    """Somebody can be sent from now on, once they have hours."""


class SkillsGiven(TechnicianChanged):
    """A technician can do something else than before."""


class TerritoriesSet(TechnicianChanged):
    """A technician is sent to other parts of the region."""


class HomeSet(TechnicianChanged):
    """A technician starts from another place, or is sent less or more far."""


class AlreadyTechnician(Refusal):
    """An account is the sign-in of one technician only."""

    words = N_('{name} is a technician already.')


def add(values: Mapping[str, Any], *, account: Account | None = None, by: Actor) -> Technician:
    """A new one by `ADDING`'s values; `account` is their sign-in, if they have one, and gets the role.

    Raises NotFound, AlreadyTechnician.
    """
    with transaction():
        rights.require(by, Right.CHANGE_CREW)
        sign_in = None if account is None else accounts.find_live(account.id)
        try:
            with savepoint():
                technician = Technician.create(**values, account=sign_in)
        except IntegrityError as clash:
            if sign_in is None:
                raise
            raise AlreadyTechnician(name=sign_in.name) from clash
        if sign_in is not None:
            accounts.give_roles(sign_in, [Role.TECHNICIAN], by=by)
        record(TechnicianAdded(technician, by=by, after=values))
        return technician


def give_skills(technician: Technician, levels: Mapping[Skill, int], *, version: int | None = None, by: Actor) -> None:
    """Replaces what they hold, each at its level, but for skills that have ended; `version` as `edited` says.

    Raises NotFound, ChangedMeanwhile, WrongInput.
    """
    with transaction():
        rights.require(by, Right.CHANGE_CREW)
        technician = edited(technician, version)
        before, given = skills_of(technician), skills.checked(levels)
        of_live = TechnicianSkill.skill.in_([skill.id for skill in skills.live()])
        TechnicianSkill.delete().where((TechnicianSkill.technician == technician) & of_live).execute()
        for skill_id, level in given.items():
            TechnicianSkill.create(technician=technician, skill=skill_id, level=level)
        after = skills_of(technician)
        record(SkillsGiven(technician, by=by, before={'skills': before}, after={'skills': after}))


def set_territories(
    technician: Technician, sent_to: Iterable[Territory], *, version: int | None = None, by: Actor
) -> None:
    """Replaces where they are sent; with none, only to sites that lie in no territory. `version` as `edited` says.

    Raises NotFound, ChangedMeanwhile.
    """
    with transaction():
        rights.require(by, Right.CHANGE_CREW)
        technician = edited(technician, version)
        before = territories_of(technician)
        after = sorted({territories.find(territory.id).id for territory in sent_to})
        TechnicianTerritory.delete().where(TechnicianTerritory.technician == technician).execute()
        for territory_id in after:
            TechnicianTerritory.create(technician=technician, territory=territory_id)
        record(TerritoriesSet(technician, by=by, before={'territories': sorted(before)}, after={'territories': after}))


def set_home(
    technician: Technician,
    lat: float | None,
    lon: float | None,
    radius_km: float,
    *,
    version: int | None = None,
    by: Actor,
) -> None:
    """Where they start from, in WGS 84 degrees, None: nobody knows; and how far from there they are sent, 0: no limit.

    `version` as `edited` says. Raises NotFound, ChangedMeanwhile; InvalidInput by `HOME`'s keys.
    """
    with transaction():
        rights.require(by, Right.CHANGE_CREW)
        technician = edited(technician, version)
        values = parse_form(HOME, {'home_lat': lat, 'home_lon': lon, 'radius_km': radius_km})
        missing = [key for key in ('home_lat', 'home_lon') if values[key] is None]
        if len(missing) == 1:
            raise InvalidInput({missing[0]: WrongInput(N_('Please fill this in.'))}, values)
        before = {key: getattr(technician, key) for key in values}
        Technician.update(**values).where(Technician.id == technician.id).execute()
        record(HomeSet(technician, by=by, before=before, after=values))


def edited(technician: Technician, version: int | None) -> Technician:
    """The live one at its next version, for a command that has asked for rights. `version` is the one that the editor
    saw; None: whatever it is by now, as nobody looked. Raises NotFound, ChangedMeanwhile.
    """
    same = Technician.id == find(technician.id).id
    if version is not None:
        same &= Technician.version == version
    if not Technician.update(version=Technician.version + 1).where(same).execute():
        raise ChangedMeanwhile
    return find(technician.id)


def skills_of(technician: Technician) -> dict[int, int]:
    """The level that they hold, by skill id; of skills that have ended too."""
    return skills_of_each([technician.id])[technician.id]


def skills_of_each(technician_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """The level that each holds, by technician and skill id."""
    held: dict[int, dict[int, int]] = {number: {} for number in technician_ids}
    for row in TechnicianSkill.select().where(TechnicianSkill.technician.in_(list(held))):
        held[row.technician_id][row.skill_id] = row.level
    return held


def territories_of(technician: Technician) -> set[int]:
    """The ids of the territories that they are sent to."""
    rows = TechnicianTerritory.select().where(TechnicianTerritory.technician == technician)
    return {row.territory_id for row in rows}


def live() -> list[Technician]:
    """Who works here, by name."""
    return list(Technician.select().where(Technician.ended_at.is_null()).order_by(Technician.name, Technician.id))


def named(technician_ids: Iterable[int]) -> dict[int, Technician]:
    """By id, those who have left too."""
    return {row.id: row for row in Technician.select().where(Technician.id.in_(list(technician_ids)))}


def find(technician_id: int) -> Technician:
    """A live one. Raises NotFound."""
    found = Technician.find_live(technician_id)
    if found is None:
        raise NotFound
    return found
