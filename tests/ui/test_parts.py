"""The shared pieces of NiceGUI pages: fields, slot picker, choice cards, frame."""

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from nicegui import ui
from nicegui.testing import User

from data.access.rights import Right
from data.base import environment, fields
from data.base.addresses import Postcode, WebAddress
from data.base.decimals import Decimal
from data.base.words import PSEUDO, Words
from ui.doorkeeper import Visitor
from ui.frame import frame
from ui.parts.choice_card import choice_cards
from ui.parts.field_input import FieldInput, field_input
from ui.parts.input_kinds import KINDS
from ui.parts.slot_picker import SlotPicker, slot_picker

CHICAGO = ZoneInfo('America/Chicago')
ENGLISH = Words('en', 'US', CHICAGO)
OPTIONS = (('a', 'First'), ('b', 'Second'))
EXAMPLES: list[tuple[fields.Field, object, object]] = [  # field, stored value, what the input holds for it
    (fields.Text(key='x', label='Name'), 'Ada', 'Ada'),
    (fields.LongText(key='x', label='Comment'), 'one\ntwo', 'one\ntwo'),
    (fields.Email(key='x', label='E-mail'), 'ada@example.com', 'ada@example.com'),
    (fields.Phone(key='x', label='Phone'), '+13125550100', '+13125550100'),
    (fields.Password(key='x', label='Password'), 'a secret', ''),
    (fields.Code(key='x', label='Code'), '7KQM', '7KQM'),
    (WebAddress(key='x', label='Web address'), 'https://maps.example.com', 'https://maps.example.com'),
    (Postcode(key='x', label='Postcode'), '60614', '60614'),
    (fields.Number(key='x', label='Minutes'), 90, '90'),
    (Decimal(key='x', label='Latitude', least=-90, most=90), -41.88, '-41.88'),
    (fields.Choice(key='x', label='One', options=OPTIONS), 'b', 'b'),
    (fields.Several(key='x', label='Some', options=OPTIONS), ('b',), ['b']),
    (fields.YesNo(key='x', label='That is me'), True, True),
    (fields.Day(key='x', label='Day'), date(2026, 12, 3), '2026-12-03'),
    (fields.TimeOfDay(key='x', label='From'), 510, '08:30'),
    (fields.Zone(key='x', label='Zone'), 'Europe/Berlin', 'Europe/Berlin'),
]


@dataclass
class Visit:
    """A visitor of the frame."""

    words: Words = ENGLISH
    business_name: str = 'Northwind Heating'
    business_phone: str | None = '+13125550100'
    rights: frozenset[Right] = frozenset()
    is_customer: bool = True
    account: Any = field(default_factory=lambda: SimpleNamespace(name='Amira Khoury'))


def visit(**facts: Any) -> Visitor:
    """As the frame takes one; no account has to be made for it."""
    return cast('Visitor', Visit(**facts))


@pytest.fixture(autouse=True)
def _environment(tmp_path: Path) -> None:
    environment.load(data=tmp_path)


def kind(example: object) -> str:
    return type(example).__name__ if isinstance(example, fields.Field) else ''


def test_every_kind_of_field_has_an_example() -> None:
    assert {type(example[0]) for example in EXAMPLES} == {each for each, _ in KINDS}


@pytest.mark.parametrize(('asked', 'stored', 'shown'), EXAMPLES, ids=kind)
async def test_a_field_shows_what_is_stored_and_gives_it_back_as_typed(
    user: User, asked: fields.Field, stored: object, shown: object
) -> None:
    drawn: list[FieldInput] = []

    @ui.page('/')
    def one_field() -> None:
        drawn.append(field_input(asked, ENGLISH, stored))

    await user.open('/')
    await user.should_see(asked.label)
    assert drawn[0].value == shown
    if shown != '':
        assert asked.parse(drawn[0].value) == stored


async def test_what_is_wrong_stands_at_the_field_until_it_is_right(user: User) -> None:
    drawn: list[FieldInput] = []

    @ui.page('/')
    def one_field() -> None:
        drawn.append(field_input(EXAMPLES[0][0], ENGLISH))

    await user.open('/')
    drawn[0].show_error('Please fill this in.')
    await user.should_see('Please fill this in.')
    assert drawn[0].element.props['aria-invalid'] == 'true'
    drawn[0].show_error(None)
    await user.should_not_see('Please fill this in.')
    assert drawn[0].element.props['aria-invalid'] == 'false'


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHICAGO).astimezone(ZoneInfo('UTC'))


THURSDAY = date(2026, 12, 3)
WEDNESDAY = date(2027, 2, 3)


