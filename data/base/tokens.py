"""One-time links: random, signed for their purpose, kept hashed, expiring, revocable."""

import hashlib
import secrets
from datetime import timedelta
from enum import StrEnum

from peewee import BlobField, IntegerField, TextField

from data.base import clock, keys
from data.base.columns import InstantField
from data.base.database import transaction
from data.base.marks import N_
from data.base.refusals import Refusal
from data.base.table import Table


class Purpose(StrEnum):
    """What a link is for; one made for another purpose is refused without asking the database."""

    SET_UP = 'set-up'
    STAFF_WELCOME = 'staff welcome'
    OWNER_SIGN_IN = 'owner sign-in'


class LinkInvalid(Refusal):
    """Unknown, forged, used, expired or revoked: one answer for all."""

    words = N_('This link is no longer valid. Please ask for a new one.')


class Token(Table):
    """A link that was given out. Its text is known only to whom it was given; here stands the hash."""

    purpose = TextField()
    hash = BlobField(unique=True)
    account_id = IntegerField(null=True)  # None: nobody has an account yet, as at set-up
    made_at = InstantField()
    expires_at = InstantField(index=True)  # the nightly sweep
    used_at = InstantField(null=True)
    revoked_at = InstantField(null=True)

    class Meta:
        table_name = 'tokens'
        indexes = ((('purpose', 'account_id'), False),)  # revoking the earlier links of somebody


def make(purpose: Purpose, *, account_id: int | None = None, lifetime: timedelta) -> str:
    """The text for a link, shown this once. Earlier open ones for the same purpose and account are revoked."""
    random = secrets.token_urlsafe(24)
    with transaction():
        revoke(purpose, account_id=account_id)
        now = clock.now()
        Token.create(
            purpose=purpose, hash=digest(random), account_id=account_id, made_at=now, expires_at=now + lifetime
        )
    return keys.sign(random, purpose=purpose)


def look_up(purpose: Purpose, text: str) -> Token:
    """The open token that `text` stands for; looking consumes nothing. Raises LinkInvalid."""
    random = keys.unsign(text, purpose=purpose)
    found = None if random is None else Token.get_or_none(Token.hash == digest(random))
    if found is None or found.used_at or found.revoked_at or found.expires_at <= clock.now():
        raise LinkInvalid
    return found


def use(purpose: Purpose, text: str) -> Token:
    """Consumes the token, in the caller's transaction; of two who press at once one gets LinkInvalid."""
    with transaction():
        found = look_up(purpose, text)
        still_open = (Token.id == found.id) & Token.used_at.is_null() & Token.revoked_at.is_null()
        if not Token.update(used_at=clock.now()).where(still_open).execute():
            raise LinkInvalid
        return found


def revoke(purpose: Purpose, *, account_id: int | None) -> None:
    """Ends every open link of this purpose and account."""
    with transaction():
        same_account = Token.account_id.is_null() if account_id is None else Token.account_id == account_id
        Token.update(revoked_at=clock.now()).where(
            (Token.purpose == purpose) & same_account & Token.used_at.is_null() & Token.revoked_at.is_null()
        ).execute()


def sweep() -> None:
    """Forgets what expired a month ago."""
    with transaction():
        Token.delete().where(Token.expires_at < clock.now() - timedelta(days=30)).execute()


def digest(random: str) -> bytes:
    """SHA-256: enough for what is itself 128 random bits or more."""
    return hashlib.sha256(random.encode()).digest()
