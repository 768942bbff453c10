"""Skills, places and kept drives; what a booking must know to be undone; revisions for all that decides by them."""

from typing import Any

from peewee import SqliteDatabase

TABLES = (
    """CREATE TABLE skills (
    id {id} NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    ended_at {instant},
    version INTEGER NOT NULL
)""",
    """CREATE TABLE service_type_skills (
    id {id} NOT NULL PRIMARY KEY,
    service_type_id INTEGER NOT NULL,
    skill_id INTEGER NOT NULL,
    level INTEGER NOT NULL,
    FOREIGN KEY (service_type_id) REFERENCES service_types (id) ON DELETE RESTRICT,
    FOREIGN KEY (skill_id) REFERENCES skills (id) ON DELETE RESTRICT,
    CHECK (level >= 1)
)""",
    'CREATE INDEX service_type_skills_service_type_id ON service_type_skills (service_type_id)',
    'CREATE INDEX service_type_skills_skill_id ON service_type_skills (skill_id)',
    'CREATE UNIQUE INDEX service_type_skills_service_type_id_skill_id ON service_type_skills (service_type_id, skill_id)',
    """CREATE TABLE technician_skills (
    id {id} NOT NULL PRIMARY KEY,
    technician_id INTEGER NOT NULL,
    skill_id INTEGER NOT NULL,
    level INTEGER NOT NULL,
    FOREIGN KEY (technician_id) REFERENCES technicians (id) ON DELETE RESTRICT,
    FOREIGN KEY (skill_id) REFERENCES skills (id) ON DELETE RESTRICT,
    CHECK (level >= 1)
)""",
    'CREATE INDEX technician_skills_technician_id ON technician_skills (technician_id)',
    'CREATE INDEX technician_skills_skill_id ON technician_skills (skill_id)',
    'CREATE UNIQUE INDEX technician_skills_technician_id_skill_id ON technician_skills (technician_id, skill_id)',
    """CREATE TABLE technician_territories (
    id {id} NOT NULL PRIMARY KEY,
    technician_id INTEGER NOT NULL,
    territory_id INTEGER NOT NULL,
    FOREIGN KEY (technician_id) REFERENCES technicians (id) ON DELETE RESTRICT,
    FOREIGN KEY (territory_id) REFERENCES territories (id) ON DELETE RESTRICT
)""",
    'CREATE INDEX technician_territories_technician_id ON technician_territories (technician_id)',
    'CREATE INDEX technician_territories_territory_id ON technician_territories (territory_id)',
    'CREATE UNIQUE INDEX technician_territories_technician_id_territory_id ON technician_territories (technician_id, territory_id)',
    """CREATE TABLE geocodes (
    id {id} NOT NULL PRIMARY KEY,
    address TEXT NOT NULL,
    lat {degrees},
    lon {degrees},
    postcode TEXT,
    tries INTEGER NOT NULL,
    due_at {instant}
)""",
    'CREATE UNIQUE INDEX geocodes_address ON geocodes (address)',
    'CREATE INDEX geocodes_due_at ON geocodes (due_at)',
    """CREATE TABLE drive_times (
    id {id} NOT NULL PRIMARY KEY,
    from_lat {degrees} NOT NULL,
    from_lon {degrees} NOT NULL,
    to_lat {degrees} NOT NULL,
    to_lon {degrees} NOT NULL,
    minutes INTEGER NOT NULL,
    told_at {instant} NOT NULL
)""",
    'CREATE INDEX drive_times_told_at ON drive_times (told_at)',
    'CREATE UNIQUE INDEX drive_times_from_lat_from_lon_to_lat_to_lon ON drive_times (from_lat, from_lon, to_lat, to_lon)',
    'ALTER TABLE sites ADD COLUMN postcode TEXT',
    'ALTER TABLE sites ADD COLUMN is_pinned {yes_no} DEFAULT FALSE NOT NULL',
    'CREATE INDEX sites_placed ON sites (postcode) WHERE lat IS NOT NULL',
    'CREATE INDEX sites_placed_in ON sites (territory_id) WHERE lat IS NOT NULL',
    'CREATE INDEX sites_unplaced ON sites (id) WHERE lat IS NULL AND ended_at IS NULL',
    'ALTER TABLE bookings ADD COLUMN override_reason TEXT',
    'ALTER TABLE bookings ADD COLUMN left_status_id INTEGER REFERENCES statuses (id) ON DELETE RESTRICT',
    'ALTER TABLE bookings ADD COLUMN left_at {instant}',
    'CREATE INDEX bookings_left_status_id ON bookings (left_status_id)',
    "CREATE INDEX bookings_scheduled ON bookings (ends_at) WHERE state = 'scheduled'",
    "CREATE INDEX messages_unsent ON messages (next_try_at) WHERE state IN ('waiting', 'held')",
)
TYPES = {
    'sqlite': {'id': 'INTEGER', 'instant': 'INTEGER', 'degrees': 'REAL', 'yes_no': 'INTEGER'},
    'postgresql': {'id': 'SERIAL', 'instant': 'BIGINT', 'degrees': 'DOUBLE PRECISION', 'yes_no': 'BOOLEAN'},
}
TRIGGERS = {
    'sqlite': (
        'DROP TRIGGER bookings_guard_insert',
        'DROP TRIGGER bookings_guard_update',
        'DROP TRIGGER bookings_revision_insert',
        'DROP TRIGGER bookings_revision_update',
        'DROP TRIGGER bookings_revision_delete',
        'DROP TRIGGER time_off_revision_insert',
        'DROP TRIGGER time_off_revision_update',
        'DROP TRIGGER time_off_revision_delete',
        'DROP TRIGGER weekly_hours_revision_insert',
        'DROP TRIGGER weekly_hours_revision_update',
        'DROP TRIGGER weekly_hours_revision_delete',
        'DROP TRIGGER date_overrides_revision_insert',
        'DROP TRIGGER date_overrides_revision_update',
        'DROP TRIGGER date_overrides_revision_delete',
        'DROP TRIGGER override_hours_revision_insert',
        'DROP TRIGGER override_hours_revision_update',
        'DROP TRIGGER override_hours_revision_delete',
        'DROP TRIGGER closed_days_revision_update',
        'DROP TRIGGER sites_revision_update',
        'DROP TRIGGER settings_revision_insert',
        'DROP TRIGGER settings_revision_update',
        """CREATE TRIGGER bookings_guard_insert AFTER INSERT ON bookings
WHEN NEW.state <> 'canceled' AND (NEW.blocks_until <= NEW.starts_at OR (
    SELECT blocks_until FROM bookings
    WHERE technician_id = NEW.technician_id AND state <> 'canceled' AND starts_at < NEW.blocks_until AND id <> NEW.id
    ORDER BY starts_at DESC LIMIT 1
) > NEW.starts_at)
BEGIN
    SELECT RAISE(ABORT, 'bookings_guard: the technician has another booking then');
END""",
        """CREATE TRIGGER bookings_guard_update AFTER UPDATE OF technician_id, starts_at, blocks_until, state ON bookings
WHEN NEW.state <> 'canceled' AND (NEW.blocks_until <= NEW.starts_at OR (
    SELECT blocks_until FROM bookings
    WHERE technician_id = NEW.technician_id AND state <> 'canceled' AND starts_at < NEW.blocks_until AND id <> NEW.id
    ORDER BY starts_at DESC LIMIT 1
) > NEW.starts_at)
BEGIN
    SELECT RAISE(ABORT, 'bookings_guard: the technician has another booking then');
END""",
        """CREATE TRIGGER bookings_revision_insert AFTER INSERT ON bookings
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (NEW.technician_id);
END""",
        """CREATE TRIGGER bookings_revision_update AFTER UPDATE OF id, technician_id, site_id, state, starts_at, ends_at, blocks_until, set_up_minutes, clean_up_minutes, travel_started_at, work_started_at, completed_at ON bookings
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (OLD.technician_id, NEW.technician_id);
END""",
        """CREATE TRIGGER bookings_revision_delete AFTER DELETE ON bookings
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (OLD.technician_id);
END""",
        """CREATE TRIGGER bookings_revision_insert_replaced BEFORE INSERT ON bookings
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (SELECT technician_id FROM bookings WHERE id = NEW.id OR uid = NEW.uid);
END""",
        """CREATE TRIGGER bookings_revision_update_replaced BEFORE UPDATE OF id, uid ON bookings
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (SELECT technician_id FROM bookings WHERE (id = NEW.id OR uid = NEW.uid) AND id <> OLD.id);
END""",
        """CREATE TRIGGER time_off_revision_insert AFTER INSERT ON time_off
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (NEW.technician_id);
END""",
        """CREATE TRIGGER time_off_revision_update AFTER UPDATE OF id, technician_id, starts_at, ends_at ON time_off
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (OLD.technician_id, NEW.technician_id);
END""",
        """CREATE TRIGGER time_off_revision_delete AFTER DELETE ON time_off
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (OLD.technician_id);
END""",
        """CREATE TRIGGER time_off_revision_insert_replaced BEFORE INSERT ON time_off
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (SELECT technician_id FROM time_off WHERE id = NEW.id);
END""",
        """CREATE TRIGGER time_off_revision_update_replaced BEFORE UPDATE OF id ON time_off
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (SELECT technician_id FROM time_off WHERE (id = NEW.id) AND id <> OLD.id);
END""",
        """CREATE TRIGGER weekly_hours_revision_insert AFTER INSERT ON weekly_hours
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (NEW.technician_id);
END""",
        """CREATE TRIGGER weekly_hours_revision_update AFTER UPDATE OF id, technician_id, weekday, start_minute, end_minute, is_break ON weekly_hours
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (OLD.technician_id, NEW.technician_id);
END""",
        """CREATE TRIGGER weekly_hours_revision_delete AFTER DELETE ON weekly_hours
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (OLD.technician_id);
END""",
        """CREATE TRIGGER weekly_hours_revision_insert_replaced BEFORE INSERT ON weekly_hours
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (SELECT technician_id FROM weekly_hours WHERE id = NEW.id);
END""",
        """CREATE TRIGGER weekly_hours_revision_update_replaced BEFORE UPDATE OF id ON weekly_hours
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (SELECT technician_id FROM weekly_hours WHERE (id = NEW.id) AND id <> OLD.id);
END""",
        """CREATE TRIGGER date_overrides_revision_insert AFTER INSERT ON date_overrides
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (NEW.technician_id);
END""",
        """CREATE TRIGGER date_overrides_revision_update AFTER UPDATE OF id, technician_id, day ON date_overrides
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (OLD.technician_id, NEW.technician_id);
END""",
        """CREATE TRIGGER date_overrides_revision_delete AFTER DELETE ON date_overrides
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (OLD.technician_id);
END""",
        """CREATE TRIGGER date_overrides_revision_insert_replaced BEFORE INSERT ON date_overrides
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (SELECT technician_id FROM date_overrides WHERE id = NEW.id);
END""",
        """CREATE TRIGGER date_overrides_revision_update_replaced BEFORE UPDATE OF id ON date_overrides
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (SELECT technician_id FROM date_overrides WHERE (id = NEW.id) AND id <> OLD.id);
END""",
        """CREATE TRIGGER technician_skills_revision_insert AFTER INSERT ON technician_skills
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (NEW.technician_id);
END""",
        """CREATE TRIGGER technician_skills_revision_update AFTER UPDATE OF id, technician_id, skill_id, level ON technician_skills
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (OLD.technician_id, NEW.technician_id);
END""",
        """CREATE TRIGGER technician_skills_revision_delete AFTER DELETE ON technician_skills
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (OLD.technician_id);
END""",
        """CREATE TRIGGER technician_skills_revision_insert_replaced BEFORE INSERT ON technician_skills
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (SELECT technician_id FROM technician_skills WHERE id = NEW.id);
END""",
        """CREATE TRIGGER technician_skills_revision_update_replaced BEFORE UPDATE OF id ON technician_skills
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (SELECT technician_id FROM technician_skills WHERE (id = NEW.id) AND id <> OLD.id);
END""",
        """CREATE TRIGGER technician_territories_revision_insert AFTER INSERT ON technician_territories
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (NEW.technician_id);
END""",
        """CREATE TRIGGER technician_territories_revision_update AFTER UPDATE OF id, technician_id, territory_id ON technician_territories
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (OLD.technician_id, NEW.technician_id);
END""",
        """CREATE TRIGGER technician_territories_revision_delete AFTER DELETE ON technician_territories
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (OLD.technician_id);
END""",
        """CREATE TRIGGER technician_territories_revision_insert_replaced BEFORE INSERT ON technician_territories
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (SELECT technician_id FROM technician_territories WHERE id = NEW.id);
END""",
        """CREATE TRIGGER technician_territories_revision_update_replaced BEFORE UPDATE OF id ON technician_territories
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (SELECT technician_id FROM technician_territories WHERE (id = NEW.id) AND id <> OLD.id);
END""",
        """CREATE TRIGGER override_hours_revision_insert AFTER INSERT ON override_hours
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (SELECT technician_id FROM date_overrides WHERE id IN (NEW.date_override_id));
END""",
        """CREATE TRIGGER override_hours_revision_update AFTER UPDATE ON override_hours
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (SELECT technician_id FROM date_overrides WHERE id IN (OLD.date_override_id, NEW.date_override_id));
END""",
        """CREATE TRIGGER override_hours_revision_delete AFTER DELETE ON override_hours
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (SELECT technician_id FROM date_overrides WHERE id IN (OLD.date_override_id));
END""",
        """CREATE TRIGGER override_hours_revision_insert_replaced BEFORE INSERT ON override_hours
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (SELECT technician_id FROM date_overrides WHERE id IN (SELECT date_override_id FROM override_hours WHERE id = NEW.id));
END""",
        """CREATE TRIGGER override_hours_revision_update_replaced BEFORE UPDATE OF id ON override_hours
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (SELECT technician_id FROM date_overrides WHERE id IN (SELECT date_override_id FROM override_hours WHERE (id = NEW.id) AND id <> OLD.id));
END""",
        """CREATE TRIGGER closed_days_revision_update AFTER UPDATE OF id, day ON closed_days
BEGIN
    UPDATE technicians SET revision = revision + 1;
END""",
        """CREATE TRIGGER sites_revision_insert AFTER INSERT ON sites
WHEN NEW.lat IS NOT NULL
BEGIN
    UPDATE technicians SET revision = revision + 1;
END""",
        """CREATE TRIGGER sites_revision_update AFTER UPDATE OF id, lat, lon, postcode, territory_id, ended_at ON sites
BEGIN
    UPDATE technicians SET revision = revision + 1;
END""",
        """CREATE TRIGGER sites_revision_delete AFTER DELETE ON sites
WHEN OLD.lat IS NOT NULL
BEGIN
    UPDATE technicians SET revision = revision + 1;
END""",
        """CREATE TRIGGER settings_revision_insert AFTER INSERT ON settings
WHEN NEW.key IN ('business.zone', 'driving.unknown_minutes', 'routing.address')
BEGIN
    UPDATE technicians SET revision = revision + 1;
END""",
        """CREATE TRIGGER settings_revision_update AFTER UPDATE ON settings
WHEN NEW.key IN ('business.zone', 'driving.unknown_minutes', 'routing.address') OR OLD.key IN ('business.zone', 'driving.unknown_minutes', 'routing.address') OR NEW.id <> OLD.id
BEGIN
    UPDATE technicians SET revision = revision + 1;
END""",
        """CREATE TRIGGER settings_revision_delete AFTER DELETE ON settings
WHEN OLD.key IN ('business.zone', 'driving.unknown_minutes', 'routing.address')
BEGIN
    UPDATE technicians SET revision = revision + 1;
END""",
        """CREATE TRIGGER sites_revision_insert_replaced BEFORE INSERT ON sites
WHEN EXISTS (SELECT 1 FROM sites WHERE id = NEW.id AND lat IS NOT NULL)
BEGIN
    UPDATE technicians SET revision = revision + 1;
END""",
        """CREATE TRIGGER settings_revision_insert_replaced BEFORE INSERT ON settings
WHEN EXISTS (SELECT 1 FROM settings WHERE id = NEW.id AND key IN ('business.zone', 'driving.unknown_minutes', 'routing.address'))
BEGIN
    UPDATE technicians SET revision = revision + 1;
END""",
    ),
    'postgresql': (
        'DROP TRIGGER bookings_revision ON bookings',
        'DROP TRIGGER time_off_revision ON time_off',
        'DROP TRIGGER weekly_hours_revision ON weekly_hours',
        'DROP TRIGGER date_overrides_revision ON date_overrides',
        'DROP TRIGGER override_hours_revision ON override_hours',
        'DROP TRIGGER closed_days_revision ON closed_days',
        'DROP TRIGGER sites_revision ON sites',
        'DROP TRIGGER settings_revision ON settings',
        """CREATE OR REPLACE FUNCTION revision_of_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (OLD.technician_id, NEW.technician_id);
    RETURN NULL;
END $$""",
        """CREATE OR REPLACE FUNCTION revision_of_override() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id IN (SELECT technician_id FROM date_overrides WHERE id IN (OLD.date_override_id, NEW.date_override_id));
    RETURN NULL;
END $$""",
        'CREATE TRIGGER bookings_revision AFTER INSERT OR DELETE OR UPDATE OF id, technician_id, site_id, state, starts_at, ends_at, blocks_until, set_up_minutes, clean_up_minutes, travel_started_at, work_started_at, completed_at ON bookings FOR EACH ROW EXECUTE FUNCTION revision_of_one()',
        'CREATE TRIGGER time_off_revision AFTER INSERT OR DELETE OR UPDATE OF id, technician_id, starts_at, ends_at ON time_off FOR EACH ROW EXECUTE FUNCTION revision_of_one()',
        'CREATE TRIGGER weekly_hours_revision AFTER INSERT OR DELETE OR UPDATE OF id, technician_id, weekday, start_minute, end_minute, is_break ON weekly_hours FOR EACH ROW EXECUTE FUNCTION revision_of_one()',
        'CREATE TRIGGER date_overrides_revision AFTER INSERT OR DELETE OR UPDATE OF id, technician_id, day ON date_overrides FOR EACH ROW EXECUTE FUNCTION revision_of_one()',
        'CREATE TRIGGER technician_skills_revision AFTER INSERT OR DELETE OR UPDATE OF id, technician_id, skill_id, level ON technician_skills FOR EACH ROW EXECUTE FUNCTION revision_of_one()',
        'CREATE TRIGGER technician_territories_revision AFTER INSERT OR DELETE OR UPDATE OF id, technician_id, territory_id ON technician_territories FOR EACH ROW EXECUTE FUNCTION revision_of_one()',
        'CREATE TRIGGER override_hours_revision AFTER INSERT OR DELETE OR UPDATE ON override_hours FOR EACH ROW EXECUTE FUNCTION revision_of_override()',
        'CREATE TRIGGER closed_days_revision_insert AFTER INSERT ON closed_days FOR EACH ROW EXECUTE FUNCTION revision_of_all()',
        'CREATE TRIGGER closed_days_revision_update AFTER UPDATE OF id, day ON closed_days FOR EACH ROW EXECUTE FUNCTION revision_of_all()',
        'CREATE TRIGGER closed_days_revision_delete AFTER DELETE ON closed_days FOR EACH ROW EXECUTE FUNCTION revision_of_all()',
        'CREATE TRIGGER sites_revision_insert AFTER INSERT ON sites FOR EACH ROW WHEN (NEW.lat IS NOT NULL) EXECUTE FUNCTION revision_of_all()',
        'CREATE TRIGGER sites_revision_update AFTER UPDATE OF id, lat, lon, postcode, territory_id, ended_at ON sites FOR EACH ROW EXECUTE FUNCTION revision_of_all()',
        'CREATE TRIGGER sites_revision_delete AFTER DELETE ON sites FOR EACH ROW WHEN (OLD.lat IS NOT NULL) EXECUTE FUNCTION revision_of_all()',
        "CREATE TRIGGER settings_revision_insert AFTER INSERT ON settings FOR EACH ROW WHEN (NEW.key IN ('business.zone', 'driving.unknown_minutes', 'routing.address')) EXECUTE FUNCTION revision_of_all()",
        "CREATE TRIGGER settings_revision_update AFTER UPDATE ON settings FOR EACH ROW WHEN (NEW.key IN ('business.zone', 'driving.unknown_minutes', 'routing.address') OR OLD.key IN ('business.zone', 'driving.unknown_minutes', 'routing.address') OR NEW.id <> OLD.id) EXECUTE FUNCTION revision_of_all()",
        "CREATE TRIGGER settings_revision_delete AFTER DELETE ON settings FOR EACH ROW WHEN (OLD.key IN ('business.zone', 'driving.unknown_minutes', 'routing.address')) EXECUTE FUNCTION revision_of_all()",
        'CREATE TRIGGER bookings_revision_truncate AFTER TRUNCATE ON bookings FOR EACH STATEMENT EXECUTE FUNCTION revision_of_all()',
        'CREATE TRIGGER closed_days_revision_truncate AFTER TRUNCATE ON closed_days FOR EACH STATEMENT EXECUTE FUNCTION revision_of_all()',
        'CREATE TRIGGER date_overrides_revision_truncate AFTER TRUNCATE ON date_overrides FOR EACH STATEMENT EXECUTE FUNCTION revision_of_all()',
        'CREATE TRIGGER override_hours_revision_truncate AFTER TRUNCATE ON override_hours FOR EACH STATEMENT EXECUTE FUNCTION revision_of_all()',
        'CREATE TRIGGER settings_revision_truncate AFTER TRUNCATE ON settings FOR EACH STATEMENT EXECUTE FUNCTION revision_of_all()',
        'CREATE TRIGGER sites_revision_truncate AFTER TRUNCATE ON sites FOR EACH STATEMENT EXECUTE FUNCTION revision_of_all()',
        'CREATE TRIGGER technician_skills_revision_truncate AFTER TRUNCATE ON technician_skills FOR EACH STATEMENT EXECUTE FUNCTION revision_of_all()',
        'CREATE TRIGGER technician_territories_revision_truncate AFTER TRUNCATE ON technician_territories FOR EACH STATEMENT EXECUTE FUNCTION revision_of_all()',
        'CREATE TRIGGER time_off_revision_truncate AFTER TRUNCATE ON time_off FOR EACH STATEMENT EXECUTE FUNCTION revision_of_all()',
        'CREATE TRIGGER weekly_hours_revision_truncate AFTER TRUNCATE ON weekly_hours FOR EACH STATEMENT EXECUTE FUNCTION revision_of_all()',
    ),
}


def up(migrator: object, db: Any) -> None:
    engine = 'sqlite' if isinstance(db, SqliteDatabase) else 'postgresql'
    for statement in (*(each.format(**TYPES[engine]) for each in TABLES), *TRIGGERS[engine]):
        db.execute_sql(statement)
