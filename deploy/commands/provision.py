"""Streams and consumers of the broker."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deploy.provision import provision_for_ever, provision_once
from shared.adapters.jetstream import BrokerTooOld
from shared.contract.vocabulary import Agency

console = Console()


def provision(
    url: Annotated[str, typer.Option(envvar="QORGAU_NATS_URL")],
    seed_file: Annotated[Path, typer.Option(envvar="QORGAU_NATS_SEED_FILE")],
    once: Annotated[bool, typer.Option("--once", help="Do it once; exit with an error if it fails.")] = False,
    replicas: Annotated[int, typer.Option(envvar="QORGAU_NATS_REPLICAS", help="3 in a cluster of three.")] = 1,
) -> None:
    """Create streams and consumers that are missing, at start and at intervals. Runs until stopped."""
    work = provision_once if once else provision_for_ever
    try:
        asyncio.run(work(url=url, seed_file=seed_file, nodes=[a.value for a in Agency], replicas=replicas))
    except BrokerTooOld as error:
        console.print(str(error), style="red")
        raise typer.Exit(1) from None
