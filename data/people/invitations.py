"""Asks a contact to become a portal user: a link and a code that can be typed, for one person, once."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from peewee import BlobField, Check, ForeignKeyField, IntegerField, IntegrityError

from data.access import accounts, passwords, rights, sessions, settings
from data.access.accounts import Account
from data.access.rights import Right
from data.base import changes, clock, keys, throttle
from data.base.actor import STRANGER, Actor
from data.base.changes import Change, record
from data.base.columns import InstantField
from data.base.database import savepoint, transaction
from data.base.fields import Code
from data.base.marks import N_
from data.base.refusals import Refusal
from data.base.table import Table
from data.people.customers import Contact, Customer, find_contact

LIVES = timedelta(days=14)
ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'  # without I, L, O, 0 and 1, which look alike
CODE_LENGTH = 8  # short only because tries are limited (31⁸ codes); the link carries 192 bits
PURPOSE = 'invitation'

TYPED = (
    Code(
        key='code', label=N_('Invitation code'), help=N_('From the e-mail we sent you. The link in it fills this in.')
    ),
)
REDEEMING = (accounts.NAME, accounts.NEW_PASSWORD)


class Invitation(Table):
    """One asked contact; open until redeemed, revoked or expired. Code and link are kept as keyed hashes."""

    contact_id: int
    contact = ForeignKeyField(Contact, backref='invitations', on_delete='RESTRICT')
    code_hash = BlobField(unique=True)
    link_hash = BlobField(unique=True)
    made_by = IntegerField(null=True)  # an account; None: the system
    made_at = InstantField()
    expires_at = InstantField(index=True)
    redeemed_at = InstantField(null=True)
    revoked_at = InstantField(null=True)

    class Meta:
        table_name = 'invitations'
        constraints = (Check('redeemed_at IS NULL OR revoked_at IS NULL'),)

    _one_open = (
        'CREATE UNIQUE INDEX invitations_one_open ON invitations (contact_id) '
        'WHERE redeemed_at IS NULL AND revoked_at IS NULL'
    )
    statements = {'sqlite': [_one_open], 'postgresql': [_one_open]}  # never changed

    def household(self) -> int | None:
        return int(self.contact.customer_id)

    @property
    def is_open(self) -> bool:
        return self.redeemed_at is None and self.revoked_at is None and self.expires_at > clock.now()


class InvitationChanged(Change):
    """Anything about an invitation."""


class InvitationMade(InvitationChanged):
    """A contact is asked. Its secrets are `code` and `link_token`."""


class InvitationRevoked(InvitationChanged):
    """The code and the link are dead."""


class InvitationRedeemed(InvitationChanged):
    """The contact has an account from now on."""


class SecretOpened(Change):
    """Staff looked at code and link before they had gone out, to hand them over; now two know them."""


class InvitationClosed(Refusal):
    """Unknown, used, expired or revoked: one answer for all."""

    words = N_('This invitation is not valid, or not any more. Please ask for a new one.')


class NoAddress(Refusal):
    """An invitation goes out by e-mail only."""

    words = N_('{name} has no e-mail address. Please add one first.')


class AlreadyIn(Refusal):
    """The contact has an account, or the account belongs to this customer already."""

    words = N_('{name} can sign in already.')


def invite(contact: Contact, *, by: Actor) -> Invitation:
    """Asks the contact, or asks again: a new code and link, and the earlier ones are dead.

    Raises NotFound, NoAddress, AlreadyIn.
    """
    with transaction():
        rights.require(by, Right.INVITE)
        contact = find_contact(contact.id)
        if not contact.email:
            raise NoAddress(name=contact.name)
        if contact.account_id is not None:
            raise AlreadyIn(name=contact.name)
        _close(contact, by=by)
        return _made(contact, by=by)


def revoke(invitation: Invitation, *, by: Actor) -> None:
    """Kills code and link. Raises InvitationClosed."""
    with transaction():
        rights.require(by, Right.INVITE)
        if not Invitation.update(revoked_at=clock.now()).where(_still_open(invitation)).execute():
            raise InvitationClosed
        record(InvitationRevoked(invitation, by=by))


def look_up(secret: str, *, origin: str) -> Invitation:
    """The open invitation of a link's token or a typed code; looking changes nothing but the count of tries.

    `origin` is the address that asks. Raises InvitationClosed; throttle.TooOften after twenty wrong codes an hour.
    """
    if keys.unsign(secret, purpose=PURPOSE) is not None:
        return _open_one(secret)
    from_here, from_everybody = f'redeem:{origin}', 'redeem:everybody'
    throttle.spend(from_here, allowed=20, per=timedelta(hours=1))
    throttle.spend(from_everybody, allowed=600, per=timedelta(hours=1))
    found = _open_one(secret)
    for bucket in (from_here, from_everybody):  # a right code is looked up at each step, by colleagues from one address
        throttle.give_back(bucket)
    return found


def redeem(secret: str, values: Mapping[str, Any], *, origin: str, browser: str, replaces: str | None = None) -> str:
    """Makes the account with its password, and a session, or nothing; by `REDEEMING`'s values. In a thread: argon2.

    Returns the session's token; `replaces` is the token in the browser before. Raises InvitationClosed; EmailTaken
    where the address has an account already; InvalidInput for a common password.
    """
    look_up(secret, origin=origin)
    passwords.refuse_common(values['password'])
    password_hash = passwords.hashed(values['password'])
    with transaction():
        invitation = _open_one(secret)
        contact = invitation.contact
        account = accounts.make(
            str(contact.email),
            values['name'],
            by=STRANGER,
            password_hash=password_hash,
            phone=contact.phone,
            language=contact.language or settings.read('business.language'),
            # the code came from this address, unless somebody of the staff has seen it
            email_confirmed_at=None if changes.happened(SecretOpened, invitation) else clock.now(),
        )
        _join(invitation, account, by=STRANGER)
        return sessions.begin(account, browser=browser, replaces=replaces)


def connect(secret: str, *, origin: str, by: Actor) -> Contact:
    """For who has an account: it owns the contact from now on. Raises InvitationClosed, AlreadyIn."""
    rights.require(by, Right.BE_SIGNED_IN)
    look_up(secret, origin=origin)
    with transaction():
        rights.require(by, Right.BE_SIGNED_IN)
        invitation = _open_one(secret)
        account = accounts.find(by.account_id)
        _join(invitation, account, by=by)
        return Contact.get_by_id(invitation.contact_id)


def latest(contact: Contact, *, by: Actor) -> Invitation | None:
    """What became of the last time the contact was asked."""
    rights.require(by, Right.INVITE)
    asked = Invitation.select().where(Invitation.contact == contact)
    return next(iter(asked.order_by(Invitation.made_at.desc(), Invitation.id.desc()).limit(1)), None)


def recent(*, by: Actor, most: int = 100) -> list[Invitation]:
    """The latest ones, with contact and customer loaded."""
    rights.require(by, Right.INVITE)
    rows = Invitation.select(Invitation, Contact, Customer).join(Contact).join(Customer)
    return list(rows.order_by(Invitation.made_at.desc(), Invitation.id.desc()).limit(most))


def spelled(code: str) -> str:
    """In groups, as people read it out: 7KQM-4TXD."""
    return f'{code[:4]}-{code[4:]}'


def _open_one(secret: str) -> Invitation:
    random = keys.unsign(secret, purpose=PURPOSE)
    if random is None:
        found = Invitation.get_or_none(Invitation.code_hash == keys.fingerprint(secret, purpose=PURPOSE))
    else:
        found = Invitation.get_or_none(Invitation.link_hash == keys.fingerprint(random, purpose=PURPOSE))
    if found is None or not found.is_open or not found.contact.email:
        raise InvitationClosed
    if found.contact.ended_at is not None or found.contact.customer.ended_at is not None:
        raise InvitationClosed
    return found


def _made(contact: Contact, *, by: Actor) -> Invitation:
    code = ''.join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    random = secrets.token_urlsafe(24)
    now = clock.now()
    invitation = Invitation.create(
        contact=contact,
        code_hash=keys.fingerprint(code, purpose=PURPOSE),
        link_hash=keys.fingerprint(random, purpose=PURPOSE),
        made_by=by.account_id,
        made_at=now,
        expires_at=now + LIVES,
    )
    told = {'code': code, 'link_token': keys.sign(random, purpose=PURPOSE)}
    record(InvitationMade(invitation, by=by, after={'expires_at': invitation.expires_at}, secrets=told))
    return invitation


def _close(contact: Contact, *, by: Actor) -> None:
    for invitation in Invitation.select().where(Invitation.contact == contact):
        if Invitation.update(revoked_at=clock.now()).where(_still_open(invitation)).execute():
            record(InvitationRevoked(invitation, by=by))


def _join(invitation: Invitation, account: Account, *, by: Actor) -> None:
    """The conditional update decides between two who redeem at once."""
    if not Invitation.update(redeemed_at=clock.now()).where(_still_open(invitation)).execute():
        raise InvitationClosed
    unowned = (Contact.id == invitation.contact_id) & Contact.account.is_null() & Contact.ended_at.is_null()
    try:
        with savepoint():
            joined = Contact.update(account=account).where(unowned).execute()
    except IntegrityError as clash:  # the account belongs to another contact of this customer
        raise AlreadyIn(name=account.name) from clash
    if not joined:
        raise InvitationClosed
    record(InvitationRedeemed(invitation, by=by, after={'account': account.id}))


def _still_open(invitation: Invitation) -> Any:
    return (Invitation.id == invitation.id) & Invitation.redeemed_at.is_null() & Invitation.revoked_at.is_null()
