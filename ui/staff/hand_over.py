"""For an invitation that has not gone out: its code and link, opened by a press and handed over by hand."""

from data.messages import message_lists, outbox
from data.messages.outbox import Message
from ui.doorkeeper import Visitor
from ui.forms import busy_button, done, refusals_shown
from ui.parts.pieces import block, text
from ui.parts.secret_line import secret_line


def hand_over(visitor: Visitor, message: Message) -> None:
    """Draws a button among others in a 'line-up' and opens the secret under them; the press is kept in the history."""
    _ = visitor.words
    if message.wording != 'invitation' or message.state not in outbox.UNSENT:
        return

    async def show() -> None:
        with refusals_shown(_):
            secrets = await done(message_lists.open_secret, message, by=visitor.actor)
            pressed.set_visibility(False)
            with shown:
                secret_line(_('Code'), secrets['code'], copy=_('Copy code'), copied=_('Code copied'), mark='code')
                secret_line(_('Link'), secrets['link'], copy=_('Copy link'), copied=_('Link copied'), mark='link')
                text(_('Give it to this person only: whoever has it can create the account.'), 'faint')

    pressed = busy_button(_('Show code and link'), show, 'plain')
    pressed.mark('show-code')
    shown = block('div', 'secrets')
