"""Wires the house: environment, database, doors, worker; or runs an operator's command."""

import asyncio
import importlib
import pkgutil
import threading
import time

import structlog

import data
from data import reactions
from data.base import changes, database, environment, jobs, keys, upgrade
from data.upkeep import chores
from data.upkeep.lookups import Lookups
from ui import command_line

log = structlog.get_logger()

JOBS_EVERY_SECONDS = 30
LOOKUPS_EVERY_SECONDS = 10


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
    """Wires it, looks at the key, opens the environment's database, brings it to this version, looks for its guards."""
    wire()
    given = environment.current()
    given.data.mkdir(mode=0o700, parents=True, exist_ok=True)  # people's addresses are nobody else's on this machine
    keys.ensure()
    database.open_database(given.database)
    upgrade.upgrade()
    upgrade.check_guards()


def serve() -> None:
    """Opens the doors, and lets worker, jobs and lookups run beside them until the process is told to stop."""
    from nicegui import app, background_tasks  # NiceGUI reads the environment when it is imported

    from mail.worker import Worker
    from ui import routes, serving

    def begin() -> None:
        background_tasks.create(Worker().run(), name='mail worker')
        background_tasks.create(run_jobs(), name='jobs')
        # a daemon: the end of the process does not wait for an answer from outside
        threading.Thread(target=look_things_up, name='lookups', daemon=True).start()

    routes.mount()
    app.on_startup(begin)
    serving.serve(environment.current(), knows=routes.knows)


async def run_jobs() -> None:
    """Looks twice a minute for what the clock starts."""
    while True:
        try:
            await asyncio.to_thread(_run_jobs)
        except Exception:  # a database that is locked, full or away for a while must not end what the clock starts
            log.exception('jobs not readable')
        await asyncio.sleep(JOBS_EVERY_SECONDS)


def _run_jobs() -> None:
    with database.own_connection():
        jobs.run_due()


def look_things_up() -> None:
    """Asks the outside services for what is missing, for as long as the process lives."""
    lookups = Lookups()
    while True:
        try:
            with database.own_connection():
                lookups.look_up()
        except Exception:  # as above; and whatever a service answers must not end what is asked of it
            log.exception('lookups failed')
        time.sleep(LOOKUPS_EVERY_SECONDS)


def main() -> None:
    command_line.doorstep(obj=command_line.House(open=open_house, serve=serve))


if __name__ in {'__main__', '__mp_main__'}:
    main()
