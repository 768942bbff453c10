"""Each form of the NiceGUI pages in a browser: a sentence at every wrong field, nothing lost, nothing half-written."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import makers
import pytest
from bad_input import cases_of, collected_forms
from pages_with_forms import PAGES, FormPage
from people import ADA, OLGA
from playwright.sync_api import Locator, Page, expect
from server import Server, running_server

from data.access import accounts, sessions
from data.base import fields
from data.base.fields import Field
from data.base.refusals import WrongInput
from data.base.words import Words
from ui.forms import Form
from ui.parts.field_input import MANY
from ui.parts.input_kinds import zones

# as pages draw them, for readers in the business's country
FORMS = {form.name: form.in_country('US') for form in collected_forms() if form.name in PAGES}
# a hostile page: an option that the list does not have
FOREIGN = """(select, value) => {
    select.add(new Option(value, value));
    select.value = value;
    select.dispatchEvent(new Event('change', {bubbles: true}));
}"""


WRITTEN_BY_THE_CLOCK = {'jobs', 'geocodes', 'drive_times'}


@dataclass(frozen=True)
class Scene:
    server: Server
    tokens: dict[str, str]
    customer: int

    def open(self, page: Page, at: FormPage) -> Locator:
        """The form on its page, opened; gives what encloses it."""
        url = self.server.url.replace('http', 'https')
        token = self.tokens[at.person.email]
        page.context.add_cookies([{'name': '__Host-doorstep-session', 'value': token, 'url': url}])
        page.goto(self.server.url + at.address.format(customer=self.customer))
        for selector in at.opens:
            page.locator(selector).first.click()
        return page.locator(at.scope).first

    def rows(self) -> dict[str, int]:
        """How many rows each table has; every change of one is a row of the history as well."""
        connection = sqlite3.connect(f'file:{self.server.data / "doorstep.db"}?mode=ro', uri=True)
        try:
            names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            names = [name for name in names if name not in WRITTEN_BY_THE_CLOCK]
            return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
        finally:
            connection.close()


@pytest.fixture(scope='module')
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp('page-forms')
    with makers.house(folder / 'data'):
        cast = makers.make_cast()
        tokens = {}
        for person in (ADA, OLGA):
            account = accounts.by_email(person.email)
            assert account
            tokens[person.email] = sessions.begin(account, browser='Test')
    with running_server(folder) as server:
        yield Scene(server, tokens, cast.household.customer.id)


@pytest.mark.parametrize('name', PAGES)
def test_a_form_names_what_is_wrong_at_each_field_and_then_saves(scene: Scene, page: Page, name: str) -> None:
    form, at = FORMS[name], PAGES[name]
    scope = scene.open(page, at)
    expect(_button(scope, at)).to_be_visible()
    _fill_beside(scope, at)
    before = scene.rows()
    for bad in _rounds(form):
        for field, raw in bad.items():
            _type(scope, field, raw)
        _button(scope, at).click()
        for field, raw in bad.items():
            expect(_box(scope, field).locator('.error')).to_have_text(_sentence(field, raw))
            if isinstance(field, fields.Text | fields.Number):
                assert _input(scope, field).input_value() == raw, field.key
    assert scene.rows() == before
    for field in form.fields:
        if field.key in at.good:
            _choose(scope, field, at.good[field.key])
    _button(scope, at).click()
    expect(page.get_by_text(at.saved).first).to_be_visible()
    assert scene.rows() != before


def test_the_first_wrong_field_of_several_forms_has_the_focus(scene: Scene, page: Page) -> None:
    scope = scene.open(page, PAGES['customer'])
    _button(scope, PAGES['customer']).click()
    expect(scope.locator('.error', has_text='Please fill this in.')).to_have_count(3)
    expect(scope.get_by_label('Customer', exact=True)).to_be_focused()


def test_a_second_press_while_the_first_is_at_work_counts_once(scene: Scene, page: Page) -> None:
    scope = scene.open(page, PAGES['site'])
    _choose(scope, FORMS['site'].fields[0], '5 Gorse Lane')
    button = _button(scope, PAGES['site'])
    button.evaluate('button => { button.click(); button.click(); }')
    expect(page.get_by_text('Site added.')).to_be_visible()
    expect(page.locator('.two-lines', has_text='5 Gorse Lane')).to_have_count(1)


def test_what_cannot_be_typed_is_refused_all_the_same() -> None:
    """Long lists search on the server among their own options; their other values are tests/ui/test_forms.py's."""
    untyped = [field.key for form in FORMS.values() for field in form.fields if not _typed_cases(field)]
    assert untyped == ['business.country', 'business.zone']


def _rounds(form: Form) -> Iterator[dict[Field, str]]:
    """All fields wrong at once, each by its k-th case; who has no more cases repeats the last one."""
    cases = {field: _typed_cases(field) for field in form.fields}
    for row in zip_longest(*cases.values()):
        bad = dict(zip(cases, row, strict=True))
        yield {field: raw if raw is not None else cases[field][-1] for field, raw in bad.items() if cases[field]}


def _typed_cases(field: Field) -> Sequence[str]:
    if isinstance(field, fields.Several):
        return ('',)  # no box ticked
    if _is_long_list(field):
        return ()
    return [raw for _, raw in cases_of(field) if isinstance(raw, str)]


def _is_long_list(field: Field) -> bool:
    options = field.options if isinstance(field, fields.Choice) else zones() if isinstance(field, fields.Zone) else ()
    return len(options) > MANY


def _sentence(field: Field, raw: str) -> str:
    with pytest.raises(WrongInput) as wrong:
        field.parse(raw)
    return Words()(wrong.value.words, **wrong.value.facts)


def _type(scope: Locator, field: Field, raw: str) -> None:
    if isinstance(field, fields.Choice) and not isinstance(field, fields.Several):
        _input(scope, field).evaluate(FOREIGN, raw)
    elif not isinstance(field, fields.Several):
        _input(scope, field).fill(raw)


def _choose(scope: Locator, field: Field, value: str | tuple[str, ...]) -> None:
    if isinstance(value, tuple):
        for label in value:
            box = scope.get_by_role('checkbox', name=label, exact=True)
            box.click()
            expect(box).to_be_checked()
    elif isinstance(field, fields.Choice):
        _input(scope, field).select_option(value)
    else:
        _input(scope, field).fill(value)


def _fill_beside(scope: Locator, at: FormPage) -> None:
    for label, value in at.beside.items():
        there = scope.get_by_label(label, exact=True)
        if there.evaluate('element => element.tagName') == 'SELECT':
            there.select_option(label=value)
        else:
            there.fill(value)


def _input(scope: Locator, field: Field) -> Locator:
    return scope.get_by_label(re.compile(rf'^{re.escape(field.label)}\s*(\(optional\))?$'))


def _box(scope: Locator, field: Field) -> Locator:
    if isinstance(field, fields.Several):
        return scope.locator('fieldset.field', has_text=field.label)
    return _input(scope, field).locator('xpath=ancestor::*[contains(concat(" ", @class, " "), " field ")][1]')


def _button(scope: Locator, at: FormPage) -> Locator:
    return scope.get_by_role('button', name=at.button, exact=True)
