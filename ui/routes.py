"""The table of contents: every address, what answers it, and the right it needs."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request
from nicegui import app, ui
from starlette.responses import Response
from starlette.routing import Route as Pattern

from data.access.rights import Right
from ui import doorkeeper, live, serving
from ui.customer import book_page, booked_page, home_page, profile_page
from ui.doorkeeper import Visitor
from ui.entry import redeem, set_up, sign_in, start, welcome
from ui.machine import assets, calendar_entry
from ui.staff import (
    accounts_page,
    bookings_page,
    customer_page,
    customers_page,
    invitations_page,
    messages_page,
    settings_page,
)

Plain = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Page:
    """A NiceGUI page, built only for who is signed in and holds `right`; its parameters are the address's."""

    address: str
    build: Callable[..., Any]
    right: Right


@dataclass(frozen=True)
class Form:
    """A plain HTML form or answer. `right` is None where strangers may come; `show` answers GET, `send` POST."""

    address: str
    show: Plain | None = None
    send: Plain | None = None
    right: Right | None = None


ROUTES: tuple[Page | Form, ...] = (
    # entry: plain HTML, for strangers
    Form('/', start.show),
    Form('/setup', set_up.show, set_up.send),
    Form('/setup/example', set_up.show_example, set_up.send_example),
    Form('/setup/{token}', set_up.take_link),
    Form('/sign-in', sign_in.show, sign_in.send),
    Form('/sign-in/{token}', sign_in.show_link, sign_in.send_link),
    Form('/sign-out', send=sign_in.sign_out),
    Form('/redeem', redeem.show, redeem.send),
    Form('/redeem/code', send=redeem.send_code),
    Form('/redeem/connect', send=redeem.send_connect, right=Right.BE_SIGNED_IN),
    Form('/redeem/{token}', redeem.take_link),
    Form('/welcome', welcome.show, welcome.send),
    Form('/welcome/{token}', welcome.take_link),
    # customers
    Page('/home', home_page.home_page, Right.SEE_OWN_HOME),
    Page('/book', book_page.book_page, Right.SEE_OWN_HOME),
    Page('/booked/{booking_id:int}', booked_page.booked_page, Right.SEE_OWN_HOME),
    Page('/profile', profile_page.profile_page, Right.BE_SIGNED_IN),
    Form('/booked/{booking_id:int}/calendar.ics', calendar_entry.show, right=Right.SEE_OWN_HOME),
    # staff
    Page('/staff/bookings', bookings_page.bookings_page, Right.SEE_APPOINTMENTS),
    Page('/staff/customers', customers_page.customers_page, Right.SEE_CUSTOMERS),
    Page('/staff/customers/new', customers_page.new_customer_page, Right.CHANGE_CUSTOMERS),
    Page('/staff/customers/{customer_id:int}', customer_page.customer_page, Right.SEE_CUSTOMERS),
    Page('/staff/invitations', invitations_page.invitations_page, Right.INVITE),
    Page('/staff/messages', messages_page.messages_page, Right.SEE_MESSAGES),
    Page('/staff/accounts', accounts_page.accounts_page, Right.CHANGE_STAFF),
    Page('/staff/settings', settings_page.settings_page, Right.CHANGE_SETTINGS),
    # programs; /healthz is answered by the front gate itself
    Form('/assets/{name}', assets.asset),
)

_PATTERNS = {route.address: Pattern(route.address, lambda request: Response()) for route in ROUTES}


def mount() -> None:
    """Registers every address with NiceGUI's application; called once by main."""
    for route in ROUTES:
        if isinstance(route, Page):
            _mount_page(route)
        else:
            _mount_form(route)


def knows(path: str) -> bool:
    """Whether an address is in the list: others get a plain 404 before anything is built."""
    return any(matches(route, path) for route in ROUTES)


def matches(route: Page | Form, path: str) -> bool:
    """Whether this line of the list answers this address, whatever the method."""
    return serving.matches(_PATTERNS[route.address], path)


def methods(route: Page | Form) -> list[str]:
    """'GET', 'POST' or both."""
    return ['GET'] if isinstance(route, Page) else [method for method, _ in _answers(route)]


def _mount_page(route: Page) -> None:
    def built(request: Request) -> None:
        visitor: Visitor = request.state.visitor
        live.leave_on_sign_out(visitor.actor)
        route.build(visitor, **request.path_params)

    built.__name__ = route.build.__name__
    ui.page(route.address, dependencies=[Depends(doorkeeper.admit(route.right))])(built)


def _mount_form(route: Form) -> None:
    for method, answer in _answers(route):
        needs = [Depends(doorkeeper.admit(route.right))] if route.right else []
        app.add_api_route(
            route.address, answer, methods=[method], dependencies=needs, include_in_schema=False, response_model=None
        )


def _answers(route: Form) -> Iterable[tuple[str, Plain]]:
    if route.show:
        yield 'GET', route.show
    if route.send:
        yield 'POST', route.send
