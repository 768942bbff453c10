"""Whoever writes past Doorstep: exactly those revisions rise whose technicians' free times may be others afterwards."""

# ruff: noqa: S608  # statements of our own

from collections.abc import Iterator

import pytest
from conftest import EmptyDatabase
from raw_sql import NINE, TESS, TOM, UPSERT, Raw, Row, insert, moved, writer

LATER = NINE + 3600
NONE, ONE, BOTH = frozenset[int](), frozenset({TOM}), frozenset({TOM, TESS})
BOOKINGS: list[Row] = [
    (1, TOM, 0, 12, 'scheduled'),
    (2, TESS, 0, 12, 'scheduled'),
    (3, TOM, 0, 12, 'canceled'),
]
# a row of each kind for both technicians; the second site has a place, and nobody books the third
THERE = f"""DELETE FROM weekly_hours;
INSERT INTO weekly_hours (id, technician_id, weekday, start_minute, end_minute, is_break)
    VALUES (1, 1, 0, 480, 960, false), (2, 2, 0, 480, 960, false);
INSERT INTO time_off (id, technician_id, starts_at, ends_at, reason)
    VALUES (1, 1, {NINE}, {LATER}, ''), (2, 2, {NINE}, {LATER}, '');
INSERT INTO date_overrides (id, technician_id, day, reason) VALUES (1, 1, '2030-05-06', ''), (2, 2, '2030-05-06', '');
INSERT INTO override_hours (id, date_override_id, start_minute, end_minute, is_break)
    VALUES (1, 1, 480, 960, false), (2, 2, 480, 960, false);
INSERT INTO closed_days (id, day, name) VALUES (1, '2030-05-07', 'Fair');
INSERT INTO skills (id, name, version) VALUES (1, 'Gas', 1), (2, 'Heat pumps', 1);
INSERT INTO technician_skills (id, technician_id, skill_id, level) VALUES (1, 1, 1, 1), (2, 2, 1, 1);
INSERT INTO territories (id, name, version) VALUES (1, 'North', 1), (2, 'South', 1);
INSERT INTO technician_territories (id, technician_id, territory_id) VALUES (1, 1, 1), (2, 2, 1);
UPDATE sites SET lat = 41.9, lon = -87.6 WHERE id = 2;
INSERT INTO sites (id, customer_id, address, search_text, lat, lon, version, is_pinned)
    VALUES (3, 1, 'Elm Road', '', 41.9, -87.6, 1, false);
DELETE FROM settings WHERE key IN ('business.zone', 'driving.unknown_minutes');
INSERT INTO settings (id, key, value) VALUES (90, 'business.zone', '"America/Chicago"')"""
SITE = (
    'INTO sites (id, customer_id, address, search_text, lat, lon, version, is_pinned) '
    "VALUES ({}, 1, 'Oak', '', {}, 1, false)"
)
SETTING = 'INTO settings (id, key, value) VALUES ({}, {}, {})'

