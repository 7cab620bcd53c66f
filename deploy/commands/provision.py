"""Streams and consumers of the broker."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deploy.commands.settings import broker_files
from deploy.provision import provision_for_ever, provision_once
from shared.adapters.jetstream import BrokerTooOld
from shared.contract.errors import SettingsError
from shared.contract.vocabulary import Agency

console = Console()


def provision(
    url: Annotated[str, typer.Option(envvar="QORGAU_NATS_URL")],
    seed_file: Annotated[Path, typer.Option(envvar="QORGAU_NATS_SEED_FILE")],
    once: Annotated[bool, typer.Option("--once", help="Do it once; exit with an error if it fails.")] = False,
    replicas: Annotated[int, typer.Option(envvar="QORGAU_NATS_REPLICAS", help="3 in a cluster of three.")] = 1,
) -> None:
    """Create streams and consumers that are missing, at start and at intervals. Runs until stopped.

    TLS as a service has it: QORGAU_NATS_CA_FILE, QORGAU_NATS_CERT_FILE, QORGAU_NATS_KEY_FILE.
    """
    work = provision_once if once else provision_for_ever
    try:
        nodes = [agency.value for agency in Agency]
        asyncio.run(work(url=url, seed_file=seed_file, nodes=nodes, replicas=replicas, tls=broker_files()))
    except (BrokerTooOld, SettingsError) as error:
        console.print(str(error), style="red")
        raise typer.Exit(1) from None
