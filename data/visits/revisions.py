"""Raises technicians.revision, by trigger, on every write that decides about free times: masks know their age by it."""

OF_ONE = ('bookings', 'time_off', 'weekly_hours', 'date_overrides')  # tables with a technician_id
OF_ALL = {  # what concerns every technician: table → condition on the row, in both engines' words
    'closed_days': ('INSERT', 'UPDATE', 'DELETE'),
    'sites': ('UPDATE OF lat, lon',),
}
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
    for table, events in OF_ALL.items():
        statements += [_trigger(table, event, [_ALL]) for event in events]
    for event in ('INSERT', 'UPDATE'):
        statements.append(_trigger('settings', event, [_ALL], when="NEW.key = 'business.zone'"))
    statements.append(_trigger('technicians', 'UPDATE OF home_lat, home_lon, radius_km', [f'{_ALL} WHERE id = NEW.id']))
    return statements


def _trigger(table: str, event: str, body: list[str], when: str = '') -> str:
    name = f'{table}_revision_{event.split(maxsplit=1)[0].lower()}'
    condition = f'\nWHEN {when}' if when else ''
    lines = '\n'.join(f'    {line};' for line in body)
    return f'CREATE TRIGGER {name} AFTER {event} ON {table}{condition}\nBEGIN\n{lines}\nEND'


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
        *(_for_each_row(table, any_write, 'revision_of_one') for table in OF_ONE),
        _for_each_row('override_hours', any_write, 'revision_of_override'),
        *(_for_each_row(table, ' OR '.join(events), 'revision_of_all') for table, events in OF_ALL.items()),
        _for_each_row('settings', 'INSERT OR UPDATE', 'revision_of_all', when="NEW.key = 'business.zone'"),
        _for_each_row('technicians', 'UPDATE OF home_lat, home_lon, radius_km', 'revision_of_home', at='BEFORE'),
    ]


def _for_each_row(table: str, event: str, function: str, *, when: str = '', at: str = 'AFTER') -> str:
    condition = f' WHEN ({when})' if when else ''
    where = f'{table} FOR EACH ROW{condition}'
    return f'CREATE TRIGGER {table}_revision {at} {event} ON {where} EXECUTE FUNCTION {function}()'


STATEMENTS = {'sqlite': _sqlite(), 'postgresql': _postgresql()}
