"""How the business has set things up: each setting declared once with its kind, default and help."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from peewee import TextField

from data.access import rights
from data.access.rights import Right
from data.base import environment, keys
from data.base.actor import Actor
from data.base.addresses import WebAddress
from data.base.changes import Change, record
from data.base.database import transaction
from data.base.fields import Choice, Email, Field, Number, Password, Phone, Text, Zone
from data.base.marks import N_
from data.base.table import Table, rows
from data.base.words import LANGUAGES, PSEUDO, Words


class SettingRow(Table):
    """One setting that differs from its default; the value as JSON, a secret one sealed."""

    key = TextField(unique=True)
    value = TextField()

    class Meta:
        table_name = 'settings'


class SettingsChanged(Change):
    """One setting has another value; a secret's value is never part of the record."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One thing that can be set. `given_by` is what wins over it in an Environment that names a mail server."""

    field: Field
    default: Any
    given_by: str | None = None
    secret: bool = False

    @property
    def key(self) -> str:
        return self.field.key


def _countries() -> tuple[tuple[str, str], ...]:
    names = Locale('en').territories
    return tuple(sorted(((c, n) for c, n in names.items() if len(c) == 2 and c.isalpha()), key=lambda pair: pair[1]))


BUSINESS = (
    Setting(field=Text(key='business.name', label=N_('Name of the business'), most=80), default='Doorstep'),
    Setting(
        field=Choice(key='business.language', label=N_('Language'), options=tuple(LANGUAGES.items())), default='en'
    ),
    Setting(field=Choice(key='business.country', label=N_('Country'), options=_countries()), default='US'),
    Setting(
        field=Zone(key='business.zone', label=N_('Time zone'), help=N_('All appointment times are in this zone.')),
        default='America/Chicago',
    ),
    Setting(
        field=Phone(
            key='business.phone',
            label=N_('Phone'),
            help=N_('Customers see it where they may need help.'),
            required=False,
        ),
        default=None,
    ),
)
MAIL = (
    Setting(
        field=Text(key='mail.host', label=N_('Mail server'), help=N_('For example smtp.example.com.'), required=False),
        default=None,
        given_by='smtp_host',
    ),
    Setting(field=Number(key='mail.port', label=N_('Port'), least=1, most=65535), default=587, given_by='mail_port'),
    Setting(
        field=Choice(
            key='mail.security',
            label=N_('Encryption'),
            options=(('starttls', N_('STARTTLS')), ('tls', N_('TLS')), ('none', N_('None'))),
        ),
        default='starttls',
        given_by='smtp_security',
    ),
    Setting(field=Text(key='mail.user', label=N_('User name'), required=False), default=None, given_by='smtp_user'),
    Setting(
        field=Password(key='mail.password', label=N_('Password'), required=False),
        default=None,
        given_by='smtp_password',
        secret=True,
    ),
    Setting(
        field=Email(key='mail.sender', label=N_('Sender address'), required=False), default=None, given_by='smtp_from'
    ),
)
DRIVING = (
    Setting(
        field=Number(
            key='driving.unknown_minutes',
            label=N_('Minutes of driving to a place that nobody knows'),
            help=N_('Between two visits, while one of the addresses is not found on the map.'),
            most=240,
        ),
        default=20,
    ),
)
MAPS = (
    Setting(
        field=WebAddress(
            key='geocoding.address',
            label=N_('Geocoder'),
            help=N_('A server with the interface of Nominatim. It is told the addresses of your customers.'),
            required=False,
        ),
        default=None,
    ),
    Setting(
        field=WebAddress(
            key='routing.address',
            label=N_('Routing service'),
            help=N_('A server with the interface of OSRM. It is told where your customers and technicians live.'),
            required=False,
        ),
        default=None,
    ),
)
BOOKINGS = (
    Setting(
        field=Number(
            key='bookings.cut_off_hours',
            label=N_('Hours before the start until which customers may change an appointment'),
            help=N_('After that they are asked to call. 0: until it starts.'),
            most=24 * 60,
        ),
        default=0,
    ),
    Setting(
        field=Number(
            key='bookings.most_open',
            label=N_('Open appointments of a customer at one time, at most'),
            help=N_('Empty: any number. You may book more for them.'),
            required=False,
            least=1,
            most=1000,
        ),
        default=None,
    ),
)
SETTINGS = {setting.key: setting for setting in (*BUSINESS, *MAIL, *BOOKINGS, *DRIVING, *MAPS)}


def read(key: str) -> Any:
    """What the operator gives, else what was set, else the default; a secret whose key is gone counts as unset."""
    if is_given_by_operator(key):
        return _given(SETTINGS[key])
    try:
        return _stored(SETTINGS[key])
    except keys.KeyGone:
        return SETTINGS[key].default


def is_given_by_operator(key: str) -> bool:
    """True where the environment wins: the page shows it read-only. The mail server is given whole or not at all, so
    that no password goes to a server for which it was not meant.
    """
    return SETTINGS[key].given_by is not None and bool(environment.current().smtp_host)


def is_lost(key: str) -> bool:
    """True for a secret that was sealed with a key that is gone: it must be typed again."""
    if is_given_by_operator(key):
        return False
    try:
        _stored(SETTINGS[key])
    except keys.KeyGone:
        return True
    return False


def has_mail_server() -> bool:
    """Whether messages can go out: somebody has named a server, and its password is not lost."""
    return bool(read('mail.host')) and not is_lost('mail.password')


def change(values: Mapping[str, Any], *, by: Actor) -> None:
    """Sets several at once, by key; what the operator gives is left as it is. Raises KeyError for an unknown key."""
    with transaction():
        rights.require(by, Right.CHANGE_SETTINGS)
        for key, value in values.items():
            setting = SETTINGS[key]
            if not is_given_by_operator(key) and (setting.secret or value != read(key)):
                _write(setting, value, by=by)


def zone() -> ZoneInfo:
    """The business's one zone."""
    return ZoneInfo(read('business.zone'))


def words(language: str | None = None) -> Words:
    """How a reader of `language` (None: the business's) reads, in the business's country and zone.

    Under DOORSTEP_PSEUDO_LANGUAGE everybody reads the pseudo-language: for developers and translators.
    """
    language = PSEUDO if environment.current().pseudo_language else language or read('business.language')
    return Words(language, read('business.country'), zone())


def _write(setting: Setting, value: Any, *, by: Actor) -> None:
    kept = keys.seal(value).decode() if setting.secret and value else value
    before = None if setting.secret else read(setting.key)
    row = SettingRow.get_or_none(SettingRow.key == setting.key) or SettingRow(key=setting.key)
    row.value = json.dumps(kept)
    row.save()
    after = None if setting.secret else value
    record(SettingsChanged(row, by=by, before={setting.key: before}, after={setting.key: after}))


def _stored(setting: Setting) -> Any:
    """Raises keys.KeyGone for a secret."""
    found = rows('SELECT value FROM settings WHERE key = ?', setting.key)
    if not found:
        return setting.default
    value = json.loads(found[0][0])
    return keys.unseal(value.encode()) if setting.secret and value else value


def _given(setting: Setting) -> Any:
    value = getattr(environment.current(), str(setting.given_by))
    return value.get_secret_value() if setting.secret and value is not None else value
