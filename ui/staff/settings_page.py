"""Settings of the business: what the operator gives by environment is shown and cannot be changed here."""

from collections.abc import Sequence
from typing import Any

from nicegui import ui

from data.access import settings
from data.access.settings import Setting
from data.visits import booking_lists
from ui.doorkeeper import Visitor
from ui.forms import Form, busy_button, done, refusals_shown
from ui.frame import frame
from ui.parts.pieces import block, card, heading, notice, text

BUSINESS = Form('business settings', [setting.field for setting in settings.BUSINESS])
BOOKING = Form('booking settings', [setting.field for setting in settings.BOOKING])
MAIL = Form('mail settings', [setting.field for setting in settings.MAIL])


def settings_page(visitor: Visitor) -> None:
    """For owners."""
    _ = visitor.words
    with frame(visitor, _('Settings'), wide=True), block('div', 'split'):
        _group(visitor, _('Business'), settings.BUSINESS, BUSINESS)
        with block('div', 'stack'):
            _group(visitor, _('Mail server'), settings.MAIL, MAIL)
            _group(visitor, _('Booking'), settings.BOOKING, BOOKING)


def _group(visitor: Visitor, title: str, group: Sequence[Setting], form: Form) -> None:
    _ = visitor.words
    free = [setting for setting in group if not settings.is_given_by_operator(setting.key)]
    form = Form(form.name, [setting.field for setting in free])

    async def save() -> None:
        with refusals_shown(_, drawn):
            values = drawn.values()
            unchanged = {setting.key for setting in free if setting.secret and not values[setting.key]}
            values = {key: value for key, value in values.items() if key not in unchanged}
            if _moves_zone(values) and not await _confirmed(visitor):
                return
            await done(settings.change, values, by=visitor.actor)
            ui.notify(_('Saved.'), type='positive')

    with card('sheet'):
        heading(title)
        if len(free) < len(group):
            notice(_('The operator has set some of these by environment; they cannot be changed here.'))
            for setting in group:
                if setting not in free and not setting.secret:
                    text(f'{_(setting.field.label)}: {settings.read(setting.key)}', 'quiet')
        if free:
            drawn = form.draw(_, {s.key: settings.read(s.key) for s in free if not s.secret})
            busy_button(_('Save'), save).mark(f'save-{form.name.split()[0]}')


def _moves_zone(values: dict[str, Any]) -> bool:
    return 'business.zone' in values and values['business.zone'] != settings.read('business.zone')


async def _confirmed(visitor: Visitor) -> bool:
    """Asks before appointments that are promised would show another time on the wall."""
    _ = visitor.words
    coming = len(booking_lists.coming(by=visitor.actor, most=1000))
    if not coming:
        return True
    with ui.dialog() as dialog, card('sheet'):
        heading(_('Change the time zone?'))
        sentence = _.ngettext(
            '{n} coming appointment keeps its instant, and will be shown at another time.',
            '{n} coming appointments keep their instants, and will be shown at other times.',
            coming,
        )
        text(sentence)
        with block('div', 'line-up'):
            ui.button(_('Change it'), on_click=lambda: dialog.submit(True), color=None).classes('danger')
            ui.button(_('Keep it'), on_click=lambda: dialog.submit(False), color=None).classes('plain')
    return bool(await dialog)


