"""The business's settings: declared once, the operator's win, secrets are sealed."""

import makers
import pytest
from conftest import EmptyDatabase

from data.access import settings
from data.access.settings import SETTINGS, SettingRow, SettingsChanged
from data.base import changes, environment
from data.base.actor import SYSTEM, Actor
from data.base.changes import ChangeRow
from data.base.database import database as connected
from data.base.refusals import NotFound

pytestmark = pytest.mark.usefixtures('database')


def test_what_was_never_set_has_its_default() -> None:
    assert settings.read('business.name') == 'Doorstep'
    assert settings.read('mail.port') == 587
    assert settings.read('business.phone') is None


@pytest.mark.parametrize('key', SETTINGS)
def test_each_default_is_what_its_own_field_takes(key: str) -> None:
    setting = SETTINGS[key]

    assert setting.default is None or setting.field.parse(setting.default) == setting.default
    assert setting.default is not None or not setting.field.required


def test_what_was_set_is_read_again_and_can_be_emptied() -> None:
    settings.change({'business.name': 'Alder Heating', 'business.phone': '+13125550100'}, by=SYSTEM)
    settings.change({'business.phone': None}, by=SYSTEM)

    assert settings.read('business.name') == 'Alder Heating'
    assert settings.read('business.phone') is None


def test_the_zone_and_the_words_follow_the_business() -> None:
    settings.change({'business.zone': 'Europe/Berlin', 'business.country': 'DE'}, by=SYSTEM)

    assert settings.zone().key == 'Europe/Berlin'
    words = settings.words()
    assert (words.language, words.country, words.zone.key) == ('en', 'DE', 'Europe/Berlin')
    assert settings.words('de').language == 'de'


def test_what_the_operator_gives_wins_and_cannot_be_changed(database: EmptyDatabase) -> None:
    settings.change({'mail.host': 'smtp.old.example', 'mail.user': 'alder'}, by=SYSTEM)
    environment.load(data=database.data, smtp_host='smtp.example.com')

    settings.change({'mail.host': 'smtp.other.example', 'business.name': 'Alder'}, by=SYSTEM)

    assert settings.read('mail.host') == 'smtp.example.com'
    assert settings.is_given_by_operator('mail.host')
    assert not settings.is_given_by_operator('business.name')
    assert settings.read('business.name') == 'Alder'
    environment.load(data=database.data)
    assert settings.read('mail.host') == 'smtp.old.example'


def test_the_operator_gives_the_mail_server_whole_or_not_at_all(database: EmptyDatabase) -> None:
    owners = {'mail.host': 'smtp.old.example', 'mail.port': 2525, 'mail.user': 'alder', 'mail.password': 'swordfish'}
    settings.change(owners, by=SYSTEM)

    environment.load(data=database.data, smtp_host='smtp.example.com', smtp_security='tls')
    assert all(settings.is_given_by_operator(key) for key in owners)
    assert [settings.read(key) for key in owners] == ['smtp.example.com', 465, None, None]

    environment.load(data=database.data, smtp_user='relay', smtp_password='trout', smtp_port=26)
    assert not any(settings.is_given_by_operator(key) for key in owners)
    assert {key: settings.read(key) for key in owners} == owners


def test_a_secret_stands_nowhere_in_clear() -> None:
    settings.change({'mail.password': 'swordfish'}, by=SYSTEM)

    assert settings.read('mail.password') == 'swordfish'
    kept = connected.execute_sql('SELECT * FROM settings').fetchall() + list(
        connected.execute_sql('SELECT * FROM changes').fetchall()
    )
    assert 'swordfish' not in str(kept)


def test_an_operators_secret_is_read(database: EmptyDatabase) -> None:
    environment.load(data=database.data, smtp_host='smtp.example.com', smtp_password='swordfish')

    assert settings.read('mail.password') == 'swordfish'


def test_a_secret_whose_key_is_gone_counts_as_unset_until_it_is_typed_again(database: EmptyDatabase) -> None:
    settings.change({'mail.host': 'smtp.alder.example', 'mail.password': 'swordfish'}, by=SYSTEM)
    assert not settings.is_lost('mail.password')
    assert settings.has_mail_server()

    environment.load(data=database.data / 'without the key')
    assert settings.read('mail.password') is None
    assert settings.is_lost('mail.password')
    assert not settings.has_mail_server()

    settings.change({'mail.password': 'trout'}, by=SYSTEM)
    assert settings.read('mail.password') == 'trout'
    assert not settings.is_lost('mail.password')
    assert settings.has_mail_server()


def test_a_secret_whose_key_is_gone_can_be_taken_away(database: EmptyDatabase) -> None:
    settings.change({'mail.host': 'smtp.alder.example', 'mail.password': 'swordfish'}, by=SYSTEM)
    environment.load(data=database.data / 'without the key')

    settings.change({'mail.password': None}, by=SYSTEM)

    assert not settings.is_lost('mail.password')
    assert settings.has_mail_server()


def test_a_change_is_recorded_with_before_and_after_and_what_stays_is_not() -> None:
    settings.change({'business.name': 'Alder Heating'}, by=SYSTEM)
    settings.change({'business.name': 'Alder Heating', 'mail.port': 25}, by=SYSTEM)

    told = [(row.before, row.after) for row in ChangeRow.select().order_by(ChangeRow.id)]
    assert told == [
        ('{"business.name": "Doorstep"}', '{"business.name": "Alder Heating"}'),
        ('{"mail.port": 587}', '{"mail.port": 25}'),
    ]


def test_open_pages_hear_of_each_setting() -> None:
    heard: list[object] = []
    changes.listen(SettingsChanged, lambda change: heard.append(change.after))

    settings.change({'business.name': 'Alder', 'mail.port': 25}, by=SYSTEM)

    assert heard == [{'business.name': 'Alder'}, {'mail.port': 25}]


def test_an_unknown_setting_changes_nothing() -> None:
    with pytest.raises(KeyError):
        settings.change({'business.name': 'Alder', 'business.color': 'red'}, by=SYSTEM)

    assert SettingRow.select().count() == 0


def test_only_an_owner_may(database: EmptyDatabase) -> None:
    assert database
    dispatcher: Actor = makers.signed_in(makers.make_dispatcher())

    with pytest.raises(NotFound):
        settings.change({'business.name': 'Alder'}, by=dispatcher)
