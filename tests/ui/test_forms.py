"""Each field of each form says what is wrong, at the field; what was typed stays, and nothing is half-written."""

import html
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import makers
import pytest
from bad_input import cases_of, collected_forms, every_case
from pages_with_forms import PAGES
from server import Server, running_server

from data.access import sessions, staff
from data.access.roles import Role
from data.base import fields
from data.base.actor import SYSTEM
from data.base.fields import Field
from data.base.refusals import WrongInput
from data.base.words import Words
from data.upkeep import set_up
from ui.forms import Form

GOOD: Mapping[str, object] = {  # by field key, for the plain forms of the entry
    'business.name': 'Alder Heating',
    'business.language': 'en',
    'business.country': 'US',
    'business.zone': 'America/Chicago',
    'business.phone': '+1 312 555 0100',
    'name': 'Olga Winter',
    'email': 'olga@alder.example',
    'password': 'seven alder leaves in May',
    'product': 'Boiler',
    'service': 'Annual inspection',
    'duration_minutes': '90',
    'technician': 'Tom Reed',
    'weekdays': ['0', '1'],
    'starts': '08:00',
    'ends': '17:00',
    'code': '7KQM4TXD',
}
ADDRESSES = {  # plain form → where it is sent; the others stand on NiceGUI pages (tests/browser)
    'set up': '/setup',
    'example company': '/setup/example',
    'sign in': '/sign-in',
    'invitation code': '/redeem/code',
    'redeem': '/redeem',
    'staff welcome': '/welcome',
}
SENT = [
    (form, field, what, raw)
    for form, field, what, raw in every_case()
    if form.name in ADDRESSES and not isinstance(raw, int)  # a browser sends text only
]


@dataclass(frozen=True)
class Doors:
    """Two true servers: one that nobody has set up yet, one with an open invitation and an open welcome."""

    empty: Server
    lived_in: Server
    cookies: Mapping[str, str]

    def of(self, form: Form) -> Server:
        return self.empty if form.name in {'set up', 'example company'} else self.lived_in


@pytest.fixture(scope='module')
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    empty, lived_in = tmp_path_factory.mktemp('empty'), tmp_path_factory.mktemp('lived-in')
    with makers.house(empty / 'data'):
        link = set_up.first_link()
    with makers.house(lived_in / 'data'):
        makers.make_business()
        owner = makers.make_owner()
        guest = makers.make_customer(signs_in=False)
        asked = makers.make_invitation(guest.contact)
        colleague = {'name': 'Cleo Marsh', 'email': 'cleo@alder.example', 'roles': (Role.DISPATCHER,)}
        welcome = staff.add(colleague, by=SYSTEM).link_token
        assert sessions.begin(owner, browser='')
    with (
        running_server(empty, DOORSTEP_TRUSTED_PROXIES='127.0.0.1') as first,
        running_server(lived_in, DOORSTEP_TRUSTED_PROXIES='127.0.0.1') as second,
    ):
        # starting prints a fresh link and ends the one before
        link = first.setup_link().rpartition('/')[2]
        cookies = {'set-up': link, 'invitation': asked.link_token, 'welcome': welcome}
        yield Doors(first, second, {name: token for name, token in cookies.items() if token})


@pytest.mark.parametrize(
    ('form', 'field', 'what', 'raw'),
    [pytest.param(*case, id=f'{case[0].name}-{case[1].key}-{case[2]}') for case in every_case()],
)
def test_a_bad_value_gets_a_sentence(form: Form, field: Field, what: str, raw: object) -> None:
    with pytest.raises(WrongInput) as wrong:
        field.parse(raw)
    sentence = Words()(wrong.value.words, **wrong.value.facts)
    assert sentence.endswith('.'), (form.name, what)
    assert '{' not in sentence


def test_each_form_has_a_door_in_the_tests() -> None:
    names = {form.name for form in collected_forms()}
    assert names == set(ADDRESSES) | set(PAGES)


def test_each_kind_of_field_has_cases() -> None:
    for form in collected_forms():
        for field in form.fields:
            assert cases_of(field)


@pytest.mark.parametrize(
    ('form', 'field', 'raw'),
    [pytest.param(form, field, raw, id=f'{form.name}-{field.key}-{what}') for form, field, what, raw in SENT],
)
def test_a_plain_form_keeps_what_was_typed_and_writes_nothing(
    doors: Doors, form: Form, field: Field, raw: object
) -> None:
    server = doors.of(form)
    before = _rows(server.data)
    sent = {each.key: GOOD[each.key] for each in form.fields} | {field.key: raw}
    answer = _post(doors, form, sent)
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert f'id="field-{field.key}-error"' in answer.text
    assert not re.findall(r'id="field-([\w.]+)-error"', answer.text.replace(f'field-{field.key}-error', ''))
    for each in form.fields:
        if each is not field and isinstance(each, fields.Text) and not isinstance(each, fields.Password):
            assert f'value="{html.escape(str(sent[each.key]))}"' in answer.text
        if isinstance(each, fields.Password):
            assert str(sent[each.key]) not in answer.text or not sent[each.key]
    assert _rows(server.data) == before


def test_what_is_wrong_between_fields_is_told_with_the_rest(doors: Doors) -> None:
    form = next(form for form in collected_forms() if form.name == 'set up')
    sent = {field.key: GOOD[field.key] for field in form.fields}
    answer = _post(doors, form, sent | {'name': '', 'starts': '17:00', 'ends': '08:00', 'password': 'password'})
    for key in ('name', 'ends', 'password'):
        assert f'id="field-{key}-error"' in answer.text


def _post(doors: Doors, form: Form, sent: Mapping[str, object]) -> httpx.Response:
    server = doors.of(form)
    cookies = '; '.join(f'__Host-doorstep-{name}={token}' for name, token in doors.cookies.items())
    headers = {'Origin': server.url, 'Cookie': cookies}
    return httpx.post(server.url + ADDRESSES[form.name], data=dict(sent), headers=headers, timeout=10)


def _rows(data: Path) -> dict[str, int]:
    """How many rows each table has."""
    connection = sqlite3.connect(f'file:{data / "doorstep.db"}?mode=ro', uri=True)
    try:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counted = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
    finally:
        connection.close()
    return counted
