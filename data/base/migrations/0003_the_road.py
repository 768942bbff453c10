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
)
TYPES = {
    'sqlite': {'id': 'INTEGER', 'instant': 'INTEGER', 'degrees': 'REAL', 'yes_no': 'INTEGER'},
    'postgresql': {'id': 'SERIAL', 'instant': 'BIGINT', 'degrees': 'DOUBLE PRECISION', 'yes_no': 'BOOLEAN'},
}
TRIGGERS = {
    'sqlite': (
        'DROP TRIGGER sites_revision_update',
        'DROP TRIGGER settings_revision_insert',
        'DROP TRIGGER settings_revision_update',
        """CREATE TRIGGER technician_skills_revision_insert AFTER INSERT ON technician_skills
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = NEW.technician_id;
END""",
        """CREATE TRIGGER technician_skills_revision_update AFTER UPDATE ON technician_skills
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = OLD.technician_id;
    UPDATE technicians SET revision = revision + 1 WHERE id = NEW.technician_id AND id <> OLD.technician_id;
END""",
        """CREATE TRIGGER technician_skills_revision_delete AFTER DELETE ON technician_skills
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = OLD.technician_id;
END""",
        """CREATE TRIGGER technician_territories_revision_insert AFTER INSERT ON technician_territories
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = NEW.technician_id;
END""",
        """CREATE TRIGGER technician_territories_revision_update AFTER UPDATE ON technician_territories
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = OLD.technician_id;
    UPDATE technicians SET revision = revision + 1 WHERE id = NEW.technician_id AND id <> OLD.technician_id;
END""",
        """CREATE TRIGGER technician_territories_revision_delete AFTER DELETE ON technician_territories
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = OLD.technician_id;
END""",
        """CREATE TRIGGER sites_revision_insert AFTER INSERT ON sites
WHEN NEW.lat IS NOT NULL
BEGIN
    UPDATE technicians SET revision = revision + 1;
END""",
        """CREATE TRIGGER sites_revision_update AFTER UPDATE OF lat, lon, postcode, territory_id, ended_at ON sites
BEGIN
    UPDATE technicians SET revision = revision + 1;
END""",
        """CREATE TRIGGER settings_revision_insert AFTER INSERT ON settings
WHEN NEW.key IN ('business.zone', 'driving.unknown_minutes')
BEGIN
    UPDATE technicians SET revision = revision + 1;
END""",
        """CREATE TRIGGER settings_revision_update AFTER UPDATE ON settings
WHEN NEW.key IN ('business.zone', 'driving.unknown_minutes')
BEGIN
    UPDATE technicians SET revision = revision + 1;
END""",
    ),
    'postgresql': (
        'DROP TRIGGER sites_revision ON sites',
        'DROP TRIGGER settings_revision ON settings',
        'DROP TRIGGER closed_days_revision ON closed_days',
        'CREATE TRIGGER technician_skills_revision AFTER INSERT OR UPDATE OR DELETE ON technician_skills FOR EACH ROW EXECUTE FUNCTION revision_of_one()',
        'CREATE TRIGGER technician_territories_revision AFTER INSERT OR UPDATE OR DELETE ON technician_territories FOR EACH ROW EXECUTE FUNCTION revision_of_one()',
        'CREATE TRIGGER closed_days_revision_insert AFTER INSERT ON closed_days FOR EACH ROW EXECUTE FUNCTION revision_of_all()',
        'CREATE TRIGGER closed_days_revision_update AFTER UPDATE ON closed_days FOR EACH ROW EXECUTE FUNCTION revision_of_all()',
        'CREATE TRIGGER closed_days_revision_delete AFTER DELETE ON closed_days FOR EACH ROW EXECUTE FUNCTION revision_of_all()',
        'CREATE TRIGGER sites_revision_insert AFTER INSERT ON sites FOR EACH ROW WHEN (NEW.lat IS NOT NULL) EXECUTE FUNCTION revision_of_all()',
        'CREATE TRIGGER sites_revision_update AFTER UPDATE OF lat, lon, postcode, territory_id, ended_at ON sites FOR EACH ROW EXECUTE FUNCTION revision_of_all()',
        "CREATE TRIGGER settings_revision_insert AFTER INSERT ON settings FOR EACH ROW WHEN (NEW.key IN ('business.zone', 'driving.unknown_minutes')) EXECUTE FUNCTION revision_of_all()",
        "CREATE TRIGGER settings_revision_update AFTER UPDATE ON settings FOR EACH ROW WHEN (NEW.key IN ('business.zone', 'driving.unknown_minutes')) EXECUTE FUNCTION revision_of_all()",
    ),
}


def up(migrator: object, db: Any) -> None:
    engine = 'sqlite' if isinstance(db, SqliteDatabase) else 'postgresql'
    for statement in (*(each.format(**TYPES[engine]) for each in TABLES), *TRIGGERS[engine]):
        db.execute_sql(statement)
