"""Welcomes a colleague by a one-time link: they choose a password and are signed in."""

from starlette.requests import Request
from starlette.responses import Response

from data import Refusal
from data.access import staff
from data.access.accounts import Account
from data.access.staff import WELCOME
from data.base.tokens import LinkInvalid
from ui import doorkeeper
from ui.entry import doors
from ui.forms import Form, hashing

FORM = Form('staff welcome', WELCOME)


async def take_link(request: Request) -> Response:
    """Keeps the link's token in a cookie and goes to a clean address; uses nothing up."""
    return doorkeeper.exchanged(doorkeeper.WELCOME, request.path_params['token'], '/welcome')


async def show(request: Request) -> Response:
    """The form, or why the link is of no use."""
    try:
        account = staff.welcomed(doorkeeper.held(request, doorkeeper.WELCOME))
    except Refusal as refusal:
        return doors.one_sentence(request, refusal, action=doors.TO_SIGN_IN)
    return _page(request, account)


async def send(request: Request) -> Response:
    """Password and session, or nothing."""
    link_token = doorkeeper.held(request, doorkeeper.WELCOME)
    raw = await doors.typed(request, FORM)
    try:
        account = staff.welcomed(link_token)
    except Refusal as refusal:
        return doors.one_sentence(request, refusal, action=doors.TO_SIGN_IN)
    try:
        values = FORM.parse(raw)
        token = await hashing(
            staff.accept,
            link_token,
            values['password'],
            browser=doorkeeper.browser(request),
            replaces=doorkeeper.session_token(request),
        )
    except LinkInvalid as used:
        return doors.one_sentence(request, used, action=doors.TO_SIGN_IN)
    except Refusal as refusal:
        return _page(request, account, refusal)
    answer = doorkeeper.signed_in(token, '/')
    doorkeeper.drop_cookie(answer, doorkeeper.WELCOME)
    return answer


def _page(request: Request, account: Account, refusal: Refusal | None = None) -> Response:
    return doors.page(
        request,
        'staff_welcome.html',
        action='/welcome',
        invited_name=account.name,
        invited_email=account.email,
        fields=FORM.fields,
        values={},
        refusal=refusal,
    )
