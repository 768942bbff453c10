"""Pins that people set by hand, and the territory a site lies in."""

import json

import makers
import pytest
from people import BRUNO

from data.base import clock
from data.base.actor import SYSTEM
from data.base.changes import ChangeRow
from data.base.refusals import NotFound, WrongInput
from data.offer import territories
from data.offer.territories import Territory
from data.people import customers, sites
from data.people.customers import Site

pytestmark = pytest.mark.usefixtures('database')


def test_a_pin_is_kept_and_recorded() -> None:
    ada = makers.make_customer()

    placed = sites.pin(ada.site, 41.5, -87.5, by=ada.actor)

    assert (placed.lat, placed.lon, placed.is_pinned, placed.version) == (41.5, -87.5, True, ada.site.version + 1)
    change = ChangeRow.get(ChangeRow.kind == 'SitePlaced')
    assert (change.subject_id, change.customer_id) == (ada.site.id, ada.customer.id)
    assert json.loads(change.before) == {'lat': None, 'lon': None, 'is_pinned': False}
    assert json.loads(change.after) == {'lat': 41.5, 'lon': -87.5, 'is_pinned': True}


@pytest.mark.parametrize(
    ('lat', 'lon'), [(90.1, 0.0), (-91.0, 0.0), (0.0, 180.5), (float('nan'), 0.0), (0.0, float('inf'))]
)
def test_a_place_that_is_not_on_earth_is_refused(lat: float, lon: float) -> None:
    ada = makers.make_customer()

    with pytest.raises(WrongInput):
        sites.pin(ada.site, lat, lon, by=SYSTEM)

    assert Site.get_by_id(ada.site.id).lat is None


def test_a_pin_is_taken_away_and_only_a_pin() -> None:
    ada = makers.make_customer()
    sites.pin(ada.site, 41.5, -87.5, by=SYSTEM)

    taken = sites.unpin(ada.site, by=SYSTEM)
    assert (taken.lat, taken.lon, taken.is_pinned) == (None, None, False)

    Site.update(lat=1.0, lon=2.0).where(Site.id == ada.site.id).execute()
    found = sites.unpin(ada.site, by=SYSTEM)
    assert (found.lat, found.lon) == (1.0, 2.0)
    assert ChangeRow.select().where(ChangeRow.kind == 'SitePlaced').count() == 2


def test_a_row_that_lies_about_whose_site_it_is_opens_no_other() -> None:
    ada, bruno = makers.make_customer(), makers.make_customer(BRUNO)
    sites.pin(bruno.site, 41.5, -87.5, by=SYSTEM)
    lie = Site(id=bruno.site.id, customer=ada.customer)

    with pytest.raises(NotFound):
        sites.pin(lie, 1.0, 2.0, by=ada.actor)
    with pytest.raises(NotFound):
        sites.unpin(lie, by=ada.actor)

    now = Site.get_by_id(bruno.site.id)
    assert (now.lat, now.lon, now.is_pinned) == (41.5, -87.5, True)


def test_a_site_lies_in_a_territory_or_in_none() -> None:
    site = makers.make_customer().site
    north = territories.add({'name': 'North Side'}, by=SYSTEM)

    assert sites.set_territory(site, north, by=SYSTEM).territory == north
    assert sites.set_territory(site, None, by=SYSTEM).territory is None

    kept = [(json.loads(row.before), json.loads(row.after)) for row in ChangeRow.select().order_by(ChangeRow.id)]
    assert kept[-2:] == [
        ({'territory': None}, {'territory': north.id}),
        ({'territory': north.id}, {'territory': None}),
    ]


def test_a_territory_that_has_ended_takes_no_site() -> None:
    site = makers.make_customer().site
    north = territories.add({'name': 'North Side'}, by=SYSTEM)
    Territory.update(ended_at=clock.now()).where(Territory.id == north.id).execute()

    with pytest.raises(NotFound):
        sites.set_territory(site, north, by=SYSTEM)


def test_a_site_is_added_with_its_postcode_or_without() -> None:
    ada = makers.make_customer()

    with_one = customers.add_site(
        ada.customer, {'address': '2 Elm Court', 'postcode': 'EC1A 1BB', 'access_notes': None}, by=SYSTEM
    )
    without = customers.add_site(ada.customer, {'address': '3 Elm Court', 'access_notes': None}, by=SYSTEM)

    assert (with_one.postcode, without.postcode) == ('EC1A 1BB', None)
