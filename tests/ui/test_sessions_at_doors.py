"""Sessions, asked for and given back at the doors of the true server, over plain requests and NiceGUI's socket."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import makers
import open_pages
import pytest
import socketio  # type: ignore[import-untyped]  # ships no types
from open_pages import COOKIE, OpenPage
from people import ADA, CLEO, NIELS, OLGA, PASSWORD, RUTH, Person
from server import Server, running_server, wait_for

from data.access import staff
from data.base import tokens
from data.upkeep import owner_links

SECOND_PASSWORD = 'four pale lanterns'
EVE = Person('Eve Lind', 'eve@example.com')  # of Ada's household, invited


@dataclass(frozen=True)
class Portal:
    """The true server on the cast's data."""

    server: Server
    customer_id: int
    invited: str  # the token of a link
    welcomed: str
    owner_link: str

    def sign_in(self, email: str, password: str = PASSWORD, *, cookie: str = '') -> httpx.Response:
        return self.post('/sign-in', {'email': email, 'password': password}, cookie=cookie)

    def post(self, address: str, form: dict[str, str], *, cookie: str = '', **more: str) -> httpx.Response:
        cookies = '; '.join([f'{COOKIE}={cookie}', *(f'{name}={value}' for name, value in more.items())])
        headers = {'Origin': self.server.url, 'Cookie': cookies}
        return httpx.post(self.server.url + address, data=form, headers=headers, timeout=20)

    def admits(self, token: str) -> bool:
        return self.get('/sign-in', token).status_code == httpx.codes.SEE_OTHER

    def get(self, address: str, token: str) -> httpx.Response:
        return httpx.get(self.server.url + address, headers={'Cookie': f'{COOKIE}={token}'}, timeout=5)

    def count(self, table: str) -> int:
        with sqlite3.connect(self.server.data / 'doorstep.db') as connection:
            return int(connection.execute(f'SELECT count(*) FROM {table}').fetchone()[0])  # noqa: S608  # ours


@pytest.fixture(scope='module')
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder: Path = tmp_path_factory.mktemp('sessions')
    with makers.house(folder / 'data'):
        cast = makers.make_cast()
        other = makers.make_contact(cast.household, EVE, signs_in=False)
        link = makers.make_invitation(other).link_token
        makers.make_invitation(makers.make_contact(cast.household, NIELS, signs_in=False))
        values = {'name': RUTH.name, 'email': RUTH.email, 'roles': ['dispatcher']}
        welcomed = staff.add(values, by=cast.owner).link_token
        assert welcomed is not None
        customer_id, owner_link = cast.household.customer.id, owner_links.make()
    with running_server(folder) as server:
        yield Portal(server, customer_id, link, welcomed, owner_link)


def test_a_planted_session_does_not_survive_sign_in_and_ends(portal: Portal) -> None:
    planted = _session(portal.sign_in(ADA.email))
    assert portal.admits(planted)
    own = _session(portal.sign_in(CLEO.email, cookie=planted))
    assert own != planted
    assert portal.admits(own)
    assert not portal.admits(planted)


def test_a_made_up_session_is_not_taken_over_by_sign_in(portal: Portal) -> None:
    planted = 'a' * 43
    assert _session(portal.sign_in(CLEO.email, cookie=planted)) != planted
    assert not portal.admits(planted)


@pytest.mark.parametrize('door', ['invitation', 'welcome', 'owner link'])
def test_every_other_way_in_replaces_the_session_as_well(portal: Portal, door: str) -> None:
    planted = _session(portal.sign_in(ADA.email))
    form = {'name': 'Somebody', 'password': SECOND_PASSWORD}
    if door == 'invitation':
        answer = portal.post('/redeem', form, cookie=planted, **{'__Host-doorstep-invitation': portal.invited})
    elif door == 'welcome':
        answer = portal.post('/welcome', form, cookie=planted, **{'__Host-doorstep-welcome': portal.welcomed})
    else:
        answer = portal.post(f'/sign-in/{portal.owner_link}', {}, cookie=planted)
    own = _session(answer)
    assert portal.admits(own)
    assert not portal.admits(planted)


async def test_what_is_pressed_on_an_open_page_is_done(portal: Portal) -> None:
    page = _customer_page(portal, _session(portal.sign_in(CLEO.email)))
    before = portal.count('invitations')
    async with page.socket() as socket:
        await page.press(socket, page.button('Invite again'))
    wait_for(lambda: portal.count('invitations') == before + 1, 'the invitation')


async def test_after_sign_out_the_old_cookie_and_the_open_page_do_nothing(portal: Portal) -> None:
    token = _session(portal.sign_in(CLEO.email))
    page = _customer_page(portal, token)
    button = page.button('Invite again')
    async with page.socket() as socket:
        before = portal.count('invitations')
        assert portal.post('/sign-out', {}, cookie=token).status_code == httpx.codes.SEE_OTHER
        await page.press(socket, button)
        await page.hears('open')  # the way to sign in
    assert portal.count('invitations') == before
    assert not portal.admits(token)
    answer = portal.get('/home', token)
    assert (answer.status_code, answer.headers['location']) == (303, '/sign-in')


async def test_a_page_whose_session_has_run_out_shows_nothing_new_and_goes(portal: Portal) -> None:
    token = _session(portal.sign_in(CLEO.email))
    page, colleagues = _customer_page(portal, token), _customer_page(portal, _session(portal.sign_in(OLGA.email)))
    with sqlite3.connect(portal.server.data / 'doorstep.db') as connection:
        connection.execute('UPDATE sessions SET seen_at = 0 WHERE token_hash = ?', [tokens.digest(token)])
    async with page.socket(), colleagues.socket() as socket:
        await colleagues.press(socket, colleagues.button('Invite again'))
        await colleagues.hears('update')
        await page.hears('open')  # the way to sign in
    assert not page.has_heard('update')


@pytest.mark.parametrize('whose', ['nobody', 'another'])
@pytest.mark.parametrize('named', [True, False], ids=['named in the address', 'named in the event'])
async def test_a_page_is_not_pressed_from_another_browser(portal: Portal, whose: str, named: bool) -> None:
    token = _session(portal.sign_in(CLEO.email))
    page = _customer_page(portal, token)
    other = '' if whose == 'nobody' else _session(portal.sign_in(OLGA.email))
    before = portal.count('invitations')
    async with page.socket():
        if named:
            with pytest.raises(socketio.exceptions.ConnectionError):
                async with page.socket(token=other):
                    pass
        else:
            async with page.socket(token=other, named=False) as stranger:
                hands = {'client_id': page.client_id, 'tab_id': 't', 'document_id': 'd'}
                assert await stranger.call('handshake', hands, timeout=5) is False  # it does not even hear the page
                await page.press(stranger, page.button('Invite again'))
        portal.post('/sign-out', {}, cookie=token)
        await page.hears('open')  # what was pressed before has been done, or never will be
    assert portal.count('invitations') == before


def _customer_page(portal: Portal, token: str) -> OpenPage:
    return open_pages.opened(portal.server, f'/staff/customers/{portal.customer_id}', token)


def _session(answer: httpx.Response) -> str:
    assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
    given = next(one for one in answer.headers.get_list('set-cookie') if one.startswith(f'{COOKIE}='))
    return given.partition('=')[2].partition(';')[0]
