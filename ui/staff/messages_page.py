"""Every message: to whom, what, when, its state and why; as it was sent, and to be sent again."""

from nicegui import ui

from data.access import rights
from data.access.rights import Right
from data.base.words import Words
from data.messages import message_lists
from data.messages.outbox import Message, MessageChanged, MessageState
from ui.doorkeeper import Visitor
from ui.forms import busy_button, done, refusals_shown
from ui.frame import frame
from ui.live import redraw_on
from ui.parts.fold import fold
from ui.parts.live_rows import LiveRows
from ui.parts.pieces import block, button_link, card, empty_state, facts, notice, state_chip, text
from ui.staff.hand_over import hand_over
from ui.staff.invitation_words import TONES

AT_ONCE = 100


def messages_page(visitor: Visitor) -> None:
    """The latest ones, newest first; what is opened stays open while others come and go."""
    _ = visitor.words
    opened: set[int] = set()

    @ui.refreshable
    def attention() -> None:
        _stuck(visitor)

    def fresh() -> None:
        attention.refresh()
        rows.show(message_lists.recent(by=visitor.actor, most=AT_ONCE))

    with frame(visitor, _('Messages'), lead=_('What Doorstep has written to people, newest first.'), wide=True):
        attention()
        rows: LiveRows[Message] = LiveRows(
            card('flush rows-of-folds'),
            lambda message: _line(visitor, message, opened),
            key=lambda message: message.id,
            reads=lambda message: (message.state, message.reason, message.sent_at),
            empty=lambda: _nothing(_),
        )
        rows.show(message_lists.recent(by=visitor.actor, most=AT_ONCE))
        redraw_on(MessageChanged, fresh)


def _nothing(_: Words) -> ui.element:
    sentence = _('No messages yet. They appear here when you invite somebody.')
    return empty_state(sentence, (_('Customers'), '/staff/customers'))


def _stuck(visitor: Visitor) -> None:
    _ = visitor.words
    stuck = message_lists.stuck(by=visitor.actor)
    if stuck.held:
        held = _.ngettext(
            '{n} message is held, because no mail server is set up.',
            '{n} messages are held, because no mail server is set up.',
            stuck.held,
        )
        with block('div', 'notice warning with-action'):
            text(held).props['role'] = 'status'
            if rights.may(visitor.actor, Right.CHANGE_SETTINGS):
                button_link(_('Set up the mail server'), '/staff/settings#mail', 'plain')
    troubled = stuck.failed + stuck.late + stuck.no_address
    if troubled:
        sentence = _.ngettext('{n} message needs your attention.', '{n} messages need your attention.', troubled)
        notice(sentence, 'warning')


def _line(visitor: Visitor, message: Message, opened: set[int]) -> ui.element:
    _ = visitor.words

    async def again() -> None:
        with refusals_shown(_):
            sent = await done(message_lists.send_again, message, by=visitor.actor)
            if obstacle := message_lists.obstacle(sent, _):
                ui.notify(obstacle, type='warning')
            else:
                ui.notify(_('It is on its way again.'), type='positive')

    def remember(is_open: bool) -> None:  # noqa: FBT001  # what the browser tells
        (opened.add if is_open else opened.discard)(message.id)

    panel = fold(on_toggle=remember)
    with panel.line:
        with block('div', 'what'):
            text(f'{message_lists.title(message, _)} · {message.to_name}', 'strong')
            parts = (message.to_address, _('{written_at}', written_at=message.created_at))
            text(' · '.join(part for part in parts if part), 'quiet')
        state_chip(message_lists.state(message, _), TONES.get(MessageState(message.state), ''))
    with panel:
        if why := message_lists.reason(message, _):
            text(why).mark('why')
        facts({_('Sent'): _('{sent_at}', sent_at=message.sent_at) if message.sent_at else ''})
        if message.text_sent:
            with block('div', 'letter'):
                text(message.subject_sent or '', 'strong')
                text(message.text_sent, 'sent-text', tag='pre')
        with block('div', 'line-up'):
            hand_over(visitor, message)
            busy_button(_('Send again'), again, 'plain').mark('send-again')
    if message.id in opened:
        panel.open()
    return panel.element
