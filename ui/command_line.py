"""The operator's commands: `doorstep serve`, `setup-link`, `migrate`, `demo`."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from data.base import environment, logs
from data.base.database import DatabaseUnusable
from data.base.keys import KeyDamaged
from data.base.refusals import Refusal
from data.base.upgrade import DatabaseTooNew, GuardMissing
from data.base.words import Words


@dataclass(frozen=True)
class House:
    """What main can do for a command."""

    open: Callable[[], None]
    serve: Callable[[], None]


@click.group(invoke_without_command=True)
@click.option('--data', type=click.Path(path_type=Path), help='The data folder (DOORSTEP_DATA).')
@click.option('--port', type=int, help='The port to listen on (DOORSTEP_PORT).')
@click.option('--insecure-lan', is_flag=True, help='Sign in without https, on a network that you trust.')
@click.pass_context
def doorstep(context: click.Context, data: Path | None, port: int | None, *, insecure_lan: bool) -> None:
    """Doorstep: a portal for a business that sends technicians to its customers."""
    logs.start()
    given: dict[str, Any] = {'data': data, 'port': port, 'insecure_lan': insecure_lan or None}
    with _trouble_told():
        environment.load(**{name: value for name, value in given.items() if value is not None})
    # NiceGUI reads it when it is imported, which happens after this
    os.environ['NICEGUI_STORAGE_PATH'] = str(environment.current().data.absolute() / 'nicegui')
    if context.invoked_subcommand is None:
        context.invoke(serve)


@doorstep.command()
@click.pass_obj
def serve(house: House) -> None:
    """Start the portal (the default)."""
    with _trouble_told():
        house.open()
        _welcome()
    house.serve()


@doorstep.command('setup-link')
@click.pass_obj
def setup_link(house: House) -> None:
    """Print a link to set up the business, or to sign in as its owner."""
    from data.upkeep import owner_links, set_up  # rooms are opened after the environment is known

    with _trouble_told():
        house.open()
        token = set_up.first_link()
        way = f'/setup/{token}' if token else f'/sign-in/{owner_links.make()}'
    click.echo(environment.current().address + way)


@doorstep.command()
@click.pass_obj
def migrate(house: House) -> None:
    """Bring the database to this version."""
    with _trouble_told():
        house.open()
    click.echo('The database is up to date.')


@doorstep.command()
@click.pass_obj
def demo(house: House) -> None:
    """Fill a fresh data folder with an example company and start the portal."""
    from data.upkeep import demo as example

    with _trouble_told():
        house.open()
        lines = example.ensure()
    for line in lines:
        click.echo(line)
    house.serve()


@contextmanager
def _trouble_told() -> Iterator[None]:
    """What the operator can put right is one sentence, without a traceback."""
    try:
        yield
    except ValidationError as wrong:
        raise click.ClickException(_explained(wrong)) from wrong
    except (DatabaseTooNew, DatabaseUnusable, GuardMissing, KeyDamaged) as trouble:
        raise click.ClickException(str(trouble)) from trouble
    except OSError as trouble:
        what, why = trouble.filename or 'The data folder', trouble.strerror or trouble
        raise click.ClickException(f'{what} cannot be used: {why}.') from trouble
    except Refusal as refusal:  # the disk is full, or another process writes
        raise click.ClickException(Words().refusal(refusal)) from refusal


def _welcome() -> None:
    from data.upkeep import set_up

    address = environment.current().address
    click.echo(f'Doorstep runs at {address}')
    if token := set_up.first_link():
        click.echo(f'Set up your business: {address}/setup/{token}')


def _explained(wrong: ValidationError) -> str:
    return '\n'.join(f'{_variable(each["loc"])}: {_problem(each["msg"])}.' for each in wrong.errors())


def _variable(place: tuple[int | str, ...]) -> str:
    return 'DOORSTEP_' + '_'.join(map(str, place)).upper().removeprefix('DOORSTEP_')


def _problem(pydantics: str) -> str:
    return pydantics.removeprefix('Value error, ')