@dataclass
class Slots:
    """A page with the picker; December and February have free times."""

    free: dict[date, list[datetime]] = field(
        default_factory=lambda: {
            THURSDAY: [at(THURSDAY, 8), at(THURSDAY, 13, 30), at(THURSDAY, 18)],
            WEDNESDAY: [at(WEDNESDAY, 9)],
        }
    )
    chosen: list[datetime] = field(default_factory=list)
    picker: SlotPicker | None = None
    late: dict[date, asyncio.Event] = field(default_factory=dict)  # months whose answer waits

    async def offered(self, month: date) -> dict[date, list[datetime]]:
        if month in self.late:
            await self.late[month].wait()
        end = (month + timedelta(days=32)).replace(day=1)
        return {day: starts for day, starts in self.free.items() if month <= day < end}

    async def open(self, user: User, words: Words = ENGLISH) -> None:
        @ui.page('/')
        def slots_page() -> None:
            self.picker = slot_picker(
                words, self.offered, self.chosen.append, first=date(2026, 12, 1), last=date(2027, 2, 28)
            )

        await user.open('/')


async def test_a_start_is_chosen_by_its_day_and_its_time(user: User) -> None:
    slots = Slots()
    await slots.open(user)
    await user.should_see('Choose a day to see its free times.')
    user.find(marker='day-2026-12-03').click()
    await user.should_see('Thursday, December 3')
    for part_of_day in ('Morning', 'Afternoon', 'Evening'):
        await user.should_see(part_of_day)
    (button,) = user.find(marker=f'slot-{at(THURSDAY, 13, 30).isoformat()}').elements
    assert button.props['aria-label'] == '1:30\xa0PM, Thursday, December 3'
    user.find(marker=f'slot-{at(THURSDAY, 13, 30).isoformat()}').click()
    assert slots.chosen == [at(THURSDAY, 13, 30)]
    assert button.props['aria-pressed'] == 'true'


async def test_a_month_without_free_times_leads_to_the_next_free_day(user: User) -> None:
    await Slots().open(user)
    user.find(marker='next-month').click()
    await user.should_see('Nothing is free in January 2027.')
    user.find(marker='next-free-day').click()
    await user.should_see('Wednesday, February 3')


async def test_of_two_months_that_are_asked_for_quickly_the_last_one_stands(user: User) -> None:
    slots = Slots()
    await slots.open(user)
    await user.should_see(marker='day-2026-12-03')
    slots.late[date(2027, 1, 1)] = asyncio.Event()
    user.find(marker='next-month').click()
    user.find(marker='next-month').click()
    await user.should_see('February 2027')
    await user.should_see(marker='day-2027-02-03')

    slots.late[date(2027, 1, 1)].set()

    await user.should_not_see('Nothing is free in January 2027.')
    await user.should_see(marker='day-2027-02-03')


async def test_fresh_times_after_somebody_was_faster_leave_the_day_open(user: User) -> None:
    slots = Slots()
    await slots.open(user)
    user.find(marker='day-2026-12-03').click()
    user.find(marker=f'slot-{at(THURSDAY, 8).isoformat()}').click()
    slots.free[THURSDAY].remove(at(THURSDAY, 8))
    assert slots.picker
    await slots.picker.renew()
    assert slots.picker.chosen is None
    await user.should_see('Thursday, December 3')
    await user.should_not_see(marker=f'slot-{at(THURSDAY, 8).isoformat()}')


async def test_the_week_starts_as_the_country_has_it(user: User) -> None:
    await Slots().open(user, Words('en', 'GB', CHICAGO))
    sheet = user.find('Mo').elements.pop().parent_slot
    assert sheet
    assert [getattr(each, 'text', '') for each in sheet.children[:8]] == ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su', '']


async def test_one_card_of_a_group_is_chosen(user: User) -> None:
    told: list[str] = []

    @ui.page('/')
    def cards_page() -> None:
        choice_cards('Product', [('boiler', 'Boiler', ''), ('pump', 'Heat pump', '2023')], told.append, value='boiler')

    await user.open('/')
    user.find(marker='choice-pump').click()
    assert told == ['pump']
    cards = {name: user.find(marker=f'choice-{name}').elements.pop() for name in ('boiler', 'pump')}
    assert {name: card.props['aria-checked'] for name, card in cards.items()} == {'boiler': 'false', 'pump': 'true'}


async def test_menus_show_only_what_a_role_may_use(user: User) -> None:
    @ui.page('/customer')
    def customers_page() -> None:
        with frame(visit(), 'Home', heading='Hello, Amira'):
            ui.label('Nothing yet')

    @ui.page('/owner')
    def owners_page() -> None:
        with frame(visit(rights=frozenset(Right), is_customer=False), 'Customers'):
            ui.label('Nothing yet')

    await user.open('/customer')
    await user.should_see('Hello, Amira')
    await user.should_see('Profile')
    await user.should_not_see('Staff accounts')
    await user.open('/owner')
    await user.should_see('Staff accounts')
    await user.should_see('Profile')
    await user.should_not_see('Home')  # which is for customers


async def test_the_frame_says_everything_in_the_readers_language(user: User) -> None:
    @ui.page('/')
    def home() -> None:
        with frame(visit(words=Words(PSEUDO), rights=frozenset(Right)), '[Home]'):
            pass

    client = await user.open('/')
    texts = {str(getattr(each, 'text', '')) for each in client.layout.descendants()}
    assert {text for text in texts if text and not text.startswith('[')} == {
        'N',
        'Northwind Heating',
        'AK',
        'Amira Khoury',
    }
