"""The business's number where the frame has no room for it: on a phone, or beside what only a call can solve."""

from ui.doorkeeper import Visitor
from ui.parts.pieces import block, call_link, text


def help_line(visitor: Visitor, classes: str = '') -> None:
    """'Help: (312) 555-0100', which calls; nothing where the business has not said its number."""
    if visitor.business_phone:
        with block('div', classes), block('p', 'quiet line-up'):
            text(visitor.words('Help:'), tag='span')
            call_link(visitor.business_phone, visitor.words)
