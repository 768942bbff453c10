"""What each kind of field (data/base/fields.py) is in HTML; plain forms and NiceGUI pages both draw from this."""

from datetime import date
from functools import cache
from zoneinfo import available_timezones

from data.base import fields
from data.base.addresses import Postcode, WebAddress
from data.base.decimals import Decimal

KINDS: tuple[tuple[type[fields.Field], str], ...] = (  # subclasses before their parents
    (fields.YesNo, 'yes-no'),
    (fields.Several, 'several'),
    (fields.Choice, 'choice'),
    (fields.Zone, 'zone'),
    (fields.LongText, 'long-text'),
    (fields.Password, 'password'),
    (fields.Email, 'email'),
    (fields.Phone, 'phone'),
    (fields.Code, 'code'),
    (WebAddress, 'web-address'),
    (Postcode, 'postcode'),
    (fields.Number, 'number'),
    (Decimal, 'decimal'),
    (fields.Day, 'day'),
    (fields.TimeOfDay, 'time-of-day'),
    (fields.Text, 'text'),
)
ATTRIBUTES = {
    'text': {'type': 'text'},
    'email': {'type': 'email', 'inputmode': 'email', 'autocomplete': 'email', 'autocapitalize': 'none', 'dir': 'ltr'},
    'phone': {'type': 'tel', 'inputmode': 'tel', 'autocomplete': 'tel', 'dir': 'ltr'},
    'code': {
        'type': 'text',
        'autocomplete': 'one-time-code',
        'autocapitalize': 'characters',
        'spellcheck': 'false',
        'dir': 'ltr',
    },
    'web-address': {'type': 'url', 'inputmode': 'url', 'autocapitalize': 'none', 'spellcheck': 'false', 'dir': 'ltr'},
    'postcode': {'type': 'text', 'autocomplete': 'off', 'autocapitalize': 'characters', 'spellcheck': 'false'},
    'number': {'type': 'text', 'inputmode': 'numeric', 'autocomplete': 'off'},
    'decimal': {'type': 'text', 'autocomplete': 'off', 'dir': 'ltr'},  # phones' decimal keys have no minus
    'day': {'type': 'date'},
    'time-of-day': {'type': 'time', 'step': '300'},
    'password': {'type': 'password', 'autocapitalize': 'none', 'spellcheck': 'false'},
    'long-text': {'rows': '3'},
}


def kind_of(field: fields.Field) -> str:
    """'email', 'choice', …: the name by which both drawers know the kind."""
    for kind, name in KINDS:
        if isinstance(field, kind):
            return name
    raise TypeError(f'no drawing for {type(field).__name__}')


def attributes_of(field: fields.Field, autocomplete: str = '') -> dict[str, str]:
    """The HTML attributes of the input; `autocomplete` says more than the kind does ('name', 'street-address')."""
    kind = kind_of(field)
    attributes = dict(ATTRIBUTES.get(kind, {}))
    if isinstance(field, fields.Password):
        attributes['autocomplete'] = 'new-password' if field.new else 'current-password'
    if autocomplete:
        attributes['autocomplete'] = autocomplete
    return attributes


def shown_value(field: fields.Field, value: object) -> str:
    """A stored or typed value as the input shows it; passwords are never shown again."""
    if value is None or isinstance(field, fields.Password):
        return ''
    if isinstance(field, fields.TimeOfDay) and isinstance(value, int):
        return f'{value // 60:02d}:{value % 60:02d}'
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


REGIONS = frozenset(
    {'Africa', 'America', 'Antarctica', 'Arctic', 'Asia', 'Atlantic', 'Australia', 'Europe', 'Indian', 'Pacific'}
)


@cache
def zones() -> list[str]:
    """The IANA zones that are named by region and city, in order: neither technical ones nor old ones by country."""
    return sorted(name for name in available_timezones() if name.partition('/')[0] in REGIONS)
