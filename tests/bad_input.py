"""What people and attackers type into each kind of field, and every form that asks: collected, not listed."""

import importlib
import pkgutil
from collections.abc import Sequence

import ui
from data.base import fields
from data.base.addresses import Postcode, WebAddress
from data.base.decimals import Decimal
from data.base.fields import Field
from ui.forms import Form

LONG = 'x' * 5000
HIDDEN = ('Ada\x07Lind', 'Ada\u202eLind')

# kind of field → (what is wrong, what is sent); subclasses need a line of their own
CASES: dict[type[Field], tuple[tuple[str, object], ...]] = {
    fields.Text: (('too long', LONG), ('a control character', HIDDEN[0]), ('U+202E', HIDDEN[1]), ('wrong kind', 7)),
    fields.LongText: (('too long', LONG), ('a control character', HIDDEN[0]), ('U+202E', HIDDEN[1]), ('wrong kind', 7)),
    fields.Email: (
        ('too long', f'{LONG}@example.com'),
        ('no address', 'ada.example.com'),
        ('a control character', 'ada\x07@example.com'),
        ('U+202E', 'ada\u202e@example.com'),
        ('wrong kind', 7),
    ),
    fields.Phone: (
        ('too long', '1' * 100),
        ('no number', 'call me'),
        ('out of range', '+1 2'),
        ('a control character', '+1 312\x07 555 0100'),
        ('U+202E', '+1 312\u202e 555 0100'),
        ('wrong kind', 7),
    ),
    WebAddress: (
        ('too long', f'https://maps.example.com/{LONG}'),
        ('no web address', 'maps.example.com'),
        ('another scheme', 'file:///etc/passwd'),
        ('with a password', 'https://ada:secret@maps.example.com'),
        ('out of range', 'https://maps.example.com:99999'),
        ('a control character', 'https://maps\x07.example.com'),
        ('U+202E', 'https://maps.example.com/\u202e'),
        ('wrong kind', 7),
    ),
    Postcode: (
        ('too long', LONG),
        ('a control character', '606\x0714'),
        ('U+202E', '606\u202e14'),
        ('wrong kind', 7),
    ),
    fields.Password: (
        ('too long', LONG),
        ('a control character', 'seven\x07leaves'),
        ('U+202E', 'seven\u202eleaves'),
        ('wrong kind', 7),
    ),
    fields.Code: (
        ('too long', LONG),
        ('a control character', '7KQM\x074TXD'),
        ('U+202E', '7KQM\u202e'),
        ('wrong kind', 7),
    ),
    fields.Number: (
        ('out of range', '99999999999'),
        ('below range', '-1'),
        ('wrong kind', 'an hour'),
        ('a fraction', '7.5'),
        ('a control character', '6\x070'),
        ('U+202E', '6\u202e0'),
        ('too long', '9' * 5000),
    ),
    Decimal: (
        ('out of range', '99999999999'),
        ('wrong kind', 'far away'),
        ('no number', 'nan'),
        ('without end', '1e999'),
        ('a control character', '4\x071.8'),
        ('U+202E', '4\u202e1.8'),
        ('too long', '9' * 5000),
    ),
    fields.Choice: (
        ('not of the list', 'Atlantis'),
        ('too long', LONG),
        ('a control character', '\x07'),
        ('U+202E', '\u202e'),
    ),
    fields.Several: (('not of the list', ['Atlantis']), ('U+202E', ['\u202e']), ('a control character', ['\x07'])),
    fields.YesNo: (
        ('wrong kind', 'perhaps'),
        ('too long', LONG),
        ('U+202E', '\u202e'),
        ('a control character', '\x07'),
    ),
    fields.Zone: (('not of the list', 'Europe/Atlantis'), ('a way out', '../../etc/passwd'), ('U+202E', '\u202e')),
    fields.Day: (('no date', '2026-02-30'), ('wrong kind', 'tomorrow'), ('too long', LONG), ('U+202E', '2026\u202e')),
    fields.TimeOfDay: (
        ('no time', '25:00'),
        ('off the grid', '08:03'),
        ('wrong kind', 'noon'),
        ('U+202E', '08\u202e:00'),
    ),
}


def cases_of(field: Field) -> tuple[tuple[str, object], ...]:
    """The cases of this field's kind, and nothing at all where it must be answered. A kind without cases: KeyError."""
    empty: tuple[tuple[str, object], ...] = (('empty', ''),) if field.required else ()
    return (*empty, *CASES[type(field)])


def collected_forms() -> list[Form]:
    """Every module-level Form of every room of ui/, by name."""
    found: dict[str, Form] = {}
    for module in pkgutil.walk_packages(ui.__path__, 'ui.'):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Form):
                assert found.setdefault(value.name, value) is value, f'two forms are called {value.name}'
    return [found[name] for name in sorted(found)]


def every_case() -> Sequence[tuple[Form, Field, str, object]]:
    return [(form, field, *case) for form in collected_forms() for field in form.fields for case in cases_of(field)]
