"""Makes a press count once: the same key with the same content gives back what the first press made."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from peewee import BlobField, IntegerField, TextField

from data.base import changes, clock
from data.base.actor import Actor
from data.base.columns import InstantField
from data.base.database import transaction
from data.base.marks import N_
from data.base.refusals import Refusal
from data.base.table import Table, rows

KEPT = timedelta(days=7)


class FormKeyReused(Refusal):
    """The key of a form that was sent before came again with other content."""

    words = N_('This form was already sent with other details. Please reload the page.')


class FormKey(Table):
    """What one press of one form made."""

    actor = TextField()
    key = TextField()
    digest = BlobField()
    result_id = IntegerField()
    at = InstantField(index=True)  # the nightly sweep

    class Meta:
        table_name = 'form_keys'
        indexes = ((('actor', 'key'), True),)


def made_before(by: Actor, key: str, content: Mapping[str, object]) -> int | None:
    """The id of what this key made before, or None. Inside the command's transaction. Raises FormKeyReused."""
    found = rows('SELECT digest, result_id FROM form_keys WHERE actor = ? AND key = ?', by.key, key)
    if not found:
        return None
    digest, result_id = found[0]
    if bytes(digest) != _digest(content):
        raise FormKeyReused
    return int(result_id)


def remember(by: Actor, key: str, content: Mapping[str, object], result_id: int) -> None:
    """Keeps what this key made, in the same transaction as what was made."""
    FormKey.create(actor=by.key, key=key, digest=_digest(content), result_id=result_id, at=clock.now())


def sweep() -> None:
    """Forgets keys after seven days."""
    with transaction():
        FormKey.delete().where(FormKey.at < clock.now() - KEPT).execute()


def _digest(content: Mapping[str, object]) -> bytes:
    return hashlib.sha256(changes.as_json(content).encode()).digest()
