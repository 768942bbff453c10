"""Whom the business serves, and what a person sees of it: their own, while it lasts."""

import json

import makers
import pytest
from makers import Household
from people import ADA, ALDER_STREET, BIRCH_LANE, BRUNO, NIELS, RUTH

from data.access import sessions
from data.access.sessions import Session
from data.base import clock
from data.base.actor import STRANGER, SYSTEM, Actor
from data.base.changes import ChangeRow
from data.base.table import Table
from data.people import assets, customers
from data.people.assets import Asset
from data.people.customers import Contact, Customer, Site

pytestmark = pytest.mark.usefixtures('database')

CONTACT = {'name': ADA.name, 'email': ADA.email, 'phone': None}
SITE = {'address': ALDER_STREET, 'access_notes': 'Ring twice'}


def end(row: Table) -> None:
    kind = type(row)
    kind.update(ended_at=clock.now()).where(kind.id == row.id).execute()


def test_a_customer_comes_with_a_primary_contact_and_a_site() -> None:
    customer = customers.add({'name': 'Lind'}, CONTACT, SITE, by=SYSTEM)

    (contact,), (site,) = customers.contacts(customer, by=SYSTEM), customers.sites(customer, by=SYSTEM)
    assert (contact.name, contact.is_primary, contact.account_id) == (ADA.name, True, None)
    assert (site.address, site.access_notes, site.lat) == (ALDER_STREET, 'Ring twice', None)
    kinds = [(row.kind, row.customer_id) for row in ChangeRow.select().order_by(ChangeRow.id)]
    assert kinds == [(kind, customer.id) for kind in ('CustomerAdded', 'ContactAdded', 'SiteAdded')]
    assert json.loads(ChangeRow.get(ChangeRow.kind == 'SiteAdded').after) == SITE


def test_a_customer_whose_site_cannot_be_written_is_not_there_at_all() -> None:
    with pytest.raises(Exception, match='address'):
        customers.add({'name': 'Lind'}, CONTACT, {'address': None}, by=SYSTEM)

    assert Customer.select().count() == Contact.select().count() == ChangeRow.select().count() == 0


def test_the_second_contact_is_not_primary_and_couples_may_share_an_address() -> None:
    household = makers.make_customer()

    makers.make_contact(household, NIELS, signs_in=False)

    people = customers.contacts(household.customer, by=SYSTEM)
    assert [(person.name, person.is_primary) for person in people] == [(ADA.name, True), (NIELS.name, False)]
    primary = customers.primary_contact(household.customer.id)
    assert primary is not None
    assert primary.name == ADA.name


def test_what_has_ended_is_in_no_list() -> None:
    household = makers.make_customer()
    second = makers.make_contact(household, NIELS, signs_in=False)
    assert assets.of_customer(household.customer.id, by=SYSTEM) == [household.asset]
    for row in (second, household.asset):
        end(row)

    assert customers.contacts(household.customer, by=SYSTEM) == [household.contact]
    assert assets.of_customer(household.customer.id, by=SYSTEM) == []
    end(household.site)
    assert customers.sites(household.customer, by=SYSTEM) == []


def test_a_thing_at_a_site_that_has_ended_is_in_no_list() -> None:
    household = makers.make_customer()
    end(household.site)

    assert assets.of_customer(household.customer.id, by=SYSTEM) == []


@pytest.fixture
def three() -> list[Household]:
    return [
        makers.make_customer(BRUNO, address=BIRCH_LANE),
        makers.make_customer(ADA),
        makers.make_customer(RUTH, address='100% Street_7, Gary'),
    ]


@pytest.mark.parametrize(
    ('text', 'found'),
    [
        ('', ['Abel', 'Lind', 'Sá']),
        ('lind', ['Lind']),
        ('ADA', ['Lind']),
        ('birch', ['Sá']),
        ('ruth@example.net', ['Abel']),
        ('3125550142', ['Abel', 'Lind', 'Sá']),
        ('100%', ['Abel']),
        ('t_7', ['Abel']),
        ('%', ['Abel']),
        ('nobody', []),
        ("'; DROP TABLE customers; --", []),
    ],
)
def test_staff_find_a_customer_by_name_person_address_or_phone(
    three: list[Household], text: str, found: list[str]
) -> None:
    assert len(three) == 3

    assert [customer.name for customer in customers.search(text, by=SYSTEM)] == found


def test_a_search_finds_no_more_than_asked_for_and_nobody_who_has_ended(three: list[Household]) -> None:
    end(three[1].customer)

    assert [customer.name for customer in customers.search(by=SYSTEM)] == ['Abel', 'Sá']
    assert [customer.name for customer in customers.search(by=SYSTEM, most=1)] == ['Abel']


def test_a_search_does_not_find_by_what_has_ended() -> None:
    household = makers.make_customer()
    old = makers.make_contact(household, RUTH, signs_in=False)
    moved_from = customers.add_site(household.customer, {'address': BIRCH_LANE, 'access_notes': None}, by=SYSTEM)
    for row in (old, moved_from):
        end(row)

    assert customers.search('Ruth', by=SYSTEM) == customers.search('Birch', by=SYSTEM) == []


def test_a_person_belongs_to_each_customer_of_whom_they_own_a_contact() -> None:
    mine, other, third = makers.make_customer(), makers.make_customer(BRUNO), makers.make_customer(RUTH)
    Contact.update(account=mine.account).where(Contact.id == other.contact.id).execute()
    by = mine.actor

    assert {contact.id for contact in customers.own_contacts(by)} == {mine.contact.id, other.contact.id}
    assert {site.id for site in customers.own_sites(by)} == {mine.site.id, other.site.id}
    assert [mine.site.is_own(by), other.asset.is_own(by), third.site.is_own(by)] == [True, True, False]
    assert customers.own_contact(by, mine.customer.id) == mine.contact
    assert customers.own_contact(by, third.customer.id) is None


@pytest.mark.parametrize('what', ['contact', 'customer'])
def test_whose_contact_or_customer_has_ended_is_no_customer_any_more(what: str) -> None:
    household = makers.make_customer()
    by = household.actor
    end(getattr(household, what))

    assert customers.own_contacts(by) == customers.own_sites(by) == []
    assert not household.site.is_own(by)


def test_nothing_belongs_to_who_is_not_signed_in_any_more() -> None:
    household = makers.make_customer()
    by: Actor = household.actor
    sessions.end(Session.get_by_id(by.session_id), by=by)

    assert customers.own_contacts(by) == customers.own_contacts(STRANGER) == customers.own_sites(by) == []


def test_the_asset_of_a_household_is_history_of_that_household() -> None:
    household = makers.make_customer()

    assert ChangeRow.get(ChangeRow.kind == 'AssetAdded').customer_id == household.customer.id
    assert Asset.get_by_id(household.asset.id).household() == household.customer.id
    assert Site.get_by_id(household.site.id).household() == household.customer.id
