"""Open pages follow what others change: announced after the commit, redrawn on the loop, forgotten with the page."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from nicegui import Client, core, ui

from data.access.sessions import SessionEnded, SignedOut
from data.base import changes
from data.base.actor import Actor
from data.base.changes import Change
from ui.doorkeeper import SIGN_IN

log = structlog.get_logger()

FAREWELL_SECONDS = 1.0  # until the browser has been told where to go


def redraw_on(
    kind: type[Change], redraw: Callable[[], object], *, about: Callable[[Any], bool] = lambda change: True
) -> None:
    """Calls `redraw` on this page after each such change, whoever made it; until the page is gone.

    `about(change)` says whether it matters here: many pages are open, and drawing again costs more than asking.
    """
    client = ui.context.client

    def run(change: Change) -> None:
        if client.is_deleted or not about(change):
            return
        with client:
            try:
                redraw()
            except SignedOut:
                ui.navigate.to(SIGN_IN)

    _on_loop(client, kind, run)


def leave_on_sign_out(actor: Actor) -> None:
    """When this page's session ends, here or elsewhere, the page goes: nothing on it can be pressed any more."""
    client = ui.context.client

    def leave(change: SessionEnded) -> None:
        if change.row.id != actor.session_id or client.is_deleted:
            return
        with client:
            ui.navigate.to(SIGN_IN)
        asyncio.get_running_loop().call_later(FAREWELL_SECONDS, _delete, client)

    _on_loop(client, SessionEnded, leave)


def _on_loop(client: Client, kind: type[Change], react: Callable[[SessionEnded], None]) -> None:
    """The change may be announced in any thread; pages are touched on the loop only."""

    def heard(change: SessionEnded) -> None:
        if core.loop is not None and core.loop.is_running():
            core.loop.call_soon_threadsafe(react, change)

    client.on_delete(changes.listen(kind, heard))


def _delete(client: Client) -> None:
    if not client.is_deleted:
        client.delete()
