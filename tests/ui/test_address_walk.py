"""Every address is asked for by everybody; what they get is written here, not read from the rights table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import httpx
import makers
import pytest
from people import ADA, BRUNO, CLEO, OLGA, TOM, Person
from server import Server, running_server

from data.access import accounts, sessions
from data.base import clock
from data.messages import notifications
from data.people.customers import Customer
from ui import routes

_callers = count()
EVERYBODY = ('stranger', 'other customer', 'customer', 'technician', 'dispatcher', 'owner')
PERSONS = {'other customer': BRUNO, 'customer': ADA, 'technician': TOM, 'dispatcher': CLEO, 'owner': OLGA}

PAGE, SIGN_IN, NOT_FOUND, SENT_ON, SENTENCE = 'a page', 'to sign in', 'not found', 'sent on', 'a sentence'

ANYBODY = dict.fromkeys(EVERYBODY, PAGE)
SIGNED_IN = {**ANYBODY, 'stranger': SIGN_IN}
STAFF = {**dict.fromkeys(EVERYBODY, NOT_FOUND), 'stranger': SIGN_IN, 'dispatcher': PAGE, 'owner': PAGE}
OWNER = {**STAFF, 'dispatcher': NOT_FOUND}
NOBODY = {**dict.fromkeys(EVERYBODY, NOT_FOUND), 'stranger': SIGN_IN}
OF_ADA = {**STAFF, 'customer': PAGE, 'technician': PAGE}  # the technician of her booking

GET = {  # address as asked for → who gets what; {…} are ids of the cast
    '/': {**dict.fromkeys(EVERYBODY, SENT_ON), 'stranger': SIGN_IN},
    '/setup': dict.fromkeys(EVERYBODY, SENTENCE),  # nobody holds a set-up link any more
    '/setup/example': dict.fromkeys(EVERYBODY, SENTENCE),
    '/setup/nonsense': dict.fromkeys(EVERYBODY, SENT_ON),
    '/sign-in': {**dict.fromkeys(EVERYBODY, SENT_ON), 'stranger': PAGE},
    '/sign-in/nonsense': dict.fromkeys(EVERYBODY, SENTENCE),
    '/redeem': ANYBODY,
    '/redeem/nonsense': dict.fromkeys(EVERYBODY, SENT_ON),
    '/welcome': dict.fromkeys(EVERYBODY, SENTENCE),
    '/welcome/nonsense': dict.fromkeys(EVERYBODY, SENT_ON),
    '/home': SIGNED_IN,
    '/book': SIGNED_IN,
    '/booked/{own}': OF_ADA,
    '/booked/{foreign}': {**OF_ADA, 'customer': NOT_FOUND, 'other customer': PAGE},
    '/booked/{unknown}': NOBODY,
    '/booked/{own}/calendar.ics': OF_ADA,
    '/booked/{unknown}/calendar.ics': NOBODY,
    '/profile': SIGNED_IN,
    '/staff/bookings': STAFF,
    '/staff/customers': STAFF,
    '/staff/customers/new': STAFF,
    '/staff/customers/{customer}': STAFF,
    '/staff/customers/{ended customer}': NOBODY,
    '/staff/customers/{unknown}': NOBODY,
    '/staff/invitations': STAFF,
    '/staff/messages': STAFF,
    '/staff/accounts': OWNER,
    '/staff/settings': OWNER,
    '/assets/entry.css': ANYBODY,
    '/assets/nonsense': dict.fromkeys(EVERYBODY, NOT_FOUND),
}
POST = {  # with nothing in the form
    '/setup': dict.fromkeys(EVERYBODY, SENTENCE),
    '/setup/example': dict.fromkeys(EVERYBODY, SENTENCE),
    '/sign-in': dict.fromkeys(EVERYBODY, SENTENCE),
    '/sign-in/nonsense': dict.fromkeys(EVERYBODY, SENTENCE),
    '/redeem': dict.fromkeys(EVERYBODY, SENTENCE),
    '/redeem/code': dict.fromkeys(EVERYBODY, SENTENCE),
    '/redeem/connect': {**dict.fromkeys(EVERYBODY, SENTENCE), 'stranger': SIGN_IN},
    '/welcome': dict.fromkeys(EVERYBODY, SENTENCE),
    '/sign-out': dict.fromkeys(EVERYBODY, SIGN_IN),
}


@dataclass(frozen=True)
class Portal:
    """The true server on the cast's data."""

    server: Server
    ids: dict[str, int]
    tokens: dict[str, str]


