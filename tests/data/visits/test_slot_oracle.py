"""The engine against a second one, which is slow and reads as the rules do."""

import pytest
import slot_cases
import slot_oracle

from data.visits import slots


def agree(seeds: range) -> None:
    for seed in seeds:
        case = slot_cases.invent(seed, slot_oracle.drive_minutes)
        truth = slot_oracle.offered(
            case.wanted,
            case.crew,
            case.business,
            first_day=case.first_day,
            last_day=case.last_day,
            now=case.now,
            moving=case.moving,
        )
        assert (
            slots.offered(
                case.wanted,
                case.crew,
                case.business,
                first_day=case.first_day,
                last_day=case.last_day,
                now=case.now,
                moving=case.moving,
            )
            == truth
        ), f'case {seed}'
        assert slots.open_days(
            case.wanted,
            case.crew,
            case.business,
            first_day=case.first_day,
            last_day=case.last_day,
            now=case.now,
            moving=case.moving,
        ) == set(truth), f'case {seed}'
        chosen = [start for starts in truth.values() for start in {starts[0], starts[seed % len(starts)], starts[-1]}]
        for start in chosen:
            order = slot_oracle.candidates(
                case.wanted, case.crew, case.business, start, now=case.now, moving=case.moving
            )
            assert (
                slots.candidates(case.wanted, case.crew, case.business, start, now=case.now, moving=case.moving)
                == order
            ), f'case {seed} at {start}'


@pytest.mark.parametrize('first', range(0, 300, 100))
def test_the_engine_agrees_with_the_oracle(first: int) -> None:
    agree(range(first, first + 100))


@pytest.mark.prove
@pytest.mark.parametrize('first', range(10_000, 30_000, 1000))
def test_the_engine_agrees_with_the_oracle_on_twenty_thousand_cases(first: int) -> None:
    agree(range(first, first + 1000))
