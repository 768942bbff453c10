"""Names, addresses and comments that are code: every page shows them as they were typed, and runs none of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import makers
import pytest
from open_pages import COOKIE
from people import ADA, OLGA, Person
from playwright.sync_api import Page, expect
from server import Server, running_server

from data.access import accounts, sessions
from data.access.accounts import Account
from data.crew.technicians import Technician
from data.offer.service_types import ServiceType
from data.people.assets import Asset
from data.people.customers import Site

# for the title, a script, a JavaScript template (NiceGUI's way to hand over a page), an attribute, Vue
HOSTILE = (
    """</title></script><script>window.ran=1</script>`${window.ran=2}`\\"'><img src=x onerror="window.ran=3">"""
    '{{7*7}}'
)
STAFF = (
    '/staff/bookings',
    '/staff/customers',
    '/staff/customers/{}',
    '/staff/invitations',
    '/staff/messages',
    '/staff/accounts',
    '/staff/settings',
)
CUSTOMERS = ('/home', '/book', '/booked/1', '/profile')
STRANGERS = ('/sign-in', '/redeem/{}')


@dataclass(frozen=True)
class Scene:
    server: Server
    customer_id: int
    link: str
    tokens: dict[str, str]


@pytest.fixture(scope='module')
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp('hostile')
    with makers.house(folder / 'data'):
        makers.make_business(name=HOSTILE)
        makers.make_owner()
        makers.make_technician(replace(OLGA, name=HOSTILE))
        household = makers.make_customer(
            replace(ADA, name=HOSTILE), address=HOSTILE, product=makers.make_product(HOSTILE)
        )
        service_type = makers.make_service_type(household.asset.product)
        for table, columns in (
            (Account, ('name',)),
            (Technician, ('name',)),
            (ServiceType, ('name',)),
            (Asset, ('name', 'serial_number')),
            (Site, ('access_notes',)),
        ):
            table.update(dict.fromkeys(columns, HOSTILE)).execute()
        makers.make_booking(household, service_type, comment=HOSTILE)
        other = makers.make_contact(household, Person(HOSTILE, 'eve@example.com'), signs_in=False)
        link = makers.make_invitation(other).link_token
        tokens = {person.name: _token(person.email) for person in (ADA, OLGA)}
    with running_server(folder) as server:
        yield Scene(server, household.customer.id, link, tokens)


@pytest.mark.parametrize(
    ('name', 'addresses'),
    [
        (OLGA.name, STAFF),
        (ADA.name, CUSTOMERS),
        ('', STRANGERS),
    ],
    ids=['staff', 'customer', 'stranger'],
)
def test_what_people_typed_is_shown_and_never_run(
    page: Page, scene: Scene, name: str, addresses: tuple[str, ...]
) -> None:
    wrong: list[str] = []
    page.on('pageerror', lambda error: wrong.append(str(error)))
    if name:
        page.context.add_cookies(
            [
                {
                    'name': COOKIE,
                    'value': scene.tokens[name],
                    'domain': '127.0.0.1',
                    'path': '/',
                    'secure': True,
                }
            ]
        )
    for address in addresses:
        page.goto(scene.server.url + address.format(scene.link if 'redeem' in address else scene.customer_id))
        expect(page.locator('h1')).to_be_visible()
        expect(page.get_by_text(HOSTILE).first).to_be_visible()  # whatever the page shows last has come, and as typed
        assert page.evaluate('window.ran') is None, address
        assert HOSTILE in page.title()
    assert not wrong


def _token(email: str) -> str:
    account = accounts.by_email(email)
    assert account is not None
    return sessions.begin(account, browser='Test')
