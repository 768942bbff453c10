"""The look in one place: colours for light and dark, sizes, and the style sheets made from them.

The owner's brand colour replaces the `brand*` tokens; contrast is kept by computing what stands on and beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

ASSETS = Path(__file__).parent / 'assets'
BRAND = '#0f6b5c'

LIGHT = {
    'brand': BRAND,
    'brand-strong': '#0b5247',
    'brand-soft': '#e3f1ee',
    'on-brand': '#ffffff',
    'ink': '#17211f',
    'ink-2': '#4b5a57',
    'ink-3': '#5f6d6a',
    'line': '#e2e7e5',
    'edge': '#84918e',
    'paper': '#ffffff',
    'ground': '#f6f8f7',
    'sunk': '#eef1f0',
    'danger': '#a3232b',
    'danger-soft': '#fbeaea',
    'scheduled': '#2457c5',
    'scheduled-soft': '#e7eefb',
    'traveling': '#a04a06',
    'traveling-soft': '#fdf0dc',
    'in-progress': '#6d3fc0',
    'in-progress-soft': '#f0e9fb',
    'completed': '#1b7a3d',
    'completed-soft': '#e4f4e9',
    'canceled': '#7a4040',
    'canceled-soft': '#f6ebeb',
}
DARK = {
    'brand': '#3fb59f',
    'brand-strong': '#7ad3c2',
    'brand-soft': '#16302b',
    'on-brand': '#06201b',
    'ink': '#e8efed',
    'ink-2': '#b4c1be',
    'ink-3': '#8e9c99',
    'line': '#2b3533',
    'edge': '#6f7e7a',
    'paper': '#18201e',
    'ground': '#101615',
    'sunk': '#232c2a',
    'danger': '#f2a0a0',
    'danger-soft': '#3d2324',
    'scheduled': '#8fb0ff',
    'scheduled-soft': '#1b2745',
    'traveling': '#f5b565',
    'traveling-soft': '#3a2a14',
    'in-progress': '#c4a6ff',
    'in-progress-soft': '#2c2145',
    'completed': '#7fd39b',
    'completed-soft': '#16301f',
    'canceled': '#dba7a7',
    'canceled-soft': '#3a2424',
}
STATES = ('scheduled', 'traveling', 'in-progress', 'completed', 'canceled')

TEXT_CONTRAST = 4.5  # WCAG 2.2 1.4.3
SHAPE_CONTRAST = 3.0  # WCAG 2.2 1.4.11: edges of fields, filled buttons, the focus ring

# what is read on what: (in front, behind)
TEXT_PAIRS = (
    *[(ink, ground) for ink in ('ink', 'ink-2', 'ink-3', 'brand-strong', 'danger') for ground in ('paper', 'ground')],
    *[(ink, 'sunk') for ink in ('ink', 'ink-2')],
    *[(ink, 'brand-soft') for ink in ('ink', 'ink-2', 'brand-strong')],
    ('on-brand', 'brand'),
    ('on-brand', 'brand-press'),
    ('danger', 'danger-soft'),
    ('ink', 'danger-soft'),
    *[(state, f'{state}-soft') for state in STATES],
    ('ink', 'traveling-soft'),
)
SHAPE_PAIRS = (('edge', 'paper'), ('edge', 'ground'), ('brand', 'paper'), ('brand', 'ground'))


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One asset as it is sent; its address changes with its content, so browsers may keep it for ever."""

    media_type: str
    content: bytes


def tokens(*, dark: bool, brand: str = BRAND) -> dict[str, str]:
    """Every colour by its name; a brand of the owner's own recolours `brand*` and `on-brand`."""
    colours = dict(DARK if dark else LIGHT)
    if brand.lower() != BRAND:
        colours |= _branded(brand.lower(), colours, dark=dark)
    away_from_text = '#ffffff' if luminance(colours['on-brand']) < 0.5 else '#000000'
    colours['brand-press'] = mix(colours['brand'], away_from_text, 0.14)
    return colours


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """WCAG 2.2's relative luminance of '#rrggbb', 0 to 1."""
    shares = [channel / 255 for channel in _channels(colour)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in shares]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mix(colour: str, other: str, share: float) -> str:
    """`colour` with `share` (0 to 1) of the other in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return '#' + ''.join(f'{round(a + (b - a) * share):02x}' for a, b in pairs)


def style_sheet(brand: str = BRAND, *, pages: bool) -> str:
    """The whole CSS of the plain entry forms, or with `pages` of the NiceGUI pages too."""
    parts = [_variables(brand), *(_text(name) for name in ('base.css', 'forms.css'))]
    if pages:
        parts += [_text(name) for name in ('frame.css', 'parts.css', 'console.css', 'quasar.css')]
    return '\n'.join(parts)


@cache
def assets(brand: str = BRAND) -> dict[str, Sheet]:
    """All that `/assets/{name}` gives out, by name: two style sheets, the type, icons and the small script."""
    files = {
        'entry.css': Sheet(media_type='text/css; charset=utf-8', content=style_sheet(brand, pages=False).encode()),
        'pages.css': Sheet(media_type='text/css; charset=utf-8', content=style_sheet(brand, pages=True).encode()),
        'mark.svg': Sheet(media_type='image/svg+xml', content=_text('mark.svg').replace(BRAND, brand).encode()),
        'icons.svg': Sheet(media_type='image/svg+xml', content=_text('icons.svg').encode()),
        'entry.js': Sheet(media_type='text/javascript; charset=utf-8', content=_text('entry.js').encode()),
    }
    for name in ('figtree-latin.woff2', 'figtree-latin-ext.woff2'):
        files[name] = Sheet(media_type='font/woff2', content=(ASSETS / name).read_bytes())
    return files


@cache
def asset_address(name: str, brand: str = BRAND) -> str:
    """'/assets/pages.css?v=3f2a…': the address to link; the answer to it may be cached for a year."""
    return f'/assets/{name}?v={sha256(assets(brand)[name].content).hexdigest()[:10]}'


def _branded(brand: str, colours: dict[str, str], *, dark: bool) -> dict[str, str]:
    grounds = (colours['paper'], colours['ground'])
    towards = '#ffffff' if dark else '#000000'
    shown = _until_readable(brand, grounds, towards, SHAPE_CONTRAST)
    soft = mix(colours['paper'], shown, 0.16 if dark else 0.12)
    return {
        'brand': shown,
        'brand-soft': soft,
        'brand-strong': _until_readable(mix(shown, towards, 0.2), (*grounds, soft), towards, TEXT_CONTRAST + 0.5),
        'on-brand': max(('#ffffff', mix('#000000', shown, 0.1)), key=lambda ink: contrast(ink, shown)),
    }


def _until_readable(colour: str, grounds: Iterable[str], towards: str, least: float) -> str:
    """The nearest colour on the way to `towards` that keeps the contrast on all grounds."""
    grounds = tuple(grounds)
    for step in range(101):
        candidate = mix(colour, towards, step / 100)
        if all(contrast(candidate, ground) >= least for ground in grounds):
            return candidate
    return towards


def _variables(brand: str) -> str:
    light, dark = (
        ''.join(f'--{name}:{colour};' for name, colour in tokens(dark=is_dark, brand=brand).items())
        for is_dark in (False, True)
    )
    return f':root{{color-scheme:light dark;{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}'


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@cache
def _text(name: str) -> str:
    return (ASSETS / name).read_text(encoding='utf-8')
