"""The true program with one more address: how many pages NiceGUI holds in memory."""

from nicegui import Client, app
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

import main

ADDRESS = '/_nicegui/held'  # below NiceGUI's own addresses, which the gate knows by what is registered


async def held(_request: Request) -> Response:
    return JSONResponse(len(Client.instances))


if __name__ == '__main__':
    app.add_route(ADDRESS, held)
    main.main()
