"""The customer's pages: home, booking, confirmation, profile."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import makers
import pytest
import time_machine
from makers import Household
from nicegui.testing import User
from people import ADA, BRUNO, RUTH, Person

from data.access import accounts, profiles, sessions, settings
from data.access.accounts import Account
from data.base.actor import SYSTEM
from data.crew import calendars
from data.crew.technicians import Technician
from data.offer.service_types import ServiceType
from data.people import customers
from data.visits import bookings
from data.visits.booking_table import Booking
from data.visits.states import Reason

SignIn = Callable[[User, Account], User]
TUESDAY = datetime(2026, 12, 1, 15, tzinfo=UTC)  # 9 AM in Chicago
SLOT = datetime(2026, 12, 3, 19, 30, tzinfo=UTC)  # Thursday, 1:30 PM

pytestmark = pytest.mark.parametrize('database', ['sqlite'], indirect=True)


@pytest.fixture(autouse=True)
def _on_a_tuesday() -> Iterator[None]:
    with time_machine.travel(TUESDAY):
        yield


@pytest.fixture
def ada(sign_in: SignIn) -> Household:
    makers.make_business()
    makers.make_technician()
    return makers.make_customer()


@pytest.fixture
def inspection(ada: Household) -> ServiceType:
    return makers.make_service_type(ada.asset.product)


async def open_as(sign_in: SignIn, user: User, household: Household, address: str) -> User:
    assert household.account is not None
    browser = sign_in(user, household.account)
    await browser.open(address)
    return browser


def stored(person: Person) -> Account:
    found = accounts.by_email(person.email)
    assert found is not None
    return found


async def choose(browser: User, start: datetime) -> None:
    day = f'day-{start.astimezone(settings.zone()).date().isoformat()}'
    await browser.should_see(marker=day)
    browser.find(marker=day).click()
    await browser.should_see(marker=f'slot-{start.isoformat()}')
    browser.find(marker=f'slot-{start.isoformat()}').click()


# home


async def test_home_shows_what_is_coming_and_says_who_comes(
    user: User, sign_in: SignIn, ada: Household, inspection: ServiceType
) -> None:
    makers.make_booking(ada, inspection, SLOT)
    browser = await open_as(sign_in, user, ada, '/home')
    await browser.should_see('Hello, Ada')
    await browser.should_see('Annual inspection')
    await browser.should_see('1:30 – 3:00\u00a0PM · with Tom Reed')
    await browser.should_see('Scheduled')


async def test_an_empty_home_says_so_and_leads_to_booking(user: User, sign_in: SignIn, ada: Household) -> None:
    browser = await open_as(sign_in, user, ada, '/home')
    await browser.should_see('Nothing is planned.')
    await browser.should_see('Book a new appointment')


async def test_nobody_sees_the_appointments_of_another_customer(
    user: User, sign_in: SignIn, ada: Household, inspection: ServiceType
) -> None:
    makers.make_booking(ada, inspection, SLOT)
    bruno = makers.make_customer(BRUNO, product=ada.asset.product)
    browser = await open_as(sign_in, user, bruno, '/home')
    await browser.should_see('Hello, Bruno')
    await browser.should_not_see('Annual inspection')


async def test_an_open_home_follows_what_staff_book(
    user: User, sign_in: SignIn, ada: Household, inspection: ServiceType
) -> None:
    browser = await open_as(sign_in, user, ada, '/home')
    await browser.should_not_see('Annual inspection')
    makers.make_booking(ada, inspection, SLOT, by=SYSTEM)
    await browser.should_see('Annual inspection')


async def test_what_is_over_stands_under_past_from_the_next_midnight(
    user: User, sign_in: SignIn, ada: Household, inspection: ServiceType
) -> None:
    makers.make_booking(ada, inspection, SLOT)
    with time_machine.travel(SLOT + timedelta(hours=12)):
        browser = await open_as(sign_in, user, ada, '/home')
        await browser.should_see('Nothing is planned.')
        browser.find(marker='tab-past').click()
        await browser.should_see('Not confirmed')


async def test_a_canceled_appointment_says_why_in_the_words_meant_for_the_customer(
    user: User, sign_in: SignIn, ada: Household, inspection: ServiceType
) -> None:
    booking = makers.make_booking(ada, inspection, SLOT)
    bookings.cancel(booking, Reason.BUSINESS, by=SYSTEM, note='We are ill.', internal_note='Supplier is late.')
    browser = await open_as(sign_in, user, ada, f'/booked/{booking.id}')
    await browser.should_see('Canceled')
    await browser.should_see('We are ill.')
    await browser.should_not_see('Supplier is late.')


async def test_an_account_of_no_customer_is_told_so(user: User, sign_in: SignIn, ada: Household) -> None:
    browser = sign_in(user, makers.make_account(RUTH))
    await browser.open('/home')
    await browser.should_see('Your account belongs to no customer of Alder Heating')
    await browser.should_not_see('Book a new appointment')


# booking


async def test_a_customer_books_with_a_few_presses(
    user: User, sign_in: SignIn, ada: Household, inspection: ServiceType
) -> None:
    browser = await open_as(sign_in, user, ada, '/book')
    browser.find(marker=f'choice-{ada.asset.id}').click()
    await choose(browser, SLOT)
    await browser.should_see('Thu, Dec 3 · 1:30 – 3:00\u00a0PM')
    browser.find(marker='comment').type('The gate code is 2580.')
    browser.find(marker='book').click()
    await browser.should_see('Your appointment is booked')
    await browser.should_see('A confirmation goes to ada@example.com.')
    made = Booking.get()
    assert (made.starts_at, made.comment) == (SLOT, 'The gate code is 2580.')
    assert (made.contact, made.asset) == (ada.contact, ada.asset)


async def test_the_only_thing_and_the_only_service_are_chosen_already(
    user: User, sign_in: SignIn, ada: Household, inspection: ServiceType
) -> None:
    browser = await open_as(sign_in, user, ada, '/book')
    await choose(browser, SLOT)
    browser.find(marker='book').click()
    await browser.should_see('Your appointment is booked')


async def test_pressing_book_twice_books_once(
    user: User, sign_in: SignIn, ada: Household, inspection: ServiceType
) -> None:
    browser = await open_as(sign_in, user, ada, '/book')
    await choose(browser, SLOT)
    press = browser.find(marker='book')
    press.click()
    press.click()
    await browser.should_see('Your appointment is booked')
    assert Booking.select().count() == 1


async def test_if_somebody_was_faster_the_page_says_so_and_keeps_what_was_typed(
    user: User, sign_in: SignIn, ada: Household, inspection: ServiceType
) -> None:
    browser = await open_as(sign_in, user, ada, '/book')
    await choose(browser, SLOT)
    browser.find(marker='comment').type('Please ring twice.')
    makers.make_booking(makers.make_customer(BRUNO, product=ada.asset.product), inspection, SLOT)
    browser.find(marker='book').click()
    await browser.should_see('This time was taken a moment ago. Please choose another.')
    await browser.should_see('Please ring twice.')
    await browser.should_not_see(marker=f'slot-{SLOT.isoformat()}')
    earlier = SLOT - timedelta(hours=3)
    browser.find(marker=f'slot-{earlier.isoformat()}').click()
    browser.find(marker='book').click()
    await browser.should_see('Your appointment is booked')
    assert Booking.get(Booking.contact == ada.contact).comment == 'Please ring twice.'


async def test_book_without_a_time_says_what_is_missing(
    user: User, sign_in: SignIn, ada: Household, inspection: ServiceType
) -> None:
    browser = await open_as(sign_in, user, ada, '/book')
    browser.find(marker='book').click()
    await browser.should_see('Please choose a day and a time first.')
    assert not Booking.select().exists()


async def test_a_comment_that_is_too_long_is_marked_and_nothing_is_booked(
    user: User, sign_in: SignIn, ada: Household, inspection: ServiceType
) -> None:
    browser = await open_as(sign_in, user, ada, '/book')
    await choose(browser, SLOT)
    browser.find(marker='comment').type('x' * 1001)
    browser.find(marker='book').click()
    await browser.should_see('Please use at most 1000 characters.')
    assert not Booking.select().exists()


async def test_something_else_asks_for_the_site_where_there_are_several(
    user: User, sign_in: SignIn, ada: Household, inspection: ServiceType
) -> None:
    makers.make_service_type(name='Advice')
    cabin = customers.add_site(ada.customer, {'address': '5 Lake Road, Gary', 'access_notes': None}, by=SYSTEM)
    browser = await open_as(sign_in, user, ada, '/book')
    await browser.should_not_see('5 Lake Road, Gary')
    browser.find(marker='choice-0').click()
    await browser.should_see('5 Lake Road, Gary')
    browser.find(marker=f'choice-site-{cabin.id}').click()
    await choose(browser, SLOT)
    browser.find(marker='book').click()
    await browser.should_see('Your appointment is booked')
    assert (Booking.get().site, Booking.get().asset) == (cabin, None)


async def test_something_else_is_not_offered_where_every_service_needs_a_product(
    user: User, sign_in: SignIn, ada: Household, inspection: ServiceType
) -> None:
    browser = await open_as(sign_in, user, ada, '/book')
    await browser.should_not_see('Something else…')


async def test_where_nothing_is_free_the_next_free_day_is_offered(user: User, sign_in: SignIn, ada: Household) -> None:
    makers.make_service_type(ada.asset.product)
    january = datetime(2027, 1, 10, 6, tzinfo=UTC)  # midnight in Chicago
    calendars.add_time_off(Technician.get(), TUESDAY, january, by=SYSTEM)
    browser = await open_as(sign_in, user, ada, '/book')
    await browser.should_see('Nothing is free in December 2026.')
    browser.find(marker='next-free-day').click()
    await browser.should_see('Sunday, January 10')


async def test_where_nothing_is_on_offer_the_page_says_so(user: User, sign_in: SignIn, ada: Household) -> None:
    browser = await open_as(sign_in, user, ada, '/book')
    await browser.should_see('Nothing can be booked here yet. Please call us.')


async def test_times_are_named_with_their_zone_to_a_reader_in_another(
    user: User, sign_in: SignIn, ada: Household, inspection: ServiceType
) -> None:
    user.javascript_rules[re.compile('.*timeZone.*')] = lambda _: 'Europe/Berlin'
    browser = await open_as(sign_in, user, ada, '/book')
    await browser.should_see('All times are in Chicago (CST), not in your own time zone.')


# the booked appointment


async def test_the_appointment_goes_into_a_calendar(
    user: User, sign_in: SignIn, ada: Household, inspection: ServiceType
) -> None:
    booking = makers.make_booking(ada, inspection, SLOT)
    browser = await open_as(sign_in, user, ada, f'/booked/{booking.id}')
    await browser.should_see('Add to calendar')
    file = await browser.http_client.get(f'/booked/{booking.id}/calendar.ics')
    assert file.headers['content-type'].startswith('text/calendar')
    assert f'UID:{booking.uid}' in file.text
    assert 'DTSTART;TZID=America/Chicago:20261203T133000' in file.text


# the profile


async def test_a_profile_is_saved(user: User, sign_in: SignIn, ada: Household) -> None:
    browser = await open_as(sign_in, user, ada, '/profile')
    browser.find(marker='name').clear().type('Ada Lind-Sørensen')
    browser.find(marker='save').click()
    await browser.should_see('Saved.')
    assert stored(ADA).name == 'Ada Lind-Sørensen'


async def test_what_somebody_else_saved_meanwhile_is_shown_and_nothing_typed_is_lost(
    user: User, sign_in: SignIn, ada: Household
) -> None:
    browser = await open_as(sign_in, user, ada, '/profile')
    account = stored(ADA)
    profiles.change(account, {'name': 'Ada L.', 'phone': None, 'language': 'en'}, version=1, by=ada.actor)
    browser.find(marker='name').clear().type('Ada Lind II')
    browser.find(marker='save').click()
    await browser.should_see('Somebody changed this meanwhile.')
    await browser.should_see('Ada L.')
    browser.find(marker='save').click()
    await browser.should_see('Saved.')
    assert stored(ADA).name == 'Ada Lind II'


async def test_another_browser_is_signed_out_from_the_profile(user: User, sign_in: SignIn, ada: Household) -> None:
    elsewhere = ada.actor
    browser = await open_as(sign_in, user, ada, '/profile')
    await browser.should_see('Firefox on Linux')
    browser.find(marker=f'end-{elsewhere.session_id}').click()
    await browser.should_not_see('An unknown browser')
    assert not sessions.is_live(elsewhere)
