"""The makers themselves: what they make can be booked."""

import subprocess
import sys
from pathlib import Path

import makers
import pytest

from data.visits.booking_table import Booking

SCRIPT = """
import sys, pathlib
sys.path[:0] = ['.', 'tests']
import makers
with makers.house(pathlib.Path(sys.argv[1])):
    cast = makers.make_cast()
    print(makers.make_booking(cast.household, cast.service_type, by=cast.customer).id)
"""


@pytest.mark.usefixtures('database')
def test_the_cast_can_book() -> None:
    cast = makers.make_cast()

    booking = makers.make_booking(cast.household, cast.service_type, by=cast.customer)

    assert Booking.get_by_id(booking.id).technician_id == cast.technician_row.id


def test_a_script_outside_pytest_can_use_the_makers(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, '-c', SCRIPT, str(tmp_path)], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, '1'), done.stderr
