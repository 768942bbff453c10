"""To come."""

from ui.doorkeeper import Visitor
from ui.frame import frame


def customer_page(visitor: Visitor, customer_id: int) -> None:
    _ = visitor.words
    with frame(visitor, _('Home')):
        pass
