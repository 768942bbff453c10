"""What tests of pages ask for: our addresses mounted, and browsers in which somebody is signed in."""

from collections.abc import Callable

import pytest
from conftest import EmptyDatabase
from nicegui.testing import User

from data.access import sessions
from data.access.accounts import Account
from ui import doorkeeper, routes

SignIn = Callable[[User, Account], User]


@pytest.fixture
def sign_in(user: User, database: EmptyDatabase) -> SignIn:
    """`sign_in(user, account)` gives the simulated browser a session's cookie; pages are asked for with it."""
    routes.mount()

    def signed_in(browser: User, account: Account) -> User:
        token = sessions.begin(account, browser='Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko Firefox/150.0')
        browser.http_client.cookies.set(doorkeeper.cookie_name(doorkeeper.SESSION), token)
        return browser

    return signed_in
