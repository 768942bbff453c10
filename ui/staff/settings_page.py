"""Settings of the business: what the operator gives by environment is shown and cannot be changed here."""

from collections.abc import Sequence
from typing import Any

from nicegui import ui

from data.access import settings
from data.access.settings import Setting, SettingsChanged
from data.base.fields import Choice
from data.visits import booking_lists
from ui.doorkeeper import Visitor
from ui.forms import Form, busy_button, done, refusals_shown
from ui.frame import frame
from ui.live import redraw_on
from ui.parts.form_block import form_block, submits
from ui.parts.pieces import block, card, facts, heading, notice, text
from ui.parts.question import agreed

BUSINESS = Form('business settings', [setting.field for setting in settings.BUSINESS])
MAIL = Form('mail settings', [setting.field for setting in settings.MAIL])
BOOKINGS = Form('booking settings', [setting.field for setting in settings.BOOKINGS])
MAPS = Form('map settings', [setting.field for setting in settings.MAPS])
DRIVING = Form('driving settings', [setting.field for setting in settings.DRIVING])


def settings_page(visitor: Visitor) -> None:
    """For owners."""
    _ = visitor.words
    groups = (
        SettingsGroup(
            visitor,
            'business',
            BUSINESS,
            settings.BUSINESS,
            title=_('Business'),
            about=_('How customers know you, and how times and numbers are written.'),
        ),
        SettingsGroup(
            visitor,
            'driving',
            DRIVING,
            settings.DRIVING,
            title=_('Driving'),
            about=_('How far apart visits are kept, so that technicians arrive on time.'),
        ),
        SettingsGroup(
            visitor,
            'bookings',
            BOOKINGS,
            settings.BOOKINGS,
            title=_('Appointments'),
            about=_('What customers may do by themselves.'),
        ),
        SettingsGroup(
            visitor,
            'mail',
            MAIL,
            settings.MAIL,
            title=_('Mail server'),
            about=_('Messages go out through it. Until one is set up they are held, and nothing is lost.'),
        ),
        SettingsGroup(
            visitor,
            'maps',
            MAPS,
            settings.MAPS,
            title=_('Maps'),
            about=_('Who is asked where addresses lie and how long drives take. Without them distances are estimated.'),
        ),
    )
    with frame(visitor, _('Settings'), wide=True):
        for group in groups:
            group.draw()


class SettingsGroup:
    """Settings that are saved together. Only what was changed on this page is written, so that a page that was open
    for long does not take back what another owner has set since.
    """

    def __init__(
        self, visitor: Visitor, name: str, form: Form, group: Sequence[Setting], *, title: str, about: str
    ) -> None:
        self.visitor, self.words, self.name, self.title, self.about = visitor, visitor.words, name, title, about
        self._given = [setting for setting in group if settings.is_given_by_operator(setting.key)]
        self._free = [setting for setting in group if setting not in self._given]
        self._form = Form(form.name, [setting.field for setting in self._free])

    def draw(self) -> None:
        _ = self.words
        with card('flush'), form_block('form-group') as made:
            made.props['id'] = self.name
            with block('div', 'about'):
                heading(self.title)
                text(self.about, 'quiet')
            with block('div', 'stack'):
                if self._given:
                    notice(_('The operator has set these by environment; they cannot be changed here.'))
                    facts({_(each.field.label): self._said(each) for each in self._given})
                if self._free:
                    self._draw_form()
        redraw_on(SettingsChanged, self._follow)

    def _draw_form(self) -> None:
        _ = self.words
        self._drawn = self._form.draw(_, {each.key: _stored(each) for each in self._free})
        self._shown = {key: drawn.value for key, drawn in self._drawn.inputs.items()}
        for each in self._free:
            if each.secret:  # the browser must not offer the reader's own password
                self._drawn.inputs[each.key].element.props['autocomplete'] = 'new-password'
        self._known = {each.key: _stored(each) for each in self._free}
        self._hints = block('div', 'stack tight')
        self._hint()
        with block('div', 'line-up'):
            submits(busy_button(_('Save'), self._save)).mark(f'save-{self.name}')

    async def _save(self) -> None:
        _ = self.words
        with refusals_shown(_, self._drawn):
            values = self._changed_values()
            if _moves_zone(values) and not await _confirmed(self.visitor):
                return
            await done(settings.change, values, by=self.visitor.actor)
            self._show({each.key: _stored(each) for each in self._free})
            ui.notify(_('Saved.'), type='positive')

    def _touched(self) -> set[str]:
        return {key for key, drawn in self._drawn.inputs.items() if (drawn.value or '') != (self._shown[key] or '')}

    def _changed_values(self) -> dict[str, Any]:
        """Raises InvalidInput for what was typed here."""
        self._drawn.show_errors({})
        touched = self._touched()
        changed = Form(self._form.name, [each for each in self._drawn.form.fields if each.key in touched])
        return changed.parse({key: self._drawn.inputs[key].value for key in touched})

    def _follow(self) -> None:
        """Another owner's values appear where nothing was typed here; where something was, a line says so."""
        if not self._free:
            return
        touched = self._touched()
        self._show({each.key: _stored(each) for each in self._free if each.key not in touched})

    def _show(self, values: dict[str, Any]) -> None:
        for key, value in values.items():
            drawn = self._drawn.inputs[key]
            drawn.value = '' if value is None else value
            self._shown[key], self._known[key] = drawn.value, value
        self._hint()

    def _hint(self) -> None:
        _ = self.words
        self._hints.clear()
        with self._hints:
            for each in self._free:
                if each.secret and settings.read(each.key):
                    text(_('A password is set. Type a new one to replace it.'), 'faint')
                if settings.is_lost(each.key):
                    notice(_('The key of the stored password is gone. Please type the password again.'), 'warning')
                if _stored(each) != self._known[each.key]:
                    label = _(each.field.label)
                    now = self._said(each)
                    notice(_('Somebody has set {label} to {now} meanwhile. Save replaces it.', label=label, now=now))

    def _said(self, setting: Setting) -> str:
        """A value for reading; a secret as dots, nothing as a dash."""
        if setting.secret:
            return '••••••••' if settings.read(setting.key) else '–'
        value = settings.read(setting.key)
        options = dict(setting.field.options) if isinstance(setting.field, Choice) else {}
        return self.words(options[value]) if value in options else str(value or '–')


def _stored(setting: Setting) -> Any:
    return None if setting.secret else settings.read(setting.key)


def _moves_zone(values: dict[str, Any]) -> bool:
    return 'business.zone' in values and values['business.zone'] != settings.read('business.zone')


async def _confirmed(visitor: Visitor) -> bool:
    """Asks before appointments that are promised would show another time on the wall."""
    _ = visitor.words
    coming = len(booking_lists.coming(by=visitor.actor, most=1000))
    if not coming:
        return True
    sentence = _.ngettext(
        '{n} coming appointment keeps its instant, and will be shown at another time.',
        '{n} coming appointments keep their instants, and will be shown at other times.',
        coming,
    )
    return await agreed(_('Change the time zone?'), sentence, yes=_('Change it'), no=_('Keep it'))
