"""The operator's commands: `doorstep serve`, `setup-link`, `migrate`, `demo`."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from data.base import environment, logs
from data.base.upgrade import DatabaseTooNew, GuardMissing


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
    try:
        environment.load(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as wrong:
        raise click.ClickException(_explained(wrong)) from wrong
    # NiceGUI reads it when it is imported, which happens after this
    os.environ['NICEGUI_STORAGE_PATH'] = str(environment.current().data.absolute() / 'nicegui')
    if context.invoked_subcommand is None:
        context.invoke(serve)


@doorstep.command()
@click.pass_obj
def serve(house: House) -> None:
    """Start the portal (the default)."""
    _opened(house)
    _welcome()
    house.serve()


@doorstep.command('setup-link')
@click.pass_obj
def setup_link(house: House) -> None:
    """Print a link to set up the business, or to sign in as its owner."""
    from data.upkeep import owner_links, set_up  # rooms are opened after the environment is known

    _opened(house)
    token = set_up.first_link()
    way = f'/setup/{token}' if token else f'/sign-in/{owner_links.make()}'
    click.echo(environment.current().address + way)


@doorstep.command()
@click.pass_obj
def migrate(house: House) -> None:
    """Bring the database to this version."""
    _opened(house)
    click.echo('The database is up to date.')


@doorstep.command()
@click.pass_obj
def demo(house: House) -> None:
    """Fill a fresh data folder with an example company and start the portal."""
    from data.upkeep import demo as example

    _opened(house)
    for line in example.ensure():
        click.echo(line)
    house.serve()


def _opened(house: House) -> None:
    try:
        house.open()
    except (DatabaseTooNew, GuardMissing, OSError) as trouble:
        raise click.ClickException(str(trouble)) from trouble


def _welcome() -> None:
    from data.upkeep import set_up

    address = environment.current().address
    click.echo(f'Doorstep runs at {address}')
    if token := set_up.first_link():
        click.echo(f'Set up your business: {address}/setup/{token}')


def _explained(wrong: ValidationError) -> str:
    return '\n'.join(f'DOORSTEP_{"_".join(map(str, each["loc"])).upper()}: {each["msg"]}' for each in wrong.errors())
