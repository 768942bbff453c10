"""Signs in by password or by an owner's one-time link, and signs out."""

from starlette.requests import Request
from starlette.responses import Response

from data import Refusal
from data.access import accounts, sessions
from data.access.sessions import SIGN_IN
from data.base import tokens
from data.base.marks import N_
from data.base.tokens import Purpose
from data.upkeep import owner_links
from ui import doorkeeper
from ui.entry import doors, start
from ui.forms import Form, done, hashing

FORM = Form('sign in', SIGN_IN)


async def show(request: Request) -> Response:
    """The form; who is signed in already goes on."""
    if not accounts.exist():
        return start.not_set_up(request)
    if visitor := doorkeeper.visitor(request):
        return doorkeeper.sent_to(visitor.start)
    return _page(request)


async def send(request: Request) -> Response:
    """A session, or one sentence that does not tell whether the address is known."""
    raw = await doors.typed(request, FORM)
    try:
        values = FORM.parse(raw)
        token = await hashing(
            sessions.sign_in,
            values['email'],
            values['password'],
            browser=doorkeeper.browser(request),
            origin=doorkeeper.origin(request),
            replaces=doorkeeper.session_token(request),
        )
    except Refusal as refusal:
        return _page(request, raw, refusal)
    # who came with an invitation goes on to connect it
    return doorkeeper.signed_in(token, '/redeem' if doorkeeper.held(request, doorkeeper.INVITATION) else '/')


async def show_link(request: Request) -> Response:
    """The operator's link asks to press a button: a scanner that opens it changes nothing."""
    link_token = request.path_params['token']
    try:
        tokens.look_up(Purpose.OWNER_SIGN_IN, link_token)
    except Refusal as refusal:
        return doors.one_sentence(request, refusal, action=doors.TO_SIGN_IN)
    _ = doorkeeper.strangers_words(request)
    return doors.page(
        request,
        'message.html',
        words=_,
        heading=_('Sign in'),
        sentence=_('This link signs you in as the owner, once.'),
        action_text=_('Sign in'),
        action_address=request.url.path,
        post=True,
    )


async def send_link(request: Request) -> Response:
    """Uses the link up."""
    try:
        token = await done(
            owner_links.sign_in,
            request.path_params['token'],
            browser=doorkeeper.browser(request),
            replaces=doorkeeper.session_token(request),
        )
    except Refusal as refusal:
        return doors.one_sentence(request, refusal, action=doors.TO_SIGN_IN)
    return doorkeeper.signed_in(token, '/')


async def sign_out(request: Request) -> Response:
    """Ends this browser's session; open pages of it go too. Twice is once."""
    token = doorkeeper.session_token(request)
    session = sessions.find(token) if token else None
    if session:
        await done(sessions.end, session, by=sessions.actor_of(session))
    answer = doorkeeper.sent_to(doorkeeper.SIGN_IN)
    doorkeeper.drop_cookie(answer, doorkeeper.SESSION)
    return answer


def _page(request: Request, raw: dict[str, object] | None = None, refusal: Refusal | None = None) -> Response:
    _ = doorkeeper.strangers_words(request)
    connects = doorkeeper.held(request, doorkeeper.INVITATION)
    return doors.page(
        request,
        'sign_in.html',
        words=_,
        tab='sign-in',
        action='/sign-in',
        fields=FORM.fields,
        values=doors.kept(raw or {}, FORM),
        refusal=refusal,
        notice=_(CONNECTS) if connects else '',
        sign_in_address='/sign-in',
        redeem_address='/redeem',
    )


CONNECTS = N_('Sign in to connect your invitation to your account.')
