"""The story of one case, on a network of its own."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deploy.demo.run import run_demo

console = Console()


def demo(
    folder: Annotated[
        Path | None, typer.Option(help="Keep data and logs here instead of a folder that is removed.")
    ] = None,
    break_broker: Annotated[
        bool, typer.Option(help="Kill the broker in the middle, wipe its disk, start it again.")
    ] = False,
) -> None:
    """Play a case across the four agencies, and tell it. Exits with 1 if any step did not happen."""
    raise typer.Exit(asyncio.run(run_demo(console, folder, break_broker=break_broker)))
