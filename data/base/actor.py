"""Who is asking, as commands see it: numbers only, looked up afresh by `rights` in every command."""

from dataclasses import dataclass
from enum import StrEnum


class Via(StrEnum):
    """The way by which somebody came in."""

    PERSON = 'person'
    BOOKING_LINK = 'booking link'
    DEVICE_KEY = 'device key'
    API_KEY = 'API key'
    OPERATOR = 'operator'
    SYSTEM = 'system'
    STRANGER = 'stranger'


@dataclass(frozen=True)
class Actor:
    """One asker. `account_id` and `session_id` are None for who is not signed in, for the operator and the system."""

    account_id: int | None
    session_id: int | None
    via: Via

    @property
    def key(self) -> str:
        """Tells this asker from others where an account is not enough: form keys, logs."""
        return f'{self.via}:{self.account_id or 0}'


STRANGER = Actor(None, None, Via.STRANGER)
SYSTEM = Actor(None, None, Via.SYSTEM)
OPERATOR = Actor(None, None, Via.OPERATOR)
