"""Gives out our style sheets, type, icons and small script; their addresses change with their content."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ui import design

A_YEAR = 'public, max-age=31536000, immutable'
AN_HOUR = 'public, max-age=3600'  # asked for without the version: by the style sheet for its type


async def asset(request: Request) -> Response:
    """`/assets/{name}`."""
    found = design.assets().get(request.path_params['name'])
    if found is None:
        return PlainTextResponse('Not found', status_code=404)
    kept = A_YEAR if 'v' in request.query_params else AN_HOUR
    return Response(found.content, media_type=found.media_type, headers={'Cache-Control': kept})
