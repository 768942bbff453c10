"""The engine against a second one, which is slow and reads as the rules do."""

import figures
import pytest
import slot_cases
import slot_comparison
from slot_oracle import Oracle
from slot_rules_left_out import LEFT_OUT

AT_ONCE, CASES, ENOUGH = 250, 2000, 30


def agree(seeds: range) -> tuple[int, int]:
    """How many cases have both offered and refused starts on the grid, and how many starts they offer."""
    both = offers = 0
    for seed in seeds:
        slot_comparison.agree(seed)
        known = slot_comparison.truth(seed)
        both += known.has_both
        offers += sum(map(len, known.answers.offered.values()))
    assert both >= len(seeds) / 2, f'{both} of {len(seeds)} cases have both offered and refused starts'
    return both, offers


def decides(kind: type[Oracle], seed: int) -> bool:
    """Whether an oracle without a rule answers otherwise than the one with all of them."""
    case = slot_cases.invent(seed)
    oracle = slot_comparison.oracle_of(case, kind)
    offered = slot_comparison.offered_by_the_rules(seed)
    if kind.preference is not Oracle.preference:  # R13 changes no offer
        best = slot_comparison.oracle_of(case).candidates
        return any(oracle.candidates(start) != best(start) for starts in offered.values() for start in starts[::4])
    return oracle.offered(case.first_day, case.last_day) != offered


@pytest.mark.parametrize('first', range(0, CASES, AT_ONCE))
def test_the_engine_agrees_with_the_oracle(first: int) -> None:
    agree(range(first, first + AT_ONCE))


@pytest.mark.parametrize('rule', LEFT_OUT)
def test_each_rule_decides_cases(rule: str) -> None:
    found = []
    for seed in range(CASES):
        if decides(LEFT_OUT[rule], seed):
            found.append(seed)
        if len(found) == ENOUGH:
            break
    assert len(found) == ENOUGH, f'{rule} decides {len(found)} of {CASES} cases'


@pytest.mark.prove
def test_the_engine_agrees_with_the_oracle_on_twenty_thousand_cases() -> None:
    first, cases = 10_000, 20_000
    both, offers = agree(range(first, first + cases))
    figures.write(
        'slot-oracle',
        title='Free times beside an oracle that looks at every minute',
        command='pytest -m prove tests/data/visits/test_slot_oracle.py',
        lines=figures.table(
            ('cases', 'offered and refused starts in the same case', 'offered starts', 'other answers'),
            (cases, both, offers, 0),
        ),
    )
