"""Guessing codes and passwords at the doors of the true server: who is slowed down, and who is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import makers
import pytest
from people import ADA, NIELS, PASSWORD
from server import Server, running_server

TOO_OFTEN = 'tried too often'


@dataclass(frozen=True)
class Portal:
    """The true server, and an open invitation's typed code."""

    server: Server
    code: str

    def post(self, address: str, origin: str, **form: str) -> httpx.Response:
        headers = {'Origin': self.server.url, 'X-Forwarded-For': origin}
        return httpx.post(self.server.url + address, data=form, headers=headers, timeout=20)

    def guess(self, origin: str, *, times: int = 1) -> bool:
        """True when the last of these wrong codes is not even looked up any more."""
        return [TOO_OFTEN in self.post('/redeem/code', origin, code='WRONGONE').text for _ in range(times)][-1]

    def types_the_code(self, origin: str) -> bool:
        return self.post('/redeem/code', origin, code=self.code).status_code == httpx.codes.SEE_OTHER

    def shows(self, origin: str, *, code: str) -> httpx.Response:
        """The page of a browser that holds this code."""
        headers = {'Cookie': f'__Host-doorstep-invitation={code}', 'X-Forwarded-For': origin}
        return httpx.get(f'{self.server.url}/redeem', headers=headers, timeout=20)

    def signs_in(self, origin: str, password: str) -> bool:
        answer = self.post('/sign-in', origin, email=ADA.email, password=password)
        return answer.status_code == httpx.codes.SEE_OTHER


@contextmanager
def _portal(folder: Path, **environment: Any) -> Iterator[Portal]:
    with makers.house(folder / 'data'):
        cast = makers.make_cast()
        code = makers.make_invitation(makers.make_contact(cast.household, NIELS, signs_in=False)).code
    with running_server(folder, **environment) as server:
        yield Portal(server, code)


@pytest.fixture(scope='module')
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Behind a proxy that it trusts."""
    with _portal(tmp_path_factory.mktemp('guessing'), DOORSTEP_TRUSTED_PROXIES='127.0.0.1') as made:
        yield made


def test_who_types_the_right_code_is_never_too_often_there(portal: Portal) -> None:
    assert all(portal.types_the_code('203.0.113.1') for _ in range(30))


def test_a_right_code_in_between_gives_no_further_guesses(portal: Portal) -> None:
    assert not portal.guess('203.0.113.2', times=20)
    assert not portal.types_the_code('203.0.113.2')
    assert portal.guess('203.0.113.2')
    assert portal.types_the_code('203.0.113.3')


def test_who_came_too_often_keeps_the_code_and_who_has_a_wrong_one_does_not(portal: Portal) -> None:
    assert 'Max-Age=0' in portal.shows('203.0.113.6', code='WRONGONE').headers['set-cookie']
    portal.guess('203.0.113.6', times=20)
    code = portal.code.replace('-', '')  # as the browser keeps it
    answer = portal.shows('203.0.113.6', code=code)
    assert TOO_OFTEN in answer.text
    assert 'set-cookie' not in answer.headers
    assert NIELS.name in portal.shows('203.0.113.7', code=code).text


def test_one_ipv6_household_is_one_place_however_many_addresses_it_has(portal: Portal) -> None:
    assert portal.guess('2001:db8::1', times=20) is False
    assert portal.guess('2001:db8::2')
    assert not portal.guess('2001:db8:0:1::2')


def test_who_guesses_a_password_elsewhere_locks_nobody_out(portal: Portal) -> None:
    assert not any(portal.signs_in('203.0.113.4', f'wrong password {number}') for number in range(10))
    assert not portal.signs_in('203.0.113.4', PASSWORD)
    assert portal.signs_in('203.0.113.5', PASSWORD)


def test_a_made_up_address_gives_no_further_guesses_where_no_proxy_is_trusted(tmp_path: Path) -> None:
    with _portal(tmp_path) as direct:
        assert not any(direct.guess(f'203.0.113.{number}') for number in range(20))
        assert direct.guess('203.0.113.99')
