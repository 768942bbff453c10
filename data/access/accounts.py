"""One person's sign-in, with roles. A person has one account, however many customers or roles they belong to."""

from collections.abc import Iterable

from peewee import Check, ForeignKeyField, IntegerField, IntegrityError, TextField

from data.access.roles import Role
from data.base import clock
from data.base.actor import Actor
from data.base.changes import Change, record
from data.base.columns import InstantField
from data.base.database import savepoint, transaction
from data.base.fields import Email, Password, Phone, Text
from data.base.marks import N_
from data.base.refusals import NotFound, Refusal
from data.base.table import Table, rows

NAME = Text(key='name', label=N_('Your name'), most=100)
EMAIL = Email(key='email', label=N_('E-mail'))
PHONE = Phone(key='phone', label=N_('Phone'), required=False)
NEW_PASSWORD = Password(key='password', label=N_('Password'), help=N_('At least 8 characters.'), new=True)


class Account(Table):
    """Who may sign in. `email` is kept folded, so that it is unique as people read it."""

    email = TextField(unique=True)
    name = TextField()
    phone = TextField(null=True)
    language = TextField(default='en')
    password_hash = TextField(null=True)  # None: signs in another way, or has not been welcomed yet
    email_confirmed_at = InstantField(null=True)
    locked_at = InstantField(null=True)
    made_at = InstantField()
    ended_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        table_name = 'accounts'

    def is_self(self, by: Actor) -> bool:
        return by.account_id == self.id

    @property
    def may_sign_in(self) -> bool:
        return self.locked_at is None and self.ended_at is None


class AccountRole(Table):
    """One role of one account."""

    account_id: int
    account = ForeignKeyField(Account, backref='roles', on_delete='RESTRICT')
    role = TextField()

    class Meta:
        table_name = 'account_roles'
        indexes = ((('account', 'role'), True),)
        constraints = (Check("role IN ('technician', 'dispatcher', 'owner')"),)


class AccountChanged(Change):
    """Anything about an account."""


class AccountMade(AccountChanged):
    """A person can sign in from now on, or after accepting a welcome."""


class PasswordChanged(AccountChanged):
    """A new password; every other session has ended."""


class RoleGiven(AccountChanged):
    """An existing account may do more."""


class RoleTaken(AccountChanged):
    """An account may do less; its sessions have ended."""


class EmailTaken(Refusal):
    """The address already has an account."""

    words = N_('This e-mail address already has an account. Sign in to connect.')


class LastOwner(Refusal):
    """Somebody must be able to run the business."""

    words = N_('This is the last owner. Make somebody else an owner first.')


def make(email: str, name: str, *, by: Actor, password_hash: str | None = None, **more: object) -> Account:
    """A new account, in the caller's transaction, who has checked the right. Raises EmailTaken."""
    with transaction():
        try:
            with savepoint():
                account = Account.create(
                    email=email, name=name, password_hash=password_hash, made_at=clock.now(), **more
                )
        except IntegrityError as clash:
            raise EmailTaken from clash
        record(AccountMade(account, by=by, after={'name': name}))
        return account


def by_email(email: str) -> Account | None:
    return Account.get_or_none(Account.email == email)


def find(account_id: int | None) -> Account:
    """Raises NotFound."""
    found = None if account_id is None else Account.get_or_none(Account.id == account_id)
    if found is None:
        raise NotFound
    return found


def find_live(account_id: int | None) -> Account:
    """One that has not ended; it may be locked. Raises NotFound."""
    found = find(account_id)
    if found.ended_at is not None:
        raise NotFound
    return found


def exist() -> bool:
    """False until the business is set up."""
    return Account.select().exists()


def set_password(account: Account, password_hash: str, *, by: Actor) -> None:
    """In the caller's transaction, who has checked the right."""
    with transaction():
        Account.update(password_hash=password_hash).where(Account.id == account.id).execute()
        record(PasswordChanged(account, by=by))


def confirm_email(account: Account) -> None:
    """A link sent to the address came back."""
    with transaction():
        unconfirmed = (Account.id == account.id) & Account.email_confirmed_at.is_null()
        Account.update(email_confirmed_at=clock.now()).where(unconfirmed).execute()


def roles_of(account_id: int | None) -> frozenset[Role]:
    """The stored roles; an owner is a dispatcher too."""
    if account_id is None:
        return frozenset()
    stored = {Role(role) for (role,) in rows('SELECT role FROM account_roles WHERE account_id = ?', account_id)}
    return frozenset(stored | {Role.DISPATCHER} if Role.OWNER in stored else stored)


def give_roles(account: Account, roles: Iterable[Role], *, by: Actor) -> list[Role]:
    """Adds what the account does not have yet and returns it; the caller has checked the right."""
    with transaction():
        stored = {row.role for row in AccountRole.select().where(AccountRole.account == account)}
        new = [role for role in Role if role in set(roles) and role not in stored]
        for role in new:
            AccountRole.create(account=account, role=role)
        if new:
            record(RoleGiven(account, by=by, after={'roles': new}))
        return new


def take_role(account: Account, role: Role, *, by: Actor) -> None:
    """The caller has checked the right and ends the sessions. Raises NotFound, LastOwner."""
    with transaction():
        its = (AccountRole.account == account) & (AccountRole.role == role)
        if not AccountRole.delete().where(its).execute():
            raise NotFound
        if role == Role.OWNER and not any(is_welcomed(owner) for owner in owners()):
            raise LastOwner
        record(RoleTaken(account, by=by, before={'roles': [role]}))


def owners() -> list[Account]:
    """Live owners, the first one first."""
    live = Account.ended_at.is_null() & Account.locked_at.is_null()
    return list(Account.select().join(AccountRole).where(live & (AccountRole.role == Role.OWNER)).order_by(Account.id))


def is_welcomed(account: Account) -> bool:
    """False while the person has not set a password by the link they got."""
    return account.password_hash is not None
