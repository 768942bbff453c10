"""The headers of every answer: what a browser may do with it, by its kind (NiceGUI page, plain page, anything else)."""

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders

# What NiceGUI cannot live without: its page starts by inline modules and compiles templates (unsafe-eval).
NICEGUI_SCRIPTS = "'self' 'unsafe-inline' 'unsafe-eval'"
NO_EMBEDDING = "object-src 'none'; frame-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
PLAIN_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# An SVG drawing opened by itself may keep its own colours and do nothing else.
NO_PAGE = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; sandbox"
PERMISSIONS = (
    'geolocation=(self), camera=(), microphone=(), payment=(), usb=(), serial=(), midi=(), hid=(), '
    'display-capture=(), browsing-topics=()'
)
HSTS = 'max-age=31536000; includeSubDomains'
REMOVED = (
    'server',
    'x-powered-by',
    'access-control-allow-origin',
    'access-control-allow-credentials',
    'access-control-allow-methods',
    'access-control-allow-headers',
)


class AnswerHeaders:
    """Dresses each answer; built once, as only the public address and the map's host are free in it."""

    def __init__(self, public_url: str, *, images_from: str = '') -> None:
        """`images_from`: origins of map tiles, separated by spaces; '' for none."""
        parts = urlsplit(public_url)
        sockets = f'{"wss" if parts.scheme == "https" else "ws"}://{parts.netloc}'
        self._is_secure = parts.scheme == 'https'
        self._nicegui_page = (
            (
                f"default-src 'self'; script-src {NICEGUI_SCRIPTS}; style-src 'self' 'unsafe-inline'; "
                f"img-src 'self' data: blob: {images_from}; font-src 'self'; "
                f"connect-src 'self' {sockets}; worker-src 'self' blob:; {NO_EMBEDDING}"
            )
            .replace('  ', ' ')
            .replace(' ;', ';')
        )

    def dress(self, headers: MutableHeaders) -> None:
        """Sets what must hold, in place; Cache-Control of what is no page stays as the answer says."""
        for name in REMOVED:
            del headers[name]
        is_page = headers.get('content-type', '').startswith('text/html')
        headers['content-security-policy'] = self._policy(headers, is_page=is_page)
        headers['x-content-type-options'] = 'nosniff'
        # not no-referrer: with it browsers send `Origin: null` with our own forms (Fetch, 3.2 `Origin` header)
        headers['referrer-policy'] = 'same-origin'
        headers['permissions-policy'] = PERMISSIONS
        headers['cross-origin-opener-policy'] = 'same-origin'
        headers['cross-origin-resource-policy'] = 'same-origin'
        if self._is_secure:
            headers['strict-transport-security'] = HSTS
        if is_page or 'set-cookie' in headers or 'location' in headers or 'cache-control' not in headers:
            headers['cache-control'] = 'no-store'

    def _policy(self, headers: MutableHeaders, *, is_page: bool) -> str:
        if not is_page:
            return NO_PAGE
        return self._nicegui_page if headers.get('x-nicegui-content') == 'page' else PLAIN_PAGE
