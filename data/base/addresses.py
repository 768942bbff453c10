"""Kinds of input for addresses: of a service on the web, and the code that letters carry."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from data.base.fields import Text
from data.base.marks import N_
from data.base.refusals import WrongInput

# scheme, host, perhaps a port and a path: no user name, no password, nothing after a question mark
WEB_ADDRESS = re.compile(
    r"https?://([\w.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?(/[a-z0-9._~%!$&'()*+,;=:@/-]*)?", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class WebAddress(Text):
    """Where a service is asked: http or https, a host, perhaps a port and a path; kept without a slash at its end."""

    most: int = 300

    def read(self, raw: Any) -> Any:
        text = super().read(raw)
        wrong = WrongInput(N_('Please enter a web address such as https://maps.example.com.'))
        if not WEB_ADDRESS.fullmatch(text):
            raise wrong
        try:
            parts = urlsplit(text)
            if not parts.hostname or parts.port == 0:
                raise wrong
        except ValueError as error:  # a port beyond 65535, brackets around no IPv6 address
            raise wrong from error
        return f'{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip("/")}'


@dataclass(frozen=True, kw_only=True)
class Postcode(Text):
    """As letters carry it, of any country; folded to upper case, single spaces and narrow digits."""

    most: int = 20

    def read(self, raw: Any) -> Any:
        return ' '.join(unicodedata.normalize('NFKC', super().read(raw)).upper().split())
