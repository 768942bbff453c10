"""Drives that a routing service has told, kept: an offer takes them from here and never waits for the service."""

from peewee import DoubleField, IntegerField

from data.base.columns import InstantField
from data.base.database import Table


class DriveTime(Table):
    """Whole minutes from one place to another, WGS 84 degrees as the sites and home bases have them."""

    from_lat = DoubleField()
    from_lon = DoubleField()
    to_lat = DoubleField()
    to_lon = DoubleField()
    minutes = IntegerField()
    told_at = InstantField(index=True)  # the old ones are asked again

    class Meta:
        table_name = 'drive_times'
        indexes = ((('from_lat', 'from_lon', 'to_lat', 'to_lon'), True),)
