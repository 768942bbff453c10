"""Who stands at the door: the browser's cookie → session → actor; and where people are sent."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from data import NotFound
from data.access import rights, sessions, settings
from data.access.accounts import Account
from data.access.rights import Right
from data.access.sessions import Session
from data.base import environment
from data.base.actor import Actor
from data.base.database import CannotSave, DatabaseBusy, little_patience
from data.base.words import LANGUAGES, Words
from data.people import customers
from ui.callers import Caller

SESSION = 'session'
SET_UP = 'set-up'
INVITATION = 'invitation'
WELCOME = 'welcome'
SESSION_SECONDS = int(sessions.ABSOLUTE.total_seconds())
LINK_SECONDS = 3600
LARGEST_ID = 2**31 - 1  # what an id column holds
TOKEN = re.compile(r'[A-Za-z0-9._-]{1,200}')  # of a link, or a code as it was typed
UNREADABLE = 'unreadable'

HOME = '/home'
CONSOLE = '/staff/bookings'
SIGN_IN = '/sign-in'


@dataclass(frozen=True)
class Visitor:
    """Somebody who is signed in, as pages know them. What they may do is asked again in every command."""

    actor: Actor
    account: Account
    words: Words

    @cached_property
    def rights(self) -> frozenset[Right]:
        """What menus show by."""
        return rights.of_account(self.account.id)

    @cached_property
    def is_customer(self) -> bool:
        """Whether they own a live contact: what makes somebody a customer."""
        return bool(customers.own_contacts(self.actor))

    @property
    def business_name(self) -> str:
        return str(settings.read('business.name'))

    @property
    def business_phone(self) -> str | None:
        phone: str | None = settings.read('business.phone')
        return phone

    @property
    def start(self) -> str:
        """Where they land after signing in."""
        return CONSOLE if Right.SEE_APPOINTMENTS in self.rights else HOME


def admit(right: Right) -> Callable[[Request], Awaitable[None]]:
    """A dependency that runs before a page is built: strangers go to sign in, who may not gets "not found"."""

    async def check(request: Request) -> None:
        found = visitor(request)
        if found is None:
            raise HTTPException(303, headers={'Location': SIGN_IN})
        if any(isinstance(value, int) and value > LARGEST_ID for value in request.path_params.values()):
            raise NotFound
        rights.require(found.actor, right)
        request.state.visitor = found

    return check


def visitor(request: Request) -> Visitor | None:
    """Whom the browser's session cookie stands for now, or None."""
    session = _session(request)
    if session is None:
        return None
    _touch(session)
    return Visitor(sessions.actor_of(session), session.account, settings.words(session.account.language))


def actor(request: Request) -> Actor:
    """For doors that need an asker. Raises NotFound for strangers."""
    found = visitor(request)
    if found is None:
        raise NotFound
    return found.actor


def session_token(request: Request) -> str | None:
    return request.cookies.get(cookie_name(SESSION))


def strangers_words(request: Request) -> Words:
    """The browser's language where we speak it, else the business's."""
    wanted = [part.split(';')[0].strip().lower() for part in request.headers.get('accept-language', '').split(',')]
    spoken = next((language for language in wanted if language in LANGUAGES), None)
    return settings.words(spoken)


def origin(request: Request) -> str:
    """The address that asks, as the front gate believes it; limits on guessing count by it.

    Of IPv6 the /64 that one household commands: with its 2⁶⁴ addresses nobody gets as many tries.
    """
    address = request.client.host if request.client else ''
    return Caller(address=address, scheme='http', host=None).neighbourhood or 'unknown'


def browser(request: Request) -> str:
    return request.headers.get('user-agent', '')


def sent_to(address: str) -> Response:
    """After a POST: the browser asks for another page (303). `address` is one of ours, never from the request."""
    return RedirectResponse(address, status_code=303, headers={'Cache-Control': 'no-store'})


def signed_in(token: str, address: str) -> Response:
    """Sends on with the new session's cookie; what the browser held before is replaced."""
    answer = sent_to(address)
    set_cookie(answer, SESSION, token, seconds=SESSION_SECONDS)
    return answer


def exchanged(kind: str, token: str, address: str) -> Response:
    """A link's token becomes a cookie and the browser goes to a clean address: no token stands in a referrer.

    What cannot be one is not put into a header: the next page says that the link is not valid.
    """
    answer = sent_to(address)
    set_cookie(answer, kind, token if TOKEN.fullmatch(token) else UNREADABLE, seconds=LINK_SECONDS)
    return answer


def held(request: Request, kind: str) -> str:
    """The token of a link that this browser exchanged, or ''."""
    return request.cookies.get(cookie_name(kind), '')


def set_cookie(answer: Response, kind: str, token: str, *, seconds: int) -> None:
    answer.set_cookie(
        cookie_name(kind), token, max_age=seconds, path='/', secure=_is_secure(), httponly=True, samesite='lax'
    )


def drop_cookie(answer: Response, kind: str) -> None:
    set_cookie(answer, kind, '', seconds=0)


def cookie_name(kind: str) -> str:
    """`__Host-`: only this host over a secure way can set it. On an insecure network it has another name."""
    return f'__Host-doorstep-{kind}' if _is_secure() else f'doorstep-insecure-{kind}'


def can_keep_cookies() -> bool:
    """False where browsers would drop our cookies: plain http from another machine, without --insecure-lan."""
    given = environment.current()
    return given.is_secure or given.insecure_lan


def _is_secure() -> bool:
    return environment.current().is_secure


def _session(request: Request) -> Session | None:
    token = session_token(request)
    return sessions.find(token) if token else None


def _touch(session: Session) -> None:
    try:
        with little_patience():  # pages are built on the loop, which nobody may hold up
            sessions.touch(session)
    except (DatabaseBusy, CannotSave):  # only a note of when the session was last used: the next request makes it
        return
