"""Parts of the region that technicians are sent to."""

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
from data.base.fields import Text
from data.base.marks import N_
from data.base.refusals import ChangedMeanwhile, NotFound
from data.base.table import Table

ADDING = (Text(key='name', label=N_('Territory'), help=N_('A part of your region, such as North Side.'), most=80),)


class Territory(Table):
    """One part; a site lies in one or in none."""

    name = TextField()
    ended_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        table_name = 'territories'


class TerritoryChanged(Change):
    """Anything about a territory."""


class TerritoryAdded(TerritoryChanged):
    """Sites can lie in it, and technicians be sent there, from now on."""


class TerritoryRenamed(TerritoryChanged):
    """It has another name; its sites and technicians stay."""


class TerritoryEnded(TerritoryChanged):
    """No site lies in it any more, and nobody is sent there."""


def add(values: Mapping[str, Any], *, by: Actor) -> Territory:
    """A new one by `ADDING`'s values."""
    with transaction():
        rights.require(by, Right.CHANGE_CATALOGUE)
        territory = Territory.create(name=values['name'])
        record(TerritoryAdded(territory, by=by, after=values))
        return territory


def rename(territory: Territory, values: Mapping[str, Any], *, version: int, by: Actor) -> Territory:
    """By `ADDING`'s values, if it is still at `version`. Raises NotFound, ChangedMeanwhile."""
    with transaction():
        rights.require(by, Right.CHANGE_CATALOGUE)
        before = find(territory.id)
        same = (Territory.id == territory.id) & (Territory.version == version)
        if not Territory.update(name=values['name'], version=Territory.version + 1).where(same).execute():
            raise ChangedMeanwhile
        renamed = find(territory.id)
        record(TerritoryRenamed(renamed, by=by, before={'name': before.name}, after=values))
        return renamed


def end(territory: Territory, *, by: Actor) -> None:
    """Takes it out of all lists. Raises NotFound; customers.SitesInside while a customer's site lies in it."""
    with transaction():
        rights.require(by, Right.CHANGE_CATALOGUE)
        ending = find(territory.id)
        Territory.update(ended_at=clock.now()).where(Territory.id == territory.id).execute()
        record(TerritoryEnded(ending, by=by, before={'name': ending.name}))


def live() -> list[Territory]:
    """By name."""
    return list(Territory.select().where(Territory.ended_at.is_null()).order_by(SQL('lower(name)'), Territory.id))


def find(territory_id: int) -> Territory:
    """A live one. Raises NotFound."""
    found = Territory.find_live(territory_id)
    if found is None:
        raise NotFound
    return found
