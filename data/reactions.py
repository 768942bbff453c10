"""The roof: what follows from what, in the same transaction. A new consequence is one line here."""

from data.access.settings import SettingsChanged
from data.base import changes
from data.base.changes import Change, Reaction
from data.messages.notifications import NOTIFICATIONS
from data.offer import service_types
from data.offer.skills import SkillEnded
from data.offer.territories import TerritoryEnded
from data.people import customers, geocodes

CONSEQUENCES: tuple[tuple[type[Change], Reaction], ...] = (
    *NOTIFICATIONS,
    (SettingsChanged, geocodes.ask_anew),
)

# what must be asked first: a check that a higher floor makes before a lower floor's command commits; it may refuse
CHECKS: tuple[tuple[type[Change], Reaction], ...] = (
    (SkillEnded, service_types.refuse_to_end_asked_skill),
    (TerritoryEnded, customers.refuse_to_end_territory),
)


def register() -> None:
    """Lets every consequence and check follow its change; called once by main.wire()."""
    for kind, reaction in (*CHECKS, *CONSEQUENCES):
        changes.when(kind, reaction)