OF_TOM = {
    'a visit': insert((9, TOM, 20, 30, 'scheduled')),
    'two visits': insert((8, TOM, 20, 30, 'scheduled'), (9, TOM, 30, 40, 'scheduled')),
    'an upsert that is new': insert((9, TOM, 20, 30, 'scheduled'), then=UPSERT),
    'an upsert that changes': insert((1, TOM, 20, 30, 'scheduled'), then=UPSERT),
    'a visit moved': moved('6', where='id = 1'),
    'a visit done early': 'UPDATE bookings SET blocks_until = blocks_until - 600 WHERE id = 1',
    'a visit canceled': "UPDATE bookings SET state = 'canceled' WHERE id = 1",
    'a visit taken back': f"UPDATE bookings SET state = 'scheduled', starts_at = {NINE + 7200}, "
    f'ends_at = {NINE + 7500}, blocks_until = {NINE + 7500} WHERE id = 3',
    'a visit elsewhere': 'UPDATE bookings SET site_id = 2 WHERE id = 1',
    'more to set up': 'UPDATE bookings SET set_up_minutes = 15 WHERE id = 1',
    'more to clean up': 'UPDATE bookings SET clean_up_minutes = 15 WHERE id = 1',
    'driving begun': f'UPDATE bookings SET travel_started_at = {NINE} WHERE id = 1',
    'work begun': f'UPDATE bookings SET work_started_at = {NINE} WHERE id = 1',
    'a visit deleted': 'DELETE FROM bookings WHERE id = 1',
    'another number of a visit': 'UPDATE bookings SET id = 70 WHERE id = 1',
    'time off': 'INSERT INTO time_off (id, technician_id, starts_at, ends_at, reason) '
    f"VALUES (7, 1, {NINE}, {LATER}, '')",
    'time off until later': 'UPDATE time_off SET ends_at = ends_at + 60 WHERE id = 1',
    'time off taken back': 'DELETE FROM time_off WHERE technician_id = 1',
    'a break': 'INSERT INTO weekly_hours (id, technician_id, weekday, start_minute, end_minute, is_break) '
    'VALUES (7, 1, 0, 720, 780, true)',
    'hours that are a break now': 'UPDATE weekly_hours SET is_break = true WHERE id = 1',
    'hours of another day': 'UPDATE weekly_hours SET weekday = 1 WHERE id = 1',
    'no hours': 'DELETE FROM weekly_hours WHERE id = 1',
    'an override': "INSERT INTO date_overrides (id, technician_id, day, reason) VALUES (7, 1, '2030-05-08', '')",
    'an override of another day': "UPDATE date_overrides SET day = '2030-05-09' WHERE id = 1",
    'no override': 'DELETE FROM date_overrides WHERE id = 1',
    'hours of an override': 'INSERT INTO override_hours (id, date_override_id, start_minute, end_minute, is_break) '
    'VALUES (7, 1, 1000, 1020, false)',
    'other hours of an override': 'UPDATE override_hours SET end_minute = 1020 WHERE id = 1',
    'no hours of an override': 'DELETE FROM override_hours WHERE id = 1',
    'a skill': 'INSERT INTO technician_skills (id, technician_id, skill_id, level) VALUES (7, 1, 2, 1)',
    'a level': 'UPDATE technician_skills SET level = 3 WHERE id = 1',
    'a skill no more': 'DELETE FROM technician_skills WHERE id = 1',
    'a territory': 'INSERT INTO technician_territories (id, technician_id, territory_id) VALUES (7, 1, 2)',
    'another territory': 'UPDATE technician_territories SET territory_id = 2 WHERE id = 1',
    'a territory no more': 'DELETE FROM technician_territories WHERE id = 1',
    'a home': 'UPDATE technicians SET home_lat = 41.9, home_lon = -87.6 WHERE id = 1',
    'a radius': 'UPDATE technicians SET radius_km = 20 WHERE id = 1',
}
OF_BOTH = {
    'visits of both': insert((8, TOM, 20, 30, 'scheduled'), (9, TESS, 20, 30, 'scheduled')),
    'a visit to the other': "UPDATE bookings SET technician_id = 2, state = 'canceled' WHERE id = 1",
    'an upsert to the other': insert((1, TESS, 20, 30, 'scheduled'), then=UPSERT),
    'all visits moved': moved('6'),
    'all visits canceled': "UPDATE bookings SET state = 'canceled'",
    'all visits deleted': 'DELETE FROM bookings',
    'time off to the other': 'UPDATE time_off SET technician_id = 2 WHERE id = 1',
    'all time off': 'DELETE FROM time_off',
    'hours to the other': 'UPDATE weekly_hours SET technician_id = 2 WHERE id = 1',
    'an override to the other': "UPDATE date_overrides SET technician_id = 2, day = '2030-06-01' WHERE id = 1",
    'hours to an override of the other': 'UPDATE override_hours SET date_override_id = 2 WHERE id = 1',
    'a skill to the other': 'UPDATE technician_skills SET technician_id = 2, skill_id = 2 WHERE id = 1',
    'a territory to the other': 'UPDATE technician_territories SET technician_id = 2, territory_id = 2 WHERE id = 1',
    'both homes': 'UPDATE technicians SET home_lat = 41.9, home_lon = -87.6',
    'a day closed': "INSERT INTO closed_days (id, day, name) VALUES (7, '2030-05-08', '')",
    'another day closed': "UPDATE closed_days SET day = '2030-05-09'",
    'a day open again': 'DELETE FROM closed_days',
    'another zone': "UPDATE settings SET value = '\"Europe/Berlin\"' WHERE key = 'business.zone'",
    'the zone forgotten': "DELETE FROM settings WHERE key = 'business.zone'",
    'the zone under another key': "UPDATE settings SET key = 'nobody.asks' WHERE key = 'business.zone'",
    'all settings forgotten': 'DELETE FROM settings',
    'unknown drives': 'INSERT ' + SETTING.format(91, "'driving.unknown_minutes'", "'20'"),
    'a place': 'UPDATE sites SET lat = 41.9, lon = -87.6 WHERE id = 1',
    'a postcode': "UPDATE sites SET postcode = '60601' WHERE id = 1",
    'a territory of a site': 'UPDATE sites SET territory_id = 1 WHERE id = 1',
    'a site ended': f'UPDATE sites SET ended_at = {NINE} WHERE id = 3',
    'a site with a place': 'INSERT ' + SITE.format(4, '41.9, -87.6'),
    'a site with a place deleted': 'DELETE FROM sites WHERE id = 3',
}
OF_NOBODY = {
    'a comment': "UPDATE bookings SET comment = 'Ring twice'",
    'names in a visit': "UPDATE bookings SET service_name = 'Check', asset_name = 'Boiler'",
    'what was told': f"UPDATE bookings SET told_starts_at = {NINE}, sequence = 2, cancel_note = 'Sorry', version = 2",
    'another contact': 'UPDATE bookings SET contact_id = contact_id',
    'a reason of time off': "UPDATE time_off SET reason = 'Dentist'",
    'a reason of an override': "UPDATE date_overrides SET reason = 'Fair'",
    'the name of a closed day': "UPDATE closed_days SET name = 'Big fair'",
    'a name': "UPDATE technicians SET name = 'Tim', phone = '1', version = 2",
    'the name of a skill': "UPDATE skills SET name = 'Gas boilers'",
    'the name of a territory': "UPDATE territories SET name = 'Far north'",
    'access notes': "UPDATE sites SET access_notes = 'Key at the neighbour''s'",
    'an address': "UPDATE sites SET address = '19 Alder Street', search_text = '19 alder street'",
    'a site without a place': 'INSERT ' + SITE.format(4, 'NULL, NULL'),
    'a contact': "UPDATE contacts SET name = 'Ada', email = 'ada@example.org'",
    'a service type': "UPDATE service_types SET name = 'Check', duration_minutes = 30",
    'another setting': "UPDATE settings SET value = '\"Else\"' WHERE key = 'business.name'",
    'another setting forgotten': "DELETE FROM settings WHERE key = 'business.name'",
    'messages': "UPDATE messages SET language = 'de'",
    'nothing at all': "UPDATE bookings SET state = 'canceled' WHERE id = 99",
}
REPLACED = {  # on SQLite, where no trigger of DELETE is asked
    'a visit by one of the other': (insert((1, TESS, 20, 30, 'scheduled'), verb='REPLACE'), BOTH),
    'a visit by uid': (insert((9, TOM, 20, 30, 'scheduled'), verb='REPLACE').replace('uid 9', 'uid 2'), BOTH),
    'a number taken': ('UPDATE OR REPLACE bookings SET id = 2 WHERE id = 1', BOTH),
    'a uid taken': ("UPDATE OR REPLACE bookings SET uid = 'uid 2' WHERE id = 1", frozenset({TESS})),
    'a visit by itself': (insert((1, TOM, 20, 30, 'scheduled'), verb='REPLACE'), ONE),
    'time off': (
        f"REPLACE INTO time_off (id, technician_id, starts_at, ends_at, reason) VALUES (1, 2, {NINE}, {LATER}, '')",
        BOTH,
    ),
    'hours': ('REPLACE INTO weekly_hours VALUES (1, 2, 0, 480, 960, 0)', BOTH),
    'hours, by number': ('UPDATE OR REPLACE weekly_hours SET id = 2 WHERE id = 1', BOTH),
    'an override': ("REPLACE INTO date_overrides VALUES (1, 2, '2030-05-20', '')", BOTH),
    'hours of an override': ('REPLACE INTO override_hours VALUES (1, 2, 480, 960, 0)', BOTH),
    'hours of an override, by number': ('UPDATE OR REPLACE override_hours SET id = 2 WHERE id = 1', BOTH),
    'a skill': ('REPLACE INTO technician_skills VALUES (1, 2, 2, 1)', BOTH),
    'a territory': ('REPLACE INTO technician_territories VALUES (1, 2, 2)', BOTH),
    'a site with a place by one without': ('REPLACE ' + SITE.format(3, 'NULL, NULL'), BOTH),
    'the zone': ('REPLACE ' + SETTING.format(91, "'business.zone'", "'1'"), BOTH),
    'the zone by another setting': ('REPLACE ' + SETTING.format(90, "'nobody.asks'", "'1'"), BOTH),
    'another setting': ('REPLACE ' + SETTING.format(91, "'nobody.asks'", "'1'"), NONE),
}
TRUNCATED = ['bookings', 'time_off', 'weekly_hours', 'date_overrides', 'override_hours', 'technician_skills']
TRUNCATED += ['technician_territories', 'closed_days', 'sites', 'settings']


