"""What became of a message, and for an invitation that has not gone out: its code and link, to be handed over."""

from nicegui import ui

from data.messages import message_lists, outbox
from data.messages.outbox import Message
from ui.doorkeeper import Visitor
from ui.forms import busy_button, done, refusals_shown
from ui.parts.pieces import block, text


def hand_over(visitor: Visitor, message: Message) -> None:
    """The message's state and reason in words; staff open the secret by a press that is kept in the history."""
    _ = visitor.words

    async def show() -> None:
        with refusals_shown(_):
            secrets = await done(message_lists.open_secret, message, by=visitor.actor)
            shown.clear()
            with shown:
                text(_('Code'), 'faint')
                text(secrets['code'], 'handed-over').mark('code')
                text(_('Link'), 'faint')
                text(secrets['link'], 'handed-over').mark('link')
                text(_('Give it to this person only: whoever has it can create the account.'), 'faint')

    with block('div', 'stack tight'):
        why = message_lists.reason(message, _)
        text(f'{_("Message")}: {message_lists.state(message, _)}{f" · {why}" if why else ""}', 'faint')
        if message.wording == 'invitation' and message.state in outbox.UNSENT:
            busy_button(_('Show code and link'), show, 'bare').mark('show-code')
        shown = ui.element('div').classes('stack tight')
