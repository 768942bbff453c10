"""The types of our columns that peewee does not have: instants and days."""

from datetime import UTC, date, datetime

from peewee import BigIntegerField, TextField


class InstantField(BigIntegerField):
    """An aware UTC datetime, stored as whole epoch seconds. Naive ones are refused."""

    def db_value(self, value: datetime | None) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f'{self.name}: an instant needs a zone, not {value!r}')
        return int(value.timestamp())

    def python_value(self, value: int | None) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


class DayField(TextField):
    """A calendar date without a zone, stored as ISO 8601 text, which sorts by time on both engines."""

    def db_value(self, value: date | None) -> str | None:
        return None if value is None else value.isoformat()

    def python_value(self, value: str | None) -> date | None:
        return None if value is None else date.fromisoformat(value)
