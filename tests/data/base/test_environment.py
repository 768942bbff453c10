"""What the operator gives: by variable, by file for secrets, and a clear no to what makes no sense."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from data.base import environment


def test_without_anything_given_it_is_a_house_on_this_machine() -> None:
    given = environment.load()

    assert given.address == 'http://localhost:8080'
    assert given.is_secure
    assert given.database == f'sqlite:///{Path("doorstep-data").absolute() / "doorstep.db"}'


def test_variables_are_read_and_arguments_win(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv('DOORSTEP_PORT', '9000')
    monkeypatch.setenv('DOORSTEP_PUBLIC_URL', 'https://portal.example.com/')
    monkeypatch.setenv('DOORSTEP_DATA', str(tmp_path))

    given = environment.load(port=9001)

    assert (given.port, given.address, given.data) == (9001, 'https://portal.example.com', tmp_path)
    assert environment.current() is given


@pytest.mark.parametrize('name', ['DATABASE_URL', 'DOORSTEP_DATABASE_URL'])
def test_a_database_address_takes_the_place_of_the_file(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, 'postgresql://db/doorstep')

    assert environment.load().database == 'postgresql://db/doorstep'


def test_a_secret_may_come_in_a_file_and_shows_in_no_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / 'password').write_text('swordfish\n')
    monkeypatch.setenv('DOORSTEP_SMTP_PASSWORD_FILE', str(tmp_path / 'password'))

    given = environment.load()

    assert given.smtp_password is not None
    assert given.smtp_password.get_secret_value() == 'swordfish'
    assert 'swordfish' not in f'{given!r} {given}'


def test_the_address_of_the_database_may_come_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / 'url').write_text('postgresql://u:p@db/doorstep\n')
    monkeypatch.setenv('DOORSTEP_DATABASE_URL_FILE', str(tmp_path / 'url'))

    assert environment.load().database == 'postgresql://u:p@db/doorstep'


@pytest.mark.parametrize(
    ('name', 'value'),
    [
        ('PORT', 'eighty'),
        ('PORT', '0'),
        ('PORT', '70000'),
        ('SMTP_PORT', '0'),
        ('SMTP_SECURITY', 'ssl'),
        ('SMTP_FROM', 'Example Heating <portal@example.com>'),
        ('SMTP_FROM', 'portal'),
        ('PUBLIC_URL', 'portal.example.com'),
        ('PUBLIC_URL', 'ftp://portal.example.com'),
        ('PUBLIC_URL', 'https://'),
        ('INSECURE_LAN', 'perhaps'),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f'DOORSTEP_{name}', value)

    with pytest.raises(ValidationError, match=name.lower()):
        environment.load()


@pytest.mark.parametrize('name', ['PORT', 'SMTP_PORT', 'SMTP_HOST', 'SMTP_SECURITY', 'INSECURE_LAN', 'DATABASE_URL'])
def test_a_variable_that_is_empty_counts_as_not_given(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    unset = environment.load()
    monkeypatch.setenv(f'DOORSTEP_{name}', '')

    assert environment.load() == unset


@pytest.mark.parametrize(
    ('url', 'is_secure'),
    [
        ('https://portal.example.com', True),
        ('http://127.0.0.1:8080', True),
        ('http://[::1]:8080', True),
        ('http://192.168.1.5:8080', False),
        ('http://localhost.example.com', False),
    ],
)
def test_only_https_and_the_machine_itself_take_secure_cookies(url: str, is_secure: bool) -> None:
    assert environment.load(public_url=url).is_secure is is_secure
