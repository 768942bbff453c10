"""Who is told: a contact, the primary contact in its stead, or an account; as they can be reached now."""

from dataclasses import dataclass

from data.access import settings
from data.access.accounts import Account
from data.base import environment
from data.base.words import PSEUDO
from data.people.customers import Contact, primary_contact


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """One person to be told, in their language. `address` is None where nobody knows one."""

    name: str
    address: str | None
    language: str
    customer_id: int | None = None
    contact_id: int | None = None
    account_id: int | None = None


def of_contact(contact: Contact, *, or_primary: bool) -> Recipient:
    """The contact; with `or_primary` the customer's primary contact where this one has ended or has no address."""
    told = contact
    if or_primary and (contact.ended_at is not None or not contact.email):
        primary = primary_contact(contact.customer_id)
        told = primary if primary is not None and primary.email else contact
    return Recipient(
        name=told.name,
        address=told.email if told.ended_at is None else None,
        language=_language(told.language),
        customer_id=told.customer_id,
        contact_id=told.id,
    )


def of_account(account: Account) -> Recipient:
    return Recipient(
        name=account.name, address=account.email, language=_language(account.language), account_id=account.id
    )


def _language(own: str | None) -> str:
    return PSEUDO if environment.current().pseudo_language else own or str(settings.read('business.language'))
