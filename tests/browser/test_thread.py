"""The thread, from the set-up link to the confirmation with its calendar entry, as people walk it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import journeys
import letterbox
import pytest
from icalendar import Calendar
from letterbox import Letterbox
from people import ADA, ALDER_STREET, OLGA, TOM
from playwright.sync_api import Browser, Page, ViewportSize, expect
from server import Server, running_server

CHICAGO = ZoneInfo('America/Chicago')


@pytest.fixture
def mail() -> Iterator[Letterbox]:
    with letterbox.running() as box:
        yield box


@pytest.fixture
def server(tmp_path: Path, mail: Letterbox) -> Iterator[Server]:
    with running_server(
        tmp_path,
        DOORSTEP_SMTP_HOST=mail.host,
        DOORSTEP_SMTP_PORT=str(mail.port),
        DOORSTEP_SMTP_SECURITY='none',
    ) as running:
        yield running


@pytest.fixture(params=[journeys.DESK, journeys.PHONE], ids=['desk', 'phone'])
def size(request: pytest.FixtureRequest) -> ViewportSize:
    found: ViewportSize = request.param
    return found


def test_from_the_set_up_link_to_the_confirmation(
    server: Server, mail: Letterbox, browser: Browser, size: ViewportSize
) -> None:
    office = browser.new_context(viewport=size).new_page()
    journeys.set_up(office, server.setup_link(), owner=OLGA, technician=TOM.name)
    journeys.add_customer(office, server.url, ADA, address=ALDER_STREET)
    office.get_by_role('button', name='Invite').click()
    expect(office.get_by_text('Valid until')).to_be_visible()
    invitation = mail.wait_for(1)[0]
    assert invitation.recipients == (ADA.email,)

    office.goto(f'{server.url}/staff/bookings')
    expect(office.get_by_text('No appointments ahead')).to_be_visible()

    customer = browser.new_context(viewport=size, timezone_id='Europe/Berlin').new_page()
    journeys.redeem(customer, _link(invitation.text))
    when = journeys.book_first_free(customer, server.url)
    expect(customer.get_by_text(re.compile('Chicago')).first).to_be_visible()  # her browser's zone is another

    expect(office.get_by_text('Annual inspection').first).to_be_visible(timeout=2000)  # without reload
    confirmation = mail.wait_for(2)[1]
    assert confirmation.recipients == (ADA.email,)
    _calendar_says(confirmation.calendar, when)

    customer.goto(f'{server.url}/home')
    expect(customer.get_by_role('heading', name='Annual inspection')).to_be_visible()
    if size == journeys.DESK:
        journeys.picture(customer, 'home')


def test_the_invitation_goes_out_by_hand_without_a_mail_server(tmp_path: Path, browser: Browser) -> None:
    with running_server(tmp_path) as server:
        office = browser.new_context(viewport=journeys.DESK).new_page()
        journeys.set_up(office, server.setup_link(), owner=OLGA, technician=TOM.name)
        journeys.add_customer(office, server.url, ADA, address=ALDER_STREET)
        office.get_by_role('button', name='Invite').click()
        office.get_by_role('button', name='Show code and link').click()
        code = office.get_by_text(re.compile(r'^[A-Z2-9]{4}-[A-Z2-9]{4}$')).inner_text()

        customer = browser.new_context(viewport=journeys.PHONE).new_page()
        _redeem_by_code(customer, server.url, code.lower())
        assert 'ecoTEC plus' in _book_page_text(customer, server.url)


def test_two_press_book_for_one_time(server: Server, mail: Letterbox, browser: Browser) -> None:
    office = browser.new_context(viewport=journeys.DESK).new_page()
    journeys.set_up(office, server.setup_link(), owner=OLGA, technician=TOM.name)
    journeys.add_customer(office, server.url, ADA, address=ALDER_STREET)
    office.get_by_role('button', name='Invite').click()
    link = _link(mail.wait_for(1)[0].text)
    context = browser.new_context(viewport=journeys.DESK)
    first, second = context.new_page(), context.new_page()
    journeys.redeem(first, link)
    for tab in (first, second):
        tab.goto(f'{server.url}/book')
        tab.locator('.month button.day').nth(1).click()  # of the first one only an hour may be left
        tab.locator('.times button').first.click()
        tab.get_by_label('Comments').fill('Typed by hand')
    first.get_by_role('button', name='Book', exact=True).click()
    expect(first).to_have_url(re.compile('/booked/'))
    second.get_by_role('button', name='Book', exact=True).click()
    expect(second.get_by_text('This time was taken a moment ago. Please choose another.')).to_be_visible()
    expect(second.get_by_label('Comments')).to_have_value('Typed by hand')
    second.locator('.times button').first.click()
    second.get_by_role('button', name='Book', exact=True).click()
    expect(second).to_have_url(re.compile('/booked/'))


def test_after_sign_out_the_open_page_and_the_old_cookie_do_nothing(server: Server, browser: Browser) -> None:
    context = browser.new_context(viewport=journeys.DESK)
    page = context.new_page()
    journeys.set_up(page, server.setup_link(), owner=OLGA, technician=TOM.name)
    other_tab = context.new_page()
    other_tab.goto(f'{server.url}/staff/customers/new')
    other_tab.get_by_label('Customer', exact=True).fill('Nobody')
    cookies = context.cookies()
    page.get_by_role('button', name='Account of').click()
    page.get_by_role('button', name='Sign out').click()
    expect(page.get_by_role('button', name='Sign in')).to_be_visible()
    expect(other_tab).to_have_url(re.compile('/sign-in'), timeout=4000)  # the open page went too
    context.add_cookies(cookies)  # type: ignore[arg-type]  # as read
    page.goto(f'{server.url}/staff/customers')
    expect(page).to_have_url(re.compile('/sign-in'))


def _link(text: str) -> str:
    found = re.search(r'http://\S+/redeem/\S+', text)
    assert found, text
    return found.group(0)


def _redeem_by_code(page: Page, base: str, code: str) -> None:
    page.goto(f'{base}/redeem')
    page.get_by_label('Invitation code').fill(code)
    page.get_by_role('button', name='Continue').click()
    page.get_by_label('Password').fill(journeys.PASSWORD)
    page.get_by_role('button', name='Create my account').click()
    expect(page.get_by_role('heading', name='Profile')).to_be_visible()


def _book_page_text(page: Page, base: str) -> str:
    page.goto(f'{base}/book')
    expect(page.locator('.month button.day').first).to_be_visible()
    return page.locator('body').inner_text()


def _calendar_says(calendar: bytes | None, when: str) -> None:
    """One entry, at the instant that the page promised, in the business's zone, for ninety minutes."""
    assert calendar is not None
    parsed: Any = Calendar.from_ical(calendar)
    (event,) = parsed.walk('VEVENT')
    start, end = event['DTSTART'].dt, event['DTEND'].dt
    assert start.utcoffset() == start.astimezone(CHICAGO).utcoffset()
    assert str(event['DTSTART'].params['TZID']) == 'America/Chicago'
    assert (end - start).total_seconds() == 90 * 60
    local = start.astimezone(CHICAGO)
    shown = when.replace('\u202f', ' ').replace('\xa0', ' ')
    assert f'{local:%a, %b} {local.day} · {local.hour % 12 or 12}:{local:%M}' in shown
    assert [zone['TZID'] for zone in parsed.walk('VTIMEZONE')] == ['America/Chicago']
