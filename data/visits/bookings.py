"""Bookings: made, found, moved, modified, canceled. What is on the way then is told by steps (booking_steps)."""

import uuid
from datetime import datetime, timedelta
from types import EllipsisType
from typing import Any

from data.access import rights
from data.access.rights import Right
from data.base import clock, form_keys
from data.base.actor import Actor
from data.base.changes import record
from data.base.database import transaction
from data.base.fields import LongText
from data.base.marks import N_
from data.base.refusals import NotFound, Refusal
from data.crew.technicians import Technician
from data.visits import assignments, booking_steps, free_times, hindrances, statuses, wishes
from data.visits.booking_table import (
    Booking,
    BookingChanged,
    BookingHasChanged,
    facts,
    find_again,
    require_as_seen,
    who,
)
from data.visits.hindrances import IsOver
from data.visits.rules import ALL_RULES, Rule
from data.visits.search import Wanted
from data.visits.states import OVER, Reason, State
from data.visits.wishes import Wish

CANCELING = (LongText(key='note', label=N_('Why do you cancel?'), required=False, most=1000),)
MINUTE = timedelta(minutes=1)
# what a customer may choose from, which says nothing about a start that is promised already
OF_CHOOSING = {Rule.GRID, Rule.LEAST_NOTICE, Rule.GREATEST_NOTICE, Rule.LEAST_DAYS, Rule.GREATEST_DAYS}


class BookingMade(BookingChanged):
    """Somebody will come."""


class BookingMoved(BookingChanged):
    """Another start or end is promised; its technician may be another as well."""


class BookingReassigned(BookingChanged):
    """Another technician comes at the same time, of which the customer is not told."""


class BookingModified(BookingChanged):
    """Its comment is another."""


class OnlyLength(Refusal):
    """Said to staff, who may stretch a visit that has begun."""

    words = N_('The technician is on the way or at work: only the length can be changed.')


def book(wish: Wish, *, by: Actor, key: str) -> Booking:
    """Books the wish with the technician who should get it (slots, R13). The same `key` again gives the same booking.

    Raises SlotTaken, TooManyOpen, NoReason, OffCells; NotFound for what is not the asker's or has ended;
    form_keys.FormKeyReused.
    """
    with transaction():
        rights.require(by, Right.BOOK, wish.site)
        content = wish.content()
        if (earlier := form_keys.made_before(by, key, content)) is not None:
            return find_again(Booking(id=earlier), Right.SEE_BOOKING, by=by)
        booking = _inserted(wishes.checked(wish, by=by))
        form_keys.remember(by, key, content, booking.id)
        told = {**facts(booking), 'override': booking.override_reason, 'who': who(booking, by)}
        record(BookingMade(booking, by=by, after=told))
        return booking


def find(booking_id: int, *, by: Actor) -> Booking:
    """Raises NotFound, also for a booking that the asker may not see."""
    return find_again(Booking(id=booking_id), Right.SEE_BOOKING, by=by)


def move(
    booking: Booking,
    start: datetime,
    *,
    by: Actor,
    key: str,
    minutes: int | None = None,
    technician: Technician | None = None,
    override: str | None = None,
    comment: str | EllipsisType | None = ...,
) -> Booking:
    """To another time, length or technician; `booking` is as its page shows it, and `...` leaves the comment as it is.

    Length (None: as it is), technician (None: who should get it) and override are for staff. The same `key` is once.
    Raises NotFound, BookingHasChanged, SlotTaken, CallUs, IsOver, OnlyLength, NoReason, OffCells, FormKeyReused.
    """
    content = {'move': booking.id, 'start': start, 'minutes': minutes, 'technician': technician, 'override': override}
    content |= {} if comment is ... else {'comment': comment}
    with transaction():
        now = find_again(booking, Right.CHANGE_BOOKING, by=by)
        if form_keys.made_before(by, key, content) is not None:
            return now
        _require_changeable(booking, now, by=by)
        _require_comment_as_seen(booking, now, comment)
        chosen = wishes.require_arranged(start, minutes, technician, override, by=by)
        if now.state != State.SCHEDULED:
            if start != now.starts_at or chosen not in (None, now.technician):
                raise OnlyLength
            chosen = now.technician
        times = _times(now, start, minutes=minutes)
        modified = {} if comment in (..., now.comment) else {'comment': comment}
        if times['sequence'] != now.sequence or chosen not in (None, now.technician):
            _place(now, {**times, **modified}, chosen, override)
        elif modified:
            _update(now, modified)
        form_keys.remember(by, key, content, now.id)
        return _told(now, by=by)


def modify(booking: Booking, comment: str | None, *, by: Actor) -> Booking:
    """Another comment, and nothing else. Raises NotFound, BookingHasChanged, CallUs, IsOver."""
    with transaction():
        now = find_again(booking, Right.CHANGE_BOOKING, by=by)
        _require_changeable(booking, now, by=by)
        _require_comment_as_seen(booking, now, comment)
        if comment != now.comment:
            _update(now, {'comment': comment})
        return _told(now, by=by)


