"""`/`: sends everybody where they belong."""

from starlette.requests import Request
from starlette.responses import Response

from data.access import accounts
from data.base.marks import N_
from ui import doorkeeper
from ui.entry import doors


async def show(request: Request) -> Response:
    """Home or console for who is signed in, else the sign-in page; before set-up, what to do."""
    if not accounts.exist():
        return not_set_up(request)
    visitor = doorkeeper.visitor(request)
    return doorkeeper.sent_to(visitor.start if visitor else doorkeeper.SIGN_IN)


def not_set_up(request: Request) -> Response:
    """Nobody has an account yet: the way in is the link that the start has printed."""
    _ = doorkeeper.strangers_words(request)
    return doors.page(
        request,
        'message.html',
        words=_,
        heading=_('Almost there'),
        sentence=_(NOT_SET_UP),
    )


NOT_SET_UP = N_('This portal is not set up yet. Open the set-up link that Doorstep printed when it started.')
