"""Every message: to whom, what, when, its state and why; as it was sent, and to be sent again."""

from nicegui import ui

from data.access import rights
from data.access.rights import Right
from data.messages import message_lists, outbox
from data.messages.outbox import Message, MessageChanged
from ui.doorkeeper import Visitor
from ui.forms import busy_button, done, refusals_shown
from ui.frame import frame
from ui.live import redraw_on
from ui.parts.hand_over import hand_over
from ui.parts.pieces import block, button_link, card, empty_state, notice, text

TONES = {outbox.SENT: 'completed', outbox.FAILED: 'canceled', outbox.NO_ADDRESS: 'canceled', outbox.HELD: 'traveling'}


def messages_page(visitor: Visitor) -> None:
    """The latest ones, newest first; what stays open while others are redrawn is each message's own panel."""
    _ = visitor.words
    opened: set[int] = set()

    @ui.refreshable
    def recent() -> None:
        _stuck(visitor)
        rows = message_lists.recent(by=visitor.actor)
        if not rows:
            sentence = _('No messages yet. They appear here when you invite somebody.')
            empty_state(sentence, (_('Customers'), '/staff/customers'))
            return
        with card('flush'):
            for message in rows:
                _line(visitor, message, opened)

    with frame(visitor, _('Messages'), wide=True):
        recent()
        redraw_on(MessageChanged, recent.refresh)


def _stuck(visitor: Visitor) -> None:
    _ = visitor.words
    stuck = message_lists.stuck(by=visitor.actor)
    if stuck.held:
        with block('div', 'line-up'):
            sentence = _.ngettext(
                '{n} message is held, because no mail server is set up.',
                '{n} messages are held, because no mail server is set up.',
                stuck.held,
            )
            notice(sentence, 'warning')
            if rights.may(visitor.actor, Right.CHANGE_SETTINGS):
                button_link(_('Set up the mail server'), '/staff/settings', 'plain')
    troubled = stuck.failed + stuck.late + stuck.no_address
    if troubled:
        one, many = '{n} message needs your attention.', '{n} messages need your attention.'
        notice(_.ngettext(one, many, troubled), 'warning')


def _line(visitor: Visitor, message: Message, opened: set[int]) -> None:
    _ = visitor.words

    async def again() -> None:
        with refusals_shown(_):
            await done(message_lists.send_again, message, by=visitor.actor)

    def remember(is_open: bool) -> None:  # noqa: FBT001  # NiceGUI's event value
        (opened.add if is_open else opened.discard)(message.id)

    title = f'{message_lists.title(message, _)} · {message.to_name}'
    with ui.expansion(title, value=message.id in opened).classes('message') as panel:
        panel.on_value_change(lambda event: remember(bool(event.value)))
        with panel.add_slot('header'), block('div', 'sheet-head wide'):
            with block('div'):
                text(title, 'strong')
                parts = (message.to_address, _.short_day(message.created_at))
                text(' · '.join(part for part in parts if part), 'quiet')
            text(message_lists.state(message, _), f'chip {TONES.get(message.state, "")}', tag='span')
        with block('div', 'stack tight'):
            if message.text_sent:
                text(message.subject_sent or '', 'strong')
                text(message.text_sent, 'sent-text', tag='pre')
            hand_over(visitor, message)
            with block('div', 'line-up'):
                busy_button(_('Send again'), again, 'plain').mark('send-again')
