"""For an owner who lost their password: a one-time link that only the operator's command line makes."""

from datetime import timedelta

from data.access import accounts, sessions
from data.base import tokens
from data.base.database import transaction
from data.base.refusals import NotFound
from data.base.tokens import Purpose

LIVES = timedelta(hours=24)


def make() -> str:
    """The token of a link for the first live owner; earlier ones end. Raises NotFound where nobody is set up."""
    found = accounts.owners()
    if not found:
        raise NotFound
    return tokens.make(Purpose.OWNER_SIGN_IN, account_id=found[0].id, lifetime=LIVES)


def sign_in(link_token: str, *, browser: str, replaces: str | None = None) -> str:
    """The token of a new session. Raises tokens.LinkInvalid."""
    with transaction():
        account = accounts.find(tokens.use(Purpose.OWNER_SIGN_IN, link_token).account_id)
        if not account.may_sign_in:
            raise tokens.LinkInvalid
        return sessions.begin(account, browser=browser, replaces=replaces)
