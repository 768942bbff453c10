"""What time it is: the only place that asks."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Aware UTC, cut to whole seconds, as the database keeps instants."""
    return datetime.now(UTC).replace(microsecond=0)


def today(zone: ZoneInfo) -> date:
    """The date that a calendar in `zone` shows now."""
    return now().astimezone(zone).date()
