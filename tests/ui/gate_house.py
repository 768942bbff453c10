"""A small house behind the true gate: pages of each kind, and one address that says how many pages NiceGUI holds."""

import structlog
from nicegui import Client, app, ui
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from data import NotFound
from data.base import environment, logs
from ui import serving

log = structlog.get_logger()
KNOWN = {'/', '/page', '/page/7', '/form', '/clients', '/broken', '/missing', '/slow', '/whoami'}


def page() -> None:
    def press() -> None:
        log.info('pressed')
        ui.notify('Pressed')

    ui.label('A page of NiceGUI')
    ui.button('Press me', on_click=press)


def broken() -> None:
    raise RuntimeError('ada@example.com broke it')


def missing() -> None:
    raise NotFound


async def form(request: Request) -> Response:
    if request.method == 'POST':
        await request.body()
        return RedirectResponse('/form', status_code=303)
    return HTMLResponse('<!doctype html><title>A plain form</title><form method="post"><button>Send</button></form>')


async def clients(_request: Request) -> Response:
    return JSONResponse(len(Client.instances))


async def whoami(request: Request) -> Response:
    host = request.client.host if request.client else None
    return JSONResponse({'url': str(request.url), 'client': host, 'prefix': request.headers.get('x-forwarded-prefix')})


def mount() -> None:
    ui.page('/page')(page)
    ui.page('/page/{number}')(lambda number: page())
    ui.page('/broken')(broken)
    ui.page('/missing')(missing)
    app.add_route('/form', form, methods=['GET', 'POST'])
    app.add_route('/clients', clients)
    app.add_route('/whoami', whoami)


if __name__ == '__main__':
    logs.start()
    mount()
    serving.serve(environment.load(), knows=KNOWN.__contains__, is_well=lambda: True)
