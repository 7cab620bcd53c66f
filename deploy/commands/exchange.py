"""`qorgau exchange`: how this service stands with the others, and what came that could not be taken in."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from nats.errors import Error as NatsError
from rich.console import Console
from rich.table import Table

from deploy.commands.here import Folder, WhichAgency, node_of, refuse, run
from deploy.commands.quarantine import app as quarantine
from deploy.commands.settings import broker_files
from deploy.provision import rewind_once
from shared.adapters.database import WHOLE_NODE, Database
from shared.adapters.settings import Settings
from shared.casework.network.standing import Standing, standings
from shared.contract.errors import SettingsError

app = typer.Typer(no_args_is_help=True, help=__doc__)
app.add_typer(quarantine, name="quarantine")


@app.command()
def status(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: one JSON list.")] = False,
    folder: Folder = None,
    agency: WhichAgency = None,
) -> None:
    """Tell for each other node when it was heard, and what waits: unsent, without a receipt, in quarantine."""

    async def ask(settings: Settings, database: Database) -> list[Standing]:
        async with database.transaction(organisation=WHOLE_NODE) as session:
            return await standings(session, node_of(settings))

    found = run(folder, agency, ask)
    now = datetime.now(UTC)
    if as_json:
        typer.echo(json.dumps([one.as_json(now) for one in found]))
        return
    table = Table("node", "connected", "last heard", "unsent", "oldest", "without receipt", "oldest", "quarantined")
    for one in found:
        unsent = (str(one.unsent), _ago(one.oldest_unsent, now))
        sent = (str(one.unreceipted), _ago(one.oldest_unreceipted, now))
        heard = ("yes" if one.is_connected(now) else "no", _ago(one.last_heard, now) or "never")
        table.add_row(one.node, *heard, *unsent, *sent, str(one.quarantined))
    Console(soft_wrap=True, highlight=False).print(table)


@app.command()
def rewind(
    node: str,
    since: Annotated[datetime, typer.Option(help="When the backup began, or somewhat before (UTC).")],
    url: Annotated[str, typer.Option(envvar="QORGAU_NATS_URL")],
    seed_file: Annotated[Path, typer.Option(envvar="QORGAU_NATS_SEED_FILE", help="The provisioner's.")],
) -> None:
    """Let NODE, whose database was restored, hear once more what was sent to it since then. What it knows stays as is.

    Needed once after a restore, with the provisioner's credentials; `qorgau restore` does it by itself.
    """
    try:
        since_then = since.replace(tzinfo=UTC)
        asyncio.run(rewind_once(url=url, seed_file=seed_file, node=node, since=since_then, tls=broker_files()))
    except SettingsError as error:
        refuse(str(error))
    except (NatsError, OSError, TimeoutError) as error:
        refuse(f"not done: the broker: {type(error).__name__}")
    typer.echo(f"{node} hears everything since {since} UTC once more")


def _ago(at: datetime | None, now: datetime) -> str:
    """How long ago, in the largest unit that tells something."""
    if at is None:
        return ""
    seconds = max(0, int((now - at).total_seconds()))
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit} ago"
    return f"{seconds} s ago"
