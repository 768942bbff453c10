"""What every plain page of the entry needs: the business's name and phone, the reader's words, one sentence pages."""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from data.access import settings
from data.base.fields import Password, Several
from data.base.marks import N_
from data.base.refusals import InvalidInput, Refusal
from data.base.words import Words
from ui import doorkeeper
from ui.entry.rendering import render
from ui.forms import Form

TO_SIGN_IN = (N_('Sign in'), doorkeeper.SIGN_IN)  # (words, address): the one way on of a page that says no
TO_REDEEM = (N_('Enter a code'), '/redeem')


def page(request: Request, template: str, *, refusal: Refusal | None = None, **facts: Any) -> Response:
    """A template with what all of them show. A refusal answers 422, and its sentences stand where they belong."""
    _ = facts.pop('words', None) or doorkeeper.strangers_words(request)
    if not doorkeeper.can_keep_cookies():
        return insecure(_)
    errors = refusal.errors if isinstance(refusal, InvalidInput) else {}
    phone = settings.read('business.phone')
    return render(
        template,
        _,
        business_name=settings.read('business.name'),
        business_phone=phone,
        status=facts.pop('status', 422 if refusal else 200),
        errors=errors,
        refused=None if errors else refusal,
        **facts,
    )


def one_sentence(request: Request, refusal: Refusal, *, action: tuple[str, str], status: int = 422) -> Response:
    """A page that says what is wrong and offers one way on: `action` is (message id, address)."""
    _ = doorkeeper.strangers_words(request)
    return page(
        request,
        'message.html',
        words=_,
        heading=_('That did not work'),
        sentence=_.refusal(refusal),
        action_text=_(action[0]),
        action_address=action[1],
        status=status,
    )


def insecure(_: Words) -> Response:
    """Browsers drop our cookies on plain http from another machine: say so, and what to do."""
    return render(
        'message.html',
        _,
        business_name=settings.read('business.name'),
        heading=_('This address is not safe to sign in'),
        sentence=_(
            'Doorstep needs https here. Put a proxy such as Caddy before it and set DOORSTEP_PUBLIC_URL to its https '
            'address; or start it with --insecure-lan on a network that you trust.'
        ),
    )


async def typed(request: Request, form: Form) -> dict[str, Any]:
    """What the browser sent for this form's fields, raw; files are never taken here."""
    try:
        sent = await request.form()
    except (HTTPException, UnicodeError):  # no form that a browser would send: as if it were empty
        sent = FormData()
    several = {key: [_readable(value) for value in sent.getlist(key) if isinstance(value, str)] for key in sent}
    many = {field.key for field in form.fields if isinstance(field, Several)}
    return {
        field.key: several.get(field.key, []) if field.key in many else next(iter(several.get(field.key, [])), None)
        for field in form.fields
    }


def _readable(text: str) -> str:
    """Half a sign, which no page can show again, becomes a question mark."""
    return text.encode('utf-8', 'replace').decode()


def kept(values: Mapping[str, Any], form: Form) -> dict[str, Any]:
    """What is shown again after an error: everything but passwords."""
    secret = {field.key for field in form.fields if isinstance(field, Password)}
    return {key: value for key, value in values.items() if key not in secret and value is not None}
