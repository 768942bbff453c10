"""How long drives take: asked of a routing service in the background, whatever it answers, and never by an offer."""

import json
from collections.abc import Iterator

import makers
import pytest
import structlog
from conftest import EmptyDatabase
from lookup_servers import LookupServer, router
from peewee import OperationalError
from people import ADA, BRUNO

from data.access import settings
from data.base import clock
from data.base.actor import SYSTEM
from data.base.database import CannotSave, close_database, open_database
from data.base.table import Table
from data.crew import technicians
from data.crew.technicians import Technician
from data.people import sites
from data.people.customers import Site
from data.upkeep.lookups import Lookups
from data.visits import drive_times
from data.visits.drive_times import DriveTime
from data.visits.travel import Place

ALDER, BIRCH, ELM = Place(41.9214, -87.6513), Place(41.9719, -87.6628), Place(41.8938, -87.6204)
ISLAND = Place(42.1, -87.4)


def seconds(start: Place, end: Place) -> float | None:
    """Uphill takes longer; no road leads to the island."""
    if ISLAND in {start, end}:
        return None
    return 601.0 if (start, end) == (ALDER, BIRCH) else 545.5


@pytest.fixture(autouse=True)
def server(database: EmptyDatabase) -> Iterator[LookupServer]:
    drive_times.forget_wishes()
    for place, person in ((ALDER, ADA), (ELM, BRUNO)):
        sites.pin(makers.make_customer(person, signs_in=False).site, *place, by=SYSTEM)
    with router(seconds) as running:
        settings.change({'routing.address': running.address}, by=SYSTEM)
        yield running
    drive_times.forget_wishes()


def make_homes(*places: Place) -> None:
    for number, place in enumerate(places):
        technician = technicians.add({'name': f'Technician {number}', 'phone': None}, by=SYSTEM)
        home = {'home_lat': place.latitude, 'home_lon': place.longitude}
        Technician.update(home).where(Technician.id == technician.id).execute()


def look_up(lookups: Lookups | None = None) -> None:
    (lookups or Lookups(each_seconds=0)).look_up_drives()


def test_the_drives_of_a_place_are_told_and_the_longer_direction_is_kept(server: LookupServer) -> None:
    make_homes(BIRCH, ELM)
    drive_times.wish(ALDER)

    look_up()

    assert drive_times.from_place(ALDER) == {BIRCH: 11, ELM: 10}
    assert drive_times.from_place(BIRCH) == {ALDER: 11}
    assert server.asked == [
        '/osrm/table/v1/driving/-87.651300,41.921400;-87.620400,41.893800;-87.662800,41.971900'
        f'?annotations=duration&{ends}'
        for ends in ('sources=0&destinations=1;2', 'sources=1;2&destinations=0')
    ]
    assert server.agents == ['Doorstep (http://localhost:8080)'] * 2


def test_what_is_kept_is_not_asked_again_and_survives_a_restart(database: EmptyDatabase, server: LookupServer) -> None:
    make_homes(BIRCH)
    drive_times.wish(ALDER)
    look_up()

    close_database()
    open_database(database.url)
    drive_times.wish(ALDER)
    drive_times.wish(BIRCH)
    look_up()

    assert drive_times.from_place(ALDER) == {BIRCH: 11}
    assert len(server.asked) == 2


def test_a_place_that_is_only_the_mean_of_others_is_not_asked_for(server: LookupServer) -> None:
    make_homes(BIRCH)
    drive_times.wish(Place((ALDER.latitude + ELM.latitude) / 2, (ALDER.longitude + ELM.longitude) / 2))
    drive_times.wish(ELM)
    Site.update(ended_at=clock.now()).where(Site.lat == ELM.latitude).execute()

    look_up()
    assert server.asked == []

    drive_times.wish(ALDER)
    look_up()
    assert drive_times.from_place(ALDER) == {BIRCH: 11}


def test_where_no_road_leads_nothing_is_kept_and_the_next_wish_asks_not_at_once(server: LookupServer) -> None:
    make_homes(ISLAND, BIRCH)
    lookups = Lookups(each_seconds=0)
    for _ in range(3):
        drive_times.wish(ALDER)
        look_up(lookups)

    assert drive_times.from_place(ALDER) == {BIRCH: 11}
    assert len(server.asked) == 2


