"""Sites may lie in a territory."""

from typing import Any

from peewee import SqliteDatabase

SQLITE = (
    """CREATE TABLE territories (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    ended_at INTEGER,
    version INTEGER NOT NULL
)""",
    'ALTER TABLE sites ADD COLUMN territory_id INTEGER REFERENCES territories (id) ON DELETE RESTRICT',
    'CREATE INDEX sites_territory_id ON sites (territory_id)',
)
POSTGRESQL = (
    """CREATE TABLE territories (
    id SERIAL NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    ended_at BIGINT,
    version INTEGER NOT NULL
)""",
    'ALTER TABLE sites ADD COLUMN territory_id INTEGER REFERENCES territories (id) ON DELETE RESTRICT',
    'CREATE INDEX sites_territory_id ON sites (territory_id)',
)


def up(migrator: object, db: Any) -> None:
    for statement in SQLITE if isinstance(db, SqliteDatabase) else POSTGRESQL:
        db.execute_sql(statement)
