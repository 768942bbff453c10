"""How the pages are served: NiceGUI and its server behind the front gate, tuned for many open pages."""

import gc
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog
from nicegui import Client, app, ui
from nicegui.version import __version__ as nicegui_version
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp

from data import NotFound, Refusal
from data.base.environment import Environment
from ui import doorkeeper, page_sockets
from ui.body_limits import MESSAGE_BYTES
from ui.front_gate import NAME, SOCKET, Gate
from ui.machine import health

log = structlog.get_logger()

ASSETS = Path(__file__).parent / 'assets'
ASSETS_ADDRESS = '/assets/'
FRAMEWORK = '/_nicegui/'
UNCHANGING = ('static', 'libraries', 'components', 'resources', 'esm')  # not dynamic_resources
POLLING = re.compile(r'/_nicegui_ws/socket\.io/?')
RECONNECT_SECONDS = 30  # a tunnel or a lift; shorter ones reload the page, and what was typed is gone
PRUNE_EVERY_SECONDS = 5
WAITING_AGE_SECONDS = 15  # a page whose browser never came back for its socket


def serve(
    environment: Environment,
    *,
    knows: Callable[[str], bool],
    is_well: Callable[[], bool] = health.database_reads,
    title: str = 'Doorstep',
) -> None:
    """Serves until the process is told to stop; pages are mounted before. `knows`: whether an address is ours."""
    if not app.storage.path.is_relative_to(environment.data.resolve()):
        raise RuntimeError('NICEGUI_STORAGE_PATH must name a folder in the data folder before nicegui is imported')
    prepare(environment, knows=knows, is_well=is_well)
    page_sockets.bind()
    app.on_startup(_tune)
    ui.run(
        host=environment.host,
        port=environment.port,
        title=title,
        favicon=_favicon(),
        reconnect_timeout=RECONNECT_SECONDS,
        tailwind=False,
        storage_secret=None,  # without one NiceGUI sets no cookie of its own
        show=False,
        reload=False,
        show_welcome_message=False,
        uvicorn_logging_level='warning',
        # for uvicorn: the gate judges proxies, the log has our form
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        ws_max_size=MESSAGE_BYTES,
        timeout_graceful_shutdown=5,
    )


def prepare(environment: Environment, *, knows: Callable[[str], bool], is_well: Callable[[], bool]) -> None:
    """Puts the gate around NiceGUI's application, outside its own layers; nothing is served yet."""
    for kind in (404, NotFound):
        app.add_exception_handler(kind, _not_found)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(Exception, _failed)
    layers = app.build_middleware_stack

    def gated() -> ASGIApp:
        return Gate(
            layers(),
            public_url=environment.address,
            trusted_proxies=environment.trusted_proxies,
            knows=lambda path: knows(path) or _is_served(path),
            builds_page=_builds_page,
            waiting=_waiting,
            forget=_forget,
            body_limits=[(POLLING, MESSAGE_BYTES)],
            kept_below=[ASSETS_ADDRESS, *(f'{FRAMEWORK}{nicegui_version}/{kind}/' for kind in UNCHANGING)],
            is_well=is_well,
        )

    app.build_middleware_stack = gated  # type: ignore[method-assign]  # add_middleware would stand inside NiceGUI's own


def _is_served(path: str) -> bool:
    """Addresses that NiceGUI adds beside our list: its scripts, uploads of an open page, the drawing for the tab."""
    is_beside = path.startswith((FRAMEWORK, SOCKET)) or path == '/favicon.ico'
    return is_beside and any(matches(route, path) for route in app.routes)


def _builds_page(path: str) -> bool:
    pages = set(Client.page_routes.values())
    return any(isinstance(route, Route) and route.path in pages and matches(route, path) for route in app.routes)


def matches(route: BaseRoute, path: str) -> bool:
    """Whether this route answers this address, whatever the method."""
    scope = {'type': 'http', 'method': 'GET', 'path': path, 'root_path': '', 'headers': []}
    return route.matches(scope)[0] is not Match.NONE


def _waiting() -> Iterator[str]:
    """Callers of pages whose browser has not opened a socket yet (a lost socket is waited for, and not counted)."""
    return (client.ip for client in Client.instances.values() if client.environ is None)


def _forget(request: str) -> None:
    for client in [one for one in Client.instances.values() if one.request.scope.get(NAME) == request]:
        client.delete()


def _tune() -> None:
    app.timer(PRUNE_EVERY_SECONDS, lambda: Client.prune_instances(client_age_threshold=WAITING_AGE_SECONDS))
    # A full collection over everything that was imported takes seconds with many open pages, longer than a ping may.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
    log.info(
        'serving',
        reconnect_seconds=app.config.reconnect_timeout,
        gc_thresholds=gc.get_threshold(),
        objects_frozen=gc.get_freeze_count(),
    )


def _not_found(_request: Request, _error: Exception) -> Response:
    """Instead of NiceGUI's, which builds a page for it; the same words for what is missing and what is not yours."""
    return PlainTextResponse('Not found.\n', status_code=404)


def _refused(request: Request, error: Exception) -> Response:
    """What no door has put into words itself: the database is busy, full or away."""
    words = doorkeeper.strangers_words(request)
    sentence = words.refusal(error) if isinstance(error, Refusal) else ''
    return PlainTextResponse(f'{sentence}\n', status_code=503)


def _failed(_request: Request, _error: Exception) -> Response:
    """Instead of NiceGUI's, which builds a page for it; the gate logs the error under the request's name."""
    return PlainTextResponse('Something went wrong.\n', status_code=500)


def _favicon() -> Path | None:
    drawn = ASSETS / 'mark.svg'
    return drawn if drawn.is_file() else None
