"""What a network that runs elsewhere starts with."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deploy.commands.home import HOME, Home
from deploy.compose import write
from deploy.network import sample_organisations
from shared.casework.directory.hosted import read_file

console = Console()


def init(
    folder: Home = HOME,
    store: Annotated[str, typer.Option(help="Where the broker keeps its data.")] = "/data",
    tls: Annotated[Path | None, typer.Option(help="The broker's folder with ca.pem, cert.pem and key.pem.")] = None,
    organisations: Annotated[Path | None, typer.Option(help="A JSON list; sample organisations otherwise.")] = None,
) -> None:
    """Write keys, trust list, broker configuration and organisations for a network that runs elsewhere (compose)."""
    chosen = read_file(organisations) if organisations else sample_organisations()
    write(folder, chosen, store=Path(store), tls=tls)
    console.print(f"wrote {folder}")
