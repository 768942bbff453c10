"""The plain entry pages: what was typed stays, each error stands at its field, nothing breaks a strict policy."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import HTMLResponse

from data.base import environment, fields
from data.base.addresses import Postcode, WebAddress
from data.base.decimals import Decimal
from data.base.refusals import NotFound, Refusal, WrongInput
from data.base.words import PSEUDO, Words
from ui.entry.rendering import TEMPLATES, render

FORM = (
    fields.Text(key='name', label='Your name'),
    fields.Email(key='email', label='E-mail', help='We write to it.'),
    fields.Password(key='password', label='Password', new=True),
    fields.Phone(key='phone', label='Phone', required=False),
    fields.Code(key='code', label='Code'),
    WebAddress(key='address', label='Web address', required=False),
    Postcode(key='postcode', label='Postcode', required=False),
    fields.Number(key='minutes', label='Minutes'),
    Decimal(key='latitude', label='Latitude', least=-90, most=90),
    fields.Choice(key='country', label='Country', options=(('DE', 'Germany'), ('US', 'United States'))),
    fields.Several(key='roles', label='Roles', options=(('owner', 'Owner'), ('dispatcher', 'Dispatcher'))),
    fields.YesNo(key='agreed', label='That is me'),
    fields.Day(key='day', label='Day'),
    fields.TimeOfDay(key='start', label='From'),
    fields.Zone(key='zone', label='Time zone'),
    fields.LongText(key='comment', label='Comment'),
)
PAGES = sorted(path.name for path in TEMPLATES.glob('*.html') if path.name not in {'base.html', 'fields.html'})


@pytest.fixture(autouse=True)
def _environment(tmp_path: Path) -> None:
    environment.load(data=tmp_path)


class Page(HTMLParser):
    """Every tag's attributes, by tag."""

    def __init__(self, answer: HTMLResponse) -> None:
        super().__init__()
        self.text = bytes(answer.body).decode()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def named(self, name: str) -> dict[str, str | None]:
        return next(attributes for _, attributes in self.tags if attributes.get('name') == name)


def page(template: str = 'staff_welcome.html', **facts: Any) -> Page:
    facts = {
        'action': '/here',
        'fields': FORM,
        'values': {},
        'groups': (('What you do', '', FORM),),
        'tab': 'sign-in',
        'sign_in_address': '/sign-in',
        'redeem_address': '/redeem',
        'heading': 'Gone',
        'sentence': 'It is gone.',
        'action_text': 'Sign in',
        'action_address': '/sign-in',
        'words': Words(),
        'business_name': 'Northwind',
        **facts,
    }
    return Page(render(template, facts.pop('words'), **facts))


def test_what_was_typed_stays_after_an_error() -> None:
    typed = {
        'name': 'Ada "the first" <b>',
        'email': 'ada@',
        'minutes': 'many',
        'country': 'US',
        'agreed': 'yes',
        'start': '25:00',
        'comment': '</textarea><i>',
        'roles': ['owner'],
        'zone': 'Europe/Berlin',
        'phone': '123',
    }
    shown = page(values=typed, errors={'email': WrongInput('Please enter an address.')})
    for name in ('name', 'email', 'minutes', 'phone', 'start'):
        assert shown.named(name)['value'] == typed[name]
    assert '&lt;/textarea&gt;&lt;i&gt;' in shown.text
    chosen = [attributes for tag, attributes in shown.tags if 'selected' in attributes or 'checked' in attributes]
    assert [each.get('value') for each in chosen] == ['US', 'owner', 'yes', None]


def test_a_password_is_never_shown_again() -> None:
    shown = page(values={'password': 'correct horse'})
    assert 'correct horse' not in shown.text


def test_an_error_stands_at_its_field_and_in_the_summary() -> None:
    shown = page(errors={'email': WrongInput('Please use at least {least} characters.', least=8)})
    email = shown.named('email')
    assert email['aria-invalid'] == 'true'
    assert email['aria-describedby'] == 'field-email-help field-email-error'
    assert shown.text.count('Please use at least 8 characters.') == 2
    assert ('a', {'href': '#field-email'}) in shown.tags
    assert 'aria-invalid' not in shown.named('name')


def test_a_refusal_of_the_whole_form_is_read_out() -> None:
    shown = page(refused=NotFound())
    alert = next(attributes for _, attributes in shown.tags if attributes.get('role') == 'alert')
    assert 'data-takes-focus' in alert
    assert Words().refusal(NotFound()) in shown.text


def test_browsers_know_what_to_fill_in() -> None:
    shown = page()
    assert shown.named('email')['autocomplete'] == 'email'
    assert shown.named('password')['autocomplete'] == 'new-password'
    assert shown.named('code')['autocomplete'] == 'one-time-code'
    assert shown.named('minutes')['inputmode'] == 'numeric'
    assert shown.named('phone')['inputmode'] == 'tel'


@pytest.mark.parametrize('template', PAGES)
def test_nothing_inline_needs_a_weaker_policy(template: str) -> None:
    shown = page(template)
    for tag, attributes in shown.tags:
        assert not any(name == 'style' or name.startswith('on') for name in attributes)
        assert tag != 'style'
        assert tag != 'script' or attributes.get('src', '')
    assert len(shown.text) < 5_000 or 'name="zone"' in shown.text  # 400 time zones are worth their bytes


@pytest.mark.parametrize('template', PAGES)
def test_every_text_of_a_page_is_said_in_the_readers_language(template: str) -> None:
    shown = page(template, words=Words(PSEUDO), heading='[Gone]', sentence='[It is gone.]', action_text='[Sign in]')
    body = re.sub(r'<(select|title).*?</\1>', '', shown.text.split('<main')[1], flags=re.DOTALL)
    texts = [text.strip() for text in re.findall(r'>([^<>]+)<', body)]
    assert [text for text in texts if text and not re.match(r'(\d+ · )?\[.*]$', text)] == []


def test_an_answer_is_not_kept_by_anybody() -> None:
    answer = render('message.html', Words(), business_name='Northwind', status=404, heading='Gone', sentence='Gone.')
    assert answer.status_code == 404
    assert answer.headers['Cache-Control'] == 'no-store'


def test_a_refusal_may_be_any_refusal() -> None:
    assert 'That is not possible.' in page(errors={'name': Refusal()}).text
