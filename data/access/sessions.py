"""Who is signed in where: our own rows, known by the hash of a token that only the browser has."""

import secrets
from datetime import timedelta
from typing import Any

from peewee import BlobField, ForeignKeyField, TextField

from data.access import accounts, passwords
from data.access.accounts import Account
from data.base import clock, throttle, tokens
from data.base.actor import Actor, Via
from data.base.changes import Change, record
from data.base.columns import InstantField
from data.base.database import transaction
from data.base.fields import Email, Password
from data.base.marks import N_
from data.base.refusals import NotFound, Refusal
from data.base.table import Table, rows

IDLE = timedelta(days=30)
ABSOLUTE = timedelta(days=180)
TOUCHED_EVERY = timedelta(minutes=5)

SIGN_IN = (
    Email(key='email', label=N_('E-mail')),
    Password(key='password', label=N_('Password')),
)


class Session(Table):
    """One browser that is signed in. It ends by sign-out, by its limits, or when its account is locked."""

    account_id: int
    account = ForeignKeyField(Account, backref='sessions', on_delete='RESTRICT')
    token_hash = BlobField(unique=True)
    browser = TextField(default='')  # the User-Agent header, cut
    begun_at = InstantField()
    seen_at = InstantField()
    expires_at = InstantField(index=True)  # the nightly sweep
    ended_at = InstantField(null=True)

    class Meta:
        table_name = 'sessions'

    def is_self(self, by: Actor) -> bool:
        return by.account_id == self.account_id


class SessionEnded(Change):
    """A sign-out, here or from elsewhere; open pages of the session must go."""


class SessionBegun(Change):
    """A sign-in."""


class SignInFailed(Refusal):
    """Wrong password, unknown address, locked account: one answer for all."""

    words = N_('The e-mail address or the password is not right.')


class SignedOut(NotFound):
    """The session has ended; the door asks to sign in again."""

    words = N_('You are signed out. Please sign in again.')


def sign_in(email: str, password: str, *, browser: str, origin: str = '', replaces: str | None = None) -> str:
    """The token of a new session; the one in the browser before, if any, is ended. Runs in a thread: argon2.

    `origin` is the network address that asks: tries are counted for each person from each place, so that nobody who
    guesses elsewhere locks the person out. Raises SignInFailed; throttle.TooOften.
    """
    here, from_here, everywhere = f'sign-in:{email}:{origin}', f'sign-in:from:{origin}', f'sign-in:{email}'
    throttle.spend(from_here, allowed=100, per=timedelta(minutes=15))  # first: nobody fills the table with made-up ones
    throttle.spend(here, allowed=10, per=timedelta(minutes=15))
    throttle.spend(everywhere, allowed=200, per=timedelta(hours=1))
    account = accounts.by_email(email)
    if not passwords.fits(password, account.password_hash if account else None) or account is None:
        raise SignInFailed
    if not account.may_sign_in:
        raise SignInFailed
    throttle.forgive(here)
    for bucket in (from_here, everywhere):
        throttle.give_back(bucket)
    return begin(account, browser=browser, replaces=replaces)


def begin(account: Account, *, browser: str, replaces: str | None = None) -> str:
    """A fresh session for somebody who has just proved who they are; never one whose token came from outside."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    with transaction():
        if replaces is not None and (earlier := find(replaces)):
            _end(earlier, by=actor_of(earlier))
        session = Session.create(
            account=account,
            token_hash=tokens.digest(token),
            browser=browser[:300],
            begun_at=now,
            seen_at=now,
            expires_at=now + ABSOLUTE,
        )
        record(SessionBegun(session, by=actor_of(session)))
    return token


def find(token: str) -> Session | None:
    """The live session of this token, or None."""
    return next(iter(_live().where(Session.token_hash == tokens.digest(token))), None)


def is_live(by: Actor) -> bool:
    """Asked afresh in every command: the session and its account as they are now."""
    now = int(clock.now().timestamp())
    idle = int(IDLE.total_seconds())
    return by.session_id is not None and bool(rows(_IS_LIVE, by.session_id, by.account_id, now, now - idle))


# what `_live` asks, as text: it is asked in every command, twice or more
_IS_LIVE = """SELECT 1 FROM sessions JOIN accounts ON accounts.id = sessions.account_id
    WHERE sessions.id = ? AND sessions.account_id = ? AND sessions.ended_at IS NULL
    AND expires_at > ? AND seen_at > ? AND locked_at IS NULL AND accounts.ended_at IS NULL"""


def account_of(by: Actor) -> Any:
    """Query: the id of the asker's account while the session is live, else nothing; for conditions of other tables."""
    its = (Session.id == by.session_id) & (Session.account == by.account_id)
    return _live().select(Session.account).where(its)


def live_of(by: Actor) -> list[Session]:
    """The asker's browsers that are signed in, the one used last first. Raises NotFound."""
    if not is_live(by):
        raise SignedOut
    its = _live().where(Session.account == by.account_id)
    return list(its.order_by(Session.seen_at.desc(), Session.id.desc()))


def touch(session: Session) -> None:
    """Notes that the session is in use, at most every five minutes."""
    if clock.now() - session.seen_at >= TOUCHED_EVERY:
        with transaction():
            Session.update(seen_at=clock.now()).where(Session.id == session.id).execute()


def actor_of(session: Session) -> Actor:
    return Actor(session.account_id, session.id, Via.PERSON)


def end(session: Session, *, by: Actor) -> None:
    """Ends one session of one's own, this one or another. Raises NotFound."""
    with transaction():
        found = Session.get_or_none(Session.id == session.id)
        if not is_live(by) or found is None or not found.is_self(by):
            raise NotFound
        _end(found, by=by)


def end_all(account: Account, *, by: Actor) -> None:
    """In the caller's transaction, who has checked the right: a new password, a lock, a role taken away."""
    with transaction():
        for session in Session.select().where((Session.account == account) & Session.ended_at.is_null()):
            _end(session, by=by)


def sweep() -> None:
    """Forgets sessions that are long over."""
    with transaction():
        Session.delete().where(Session.expires_at < clock.now() - timedelta(days=30)).execute()


def _end(session: Session, *, by: Actor) -> None:
    open_one = (Session.id == session.id) & Session.ended_at.is_null()
    if Session.update(ended_at=clock.now()).where(open_one).execute():
        record(SessionEnded(session, by=by))


def _live() -> Any:
    """Neither ended nor idle nor too old, of an account that may sign in; with the account loaded."""
    now = clock.now()
    not_over = Session.ended_at.is_null() & (Session.expires_at > now) & (Session.seen_at > now - IDLE)
    may_sign_in = Account.locked_at.is_null() & Account.ended_at.is_null()
    return Session.select(Session, Account).join(Account).where(not_over & may_sign_in)