def test_a_hundred_coordinates_at_once_and_four_hundred_places_at_most(server: LookupServer) -> None:
    make_homes(*(Place(41.92, -87.65 + number / 10_000) for number in range(420)))
    drive_times.wish(ALDER)

    look_up()

    assert len(server.asked) == 2 * 5
    assert max(path.count(',') for path in server.asked) == 100
    assert len(drive_times.from_place(ALDER)) == 400


def test_a_drive_that_nobody_can_drive_so_fast_is_not_kept(server: LookupServer) -> None:
    far = Place(48.1, 11.6)
    make_homes(far, BIRCH)
    drive_times.wish(ALDER)

    look_up()

    assert drive_times.from_place(ALDER) == {BIRCH: 11}


def row(*told: object) -> str:
    return json.dumps({'code': 'Ok', 'durations': [list(told)]})


NO_ANSWERS = {
    'HTML': '<html>Bad gateway</html>',
    'a list': '[]',
    'no durations': '{"code": "Ok"}',
    'another code': '{"code": "NoTable", "durations": [[601, 601]]}',
    'too few': row(601),
    'too many': row(601, 601, 601),
    'no row': '{"code": "Ok", "durations": []}',
    'null for a row': '{"code": "Ok", "durations": [null]}',
    'NaN': '{"code": "Ok", "durations": [[NaN, 601]]}',
    'without end': '{"code": "Ok", "durations": [[1e999, 601]]}',
    'longer than any number': row(10**400, 601),
    'a drive of aeons': row(1e308, 601),
    'backwards in time': row(-1, 601),
    'words': row('601', 601),
    'yes': row(True, 601),
    'too long': '[' + ' ' * 2_000_000 + ']',
    'too deep': '[' * 100_000,
}


@pytest.mark.parametrize('body', NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_a_wrong_answer_keeps_nothing_and_the_wish_stays(server: LookupServer, body: str) -> None:
    make_homes(BIRCH, ELM)
    drive_times.wish(ALDER)
    server.answer_with(body)

    look_up()

    assert DriveTime.select().count() == 0
    server.behave()
    look_up()
    assert drive_times.from_place(ALDER) == {BIRCH: 11, ELM: 10}


def test_what_cannot_be_saved_is_wished_for_again(server: LookupServer, monkeypatch: pytest.MonkeyPatch) -> None:
    make_homes(BIRCH)
    drive_times.wish(ALDER)
    with monkeypatch.context() as patch:
        patch.setattr(Table, 'insert_many', _full)
        with pytest.raises(CannotSave):
            look_up()

    look_up()

    assert drive_times.from_place(ALDER) == {BIRCH: 11}


def _full(*rows: object) -> None:
    raise OperationalError('database or disk is full')


def test_a_service_that_has_failed_is_left_alone_and_costs_nothing(server: LookupServer) -> None:
    make_homes(BIRCH)
    server.hang()
    lookups = Lookups(each_seconds=0, patience_seconds=0.2)
    with structlog.testing.capture_logs() as lines:
        for _ in range(5):
            drive_times.wish(ALDER)
            look_up(lookups)

    assert len(server.asked) == 1
    (line,) = lines
    assert (line['event'], line['service'], line['reason']) == (
        'outside service failed', 'routing service', 'too slow an answer'
    )  # fmt: skip
    assert '41.9' not in str(lines)


def test_another_service_is_asked_at_once(server: LookupServer) -> None:
    make_homes(BIRCH)
    drive_times.wish(ALDER)
    settings.change({'routing.address': 'http://127.0.0.1:1'}, by=SYSTEM)  # nobody listens there
    lookups = Lookups(each_seconds=0)
    look_up(lookups)
    assert DriveTime.select().count() == 0

    settings.change({'routing.address': server.address}, by=SYSTEM)
    look_up(lookups)

    assert drive_times.from_place(ALDER) == {BIRCH: 11}


def test_a_table_that_is_refused_keeps_no_other_place_from_its_drives(server: LookupServer) -> None:
    make_homes(BIRCH)
    lookups = Lookups(each_seconds=0)
    server.answer_with('{"code": "NoSegment"}', status=400)
    drive_times.wish(ALDER)
    look_up(lookups)
    server.behave()
    drive_times.wish(ELM)

    look_up(lookups)

    assert drive_times.from_place(ELM) == {BIRCH: 10}


def test_without_a_service_nobody_is_asked_and_wishes_are_forgotten(server: LookupServer) -> None:
    make_homes(BIRCH)
    settings.change({'routing.address': None}, by=SYSTEM)
    drive_times.wish(ALDER)

    look_up()

    assert (server.asked, drive_times.next_wish()) == ([], None)
