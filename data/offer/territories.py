"""Parts of the region that technicians are sent to."""

from peewee import SQL, IntegerField, TextField

from data.base.columns import InstantField
from data.base.database import Table


class Territory(Table):
    """One part; a site lies in one or in none."""

    name = TextField()
    ended_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        table_name = 'territories'


def live() -> list[Territory]:
    """By name."""
    return list(Territory.select().where(Territory.ended_at.is_null()).order_by(SQL('lower(name)'), Territory.id))