def cancel(
    booking: Booking,
    reason: Reason = Reason.CUSTOMER,
    *,
    by: Actor,
    note: str | None = None,
    internal_note: str | None = None,
    at: datetime | None = None,
    key: str | None = None,
) -> Booking:
    """Its time is free at once. The customer reads `note`; the internal one and the true time `at` are not theirs.

    The same `key` is once. Raises NotFound, BookingHasChanged, NoSuchStep, CallUs, IsOver, NotYet, BeforeLastStep,
    TooLongAgo, FormKeyReused.
    """
    columns = {'cancel_reason': reason, 'cancel_note': note, 'cancel_note_internal': internal_note}
    content = {'cancel': booking.id, 'at': at, **columns}
    with transaction():
        now = find_again(booking, Right.SEE_BOOKING, by=by)
        if key is not None and form_keys.made_before(by, key, content) is not None:
            return now
        if booking_steps.cancels_as_customer(now, reason, by=by):
            if internal_note is not None or at is not None:
                raise NotFound
            if why_not := hindrances.of(now):
                raise why_not
        require_as_seen(booking, now, by=by)
        step = booking_steps.allowed(now, State.CANCELED, reason=reason, by=by)
        after = booking_steps.take(now, step, by=by, at=at, columns={**columns, 'sequence': now.sequence + 1})
        if key is not None:
            form_keys.remember(by, key, content, now.id)
        return after


def _inserted(wish: Wish) -> Booking:
    wanted = free_times.wanted(wish.site, wish.service_type, minutes=wish.minutes)
    able = assignments.candidates(wanted, wish.starts_at, wish.technician, wish.override)
    columns = _columns(wish, wanted)
    return assignments.first_free(able, wish.technician, lambda number: Booking.create(technician=number, **columns))


def _columns(wish: Wish, wanted: Wanted) -> dict[str, Any]:
    ends_at = wish.starts_at + wanted.duration_minutes * MINUTE
    return {
        'customer': wish.site.customer_id,
        'contact': wish.contact,
        'site': wish.site,
        'asset': wish.asset,
        'service_type': wish.service_type,
        'status': statuses.default_of(State.SCHEDULED),
        'state': State.SCHEDULED,
        'starts_at': wish.starts_at,
        'ends_at': ends_at,
        'blocks_until': ends_at,
        'set_up_minutes': wanted.set_up_minutes,
        'clean_up_minutes': wanted.clean_up_minutes,
        'service_name': wish.service_type.name,
        'asset_name': wish.asset.name if wish.asset else None,
        'comment': wish.comment,
        'override_reason': wish.override,
        'uid': str(uuid.uuid4()),
        'made_at': clock.now(),
    }


def _require_changeable(seen: Booking, now: Booking, *, by: Actor) -> None:
    """Raises what stands against it, before what the page should have shown: that says why."""
    if now.state in OVER:
        raise IsOver
    why_not = None if rights.may(by, Right.ARRANGE) else hindrances.of(now)
    if why_not:
        raise why_not
    require_as_seen(seen, now, by=by)


def _require_comment_as_seen(seen: Booking, now: Booking, comment: str | EllipsisType | None) -> None:
    """Raises BookingHasChanged where this comment would replace one that its writer has not read."""
    if comment not in (..., now.comment) and seen.comment != now.comment:
        raise BookingHasChanged


def _times(booking: Booking, start: datetime, *, minutes: int | None) -> dict[str, Any]:
    """What a move promises and blocks. The number by which calendars know the latest rises with it."""
    end = start + (booking.ends_at - booking.starts_at if minutes is None else minutes * MINUTE)
    is_another = (start, end) != (booking.starts_at, booking.ends_at)
    return {'starts_at': start, 'ends_at': end, 'blocks_until': end, 'sequence': booking.sequence + is_another}


def _place(booking: Booking, columns: dict[str, Any], chosen: Technician | None, override: str | None) -> None:
    """Writes these columns with the first technician who can take it. Raises SlotTaken.

    A start that stays was promised: the rules about when it may be chosen are not asked again, and why rules were set
    aside for it stays written, unless its technician changes or there is a new reason.
    """
    start, end = columns['starts_at'], columns['ends_at']
    wanted = free_times.wanted_again(booking, minutes=(end - start) // MINUTE)
    heeding = ALL_RULES - OF_CHOOSING if start == booking.starts_at else ALL_RULES
    able = assignments.candidates(wanted, start, chosen, override, moving=booking.id, heeding=heeding)

    def write(technician_id: int) -> None:
        is_as_agreed = (start, technician_id) == (booking.starts_at, booking.technician_id)
        reason = {} if is_as_agreed and override is None else {'override_reason': override}
        _update(booking, {**columns, **reason, 'technician': technician_id})

    assignments.first_free(able, chosen, write)


def _update(booking: Booking, columns: dict[str, Any]) -> None:
    """Raises IntegrityError where the schema refuses it."""
    same = (Booking.id == booking.id) & (Booking.version == booking.version)
    if not Booking.update(**columns, version=booking.version + 1).where(same).execute():
        raise BookingHasChanged


def _told(before: Booking, *, by: Actor) -> Booking:
    """Records the kind of change that the rows differ by, if they do."""
    after: Booking = Booking.get_by_id(before.id)
    old, new = ({**facts(row), 'comment': row.comment, 'override': row.override_reason} for row in (before, after))
    if old['sequence'] != new['sequence']:
        kind: type[BookingChanged] = BookingMoved
    elif old['technician'] != new['technician']:
        kind = BookingReassigned
    else:
        kind = BookingModified
    if old != new:
        record(kind(after, by=by, before=old, after={**new, 'who': who(after, by)}))
    return after
