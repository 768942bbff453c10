"""Renders the plain HTML pages of the entry; they work without JavaScript and keep to the strictest content policy."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from starlette.responses import HTMLResponse

from data.base.refusals import Refusal
from data.base.words import Words
from ui import design
from ui.parts.banner import standing_banner
from ui.parts.input_kinds import attributes_of, kind_of, shown_value, zones

TEMPLATES = Path(__file__).parent / 'templates'
HEADERS = {'Cache-Control': 'no-store'}


def render(
    template: str,
    words: Words,
    *,
    business_name: str,
    status: int = 200,
    brand: str = design.BRAND,
    errors: Mapping[str, Refusal] | None = None,
    refused: Refusal | None = None,
    **facts: Any,
) -> HTMLResponse:
    """One page of templates/ in the reader's words; each template's first comment lists its `facts`.

    `errors` are those of InvalidInput, by field key; `refused` is a refusal of the whole form.
    """
    page = (
        _environment()
        .get_template(template)
        .render(
            _=words,
            asset=lambda name: design.asset_address(name, brand),
            business_name=business_name,
            banner=standing_banner(words),
            errors={key: words.refusal(wrong) for key, wrong in (errors or {}).items()},
            refused=words.refusal(refused) if refused else '',
            **facts,
        )
    )
    return HTMLResponse(page, status_code=status, headers=HEADERS)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.ChainableUndefined,
    )
    environment.globals |= {
        'kind_of': kind_of,
        'attributes_of': attributes_of,
        'shown_value': shown_value,
        'zones': zones(),
    }
    return environment
