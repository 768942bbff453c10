"""What a person does in a browser, step by step; each step waits for what is then to be seen."""

import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from people import Person
from playwright.sync_api import Page, ViewportSize, expect

DESK: ViewportSize = {'width': 1280, 'height': 900}
PHONE: ViewportSize = {'width': 390, 'height': 844}
PICTURES = Path(__file__).parent.parent / 'docs' / 'pictures'
PASSWORD = 'seven alder leaves in May'

# a colour on its way to another has no contrast to speak of; what turns for ever is not waited for
COME_TO_REST = """() => Promise.allSettled(document.getAnimations()
    .filter(each => each.effect.getComputedTiming().endTime < 2000).map(each => each.finished))"""


def set_up(page: Page, link: str, *, owner: Person, technician: str) -> None:
    """The first start: business, owner, product, service and technician in one form."""
    page.goto(link)
    is_accessible(page)
    page.get_by_label('Name of the business').fill('Alder Heating')
    page.get_by_label('Country').select_option('US')
    page.get_by_label('Time zone').select_option('America/Chicago')
    page.locator('[name="business.phone"]').fill('(312) 555-0100')  # as people of the chosen country type it
    page.get_by_label('Your name').fill(owner.name)
    page.get_by_label('E-mail').fill(owner.email)
    page.get_by_label('Password').fill(PASSWORD)
    page.get_by_label('A kind of thing you service').fill('Boiler')
    page.get_by_label('A service for it').fill('Annual inspection')
    page.get_by_label('It takes').fill('90')
    page.locator('[name="technician"]').fill(technician)
    for day in ('Saturday', 'Sunday'):
        page.get_by_label(day).check()
    page.get_by_role('button', name='Open for business').click()
    expect(page.get_by_role('heading', name='Appointments')).to_be_visible()
    is_accessible(page)


def add_customer(page: Page, base: str, person: Person, *, address: str) -> None:
    """A household with one contact, one site and one boiler; ends on its page."""
    page.goto(f'{base}/staff/customers/new')
    page.get_by_label('Customer', exact=True).fill(f'{person.name} household')
    page.get_by_label('Contact', exact=True).fill(person.name)
    page.get_by_label(re.compile('^E-mail')).fill(person.email)
    page.get_by_label('Address').fill(address)
    is_accessible(page)
    page.get_by_role('button', name='Add customer').click()
    expect(page.get_by_role('heading', name=f'{person.name} household')).to_be_visible()
    add_product(page, 'ecoTEC plus', address)


def add_product(page: Page, name: str, address: str) -> None:
    """On a customer's page."""
    page.get_by_text('Add product').first.click()
    page.get_by_label('Site', exact=True).select_option(label=address)
    page.get_by_label('Product', exact=True).select_option(label='Boiler')
    page.get_by_label('Name', exact=True).fill(name)
    page.locator('button', has_text='Add product').last.click()
    expect(page.get_by_text(name, exact=True)).to_be_visible()


def redeem(page: Page, link: str) -> None:
    """Opens the link of the mail and chooses a password; ends on the profile."""
    page.goto(link)
    expect(page).to_have_url(re.compile(r'/redeem$'))  # a clean address: the token stands in no referrer
    is_accessible(page)
    page.get_by_label('Password').fill(PASSWORD)
    page.get_by_role('button', name='Create my account').click()
    expect(page.get_by_role('heading', name='Profile')).to_be_visible()
    is_accessible(page)


def book_first_free(page: Page, base: str) -> str:
    """From home to the confirmation; returns the time as the page says it."""
    page.goto(f'{base}/home')
    is_accessible(page)
    page.get_by_role('link', name='Book a new appointment').first.click()
    page.locator('.month button.day').first.click()
    page.locator('.times button').first.click()
    page.get_by_label('Comments').fill('The gate sticks.')
    is_accessible(page)
    when = page.locator('.book-bar .strong').inner_text()
    page.get_by_role('button', name='Book', exact=True).click()
    expect(page).to_have_url(re.compile(r'/booked/\d+$'))
    expect(page.get_by_text(when).first).to_be_visible()
    is_accessible(page)
    return when


def is_accessible(page: Page) -> None:
    """axe finds nothing serious on the page as it stands, colours having arrived."""
    page.evaluate(COME_TO_REST)
    found = Axe().run(page).response['violations']
    serious = [one for one in found if one['impact'] in {'serious', 'critical'}]
    told = [(one['id'], [node['target'] for node in one['nodes']]) for one in serious]
    assert not told, f'{page.url}: {told}'


def picture(page: Page, name: str) -> None:
    """The README's picture, taken when PICTURES=1 is set: `make browser PICTURES=1`."""
    if os.environ.get('PICTURES'):
        PICTURES.mkdir(exist_ok=True)
        size = page.viewport_size or DESK
        page.screenshot(path=PICTURES / f'{name}.png', clip={'x': 0, 'y': 0, 'width': size['width'], 'height': 400})
