"""Every colour that is read on another keeps its contrast, in light and dark, and whatever brand the owner chooses."""

import re

import pytest

from ui import design

OWNERS_BRANDS = ['#0f6b5c', '#ffd400', '#000000', '#ffffff', '#ff0000', '#7a7a7a', '#0050ff', '#c8f7dc', '#3b0a45']
BOTH = pytest.mark.parametrize('dark', [False, True], ids=['light', 'dark'])


@BOTH
@pytest.mark.parametrize(('front', 'behind'), design.TEXT_PAIRS, ids=lambda name: name)
def test_text_is_readable_on_what_it_stands_on(front: str, behind: str, dark: bool) -> None:
    colours = design.tokens(dark=dark)
    assert design.contrast(colours[front], colours[behind]) >= design.TEXT_CONTRAST


@BOTH
@pytest.mark.parametrize(('front', 'behind'), design.SHAPE_PAIRS, ids=lambda name: name)
def test_edges_of_fields_and_buttons_are_seen(front: str, behind: str, dark: bool) -> None:
    colours = design.tokens(dark=dark)
    assert design.contrast(colours[front], colours[behind]) >= design.SHAPE_CONTRAST


@BOTH
@pytest.mark.parametrize('brand', OWNERS_BRANDS)
def test_a_brand_of_the_owners_own_keeps_every_contrast(brand: str, dark: bool) -> None:
    colours = design.tokens(dark=dark, brand=brand)
    for pairs, least in ((design.TEXT_PAIRS, design.TEXT_CONTRAST), (design.SHAPE_PAIRS, design.SHAPE_CONTRAST)):
        for front, behind in pairs:
            found = design.contrast(colours[front], colours[behind])
            assert found >= least, f'{front} {colours[front]} on {behind} {colours[behind]}: {found:.2f}'


def test_contrast_counts_as_wcag_does() -> None:
    assert design.contrast('#000000', '#ffffff') == pytest.approx(21)
    assert design.contrast('#777777', '#ffffff') == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize('pages', [False, True], ids=['entry', 'pages'])
def test_the_style_sheet_names_only_colours_that_exist(pages: bool) -> None:
    sheet = design.style_sheet(pages=pages)
    used = set(re.findall(r'var\(--([\w-]+)', sheet))
    declared = set(re.findall(r'--([\w-]+):', sheet))
    assert used <= declared


def test_the_style_sheet_turns_round_for_right_to_left() -> None:
    sheet = re.sub(r'/\*.*?\*/', '', design.style_sheet(pages=True))
    sided = r'(?<![\w-])(?:margin|padding|border)-(?:left|right)|(?<![\w-])(?:left|right)\s*:|text-align:(?:left|right)'
    assert re.findall(sided, sheet) == []


def test_an_asset_is_kept_under_an_address_that_changes_with_it() -> None:
    assert design.asset_address('pages.css') != design.asset_address('pages.css', '#0050ff')
    assert set(design.assets()) >= {'entry.css', 'pages.css', 'entry.js', 'icons.svg', 'mark.svg'}
