"""A month with its open days, and the free times of the day that is chosen, grouped by part of the day."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from nicegui import background_tasks, ui

from data.base.words import Words
from ui.parts.buttons import button, icon_button
from ui.parts.day_words import month_before, month_grid, next_month, weekday_names
from ui.parts.pieces import block, heading, notice, text

Free = Mapping[date, Sequence[datetime]]
Offered = Callable[[date], Awaitable[Free]]


class SlotPicker:
    """The drawn picker. `.chosen` is the start time or None; `.renew()` asks for fresh times and keeps the day."""

    def __init__(
        self,
        words: Words,
        offered: Offered,
        on_choose: Callable[[datetime], Any],
        *,
        first: date,
        last: date,
        chosen: datetime | None,
    ) -> None:
        self.words, self.chosen = words, chosen
        self._offered, self._on_choose = offered, on_choose
        self._first, self._last = first.replace(day=1), last.replace(day=1)
        self.day = chosen.astimezone(words.zone).date() if chosen else None
        self.month = (self.day or first).replace(day=1)
        self._free: Free = {}
        self._is_known = False
        self._days: dict[date, ui.button] = {}
        self._times: dict[datetime, ui.button] = {}
        with block('div', 'slots') as self.element:
            with block('div'):
                self._draw_month_bar()
                self._sheet = block('div')
                self._zone_line = text('', 'faint zone-line')
            self._times_place = block('div', 'day-times')
        self._draw_month()
        self._draw_times()
        background_tasks.create(self.renew(), name='free times')

    async def renew(self) -> None:
        """Fresh times for the month shown, after somebody was faster; a time that is gone is no longer chosen."""
        self._free = {}
        if not await self._ask(self.month):
            return
        if self.chosen and self.chosen not in self._free.get(self.chosen.astimezone(self.words.zone).date(), ()):
            self.chosen = None
        self._draw_month()
        self._draw_times()

    def show_month(self, month: date) -> Awaitable[None]:
        """Another month; the day that was chosen and its times stay beside it. Two quick presses go two months on."""
        self.month = shown = min(max(month, self._first), self._last)

        async def show() -> None:
            if await self._ask(shown):
                self._draw_month()

        return show()

    def choose_day(self, day: date) -> None:
        self.day = day
        for each, made in self._days.items():
            made.props['aria-pressed'] = 'true' if each == day else 'false'
        title = self._draw_times()
        if title:
            self.element.client.run_javascript(f'getHtmlElement({title.id})?.focus()')

    def choose(self, start: datetime) -> Any:
        self.chosen = start
        for each, made in self._times.items():
            made.props['aria-pressed'] = 'true' if each == start else 'false'
        return self._on_choose(start)

    async def show_next_free_day(self) -> None:
        """Goes on month by month to the first with something free, or to the last."""
        while not self._free_days() and self.month < self._last:
            if not await self._ask(next_month(self.month)):
                return
        self._draw_month()
        if days := self._free_days():
            self.choose_day(days[0])

    def _kept_day(self) -> Free:
        """The day that is chosen, unless it is of the month shown, which was asked afresh."""
        if self.day is None or self.day not in self._free or self.day.replace(day=1) == self.month:
            return {}
        return {self.day: self._free[self.day]}

    async def _ask(self, month: date) -> bool:
        """False if meanwhile another month was asked for or the page has gone: then the answer is nobody's."""
        self.month = month
        free = await self._offered(month)
        if self.month != month or self.element.is_deleted:
            return False
        self._free = {**self._kept_day(), **free}
        self._is_known = True
        return True

    def _free_days(self) -> list[date]:
        end = next_month(self.month)
        return sorted(day for day, starts in self._free.items() if starts and self.month <= day < end)

    def _draw_month_bar(self) -> None:
        _ = self.words
        with block('div', 'month-bar'):
            self._title = heading('', level=3)
            self._title.props['aria-live'] = 'polite'
            self._back = icon_button(
                'back', _('Month before'), lambda: self.show_month(month_before(self.month)), turns=True
            ).mark('month-before')
            self._on = icon_button(
                'forward', _('Next month'), lambda: self.show_month(next_month(self.month)), turns=True
            ).mark('next-month')

    def _draw_month(self) -> None:
        _ = self.words
        self._title.text = _.month(self.month)
        self._back.set_visibility(self.month > self._first)
        self._on.set_visibility(self.month < self._last)
        self._sheet.clear()
        self._days = {}
        with self._sheet:
            with block('div', 'month', role='group', aria_label=_.month(self.month)):
                for name in weekday_names(_):
                    text(name, 'weekday', tag='span').props['aria-hidden'] = 'true'
                for day in month_grid(self.month, _):
                    self._draw_day(day)
            if self._is_known and not self._free_days():
                self._draw_nothing_free()
        starts = [start for day in self._free_days() for start in self._free[day]]
        self._zone_line.text = _('Times are in {zone}.', zone=_.zone_name(starts[0])) if starts else ''

    def _draw_day(self, day: date | None) -> None:
        if day is None:
            block('span')
        elif not self._free.get(day):
            text(str(day.day), 'day', tag='span')
        else:
            made = button(str(day.day), lambda: self.choose_day(day), 'day').mark(f'day-{day.isoformat()}')
            made.props['aria-label'] = self.words.day(day)
            made.props['aria-pressed'] = 'true' if day == self.day else 'false'
            self._days[day] = made

    def _draw_nothing_free(self) -> None:
        _ = self.words
        notice(_('Nothing is free in {month}.', month=_.month(self.month)))
        if self.month < self._last:
            button(_('Show the next free day'), self.show_next_free_day, 'plain').mark('next-free-day')

    def _draw_times(self) -> ui.label | None:
        """The heading of the day, which takes the focus; None while no day is chosen."""
        _ = self.words
        self._times_place.clear()
        self._times = {}
        with self._times_place:
            if self.day is None:
                text(_('Choose a day to see its free times.'), 'quiet')
                return None
            title = heading(_.day(self.day), level=3)
            title.props['tabindex'] = '-1'
            starts = self._free.get(self.day, ())
            if not starts:
                text(_('Nothing is free on this day any more. Please choose another day.'), 'quiet')
            for name, group in _parts_of_day(starts, _).items():
                text(name, 'part-of-day')
                with block('div', 'times', role='group', aria_label=name):
                    for start in group:
                        self._draw_time(start)
        return title

    def _draw_time(self, start: datetime) -> None:
        _ = self.words
        made = button(_.time(start), lambda: self.choose(start)).mark(f'slot-{start.isoformat()}')
        made.props['aria-label'] = f'{_.time(start)}, {_.day(start)}'
        made.props['aria-pressed'] = 'true' if start == self.chosen else 'false'
        self._times[start] = made


def _parts_of_day(starts: Sequence[datetime], _: Words) -> dict[str, list[datetime]]:
    parts: dict[str, list[datetime]] = {_('Morning'): [], _('Afternoon'): [], _('Evening'): []}
    for start in starts:
        hour = start.astimezone(_.zone).hour
        parts[_('Morning') if hour < 12 else _('Afternoon') if hour < 17 else _('Evening')].append(start)
    return {name: group for name, group in parts.items() if group}


def slot_picker(
    words: Words,
    offered: Offered,
    on_choose: Callable[[datetime], Any],
    *,
    first: date,
    last: date,
    chosen: datetime | None = None,
) -> SlotPicker:
    """`await offered(month)` gives the free starts of a month (its first day) by local day, in time order; it is asked
    month by month, from the month of `first` to that of `last`. `on_choose(start)` may be async. `words.zone` must be
    the business's zone. Buttons are named '1:30 PM, Thursday, December 3'.
    """
    return SlotPicker(words, offered, on_choose, first=first, last=last, chosen=chosen)
