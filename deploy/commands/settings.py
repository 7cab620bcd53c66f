"""The settings of a command that does something to one service."""

import typer
from pydantic import ValidationError
from rich.console import Console

from shared.adapters.settings import Settings, load
from shared.contract.errors import SettingsError

console = Console()


def settings_or_exit() -> Settings:
    """The settings in the environment; where some are missing or wrong, says which, and exits with 1."""
    try:
        return load()
    except ValidationError as error:
        for fault in error.errors():
            console.print(f"QORGAU_{str(fault['loc'][0]).upper()}: {fault['msg']}", style="red")
    except SettingsError as error:
        console.print(str(error), style="red")
    raise typer.Exit(1)
