"""Raises technicians.revision, by trigger, on every write that decides about free times: masks know their age by it."""

OF_ONE = (  # tables with a technician_id
    'bookings',
    'time_off',
    'weekly_hours',
    'date_overrides',
    'technician_skills',
    'technician_territories',
)
OF_ALL = (  # what concerns every technician: table, event, condition on the row, in both engines' words
    ('closed_days', 'INSERT', ''),
    ('closed_days', 'UPDATE', ''),
    ('closed_days', 'DELETE', ''),
    # a site that has a place stands in for its neighbours that have none
    ('sites', 'INSERT', 'NEW.lat IS NOT NULL'),
    ('sites', 'UPDATE OF lat, lon, postcode, territory_id, ended_at', ''),
    ('settings', 'INSERT', "NEW.key IN ('business.zone', 'driving.unknown_minutes')"),
    ('settings', 'UPDATE', "NEW.key IN ('business.zone', 'driving.unknown_minutes')"),
)
HOME = 'home_lat, home_lon, radius_km'
_ALL = 'UPDATE technicians SET revision = revision + 1'


def _one(row: str) -> str:
    return f'{_ALL} WHERE id = {row}.technician_id'


def _sqlite() -> list[str]:
    statements = []
    for table in OF_ONE:
        for event, body in (
            ('INSERT', [_one('NEW')]),
            ('UPDATE', [_one('OLD'), f'{_one("NEW")} AND id <> OLD.technician_id']),
            ('DELETE', [_one('OLD')]),
        ):
            statements.append(_trigger(table, event, body))
    for event, row in (('INSERT', 'NEW'), ('UPDATE', 'NEW'), ('DELETE', 'OLD')):
        owner = f'(SELECT technician_id FROM date_overrides WHERE id = {row}.date_override_id)'  # noqa: S608  # our own
        statements.append(_trigger('override_hours', event, [f'{_ALL} WHERE id = {owner}']))
    statements += [_trigger(table, event, [_ALL], when=when) for table, event, when in OF_ALL]
    statements.append(_trigger('technicians', f'UPDATE OF {HOME}', [f'{_ALL} WHERE id = NEW.id']))
    return statements


def _trigger(table: str, event: str, body: list[str], when: str = '') -> str:
    condition = f'\nWHEN {when}' if when else ''
    lines = '\n'.join(f'    {line};' for line in body)
    return f'CREATE TRIGGER {_name(table, event)} AFTER {event} ON {table}{condition}\nBEGIN\n{lines}\nEND'


def _postgresql() -> list[str]:
    one = """CREATE FUNCTION revision_of_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE technicians SET revision = revision + 1 WHERE id = OLD.technician_id;
    END IF;
    IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.technician_id <> OLD.technician_id) THEN
        UPDATE technicians SET revision = revision + 1 WHERE id = NEW.technician_id;
    END IF;
    RETURN NULL;
END $$"""
    override = """CREATE FUNCTION revision_of_override() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE technicians SET revision = revision + 1 WHERE id = (
        SELECT technician_id FROM date_overrides
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.date_override_id ELSE NEW.date_override_id END
    );
    RETURN NULL;
END $$"""
    everybody = """CREATE FUNCTION revision_of_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE technicians SET revision = revision + 1;
    RETURN NULL;
END $$"""
    home = """CREATE FUNCTION revision_of_home() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := OLD.revision + 1;
    RETURN NEW;
END $$"""
    any_write = 'INSERT OR UPDATE OR DELETE'
    return [
        one,
        override,
        everybody,
        home,
        *(_for_each_row(f'{table}_revision', table, any_write, 'revision_of_one') for table in OF_ONE),
        _for_each_row('override_hours_revision', 'override_hours', any_write, 'revision_of_override'),
        *(
            _for_each_row(_name(table, event), table, event, 'revision_of_all', when=when)
            for table, event, when in OF_ALL
        ),
        _for_each_row('technicians_revision', 'technicians', f'UPDATE OF {HOME}', 'revision_of_home', at='BEFORE'),
    ]


def _for_each_row(name: str, table: str, event: str, function: str, *, when: str = '', at: str = 'AFTER') -> str:
    condition = f' WHEN ({when})' if when else ''
    where = f'{table} FOR EACH ROW{condition}'
    return f'CREATE TRIGGER {name} {at} {event} ON {where} EXECUTE FUNCTION {function}()'


def _name(table: str, event: str) -> str:
    return f'{table}_revision_{event.split(maxsplit=1)[0].lower()}'


STATEMENTS = {'sqlite': _sqlite(), 'postgresql': _postgresql()}
