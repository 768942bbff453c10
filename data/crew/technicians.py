"""The people who visit customers. A technician can exist without a sign-in."""

from collections.abc import Mapping
from typing import Any

from peewee import Check, DoubleField, ForeignKeyField, IntegerField, TextField

from data.access import accounts, rights
from data.access.accounts import Account
from data.access.rights import Right
from data.base.actor import Actor
from data.base.changes import Change, record
from data.base.columns import InstantField
from data.base.database import Table, transaction
from data.base.fields import Phone, Text
from data.base.marks import N_
from data.base.refusals import NotFound
from data.offer.skills import Skill
from data.offer.territories import Territory

ADDING = (
    Text(key='name', label=N_('Technician'), most=100),
    Phone(key='phone', label=N_('Phone'), required=False),
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


def add(values: Mapping[str, Any], *, account: Account | None = None, by: Actor) -> Technician:
    """A new one by `ADDING`'s values; `account` is their sign-in, if they have one. Raises NotFound."""
    with transaction():
        rights.require(by, Right.CHANGE_CREW)
        sign_in = None if account is None else accounts.find_live(account.id)
        technician = Technician.create(**values, account=sign_in)
        record(TechnicianAdded(technician, by=by, after=values))
        return technician


def live() -> list[Technician]:
    """Who works here, by name."""
    return list(Technician.select().where(Technician.ended_at.is_null()).order_by(Technician.name, Technician.id))


def find(technician_id: int) -> Technician:
    """A live one. Raises NotFound."""
    found = Technician.get_or_none((Technician.id == technician_id) & Technician.ended_at.is_null())
    if found is None:
        raise NotFound
    return found
