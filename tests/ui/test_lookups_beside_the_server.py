"""The true server looks up places beside its pages; a service that hangs keeps neither pages nor its end waiting."""

import signal
import time
from pathlib import Path

import makers
from lookup_servers import geocoder
from people import ALDER_STREET
from server import Server, running_server, wait_for

from data.access import settings
from data.base import environment
from data.base.actor import SYSTEM
from data.base.database import close_database, open_database
from data.people.customers import Site

ALDER = (41.9214, -87.6513, '60614')


def fill(folder: Path, **services: str) -> None:
    with makers.house(folder / 'data'):
        makers.make_business()
        makers.make_owner()
        makers.make_customer()
        settings.change({f'{name}.address': address for name, address in services.items()}, by=SYSTEM)


def place_of(server: Server) -> tuple[float | None, float | None] | None:
    environment.load(data=server.data)
    open_database(environment.current().database)
    try:
        site = Site.get(Site.address == ALDER_STREET)
        return None if site.lat is None else (site.lat, site.lon)
    finally:
        close_database()


def test_a_server_puts_its_sites_on_the_map(tmp_path: Path) -> None:
    with geocoder({ALDER_STREET: ALDER}) as service:
        fill(tmp_path, geocoding=service.address)
        with running_server(tmp_path) as server:
            assert wait_for(lambda: place_of(server), 'a place', seconds=30) == ALDER[:2]
            assert service.agents == [f'Doorstep ({server.url})']
            assert 'Alder' not in server.log()


def test_a_service_that_hangs_keeps_neither_pages_nor_the_end_waiting(tmp_path: Path) -> None:
    with geocoder({}) as service:
        service.hang()
        fill(tmp_path, geocoding=service.address)
        with running_server(tmp_path) as server:
            service.wait_for(1, seconds=30)
            began = time.monotonic()
            assert server.answers()
            server.process.send_signal(signal.SIGTERM)
            server.process.wait(8)  # the service may hang for ten seconds
            assert time.monotonic() - began < 8
