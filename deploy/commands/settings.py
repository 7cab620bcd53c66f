"""The settings of a command that does something to one service, or to the broker that all share."""

import os
from pathlib import Path

import typer
from pydantic import ValidationError
from rich.console import Console

from shared.adapters.broker_tls import TlsFiles
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


def broker_files() -> TlsFiles:
    """The files for TLS to the broker in the environment, of a command that is no service's: QORGAU_NATS_…_FILE."""
    ca, certificate, key = (os.environ.get(f"QORGAU_NATS_{name}_FILE") for name in ("CA", "CERT", "KEY"))
    return TlsFiles(*(Path(one) if one else None for one in (ca, certificate, key)))
