"""What a person keeps about themselves: name, phone, language."""

from collections.abc import Mapping
from typing import Any

from data.access import accounts, rights
from data.access.accounts import Account, AccountChanged
from data.access.rights import Right
from data.base.actor import Actor
from data.base.changes import record
from data.base.database import transaction
from data.base.fields import Choice
from data.base.marks import N_
from data.base.refusals import ChangedMeanwhile
from data.base.words import LANGUAGES

PROFILE = (
    accounts.NAME,
    accounts.PHONE,
    Choice(key='language', label=N_('Language'), options=tuple(LANGUAGES.items())),
)


class ProfileChanged(AccountChanged):
    """Name, phone or language."""


def change(account: Account, values: Mapping[str, Any], *, version: int, by: Actor) -> Account:
    """`PROFILE`'s values for one's own account, if it is still at `version`. Raises ChangedMeanwhile."""
    with transaction():
        rights.require(by, Right.CHANGE_OWN_PROFILE, account)
        now = accounts.find(account.id)
        same = (Account.id == account.id) & (Account.version == version)
        if not Account.update(**values, version=Account.version + 1).where(same).execute():
            raise ChangedMeanwhile
        record(ProfileChanged(now, by=by, before={key: getattr(now, key) for key in values}, after=values))
        return accounts.find(account.id)