@pytest.fixture(scope='module')
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder: Path = tmp_path_factory.mktemp('walk')
    with makers.house(folder / 'data'):
        cast = makers.make_cast()
        own = makers.make_booking(cast.household, cast.service_type)
        foreign = makers.make_booking(cast.other_household, cast.service_type)
        ended = makers.make_customer(Person('Eve Gone', 'eve@example.com'), signs_in=False).customer
        Customer.update(ended_at=clock.now() - timedelta(days=1)).where(Customer.id == ended.id).execute()
        ids = {
            'own': own.id,
            'foreign': foreign.id,
            'unknown': 987654,
            'customer': cast.household.customer.id,
            'ended customer': ended.id,
        }
        tokens = {who: _token(person.email) for who, person in PERSONS.items()}
    # behind a proxy, so that everybody comes from an address of their own and the cap on waiting pages is not met
    with running_server(folder, DOORSTEP_TRUSTED_PROXIES='127.0.0.1') as server:
        yield Portal(server, ids, tokens)


@pytest.mark.parametrize('who', EVERYBODY)
@pytest.mark.parametrize('address', GET)
def test_each_address_shows_everybody_what_is_theirs(portal: Portal, address: str, who: str) -> None:
    assert _outcome(_ask(portal, 'GET', address, who)) == GET[address][who]


@pytest.mark.parametrize('who', EVERYBODY)
@pytest.mark.parametrize('address', POST)  # sign-out stands last, as it ends the session
def test_each_form_answers_everybody_without_doing_anything(portal: Portal, address: str, who: str) -> None:
    assert _outcome(_ask(portal, 'POST', address, who)) == POST[address][who]


def test_every_address_of_the_list_is_walked() -> None:
    walked = {'GET': set(), 'POST': set()}  # type: dict[str, set[str]]
    for method, expected in (('GET', GET), ('POST', POST)):
        for address in expected:
            walked[method] |= {route.address for route in routes.ROUTES if _is_of(address, route)}
    for route in routes.ROUTES:
        for method in routes.methods(route):
            assert route.address in walked[method], f'nobody walks {method} {route.address}'


@pytest.mark.parametrize(
    'address',
    [
        notifications.HOME,
        notifications.SIGN_IN,
        f'{notifications.REDEEM}/token',
        f'{notifications.WELCOME}/token',
        notifications.REDEEM,
    ],
)
def test_messages_name_addresses_of_the_list(address: str) -> None:
    assert routes.knows(address)


def test_every_page_names_its_right() -> None:
    assert all(page.right for page in routes.ROUTES if isinstance(page, routes.Page))


def _token(email: str) -> str:
    account = accounts.by_email(email)
    assert account is not None
    return sessions.begin(account, browser='Test')


def _ask(portal: Portal, method: str, address: str, who: str) -> httpx.Response:
    headers = {'Origin': portal.server.url, 'X-Forwarded-For': f'203.0.113.{next(_callers) % 250}'}
    if who != 'stranger':
        headers['Cookie'] = f'__Host-doorstep-session={portal.tokens[who]}'
    return httpx.request(method, portal.server.url + address.format(**portal.ids), headers=headers, timeout=10)


def _outcome(answer: httpx.Response) -> str:
    if answer.status_code == httpx.codes.SEE_OTHER:
        return SIGN_IN if answer.headers['location'] == '/sign-in' else SENT_ON
    known = {200: PAGE, 404: NOT_FOUND, 422: SENTENCE}
    return known.get(answer.status_code, f'{answer.status_code} {answer.text[:200]}')


def _is_of(address: str, route: routes.Page | routes.Form) -> bool:
    asked = address.format(own=1, foreign=1, unknown=1, customer=1, **{'ended customer': 1})
    first = next((one for one in routes.ROUTES if routes.matches(one, asked)), None)
    return first is route
