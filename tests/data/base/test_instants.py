"""Instants keep their meaning in every zone, dates have none; what is naive is refused at the column."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import makers
import pytest
from peewee import fn

from data.base import clock
from data.base.actor import SYSTEM
from data.base.database import database as connected
from data.crew import closed_days
from data.crew.calendars import TimeOff
from data.crew.closed_days import ClosedDay

pytestmark = pytest.mark.usefixtures('database')

CHICAGO, KOLKATA = ZoneInfo('America/Chicago'), ZoneInfo('Asia/Kolkata')
FAR = datetime(2099, 7, 1, 12, tzinfo=UTC)  # after 2038, when whole seconds no longer fit 32 bits


def kept(start: datetime) -> TimeOff:
    end = start + timedelta(hours=1)
    row = TimeOff.create(technician=makers.make_technician(), starts_at=start, ends_at=end)
    found: TimeOff = TimeOff.get_by_id(row.id)
    return found


@pytest.mark.parametrize('start', [datetime(2030, 5, 6, 9, 0, 7, tzinfo=CHICAGO), FAR], ids=['Chicago', 'after 2038'])
def test_an_instant_comes_back_as_the_same_moment_in_utc(start: datetime) -> None:
    row = kept(start)

    assert row.starts_at == start
    assert row.starts_at.tzinfo is UTC


def test_an_instant_is_stored_as_whole_epoch_seconds() -> None:
    kept(datetime(2030, 5, 6, 9, tzinfo=UTC).replace(microsecond=999_999))

    assert connected.execute_sql('SELECT starts_at FROM time_off').fetchall() == [(1_904_288_400,)]


def test_a_naive_instant_is_refused_when_it_is_written_and_when_it_is_asked_for() -> None:
    naive = datetime(2030, 5, 6, 9)  # noqa: DTZ001  # that is the point

    with pytest.raises(ValueError, match='starts_at: an instant needs a zone'):
        kept(naive)
    with pytest.raises(ValueError, match='starts_at: an instant needs a zone'):
        list(TimeOff.select().where(TimeOff.starts_at > naive))
    assert TimeOff.select().count() == 0


def test_instants_are_compared_across_zones_and_counted_as_instants() -> None:
    row = kept(datetime(2030, 5, 6, 9, tzinfo=UTC))

    at_the_same_moment = row.starts_at.astimezone(KOLKATA)

    assert TimeOff.get(TimeOff.starts_at == at_the_same_moment) == row
    assert TimeOff.select(fn.MIN(TimeOff.starts_at)).scalar() == row.starts_at


def test_a_day_is_the_same_day_everywhere_and_sorts_by_time() -> None:
    for day in (date(2031, 1, 1), date(2030, 12, 31), date(2030, 2, 1)):
        closed_days.close(day, 'Closed', by=SYSTEM)

    days = [row.day for row in ClosedDay.select().where(ClosedDay.day > date(2030, 2, 1)).order_by(ClosedDay.day)]

    assert days == [date(2030, 12, 31), date(2031, 1, 1)]


def test_today_is_the_date_on_the_business_s_wall() -> None:
    assert clock.today(ZoneInfo('Pacific/Kiritimati')) - clock.today(ZoneInfo('Pacific/Niue')) >= timedelta(days=1)
    assert clock.now().microsecond == 0
