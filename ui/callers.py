"""Who calls: the address, host and scheme of a request, told by proxies only as far as they are trusted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

import structlog
from starlette.types import Scope

log = structlog.get_logger()

Address = IPv4Address | IPv6Address
Headers = list[tuple[bytes, bytes]]

LOOPBACK_NAMES = frozenset({'localhost', '127.0.0.1', '::1'})
PROXY_HEADERS = re.compile(rb'x-forwarded-[a-z-]+|forwarded|x-real-ip')
HOST = re.compile(r'(?P<name>[a-z0-9._-]+|\[[0-9a-f:.]+\])(:(?P<port>[0-9]{1,5}))?')
DEFAULT_PORTS = {'http': '80', 'https': '443'}
SECURE = {'ws': 'wss', 'http': 'https'}


@dataclass(frozen=True, kw_only=True)
class Caller:
    """One request's origin as the browser sees it."""

    address: str  # of the machine behind the trusted proxies; '' when unknown
    scheme: str  # http or https, for websockets too
    host: str | None  # name and port as the Host header says, lower case; None: missing, doubled or malformed

    @property
    def name(self) -> str | None:
        """The host without its port and brackets."""
        return host_name(self.host) if self.host else None

    @property
    def origin(self) -> str:
        """How this host would write itself in an Origin header."""
        return f'{self.scheme}://{(self.host or "").removesuffix(":" + DEFAULT_PORTS[self.scheme])}'

    @property
    def neighbourhood(self) -> str:
        """What counts as one caller for limits: an IPv4 address, or the /64 that one IPv6 household commands."""
        address = parsed(self.address)
        return str(ip_network(f'{address}/64', strict=False)) if isinstance(address, IPv6Address) else self.address


class Proxies:
    """The proxies whose X-Forwarded-For, -Proto, -Host and -Prefix are believed; from all others they are removed."""

    def __init__(self, trusted: str | Sequence[str], *, prefix: str = '') -> None:
        """`trusted`: addresses or networks (a text of several has commas); `prefix`: the public address's path."""
        written = trusted.split(',') if isinstance(trusted, str) else trusted
        self._trusted: list[IPv4Network | IPv6Network] = [ip_network(one.strip()) for one in written if one.strip()]
        self._prefix = prefix
        self._has_warned = False

    def introduce(self, scope: Scope) -> tuple[Caller, Scope]:
        """The caller, and the scope as everything behind the gate may believe it."""
        headers: Headers = scope['headers']
        address = scope['client'][0] if scope.get('client') else ''
        secure = scope['scheme'] in SECURE.values()
        host = _only(headers, b'host')
        told: Headers = []
        if self._trusts(parsed(address)):
            address = self._first_stranger(address, b','.join(_all(headers, b'x-forwarded-for')).decode('latin-1'))
            secure = secure or _only(headers, b'x-forwarded-proto') == 'https'
            host = _only(headers, b'x-forwarded-host') or host
            if self._prefix and _only(headers, b'x-forwarded-prefix') == self._prefix:
                told = [(b'x-forwarded-prefix', self._prefix.encode())]
        elif _all(headers, b'x-forwarded-for') and not self._has_warned:
            self._has_warned = True  # once: everybody can send this header
            log.warning('a proxy is not believed; if it is yours, name it in DOORSTEP_TRUSTED_PROXIES')
        host = host.lower() if host and HOST.fullmatch(host.lower()) else None
        kept = [(name, value) for name, value in headers if name != b'host' and not PROXY_HEADERS.fullmatch(name)]
        caller = Caller(address=address, scheme='https' if secure else 'http', host=host)
        scheme = SECURE.get(scope['scheme'], scope['scheme']) if secure else scope['scheme']
        named = [(b'host', host.encode())] if host else []
        client = (address, scope['client'][1]) if scope.get('client') else None
        return caller, {**scope, 'scheme': scheme, 'client': client, 'headers': named + told + kept}

    def _trusts(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self._trusted)

    def _first_stranger(self, address: str, forwarded_for: str) -> str:
        """The last address in the chain that is not ours: what stands before it anybody could have written."""
        for one in reversed(forwarded_for.split(',')):
            told = parsed(one.strip())
            if told is None:
                return address
            address = str(told)
            if not self._trusts(told):
                return address
        return address


def parsed(address: str) -> Address | None:
    """None: no address. An IPv4 address that arrived on an IPv6 socket is given as what it is."""
    try:
        found = ip_address(address.removeprefix('[').removesuffix(']'))
    except ValueError:
        return None
    return getattr(found, 'ipv4_mapped', None) or found


def origin_of(url: str) -> str:
    """How a browser writes this address in an Origin header: https://portal.example.com."""
    parts = urlsplit(url)
    name = (parts.hostname or '').encode('idna').decode() if not parsed(parts.hostname or '') else parts.hostname or ''
    name = f'[{name}]' if ':' in name else name
    port = '' if parts.port is None or str(parts.port) == DEFAULT_PORTS[parts.scheme] else f':{parts.port}'
    return f'{parts.scheme}://{name}{port}'


def host_name(host: str) -> str:
    """The name in `name:port`, without brackets."""
    found = HOST.fullmatch(host)
    return found['name'].strip('[]') if found else ''


def _all(headers: Headers, name: bytes) -> list[bytes]:
    return [value for key, value in headers if key == name]


def _only(headers: Headers, name: bytes) -> str | None:
    """The header's value; None when it is missing or stands there more than once."""
    values = _all(headers, name)
    return values[0].decode('latin-1').strip() if len(values) == 1 else None
