"""Says in which zone times are meant, to readers whose own clock shows another."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nicegui import ui

from data.base import clock
from data.base.words import Words
from ui.parts.pieces import notice

QUESTION = 'Intl.DateTimeFormat().resolvedOptions().timeZone'
ASK_SECONDS = 5.0


def zone_notice(words: Words) -> ui.label:
    """Nothing at first; when the browser has told its zone and clocks differ there, one line."""
    line = notice('')
    line.set_visibility(False)
    client = ui.context.client

    async def ask() -> None:
        try:
            theirs = await client.run_javascript(QUESTION, timeout=ASK_SECONDS)
        except TimeoutError:  # a page that went away, or a browser that does not say
            return
        now = clock.now()
        if not line.is_deleted and _clocks_differ(str(theirs), words.zone, now):
            line.text = words('All times are in {zone}, not in your own time zone.', zone=words.zone_name(now))
            line.set_visibility(True)

    client.on_connect(ask)
    return line


def _clocks_differ(name: str, ours: ZoneInfo, now: datetime) -> bool:
    try:
        theirs = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):  # what a browser says may be anything
        return False
    return now.astimezone(theirs).utcoffset() != now.astimezone(ours).utcoffset()
