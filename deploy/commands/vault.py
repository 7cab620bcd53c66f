"""The keys that wrap an agency's data keys."""

import asyncio

import typer
from rich.console import Console

from deploy.commands.settings import settings_or_exit
from shared.adapters.database import open_database
from shared.adapters.keyring import rewrap_all
from shared.adapters.wrapping import new_keys
from shared.adapters.wrapping_program import read_wrapping

console = Console()


def rewrap_keys() -> None:
    """Wrap this agency's data keys under the current key of QORGAU_VAULT_KEYS; then older ones can be removed."""
    settings = settings_or_exit()
    count = asyncio.run(rewrap_all(open_database(settings, keys=read_wrapping(settings.vault_keys))))
    console.print(f"{count} keys wrapped anew")


def new_vault_key(kid: str) -> None:
    """Print a key set with one new key, to put first in the file or store that QORGAU_VAULT_KEYS names."""
    typer.echo(new_keys(kid))
