"""Sets up the business behind the one-time link that the first start prints."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from data import Refusal
from data.base.marks import N_
from data.upkeep import demo, set_up
from ui import doorkeeper
from ui.doorkeeper import SET_UP
from ui.entry import doors
from ui.forms import Form, hashing

FORM = Form('set up', set_up.SET_UP, set_up.faults)
EXAMPLE = Form('example company', set_up.OWNER)
GROUPS = (
    (N_('Your business'), '', set_up.BUSINESS),
    (N_('Your account'), N_('With it you sign in as the owner.'), set_up.OWNER),
    (N_('What you offer'), N_('One product and one service are enough to start.'), set_up.OFFER),
    (N_('Who goes there'), '', set_up.CREW),
)
AT_FIRST = {
    'business.language': 'en',
    'duration_minutes': 60,
    'weekdays': ('0', '1', '2', '3', '4'),
    'starts': 480,
    'ends': 1020,
}


async def take_link(request: Request) -> Response:
    """Keeps the link's token in a cookie and goes to a clean address; uses nothing up."""
    return doorkeeper.exchanged(SET_UP, request.path_params['token'], '/setup')


async def show(request: Request) -> Response:
    """The form, or why the link is of no use."""
    return _dead_link(request) or _page(request, AT_FIRST)


async def send(request: Request) -> Response:
    """Everything or nothing, and the owner is signed in."""
    return await _sent(request, FORM, set_up.set_up, _page)


async def show_example(request: Request) -> Response:
    """Who the owner of the example company is to be."""
    return _dead_link(request) or _example_page(request, {})


async def send_example(request: Request) -> Response:
    """A company that is made up, owned by who sits here."""
    return await _sent(request, EXAMPLE, demo.set_up, _example_page)


def _dead_link(request: Request) -> Response | None:
    try:
        set_up.check_link(doorkeeper.held(request, SET_UP))
    except Refusal as refusal:
        return doors.one_sentence(request, refusal, action=doors.TO_SIGN_IN)
    return None


async def _sent(request: Request, form: Form, make: Callable[..., str], page: Callable[..., Response]) -> Response:
    """Makes the business by a command that returns the owner's session, or shows the form as it was typed."""
    raw = await doors.typed(request, form)
    if dead := _dead_link(request):
        return dead
    try:
        values = form.in_country(raw.get('business.country')).parse(raw)
        token = await hashing(make, doorkeeper.held(request, SET_UP), values, browser=doorkeeper.browser(request))
    except Refusal as refusal:
        return page(request, doors.kept(raw, form), refusal)
    answer = doorkeeper.signed_in(token, doorkeeper.CONSOLE)
    doorkeeper.drop_cookie(answer, SET_UP)
    return answer


def _page(request: Request, values: dict[str, object], refusal: Refusal | None = None) -> Response:
    return doors.page(
        request,
        'set_up.html',
        action='/setup',
        example_action='/setup/example',
        groups=GROUPS,
        values=values,
        refusal=refusal,
        autocomplete={'name': 'name', 'business.name': 'organization'},
    )


def _example_page(request: Request, values: dict[str, object], refusal: Refusal | None = None) -> Response:
    return doors.page(
        request,
        'set_up.html',
        action='/setup/example',
        groups=GROUPS[1:2],
        is_example=True,
        values=values,
        refusal=refusal,
        autocomplete={'name': 'name'},
    )