@pytest.fixture
def raw(database: EmptyDatabase) -> Iterator[Raw]:
    with writer(database) as somebody:
        for statement in THERE.split(';'):
            assert (statement, somebody.run(statement)) == (statement, '')
        somebody.start_with(BOOKINGS)
        yield somebody


def risen(raw: Raw, statement: str) -> set[int]:
    """Whose revisions this raises; it is taken back, and so are they."""
    raw.connection.execute('BEGIN')
    before = revisions(raw)
    assert (statement, raw.run(statement)) == (statement, '')
    after = revisions(raw)
    raw.connection.execute('ROLLBACK')
    assert revisions(raw) == before
    assert all(after[each] >= before[each] for each in before)
    return {each for each in before if after[each] > before[each]}


def revisions(raw: Raw) -> dict[int, int]:
    return dict(raw.connection.execute('SELECT id, revision FROM technicians').fetchall())


def test_exactly_those_rise_who_are_concerned_and_what_is_rolled_back_raises_nothing(raw: Raw) -> None:
    wanted = {**dict.fromkeys(OF_TOM, ONE), **dict.fromkeys(OF_BOTH, BOTH), **dict.fromkeys(OF_NOBODY, NONE)}

    assert {what: risen(raw, sql) for what, sql in {**OF_TOM, **OF_BOTH, **OF_NOBODY}.items()} == wanted


