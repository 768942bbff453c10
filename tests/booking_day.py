"""A day of a small business on which people press buttons, while a model says beforehand what must come of it."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import booking_scene
import time_machine
from booking_model import AT_WORK, LENGTH, OVER, Model
from booking_paths import CANCEL, MOVE, REASSIGN, STEP, STRETCH
from booking_rows import ARRANGING, MINUTE, Act, Line, Visit, lines
from booking_scene import MONDAY_NINE, PEOPLE, Scene

from data.access import settings
from data.base import clock
from data.base.changes import as_json
from data.visits import offers
from data.visits.booking_table import Booking
from data.visits.states import State


@dataclass
class Seen:
    """What happened on all days: ways that were gone, presses that were refused, kinds of changes, refusals by name."""

    walked: set[tuple[State, str, State, str]] = field(default_factory=set)
    refused: set[tuple[State, str, str]] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    told: Counter[str] = field(default_factory=Counter)


class Day:
    """It begins without bookings. Whatever is pressed is compared at once."""

    def __init__(self, scene: Scene, clock_of_day: time_machine.Traveller, seen: Seen) -> None:
        clock_of_day.move_to(MONDAY_NINE)
        self.scene, self.clock, self.seen = scene, clock_of_day, seen
        self.model: Model = scene.begin_again()
        self.first_pages: dict[int, Booking] = {}

    def start(self, number: int, override: str | None = None) -> datetime:
        """One of the next free looking starts; with an override also off the grid and in the past."""
        if override is None:
            return booking_scene.half_hour_after(clock.now()) + number * 30 * MINUTE
        return booking_scene.half_hour_after(clock.now()) + (number - 2) * 25 * MINUTE

    def book(self, who: str, whose: str, start: datetime, override: str | None) -> None:
        able = self.model.able(start, LENGTH, clock.now()) if override is None else set()
        able = able or (self.model.able(start, LENGTH, clock.now(), override=override) if override else set())
        is_allowed = who == 'cleo' or (who == whose and override is None)
        before, last = booking_scene.counts(), booking_scene.last_line()

        made = self.scene.book(who, whose, start, override=override)

        if not is_allowed or not able:
            assert made == ('SlotTaken' if is_allowed else 'NotFound')
            assert booking_scene.counts() == before
            return
        assert isinstance(made, Booking), made
        household = self.scene.households[whose]
        visit = Visit(
            id=made.id,
            customer_id=household.customer.id,
            contact_id=household.contact.id,
            site_id=household.site.id,
            technician_id=made.technician_id,
            status_id=self.scene.statuses[State.SCHEDULED][0],
            starts_at=start,
            ends_at=start + LENGTH,
            blocks_until=start + LENGTH,
            comment=None,
            override_reason=override,
            made_at=clock.now(),
        )
        assert made.technician_id in able
        self.model.visits[made.id] = visit
        self.first_pages[made.id] = made
        told = {**visit.facts(), 'override': override, 'who': 'staff' if who == 'cleo' else 'customer'}
        self.compare(last, who, visit, [('BookingMade', {}, told)])
        assert booking_scene.counts()[1] == before[1] + 1  # its confirmation

    def press_as(self, booking_id: int, command: str, part: str, **more: Any) -> None:
        """By whoever has this part in that booking."""
        visit = self.model.visits[booking_id]
        who = next(who for who in PEOPLE if self.model.part(who, visit) == part)
        self.press(booking_id, command, who, **more)

    def press(
        self,
        booking_id: int,
        command: str,
        who: str,
        *,
        number: int = 0,
        override: str | None = None,
        ago: int | None = None,
        is_stale: bool = False,
    ) -> None:
        visit, now = self.model.visits[booking_id], clock.now()
        page = self.first_pages[visit.id] if is_stale else Booking.get_by_id(visit.id)
        act = self.act(visit, page, command, who, number, override, ago)
        allowed = self.model.refusals(act, now)
        before, last = booking_scene.counts(), booking_scene.last_line()

        said = self.scene.do(act, page)

        if allowed:
            assert said in allowed, f'{act} of {visit} was answered by {said}'
            assert booking_scene.counts() == before
            assert booking_scene.rows() == self.rows()
            self.seen.told[said] += 1
            self.seen.refused.add((visit.state, command, self.model.part(who, visit)))
            return
        assert said is None, f'{act} of {visit} was answered by {said}'
        technician_id = Booking.get_by_id(visit.id).technician_id
        if command in ARRANGING:
            assert technician_id in self.model.may_get(act, now)
        after = self.model.after(act, now, technician_id)
        self.model.visits[visit.id] = after
        part = self.model.part(who, visit)
        self.seen.walked.add((visit.state, command, after.state, part))
        self.compare(last, who, after, lines(act, visit, after, part, self.scene.statuses[State.IN_PROGRESS][0]))
        if after.state in OVER:
            self.what_is_left_is_free(after)

    def act(
        self, visit: Visit, page: Booking, command: str, who: str, number: int, override: str | None, ago: int | None
    ) -> Act:
        """The press with all that its form holds."""
        is_customer = who in {'ada', 'bruno'}
        more: dict[str, Any] = {'words': f'Words {visit.version}'}
        if ago is not None and not is_customer and command in {*STEP.values(), *CANCEL.values()}:
            more['at'] = clock.now() - ago * MINUTE
        if command in CANCEL.values() and not is_customer:
            more['internal_note'] = 'Never again'
        if command in ARRANGING:
            more['override'] = override
        if command == MOVE:
            start = self.start(number, override)
            more['start'] = start if start != visit.starts_at else start + 30 * MINUTE
        if command == STRETCH:
            minutes = (visit.ends_at - visit.starts_at) // MINUTE
            more['minutes'] = [each for each in (30, 60, 90, 120) if each != minutes][number % 3]
        if command == REASSIGN:
            more['technician_id'] = next(each for each in self.scene.technicians if each != visit.technician_id)
        seen = booking_scene.visit_of(page).seen()
        return Act(command=command, who=who, booking_id=visit.id, seen=seen, **more)

    def compare(self, last: int, who: str, visit: Visit, expected: list[Line]) -> None:
        """Rows and history are what they must be, and nothing else has changed."""
        assert booking_scene.rows() == self.rows()
        written = booking_scene.written_after(last)
        self.seen.kinds |= {kind for kind, _, _ in written}
        assert [kind for kind, _, _ in written] == [kind for kind, _, _ in expected]
        frame = {'*subject': visit.id, '*customer': visit.customer_id, '*at': clock.now()}
        frame['*account'] = self.scene.actors[who].account_id
        for (_, before, after), (_, was, told) in zip(written, expected, strict=True):
            assert plain(was).items() <= before.items()
            assert (plain(told) | frame).items() <= after.items()

    def rows(self) -> dict[int, Visit]:
        """The model without what only it knows."""
        return {number: Visit(**visit.columns()) for number, visit in self.model.visits.items()}

    def what_is_left_is_free(self, visit: Visit) -> None:
        """At once, for everybody who asks."""
        day = visit.starts_at.astimezone(settings.zone()).date()
        site, service_type = self.scene.households['ada'].site, self.scene.service_type
        offer = offers.offered(site, service_type, first_day=day, last_day=day, by=self.scene.actors['cleo'])
        offered = offer.get(day, [])
        midnight = datetime(day.year, day.month, day.day, tzinfo=settings.zone())
        grid = [(midnight + number * 30 * MINUTE).astimezone(UTC) for number in range(48)]
        assert offered == [start for start in grid if self.model.able(start, LENGTH, clock.now())]

    def no_technician_is_at_two_places(self) -> None:
        """By the rows, not by the model."""
        there = [visit for visit in booking_scene.rows().values() if visit.state != State.CANCELED]
        for visit in there:
            others = [each for each in there if each.technician_id == visit.technician_id and each.id != visit.id]
            assert not any(each.touches(visit.starts_at, visit.blocks_until) for each in others)
            for states in ((State.TRAVELING,), AT_WORK):
                assert visit.state not in states or not any(each.state in states for each in others)


def plain(facts: dict[str, Any]) -> dict[str, Any]:
    """As history keeps them."""
    return dict(json.loads(as_json(facts)))
