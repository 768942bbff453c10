"""Wires the house: environment, database, doors, worker; or runs an operator's command."""

import importlib
import pkgutil

import data
from data import reactions
from data.base import changes, database, environment, jobs, upgrade
from data.upkeep import chores
from data.visits import guard


def wire() -> None:
    """Lets every consequence follow its change, anew: the program, the operator's commands and the tests call it."""
    changes.forget_all()
    jobs.forget_all()
    import_rooms()
    reactions.register()
    chores.declare()


def import_rooms() -> None:
    """Every module of data/, so that all tables are known; importing one does nothing else."""
    for module in pkgutil.walk_packages(data.__path__, 'data.'):
        if '.migrations' not in module.name:
            importlib.import_module(module.name)


def open_house() -> None:
    """Opens the database of the environment, brings it to this version and looks for the guard."""
    given = environment.current()
    given.data.mkdir(parents=True, exist_ok=True)
    database.open_database(given.database)
    upgrade.upgrade()
    upgrade.check_guard(guard.NAMES)


def main() -> None:
    from ui import command_line  # NiceGUI reads the environment when it is imported

    command_line.run()


if __name__ in {'__main__', '__mp_main__'}:
    main()
