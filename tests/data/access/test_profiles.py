"""People change what they keep about themselves; of two editors the second sees what changed."""

import json

import makers
import pytest
from people import ADA

from data.access import profiles
from data.base.changes import ChangeRow
from data.base.fields import parse_form
from data.base.refusals import ChangedMeanwhile

pytestmark = pytest.mark.usefixtures('database')

VALUES = {'name': 'Ada Lind-Berg', 'phone': '+13125550177', 'language': 'en'}


def test_a_profile_is_changed_by_its_own_person_and_kept_in_history() -> None:
    account = makers.make_account(ADA)

    changed = profiles.change(account, VALUES, version=1, by=makers.signed_in(account))

    assert (changed.name, changed.phone, changed.version) == ('Ada Lind-Berg', '+13125550177', 2)
    row = ChangeRow.get(ChangeRow.kind == 'ProfileChanged')
    assert json.loads(row.before) == {'name': ADA.name, 'phone': None, 'language': 'en'}
    assert json.loads(row.after) == VALUES


def test_the_second_editor_is_told_and_overwrites_nothing() -> None:
    account = makers.make_account(ADA)
    by = makers.signed_in(account)
    profiles.change(account, VALUES, version=1, by=by)

    with pytest.raises(ChangedMeanwhile):
        profiles.change(account, {**VALUES, 'name': 'Somebody'}, version=1, by=by)

    assert profiles.change(account, VALUES, version=2, by=by).name == 'Ada Lind-Berg'


def test_the_form_takes_nothing_but_name_phone_and_language() -> None:
    raw = {**VALUES, 'email': 'eve@example.com', 'password_hash': 'x', 'locked_at': None}

    assert parse_form(profiles.PROFILE, raw) == VALUES
