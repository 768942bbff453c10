"""The rules of free times a second time, minute by minute: slow, obviously right, and importing nothing from data/.

It reads the same plain values as the engine. Each function stands for one rule and looks at one start, one technician.
"""

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

MINUTE = timedelta(minutes=1)


def offered(
    wanted: Any, crew: Any, business: Any, *, first_day: date, last_day: date, now: datetime, moving: int | None = None
) -> dict[date, list[datetime]]:
    """{local date: starts} over every 5 minutes of UTC that could show one of these dates."""
    answer: dict[date, list[datetime]] = {}
    start = datetime.combine(first_day, time(), UTC) - timedelta(days=2)
    while start < datetime.combine(last_day, time(), UTC) + timedelta(days=3):
        day = start.astimezone(business.zone).date()
        if not first_day <= day <= last_day:
            pass
        elif any(may_start(wanted, roster, business, start, now, moving) for roster in crew):
            answer.setdefault(day, []).append(start)
        start += 5 * MINUTE
    return answer


def candidates(
    wanted: Any, crew: Any, business: Any, start: datetime, *, now: datetime, moving: int | None = None
) -> list[int]:
    """R13: the technicians who may take the start, best first."""
    able = [roster for roster in crew if may_start(wanted, roster, business, start, now, moving)]
    return [
        roster.technician_id
        for roster in sorted(
            able,
            key=lambda roster: (
                added_drive(wanted, roster, business, start, moving),
                0 if any(visit.booking_id == moving for visit in roster.visits) else 1,
                len(visits_of_the_date(roster, business, start, moving)),
                roster.technician_id,
            ),
        )
    ]


def may_start(wanted: Any, roster: Any, business: Any, start: datetime, now: datetime, moving: int | None) -> bool:
    return (
        lies_on_the_grid(wanted, business, start)
        and keeps_the_notice(wanted, business, start, now)
        and qualifies(wanted, roster)
        and not any(overlaps(wanted, start, *span) for span in blocked(wanted, roster, business, now, moving))
        and all(works(roster, business, start + n * MINUTE) for n in range(wanted.duration_minutes))
    )


def lies_on_the_grid(wanted: Any, business: Any, start: datetime) -> bool:
    """R5."""
    shown = start.astimezone(business.zone)
    return shown.second == 0 and (60 * shown.hour + shown.minute) % wanted.granularity_minutes == 0


def keeps_the_notice(wanted: Any, business: Any, start: datetime, now: datetime) -> bool:
    """R9."""
    today, day = now.astimezone(business.zone).date(), start.astimezone(business.zone).date()
    if start < now + wanted.least_notice_minutes * MINUTE or (day - today).days < wanted.least_days:
        return False
    if wanted.greatest_notice_minutes is not None and start > now + wanted.greatest_notice_minutes * MINUTE:
        return False
    return wanted.greatest_days is None or (day - today).days <= wanted.greatest_days


def qualifies(wanted: Any, roster: Any) -> bool:
    """R11."""
    for skill, level in wanted.skills.items():
        if skill not in roster.skills or roster.skills[skill] < level:
            return False
    if wanted.territory_id is not None and wanted.territory_id not in roster.territory_ids:
        return False
    no_limit = roster.radius_km == 0 or wanted.place is None or roster.home is None
    return no_limit or bool(haversine_km(roster.home, wanted.place) <= roster.radius_km)


def works(roster: Any, business: Any, instant: datetime) -> bool:
    """R2, R3, R4: what the business's clock shows in this minute is working time."""
    shown = instant.astimezone(business.zone)
    day, minute = shown.date(), 60 * shown.hour + shown.minute
    if day in business.closed_days:
        return False
    if day in roster.overrides:
        windows, breaks = roster.overrides[day]
    elif day.weekday() in roster.week:
        windows, breaks = roster.week[day.weekday()]
    else:
        return False
    inside = any(start <= minute < end for start, end in windows)
    return inside and not any(start <= minute < end for start, end in breaks)


def overlaps(wanted: Any, start: datetime, blocked_from: datetime, blocked_until: datetime) -> bool:
    """R7: half-open spans; an empty one overlaps nothing."""
    occupied_from = start - wanted.set_up_minutes * MINUTE
    occupied_until = start + (wanted.duration_minutes + wanted.clean_up_minutes) * MINUTE
    return blocked_from < blocked_until and blocked_from < occupied_until and occupied_from < blocked_until


def blocked(
    wanted: Any, roster: Any, business: Any, now: datetime, moving: int | None
) -> Iterator[tuple[datetime, datetime]]:
    """R7, R8, R14, R16."""
    for visit in roster.visits:
        if visit.booking_id != moving:
            start, end = instant(visit.starts_at), instant(visit.blocks_until)
            if visit.under_way_since is not None:
                start = min(start, instant(visit.under_way_since))
                rounded = now
                while rounded.timestamp() % 300:
                    rounded += timedelta(seconds=1)
                end = max(end, rounded)
            drive = business.drive(visit.place, wanted.place)
            yield start - (visit.set_up_minutes + drive) * MINUTE, end + (visit.clean_up_minutes + drive) * MINUTE
    for span in roster.time_off:
        yield instant(span.start), instant(span.end)


def visits_of_the_date(roster: Any, business: Any, start: datetime, moving: int | None) -> list[Any]:
    day = start.astimezone(business.zone).date()
    return [
        visit
        for visit in roster.visits
        if visit.booking_id != moving and instant(visit.starts_at).astimezone(business.zone).date() == day
    ]


def added_drive(wanted: Any, roster: Any, business: Any, start: datetime, moving: int | None) -> int:
    """R13: t(prev, new) + t(new, next) - t(prev, next)."""
    visits = visits_of_the_date(roster, business, start, moving)
    earlier = [visit for visit in visits if instant(visit.starts_at) < start]
    later = [visit for visit in visits if instant(visit.starts_at) > start]
    nothing = 'no place at this end'
    previous = max(earlier, key=lambda visit: visit.starts_at).place if earlier else roster.home or nothing
    following = min(later, key=lambda visit: visit.starts_at).place if later else roster.home or nothing

    def drive(start_place: Any, end_place: Any) -> int:
        if nothing in (start_place, end_place):
            return 0
        minutes: int = business.drive(start_place, end_place)
        return minutes

    return drive(previous, wanted.place) + drive(wanted.place, following) - drive(previous, following)


def haversine_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The great circle in its textbook form."""
    lat_1, lon_1, lat_2, lon_2 = map(math.radians, (*one, *other))
    chord = math.sin((lat_2 - lat_1) / 2) ** 2 + math.cos(lat_1) * math.cos(lat_2) * math.sin((lon_2 - lon_1) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(chord))


def instant(seconds: int) -> datetime:
    """Rosters count seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def drive_minutes(start: tuple[float, float] | None, end: tuple[float, float] | None) -> int:
    """R8 without a routing service; None is a place nobody knows."""
    return 20 if start is None or end is None else math.ceil(haversine_km(start, end) * 1.3 / 40 * 60)
