"""Where addresses lie, as a geocoder has told: kept while a site uses the address."""

from peewee import DoubleField, IntegerField, TextField

from data.base.columns import InstantField
from data.base.database import Table


class Geocode(Table):
    """One address. Without a place: it was not found, or the service failed and is asked again."""

    address = TextField(unique=True)  # folded
    lat = DoubleField(null=True)
    lon = DoubleField(null=True)
    postcode = TextField(null=True)
    tries = IntegerField(default=0)
    due_at = InstantField(null=True, index=True)  # None: told, not to be asked again

    class Meta:
        table_name = 'geocodes'