@pytest.mark.parametrize('database', ['sqlite'], indirect=True)
@pytest.mark.parametrize('setting', ['PRAGMA recursive_triggers = 0', 'PRAGMA recursive_triggers = 1'])
def test_what_is_replaced_raises_whose_it_was_as_well(raw: Raw, setting: str) -> None:
    raw.connection.execute(setting)

    rose = {what: risen(raw, sql) for what, (sql, _) in REPLACED.items()}

    assert rose == {what: wanted for what, (_, wanted) in REPLACED.items()}


@pytest.mark.parametrize('database', ['postgresql'], indirect=True)
def test_what_is_emptied_at_once_raises_all(raw: Raw) -> None:
    rose = {table: risen(raw, f'TRUNCATE {table} CASCADE') for table in TRUNCATED}

    assert rose == dict.fromkeys(TRUNCATED, BOTH)


def test_a_write_that_the_guard_refuses_raises_nothing(raw: Raw) -> None:
    before = revisions(raw)

    assert 'bookings_guard' in raw.run(insert((8, TESS, 50, 60, 'scheduled'), (9, TOM, 6, 18, 'scheduled')))

    assert revisions(raw) == before


def test_what_is_taken_back_to_a_savepoint_raises_nothing(raw: Raw) -> None:
    before = revisions(raw)
    for statement in ('BEGIN', 'SAVEPOINT here', OF_BOTH['all visits canceled'], 'ROLLBACK TO here', 'COMMIT'):
        raw.connection.execute(statement)

    assert revisions(raw) == before
