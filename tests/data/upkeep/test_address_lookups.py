"""Where sites lie: asked of a geocoder in the background, once for an address, and never over somebody's pin."""

import json
from collections.abc import Iterator
from datetime import timedelta

import makers
import pytest
import structlog
import time_machine
from lookup_servers import LookupServer, geocoder
from people import ADA, ALDER_STREET, BIRCH_LANE, BRUNO
from queries import captured

from data.access import settings
from data.base import clock
from data.base.actor import SYSTEM
from data.base.changes import ChangeRow
from data.people import customers, geocodes, sites
from data.people.customers import Customer, Site
from data.people.geocodes import Geocode
from data.upkeep.lookups import Lookups

ALDER, BIRCH = (41.9214, -87.6513, '60614'), (41.9719, -87.6628, '60640')
DUNE_ROAD = '9 Dune Road'  # two towns have one
pytestmark = pytest.mark.usefixtures('database')


@pytest.fixture
def server() -> Iterator[LookupServer]:
    known = {ALDER_STREET: ALDER, BIRCH_LANE: BIRCH, DUNE_ROAD: (41.6, -87.2, '46403'), f'{DUNE_ROAD}, 60614': ALDER}
    with geocoder(known) as running:
        settings.change({'geocoding.address': running.address}, by=SYSTEM)
        yield running


def look_up(lookups: Lookups | None = None) -> None:
    (lookups or Lookups(each_seconds=0)).look_up_addresses()


def place_of(site: Site) -> tuple[float | None, float | None, str | None]:
    now = Site.get_by_id(site.id)
    return now.lat, now.lon, now.postcode


def make_site(address: str, postcode: str | None = None) -> Site:
    person = makers.make_customer(BRUNO, address='1 First Street', signs_in=False)
    values = {'address': address, 'postcode': postcode, 'access_notes': None}
    Site.update(lat=1.0, lon=1.0).where(Site.id == person.site.id).execute()
    return customers.add_site(person.customer, values, by=SYSTEM)


def test_an_address_gets_its_place_and_its_postcode(server: LookupServer) -> None:
    site = makers.make_customer().site

    look_up()

    assert place_of(site) == ALDER
    assert server.agents == ['Doorstep (http://localhost:8080)']
    change = ChangeRow.select().order_by(ChangeRow.id.desc()).get()
    assert (change.kind, change.subject_id, change.via) == ('SitePlaced', site.id, 'system')
    assert json.loads(change.after) == {'lat': ALDER[0], 'lon': ALDER[1], 'postcode': '60614'}
    assert Site.get_by_id(site.id).version == site.version


def test_nothing_but_the_address_and_the_country_is_told(server: LookupServer) -> None:
    makers.make_customer()

    look_up()

    assert server.asked == [
        '/nominatim/search?q=18+Alder+Street%2C+Chicago%2C+IL+60614&format=json&limit=1&countrycodes=us&addressdetails=1'
    ]


def test_the_same_address_is_not_asked_again_however_it_is_spelled(server: LookupServer) -> None:
    first = makers.make_customer().site
    look_up()
    same = makers.make_customer(BRUNO, address=ALDER_STREET.upper().replace(', ', ',  ')).site

    look_up()

    assert place_of(same) == place_of(first) == ALDER
    assert len(server.asked) == 1


def test_two_sites_with_one_address_are_asked_for_once(server: LookupServer) -> None:
    both = makers.make_customer().site, makers.make_customer(BRUNO, address=ALDER_STREET).site

    look_up()

    assert [place_of(site) for site in both] == [ALDER, ALDER]
    assert len(server.asked) == 1


def test_a_postcode_tells_one_street_from_another_of_its_name(server: LookupServer) -> None:
    far, near = make_site(DUNE_ROAD), make_site(DUNE_ROAD, '60614')

    look_up()

    assert place_of(far) == (41.6, -87.2, '46403')
    assert place_of(near) == ALDER


def test_a_place_that_came_with_its_postcode_is_known_again_after_a_pin(server: LookupServer) -> None:
    site = make_site(DUNE_ROAD)
    look_up()

    sites.unpin(sites.pin(site, 41.0, -87.0, by=SYSTEM), by=SYSTEM)
    assert place_of(site) == (None, None, '46403')
    look_up()

    assert place_of(site) == (41.6, -87.2, '46403')
    assert len(server.asked) == 1


def test_a_postcode_that_somebody_typed_stays(server: LookupServer) -> None:
    site = make_site(ALDER_STREET, 'IL 60614')

    look_up()

    assert place_of(site) == (ALDER[0], ALDER[1], 'IL 60614')


def test_a_pin_is_left_alone(server: LookupServer) -> None:
    site = makers.make_customer().site
    sites.pin(site, 41.0, -87.0, by=SYSTEM)

    look_up()

    assert place_of(site) == (41.0, -87.0, None)
    assert server.asked == []


def test_a_pin_that_is_set_while_the_geocoder_thinks_is_left_alone(server: LookupServer) -> None:
    site = makers.make_customer().site
    (asked,) = geocodes.waiting(most=1)
    sites.pin(site, 41.0, -87.0, by=SYSTEM)

    geocodes.keep(asked, geocodes.Found(lat=1.0, lon=2.0, postcode='60614'))

    assert place_of(site) == (41.0, -87.0, None)


