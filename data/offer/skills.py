"""What a technician must be able to do, or hold, for some kinds of work: a certificate, a language, a licence."""

from peewee import IntegerField, TextField

from data.base.columns import InstantField
from data.base.database import Table


class Skill(Table):
    """One of them. Technicians hold it at a level, service types ask for one at a level; 1 is the least."""

    name = TextField()
    ended_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        table_name = 'skills'
