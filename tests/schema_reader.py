"""What the open database enforces, as one set of lines: two schemas are the same when their sets are."""

import re
from typing import Any

from data.base.database import database, engine, is_postgresql

TABLES = {
    'sqlite': "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'schema_migration'",
    'postgresql': "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_migration'",
}
POSTGRESQL = (  # each gives: of what, name, definition
    """SELECT table_name, column_name,
    concat_ws(' ', data_type, is_nullable, column_default, collation_name, is_generated)
    FROM information_schema.columns WHERE table_schema = 'public'""",
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0""",
    """SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'""",
    """SELECT tgrelid::regclass::text, tgname, concat(tgenabled, ' ', pg_get_triggerdef(oid))
    FROM pg_trigger WHERE NOT tgisinternal""",
    """SELECT 'function', proname, pg_get_functiondef(oid)
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
    AND oid NOT IN (SELECT objid FROM pg_depend WHERE deptype = 'e')""",
    """SELECT 'extension', extname, '' FROM pg_extension""",
    """SELECT 'view', viewname, definition FROM pg_views WHERE schemaname = 'public'
    AND viewname NOT IN (SELECT relname FROM pg_class JOIN pg_depend ON objid = pg_class.oid WHERE deptype = 'e')""",
)
CLAUSE = re.compile(r'\b(COLLATE \w+|AUTOINCREMENT|GENERATED ALWAYS.*)', re.IGNORECASE)


def read_schema() -> set[str]:
    """One line for each column, check, foreign key, index, trigger, function and option; order does not matter."""
    return _of_postgresql() if is_postgresql() else _of_sqlite()


def tables() -> list[str]:
    """Every table of ours, by name."""
    return sorted(name for (name,) in _rows(TABLES[engine()]))


def checks_in(create_table: str) -> list[str]:
    """The conditions of a CREATE TABLE's CHECKs."""
    return [_enclosed(create_table, found.end() - 1) for found in re.finditer(r'\bCHECK\s*\(', create_table)]


def _of_sqlite() -> set[str]:
    lines: set[str] = set()
    for table in tables():
        (sql,) = _rows('SELECT sql FROM sqlite_master WHERE name = ?', table)[0]
        lines |= {f'{table}: option {sql.rpartition(")")[2].strip()}'}
        lines |= {f'{table}: check {_plain(check)}' for check in checks_in(sql)}
        lines |= {f'{table}: clause {_plain(clause)}' for clause in CLAUSE.findall(sql)}
        for _, name, kind, not_null, default, key, hidden in _rows(f'PRAGMA table_xinfo({table})'):
            lines.add(f'{table}.{name}: {kind} not null {not_null} default {default} key {key} hidden {hidden}')
        for row in _rows(f'PRAGMA foreign_key_list({table})'):
            lines.add(f'{table}.{row[3]}: references {row[2]}.{row[4]} on update {row[5]} on delete {row[6]}')
        for _, name, is_unique, origin, is_partial in _rows(f'PRAGMA index_list({table})'):
            lines.add(f'{table}: index {name} unique {is_unique} by {origin} partial {is_partial} {_index(name)}')
    for name, sql in _rows("SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"):
        lines.add(f'{name}: {_plain(sql)}')
    return lines


def _index(name: str) -> str:
    columns = [row[2:5] for row in _rows(f'PRAGMA index_xinfo({name})') if row[5]]
    sql = (_rows('SELECT sql FROM sqlite_master WHERE name = ?', name)[0][0] or '').replace('\n', ' ')
    return f'{columns} where {_plain(sql.partition(" WHERE ")[2])}'


def _of_postgresql() -> set[str]:
    found = [row for query in POSTGRESQL for row in _rows(query)]
    return {f'{of}: {name} {_plain(definition)}' for of, name, definition in found if of != 'schema_migration'}


def _plain(sql: str) -> str:
    """Without what means nothing: line breaks, runs of spaces, quotes around names."""
    return ' '.join(sql.replace('"', '').split())


def _enclosed(text: str, start: int) -> str:
    """What the bracket at `start` encloses; brackets inside quotes do not count."""
    depth, is_quoted = 0, False
    for place in range(start, len(text)):
        sign = text[place]
        is_quoted ^= sign == "'"
        if not is_quoted:
            depth += {'(': 1, ')': -1}.get(sign, 0)
            if depth == 0:
                return text[start + 1 : place]
    raise ValueError(f'a bracket is not closed: {text}')


def _rows(sql: str, *values: object) -> list[tuple[Any, ...]]:
    return list(database.execute_sql(sql, values or None).fetchall())