def test_an_address_on_no_map_is_asked_for_once(server: LookupServer) -> None:
    site = makers.make_customer(address='1 Nowhere Lane').site

    look_up()
    with time_machine.travel(clock.now() + timedelta(days=99)):
        look_up()

    assert place_of(site) == (None, None, None)
    assert len(server.asked) == 1


def test_addresses_that_were_told_or_wait_are_not_read_again(server: LookupServer) -> None:
    customer = makers.make_customer(address='1 Nowhere Lane').customer
    look_up()
    for number in range(2, 1203):
        customers.add_site(customer, {'address': f'{number} Nowhere Lane', 'access_notes': None}, by=SYSTEM)
        due = clock.now() + timedelta(days=1) if number % 2 else None
        Geocode.create(address=f'{number} nowhere lane', tries=1, due_at=due)
    fresh = make_site('Ölgasse 3', '1010 Wien')

    with captured() as statements:
        found = geocodes.waiting(most=30)

    assert [asked.site_ids for asked in found] == [[fresh.id]]
    assert len(statements) == 2
    with time_machine.travel(clock.now() + timedelta(days=2)):
        assert len(geocodes.waiting(most=30)) == 30


def test_an_address_is_known_by_the_postcode_that_came_with_it(server: LookupServer) -> None:
    unknown = make_site(DUNE_ROAD, '46403')
    Geocode.create(address=f'{DUNE_ROAD}, 46403'.lower(), tries=1)
    make_site(DUNE_ROAD)

    look_up()
    look_up()

    assert place_of(unknown) == (41.6, -87.2, '46403')


def test_another_geocoder_is_asked_for_what_the_first_did_not_know(server: LookupServer) -> None:
    makers.make_customer()
    lost = makers.make_customer(BRUNO, address='1 Nowhere Lane').site
    look_up()

    with geocoder({'1 Nowhere Lane': BIRCH}) as other:
        settings.change({'geocoding.address': other.address}, by=SYSTEM)
        look_up()
        assert len(other.asked) == 1

    assert place_of(lost) == BIRCH


NO_ANSWERS = {
    'HTML': '<html>Please sign in</html>',
    'an object': '{}',
    'null': 'null',
    'an error': '{"error": "over quota"}',
    'names instead of places': '["Chicago"]',
    'no place': '[{"display_name": "Chicago"}]',
    'half a place': '[{"lat": "41.9", "display_name": "Chicago"}]',
    'beyond the pole': '[{"lat": "91", "lon": "7", "display_name": "x"}]',
    'once around': '[{"lat": "41", "lon": "272.4", "display_name": "x"}]',
    'NaN': '[{"lat": NaN, "lon": 7, "display_name": "x"}]',
    'NaN in words': '[{"lat": "nan", "lon": "7", "display_name": "x"}]',
    'without end': '[{"lat": 1e999, "lon": 7, "display_name": "x"}]',
    'longer than any number': f'[{{"lat": {10**400}, "lon": 7, "display_name": "x"}}]',
    'a list for a number': '[{"lat": [41], "lon": 7, "display_name": "x"}]',
    'too long': '[' + ' ' * 2_000_000 + ']',
    'too deep': '[' * 100_000,
    'no UTF-8': b'["\xff"]',
}


