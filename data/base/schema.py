"""The schema that the code declares: every table with its checks, indexes and triggers, for both engines."""

from data.base.database import database, engine
from data.base.table import Table


def tables() -> list[type[Table]]:
    """All tables of the modules that were imported; main imports every room before it asks."""
    return sorted(_below(Table), key=lambda table: table.table_name())


def create() -> None:
    """Makes what the code declares in an empty database: the aim that tests compare the migrations with."""
    database.create_tables(tables(), safe=False)
    for table in tables():
        for statement in table.statements.get(engine(), []):
            database.execute_sql(statement)


def _below(base: type[Table]) -> list[type[Table]]:
    direct = base.__subclasses__()
    return direct + [deeper for each in direct for deeper in _below(each)]
