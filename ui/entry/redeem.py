"""Redeems an invitation: by the link in the mail or by the typed code, with a password, in one POST."""

from starlette.requests import Request
from starlette.responses import Response

from data import Refusal
from data.access.accounts import EmailTaken
from data.base.database import CannotSave, DatabaseBusy
from data.base.throttle import TooOften
from data.people import invitations
from data.people.invitations import REDEEMING, TYPED, Invitation
from ui import doorkeeper
from ui.doorkeeper import INVITATION
from ui.entry import doors
from ui.forms import Form, hashing, in_thread

CODE = Form('invitation code', TYPED)
FORM = Form('redeem', REDEEMING)
PASSING = (TooOften, DatabaseBusy, CannotSave)


async def take_link(request: Request) -> Response:
    """Keeps the link's token in a cookie and goes to a clean address; redeems nothing."""
    return doorkeeper.exchanged(INVITATION, request.path_params['token'], '/redeem')


async def show(request: Request) -> Response:
    """Asks for the code; where it is known, for name and password; who is signed in may connect it."""
    secret = doorkeeper.held(request, INVITATION)
    if not secret:
        return _code_page(request)
    try:
        invitation = await in_thread(invitations.look_up, secret, origin=doorkeeper.origin(request))
    except Refusal as refusal:
        return _after(refusal, _code_page(request, refusal=refusal))
    if visitor := doorkeeper.visitor(request):
        _ = visitor.words
        return doors.page(
            request,
            'message.html',
            words=_,
            heading=_('Connect your account'),
            sentence=_(
                'You are signed in as {email}. Connect the invitation for {name} to this account?',
                email=visitor.account.email,
                name=invitation.contact.name,
            ),
            action_text=_('Connect'),
            action_address='/redeem/connect',
            post=True,
        )
    return _password_page(request, invitation, {'name': invitation.contact.name})


async def send_code(request: Request) -> Response:
    """A typed code is looked up and kept in the cookie; tries are counted."""
    raw = await doors.typed(request, CODE)
    try:
        code = CODE.parse(raw)['code']
        await in_thread(invitations.look_up, code, origin=doorkeeper.origin(request))
    except Refusal as refusal:
        return _code_page(request, raw, refusal)
    return doorkeeper.exchanged(INVITATION, code, '/redeem')


async def send(request: Request) -> Response:
    """Makes account and session, or nothing."""
    secret = doorkeeper.held(request, INVITATION)
    origin = doorkeeper.origin(request)
    raw = await doors.typed(request, FORM)
    try:
        invitation = await in_thread(invitations.look_up, secret, origin=origin)
    except Refusal as refusal:
        return _after(refusal, _code_page(request, refusal=refusal))
    try:
        token = await hashing(
            invitations.redeem,
            secret,
            FORM.parse(raw),
            origin=origin,
            browser=doorkeeper.browser(request),
            replaces=doorkeeper.session_token(request),
        )
    except EmailTaken as taken:
        return doors.one_sentence(request, taken, action=doors.TO_SIGN_IN)
    except Refusal as refusal:
        return _password_page(request, invitation, doors.kept(raw, FORM), refusal)
    return _forgotten(doorkeeper.signed_in(token, '/profile'))


async def send_connect(request: Request) -> Response:
    """The account that is signed in owns the contact from now on."""
    secret = doorkeeper.held(request, INVITATION)
    try:
        await in_thread(invitations.connect, secret, origin=doorkeeper.origin(request), by=doorkeeper.actor(request))
    except Refusal as refusal:
        return _after(refusal, doors.one_sentence(request, refusal, action=doors.TO_REDEEM))
    return _forgotten(doorkeeper.sent_to(doorkeeper.HOME))


def _code_page(request: Request, raw: dict[str, object] | None = None, refusal: Refusal | None = None) -> Response:
    return doors.page(
        request,
        'sign_in.html',
        tab='redeem',
        action='/redeem/code',
        fields=CODE.fields,
        values=doors.kept(raw or {}, CODE),
        refusal=refusal,
        sign_in_address='/sign-in',
        redeem_address='/redeem',
    )


def _password_page(
    request: Request, invitation: Invitation, values: dict[str, object], refusal: Refusal | None = None
) -> Response:
    contact = invitation.contact
    return doors.page(
        request,
        'redeem.html',
        action='/redeem',
        invited_name=contact.name,
        invited_email=contact.email,
        fields=FORM.fields,
        values=values,
        refusal=refusal,
    )


def _after(refusal: Refusal, answer: Response) -> Response:
    """What cannot be redeemed is forgotten; who only came too often, or at a busy moment, keeps it for the next try."""
    return answer if isinstance(refusal, PASSING) else _forgotten(answer)


def _forgotten(answer: Response) -> Response:
    doorkeeper.drop_cookie(answer, INVITATION)
    return answer
