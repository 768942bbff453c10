"""Raises technicians.revision, by trigger, on every write that decides about free times: masks know their age by it.

It may rise for nothing, as where INSERT OR IGNORE meets a row that is there; it never stays where something changed.
"""

OF_ONE = {  # tables with a technician_id, and which of their columns decide
    'bookings': (
        'id, technician_id, site_id, state, starts_at, ends_at, blocks_until, set_up_minutes, clean_up_minutes, '
        'travel_started_at, work_started_at, completed_at'
    ),
    'time_off': 'id, technician_id, starts_at, ends_at',
    'weekly_hours': 'id, technician_id, weekday, start_minute, end_minute, is_break',
    'date_overrides': 'id, technician_id, day',
    'technician_skills': 'id, technician_id, skill_id, level',
    'technician_territories': 'id, technician_id, territory_id',
}
_DECIDES = "IN ('business.zone', 'driving.unknown_minutes', 'routing.address')"
OF_ALL = (  # what concerns every technician: table, event, condition on the row, in both engines' words
    ('closed_days', 'INSERT', ''),
    ('closed_days', 'UPDATE OF id, day', ''),
    ('closed_days', 'DELETE', ''),
    # a site that has a place stands in for its neighbours that have none
    ('sites', 'INSERT', 'NEW.lat IS NOT NULL'),
    ('sites', 'UPDATE OF id, lat, lon, postcode, territory_id, ended_at', ''),
    ('sites', 'DELETE', 'OLD.lat IS NOT NULL'),
    ('settings', 'INSERT', f'NEW.key {_DECIDES}'),
    ('settings', 'UPDATE', f'NEW.key {_DECIDES} OR OLD.key {_DECIDES} OR NEW.id <> OLD.id'),
    ('settings', 'DELETE', f'OLD.key {_DECIDES}'),
)
HOME = 'home_lat, home_lon, radius_km'
_ALL = 'UPDATE technicians SET revision = revision + 1'
_OF_THE_ROW = {'INSERT': '(NEW.{})', 'UPDATE': '(OLD.{0}, NEW.{0})', 'DELETE': '(OLD.{})'}


def _sqlite() -> list[str]:
    statements = []
    for table, columns in OF_ONE.items():
        for event, rows in _OF_THE_ROW.items():
            changed = f'UPDATE OF {columns}' if event == 'UPDATE' else event
            statements.append(_trigger(table, changed, f'{_ALL} WHERE id IN {rows.format("technician_id")}'))
        statements += _replaced(table, f'{_ALL} WHERE id IN (SELECT technician_id FROM {table} WHERE {{}})')  # noqa: S608  # our own
    for event, rows in _OF_THE_ROW.items():
        statements.append(_trigger('override_hours', event, _of_override(rows.format('date_override_id'))))
    of_replaced = '(SELECT date_override_id FROM override_hours WHERE {})'
    statements += _replaced('override_hours', _of_override(of_replaced))
    statements += [_trigger(table, event, _ALL, when=when) for table, event, when in OF_ALL]
    for table, decides in (('sites', 'lat IS NOT NULL'), ('settings', f'key {_DECIDES}')):
        there = f'EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id AND {decides})'  # noqa: S608  # our own
        statements.append(_trigger(table, 'INSERT', _ALL, when=there, at='BEFORE'))
    statements.append(_trigger('technicians', f'UPDATE OF {HOME}', f'{_ALL} WHERE id = NEW.id'))
    return statements


def _of_override(ids: str) -> str:
    return f'{_ALL} WHERE id IN (SELECT technician_id FROM date_overrides WHERE id IN {ids})'  # noqa: S608  # our own


def _replaced(table: str, body: str) -> list[str]:
    """For OR REPLACE, which deletes rows that are in its way without asking triggers of DELETE.

    What is unique but holds the technician itself needs none: theirs rises with the row that is written.
    """
    keys = ['id', 'uid'] if table == 'bookings' else ['id']
    same = ' OR '.join(f'{key} = NEW.{key}' for key in keys)
    return [
        _trigger(table, 'INSERT', body.format(same), at='BEFORE'),
        _trigger(table, f'UPDATE OF {", ".join(keys)}', body.format(f'({same}) AND id <> OLD.id'), at='BEFORE'),
    ]


def _trigger(table: str, event: str, body: str, *, when: str = '', at: str = 'AFTER') -> str:
    name = _name(table, event) if at == 'AFTER' else f'{_name(table, event)}_replaced'
    condition = f'\nWHEN {when}' if when else ''
    return f'CREATE TRIGGER {name} {at} {event} ON {table}{condition}\nBEGIN\n    {body};\nEND'


def _postgresql() -> list[str]:
    # OLD is null in INSERT, NEW in DELETE
    one = f'{_ALL} WHERE id IN (OLD.technician_id, NEW.technician_id)'
    override = _of_override('(OLD.date_override_id, NEW.date_override_id)')
    any_write = 'INSERT OR DELETE OR UPDATE'
    tables = sorted({*OF_ONE, 'override_hours', *(table for table, _, _ in OF_ALL)})
    return [
        _function('revision_of_one', f'{one};\n    RETURN NULL;'),
        _function('revision_of_override', f'{override};\n    RETURN NULL;'),
        _function('revision_of_all', f'{_ALL};\n    RETURN NULL;'),
        _function('revision_of_home', 'NEW.revision := OLD.revision + 1;\n    RETURN NEW;'),
        *(
            _for_each_row(f'{table}_revision', table, f'{any_write} OF {columns}', 'revision_of_one')
            for table, columns in OF_ONE.items()
        ),
        _for_each_row('override_hours_revision', 'override_hours', any_write, 'revision_of_override'),
        *(
            _for_each_row(_name(table, event), table, event, 'revision_of_all', when=when)
            for table, event, when in OF_ALL
        ),
        _for_each_row('technicians_revision', 'technicians', f'UPDATE OF {HOME}', 'revision_of_home', at='BEFORE'),
        *(
            f'CREATE TRIGGER {table}_revision_truncate AFTER TRUNCATE ON {table} '
            'FOR EACH STATEMENT EXECUTE FUNCTION revision_of_all()'
            for table in tables
        ),
    ]


def _function(name: str, body: str) -> str:
    return f'CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n    {body}\nEND $$'


def _for_each_row(name: str, table: str, event: str, function: str, *, when: str = '', at: str = 'AFTER') -> str:
    condition = f' WHEN ({when})' if when else ''
    where = f'{table} FOR EACH ROW{condition}'
    return f'CREATE TRIGGER {name} {at} {event} ON {where} EXECUTE FUNCTION {function}()'


def _name(table: str, event: str) -> str:
    return f'{table}_revision_{event.split(maxsplit=1)[0].lower()}'


STATEMENTS = {'sqlite': _sqlite(), 'postgresql': _postgresql()}
