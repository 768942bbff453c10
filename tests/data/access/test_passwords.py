"""Passwords are kept as argon2id, common ones are refused, and unknown addresses take as long."""

from statistics import median
from time import perf_counter

import pytest
from people import PASSWORD

from data.access import passwords
from data.base.refusals import InvalidInput


def test_a_password_fits_what_was_kept_of_it_and_no_other() -> None:
    kept = passwords.hashed(PASSWORD)

    assert kept.startswith('$argon2id$')
    assert passwords.fits(PASSWORD, kept)
    assert not passwords.fits(PASSWORD + ' ', kept)
    assert passwords.hashed(PASSWORD) != kept  # salted


@pytest.mark.parametrize('kept', [None, '', 'no hash at all', '$argon2id$v=19$m=19456,t=2,p=1$x$y'])
def test_nothing_fits_what_is_no_hash(kept: str | None) -> None:
    assert not passwords.fits(PASSWORD, kept)
    assert not passwords.fits('the password of an address that nobody has', kept)


@pytest.mark.parametrize('common', ['password', 'PassWord', 'iloveyou', '12345678', 'qwertyuiop'])
def test_what_guessers_try_first_is_refused(common: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        passwords.refuse_common(common)
    assert list(refused.value.errors) == ['password']


def test_an_uncommon_password_is_taken_without_rules_of_composition() -> None:
    passwords.refuse_common(PASSWORD)
    passwords.refuse_common('lowercaseonlybutlong')


def test_an_unknown_address_takes_as_long_as_a_wrong_password() -> None:
    kept = passwords.hashed(PASSWORD)
    passwords.fits('x', None)  # the first one makes the stand-in

    known, unknown = (median(seconds('x', each) for _ in range(7)) for each in (kept, None))

    assert 0.5 < unknown / known < 2


def seconds(password: str, kept: str | None) -> float:
    begun = perf_counter()
    passwords.fits(password, kept)
    return perf_counter() - begun
