"""Books an appointment: what, when, a comment, and one press."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from nicegui import ui

from data import NotFound
from data.people import customers
from data.visits import bookings, choices, offers, wishes
from data.visits.assignments import SlotTaken
from data.visits.wishes import Wish
from ui.customer.book_steps import BookSteps, Wanted
from ui.customer.booking_words import street
from ui.customer.help_line import help_line
from ui.doorkeeper import Visitor
from ui.forms import Form, busy_button, done, in_thread, refusals_shown
from ui.frame import frame
from ui.parts.day_words import next_month
from ui.parts.pieces import block, card, empty_state, heading, text
from ui.parts.slot_picker import SlotPicker, slot_picker
from ui.parts.zone_notice import zone_notice

FORM = Form('booking', wishes.BOOKING)


def book_page(visitor: Visitor) -> None:
    _ = visitor.words
    on_offer = choices.of_customer(visitor.actor)
    with frame(visitor, _('Book a new appointment'), back=(_('Home'), '/home'), wide=True):
        if on_offer.are_empty:
            empty_state(_('Nothing can be booked here yet. Please call us.'))
            help_line(visitor)
            return
        with block('div', 'book-page'):
            steps = BookSteps(_, on_offer)
            times = BookTimes(visitor)
    steps.on_change = lambda: times.show(steps.wanted)
    times.show(steps.wanted)


class BookTimes:
    """Day and time for what is wanted at the moment, a comment, and the bar with *Book*."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.words = visitor, visitor.words
        self.wanted: Wanted | None = None
        self.picker: SlotPicker | None = None
        self._key = secrets.token_urlsafe(16)  # a second press with it is the first one again
        _ = self.words
        with card('stack book-when'):
            heading(_('Date and time'))
            zone_notice(_)
            self._slots = block('div')
            with block('div', 'comment-step'):
                self._form = FORM.draw(_)
            with block('div', 'book-bar sticks'):
                with block('div'):
                    self._problem = text('', 'error').mark('problem')
                    self._problem.props['role'] = 'alert'
                    self._when = text('', 'strong').mark('when')
                    self._what = text('', 'quiet on-wide')
                    self._where = text('', 'quiet on-phone')  # there the rest stands folded above
                busy_button(_('Book'), self._book, 'large').mark('book')

    def show(self, wanted: Wanted | None) -> None:
        """Other free times, for other work; what was typed stays."""
        self.wanted, self.picker = wanted, None
        self._slots.clear()
        with self._slots, refusals_shown(self.words):
            if wanted is None:
                text(self.words('Choose a product and a service type to see what is free.'), 'quiet')
            else:
                self.picker = self._draw_picker(wanted)
        self._show_summary()

    def _draw_picker(self, wanted: Wanted) -> SlotPicker:
        async def offered(month: date) -> Mapping[date, Sequence[datetime]]:
            last_day = next_month(month) - timedelta(days=1)
            asked = partial(offers.offered, first_day=month, last_day=last_day, asset=wanted.asset)
            with self._slots, refusals_shown(self.words):
                return await in_thread(asked, wanted.site, wanted.service_type, by=self.visitor.actor)
            return {}

        first, last = choices.days_ahead(wanted.service_type)
        return slot_picker(self.words, offered, lambda start: self._show_summary(), first=first, last=last)

    def _show_summary(self, problem: str = '') -> None:
        _, wanted, start = self.words, self.wanted, self.picker.chosen if self.picker else None
        self._problem.text = problem
        if wanted is None or start is None:
            self._when.text = '' if problem else _('No time chosen yet')
        else:
            self._when.text = _.span(start, start + timedelta(minutes=wanted.service_type.duration_minutes))
        self._what.text = _what(wanted)
        self._where.text = street(wanted.site.address) if wanted else ''

    async def _book(self) -> None:
        start = self.picker.chosen if self.picker else None
        if self.wanted is None or self.picker is None or start is None:
            self._show_summary(self.words('Please choose a day and a time first.'))
            return
        with refusals_shown(self.words, self._form):
            try:
                wish = self._wish(self.wanted, start, **self._form.values())
                booking = await done(bookings.book, wish, by=self.visitor.actor, key=self._key)
            except SlotTaken as taken:
                await self.picker.renew()
                self.picker.choose_day(start.astimezone(self.words.zone).date())  # the focus goes to what is left
                self._show_summary(self.words.refusal(taken))
                return
            ui.navigate.to(f'/booked/{booking.id}')

    def _wish(self, wanted: Wanted, start: datetime, comment: str | None) -> Wish:
        contact = customers.own_contact(self.visitor.actor, wanted.site.customer_id)
        if contact is None:
            raise NotFound
        return Wish(
            contact=contact,
            site=wanted.site,
            asset=wanted.asset,
            service_type=wanted.service_type,
            starts_at=start,
            comment=comment,
        )


def _what(wanted: Wanted | None) -> str:
    """'Annual inspection · ecoTEC plus · 18 Alder Street'."""
    if wanted is None:
        return ''
    thing = (wanted.asset.name,) if wanted.asset else ()
    return ' · '.join((wanted.service_type.name, *thing, street(wanted.site.address)))