@pytest.mark.parametrize('body', NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_a_wrong_answer_places_nothing_and_is_asked_again_later(server: LookupServer, body: str | bytes) -> None:
    site = makers.make_customer().site
    server.answer_with(body)
    look_up()
    assert place_of(site) == (None, None, None)

    server.behave()
    look_up()
    assert place_of(site) == (None, None, None)
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        look_up()

    assert place_of(site) == ALDER


ODD_ANSWERS = {
    'no name': {'lat': '41.5', 'lon': '-87.5'},
    'null for a name': {'lat': '41.5', 'lon': '-87.5', 'display_name': None},
    'a list for a name': {'lat': '41.5', 'lon': '-87.5', 'display_name': ['x']},
    'the minus sign of typographers': {'lat': '41.5', 'lon': '\u221287.5', 'display_name': 'x'},
    'digits of another script': {'lat': '\u0664\u0661.5', 'lon': '-87.5', 'display_name': 'x'},
    'a list for the address': {'lat': 41.5, 'lon': -87.5, 'display_name': 'x', 'address': ['x']},
    'half a character for a postcode': {'lat': 41.5, 'lon': -87.5, 'address': {'postcode': '\ud800'}},
    'a NUL for a postcode': {'lat': 41.5, 'lon': -87.5, 'address': {'postcode': '6\0'}},
}


@pytest.mark.parametrize('odd', ODD_ANSWERS.values(), ids=ODD_ANSWERS)
def test_an_odd_answer_is_as_good_as_its_place_and_nobody_waits_behind_it(
    server: LookupServer, odd: dict[str, object]
) -> None:
    site = makers.make_customer().site
    server.answer_with(json.dumps([odd]))
    look_up()
    server.behave()
    behind = makers.make_customer(BRUNO, address=BIRCH_LANE).site

    look_up()

    assert place_of(site) == (41.5, -87.5, None)
    assert place_of(behind) == BIRCH
    assert len(server.asked) == 2


def test_a_postcode_that_is_none_is_left_out(server: LookupServer) -> None:
    site = makers.make_customer().site
    details = [['60614'], {'postcode': 60614}, {'postcode': '60614;60615'}, {'postcode': 'x' * 99}]
    for number, address in enumerate(details):
        server.answer_with(json.dumps([{'lat': 41.9, 'lon': -87.6, 'display_name': 'x', 'address': address}]))
        Site.update(address=f'{number} Alder Street', lat=None).where(Site.id == site.id).execute()

        look_up()

        assert place_of(site) == (41.9, -87.6, None)


def test_a_redirect_is_not_followed(server: LookupServer) -> None:
    site = makers.make_customer().site
    with geocoder({ALDER_STREET: BIRCH}) as elsewhere:
        server.answer_with('', status=302, headers={'Location': f'{elsewhere.address}/search?q=x&format=json'})
        look_up()
        assert elsewhere.asked == []

    assert place_of(site) == (None, None, None)


def test_a_service_that_hangs_or_is_down_is_left_alone_for_a_while(server: LookupServer) -> None:
    makers.make_customer()
    makers.make_customer(BRUNO, address=BIRCH_LANE)
    server.hang()
    lookups = Lookups(each_seconds=0, patience_seconds=0.2)

    with structlog.testing.capture_logs() as lines:
        for _ in range(5):
            look_up(lookups)

    assert len(server.asked) == 1
    (line,) = [line for line in lines if line['event'] == 'outside service failed']
    assert line['service'] == 'geocoder'
    assert 'Alder' not in str(lines)
    settings.change({'geocoding.address': 'http://127.0.0.1:1'}, by=SYSTEM)  # nobody listens there
    look_up(lookups)
    assert Site.select().where(Site.lat.is_null()).count() == 2


def test_each_failure_puts_an_address_off_for_longer_and_for_a_week_at_the_most(server: LookupServer) -> None:
    makers.make_customer()
    server.answer_with('busy', status=503)
    now, pauses = clock.now(), []
    for _ in range(7):
        with time_machine.travel(now, tick=False):
            look_up()
        due_at = Geocode.get().due_at
        pauses.append(due_at - now)
        now = due_at

    assert pauses == [timedelta(hours=hours) for hours in (0.25, 1, 6, 24, 72, 168, 168)]
    assert len(server.asked) == 7


def test_a_question_that_is_refused_keeps_no_other_from_its_answer(server: LookupServer) -> None:
    makers.make_customer()
    server.answer_with('', status=400)
    lookups = Lookups(each_seconds=0)
    look_up(lookups)
    server.behave()
    birch = makers.make_customer(BRUNO, address=BIRCH_LANE).site

    look_up(lookups)

    assert place_of(birch) == BIRCH


def test_one_question_a_second_is_the_pace(server: LookupServer) -> None:
    for person, address in ((ADA, ALDER_STREET), (BRUNO, BIRCH_LANE), (BRUNO, DUNE_ROAD)):
        makers.make_customer(person, address=address, signs_in=False)

    look_up(Lookups(each_seconds=0.2))

    first, second, third = server.asked_at
    assert second - first >= 0.2
    assert third - second >= 0.2


def test_without_a_geocoder_nobody_is_asked(server: LookupServer) -> None:
    site = makers.make_customer().site
    settings.change({'geocoding.address': None}, by=SYSTEM)

    look_up()
    Lookups().look_up()

    assert (place_of(site), server.asked) == ((None, None, None), [])


def test_one_process_after_the_other_asks(server: LookupServer) -> None:
    makers.make_customer(address='1 Nowhere Lane')
    first, second = Lookups(each_seconds=0), Lookups(each_seconds=0)
    first.look_up()
    birch = makers.make_customer(BRUNO, address=BIRCH_LANE).site

    second.look_up()  # within the minute that is the first one's
    assert place_of(birch) == (None, None, None)
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        second.look_up()

    assert place_of(birch) == BIRCH


def test_an_ended_site_is_not_looked_up(server: LookupServer) -> None:
    site, household = makers.make_customer().site, makers.make_customer(BRUNO, address=BIRCH_LANE)
    Site.update(ended_at=clock.now()).where(Site.id == site.id).execute()
    Customer.update(ended_at=clock.now()).where(Customer.id == household.customer.id).execute()

    look_up()

    assert server.asked == []


def test_the_sweep_forgets_addresses_that_no_live_site_has(server: LookupServer) -> None:
    stays, goes = makers.make_customer().site, makers.make_customer(BRUNO, address=BIRCH_LANE).site
    dune = make_site(DUNE_ROAD)  # which got a postcode with its place
    look_up()
    assert Geocode.select().count() == 3
    Site.update(ended_at=clock.now()).where(Site.id == goes.id).execute()

    geocodes.sweep()

    assert {row.address for row in Geocode.select()} == {stays.search_text, dune.search_text}
