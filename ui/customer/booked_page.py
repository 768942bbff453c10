"""To come."""

from ui.doorkeeper import Visitor
from ui.frame import frame


def booked_page(visitor: Visitor, booking_id: int) -> None:
    _ = visitor.words
    with frame(visitor, _('Home')):
        pass
