"""The whole network on this machine: run it, or delete what it kept."""

import asyncio
import shutil
import signal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deploy.commands.home import HOME, Home
from deploy.embedded.postgres import Postgres
from deploy.embedded.processes import StartFailed
from deploy.enrol import Enrolment
from deploy.network import Network, Options, sample_organisations
from shared.contract.vocabulary import Agency

console = Console()


def up(
    folder: Home = HOME,
    port: Annotated[int, typer.Option(help="First of five ports, the last for the issuer; 0 takes free ones.")] = 8001,
) -> None:
    """Run the whole network on this machine until Ctrl-C. The next start finds its data again."""
    try:
        asyncio.run(_up(folder, port))
    except StartFailed as error:
        console.print(f"[red]{error}[/red]")
        raise typer.Exit(1) from None


async def _up(folder: Path, port: int) -> None:
    known = {one.id: one for one in (*sample_organisations(), *Enrolment(folder).hosted())}  # with what was imported
    organisations = list(known.values())
    network = Network(folder, organisations, Options(first_port=port, forked=True))
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    try:
        await network.start(lambda what: console.print(f"starting {what} …"))
        for agency in Agency:
            console.print(f"[bold]{agency.value:8}[/bold] {network.url(agency)}/docs")
            for organisation in (o for o in organisations if o.agency is agency):
                console.print(f"           qorgau token {organisation.id:24} {organisation.name_en}", highlight=False)
        console.print("The command behind an organisation prints a token for it. Ctrl-C stops all of it.")
        await stop.wait()
    finally:
        console.print("stopping …")
        await network.stop()


def remove(folder: Home = HOME) -> None:
    """Delete the keys and the data of a network that `up` made, for good."""
    Postgres(folder).remove()
    shutil.rmtree(folder, ignore_errors=True)
