"""The key beside the database: made once, for one purpose at a time, never empty."""

import multiprocessing
import stat
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from data.base import environment, keys


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    environment.load(data=tmp_path)
    return tmp_path


def test_what_was_sealed_is_read_again_and_stands_nowhere_in_clear() -> None:
    sealed = keys.seal('7KQM-4TXD')

    assert keys.unseal(sealed) == '7KQM-4TXD'
    assert b'7KQM' not in sealed
    assert keys.seal('7KQM-4TXD') != sealed  # the same secret twice cannot be told


def test_under_another_key_nothing_is_read(tmp_path: Path) -> None:
    sealed, signed = keys.seal('secret'), keys.sign('secret', purpose='a')

    environment.load(data=tmp_path / 'elsewhere')

    with pytest.raises(keys.KeyGone):
        keys.unseal(sealed)
    assert keys.unsign(signed, purpose='a') is None


def test_a_signature_serves_one_purpose() -> None:
    signed = keys.sign('token', purpose='invitation')

    assert keys.unsign(signed, purpose='invitation') == 'token'
    assert keys.unsign(signed, purpose='staff welcome') is None


@pytest.mark.parametrize(
    'forged', ['', '.', 'token', 'InRva2VuIg', 'InRva2VuIg.AAAA', 'ü.ü', '\x00', 'a' * 10_000, '🙂.🙂', '\ud800']
)
def test_whatever_is_not_ours_is_no_signature(forged: str) -> None:
    assert keys.unsign(forged, purpose='invitation') is None


def test_a_cut_or_changed_signature_is_none() -> None:
    signed = keys.sign('token', purpose='invitation')

    assert keys.unsign(signed[:-1], purpose='invitation') is None
    assert keys.unsign('X' + signed[1:], purpose='invitation') is None


def test_fingerprints_are_the_same_for_the_same_text_and_purpose_only() -> None:
    print_ = keys.fingerprint('7KQM4TXD', purpose='invitation')

    assert keys.fingerprint('7KQM4TXD', purpose='invitation') == print_
    assert keys.fingerprint('7KQM4TXD', purpose='device') != print_
    assert keys.fingerprint('7KQM4TXE', purpose='invitation') != print_


def test_the_key_is_for_its_owner_alone(folder: Path) -> None:
    keys.seal('secret')

    assert stat.S_IMODE((folder / 'secret.key').stat().st_mode) == 0o600


@pytest.mark.parametrize('content', ['', '\n', 'not a key'])
def test_a_damaged_key_is_told_and_never_used(folder: Path, content: str) -> None:
    (folder / 'secret.key').write_text(content)

    with pytest.raises(keys.KeyDamaged, match=r'secret\.key'):
        keys.sign('token', purpose='invitation')
    with pytest.raises(keys.KeyDamaged):
        keys.fingerprint('code', purpose='invitation')


def test_processes_that_start_at_once_agree_on_one_key(folder: Path) -> None:
    context = multiprocessing.get_context('fork')
    barrier, answers = context.Barrier(8), context.Queue()
    starters = [context.Process(target=_print_at, args=(folder, barrier, answers)) for _ in range(8)]
    for starter in starters:
        starter.start()
    found = {answers.get(timeout=20) for _ in starters}
    for starter in starters:
        starter.join()

    assert len(found) == 1


def _print_at(folder: Path, barrier: Barrier, answers: 'multiprocessing.Queue[bytes]') -> None:
    environment.load(data=folder)
    barrier.wait(20)
    answers.put(keys.fingerprint('code', purpose='invitation'))
