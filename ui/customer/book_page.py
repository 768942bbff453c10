"""To come."""

from ui.doorkeeper import Visitor
from ui.frame import frame


def book_page(visitor: Visitor) -> None:
    _ = visitor.words
    with frame(visitor, _('Home')):
        pass
