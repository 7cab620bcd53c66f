"""`qorgau exchange quarantine`: what could not be taken in, and what to do about it.

Nothing that a message says is ever shown. Exit codes: 0 done, 1 not done with a reason, 2 wrong usage.
"""

from datetime import UTC
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Column, Table

from deploy.commands.here import Folder, WhichAgency, inbox_of, node_of, refuse, run
from shared.adapters import quarantine as store
from shared.adapters.database import WHOLE_NODE, Database
from shared.adapters.quarantine import Operator, Why
from shared.adapters.replay import NONE, Replayed, replay
from shared.adapters.settings import Settings
from shared.adapters.tables import Quarantined
from shared.casework.app import now_in_utc
from shared.contract.errors import VaultError

app = typer.Typer(no_args_is_help=True, help=__doc__)
console = Console(soft_wrap=True, highlight=False)
By = Annotated[str, typer.Option("--by", help="Who does it: goes into the record.", envvar="USER")]


@app.command("list")
def list_(
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what was taken in, refused or dropped since.")
    ] = False,
    folder: Folder = None,
    agency: WhichAgency = None,
) -> None:
    """List what is in quarantine, oldest first: since when, how often it came, from whom, and why it is kept."""

    async def rows(_: Settings, database: Database) -> list[Quarantined]:
        async with database.transaction(organisation=WHOLE_NODE) as session:
            return list(await store.kept(session, everything=everything))

    found = run(folder, agency, rows)
    table = Table(Column("id", no_wrap=True), "first", "last", "times", "sender", "subject", "reason", "state")
    for row in found:
        moments = (_moment(row, first=True), _moment(row, first=False))
        table.add_row(str(row.id), *moments, str(row.times), sender(row), row.source_subject, row.reason, row.state)
    console.print(table if found else "nothing is in quarantine")


@app.command()
def show(quarantine_id: UUID, folder: Folder = None, agency: WhichAgency = None) -> None:
    """Show what is known of one message, and never what it says."""

    async def about(_: Settings, database: Database) -> dict[str, str]:
        async with database.transaction(organisation=WHOLE_NODE) as session:
            row = await store.get(session, quarantine_id)
            if row is None:
                refuse(NONE)
            try:
                message = await store.message_of(session, row)
            except VaultError:
                message = None
            return _about(row, None if message is None else len(message.data))

    for name, value in run(folder, agency, about).items():
        console.print(f"{name:16} {value}", markup=False)


@app.command("replay")
def replay_(quarantine_id: UUID, by: By, folder: Folder = None, agency: WhichAgency = None) -> None:
    """Give one message to the inbox again, as if it had just come: after a new trust list or an upgrade.

    All checks are made again. It takes effect once at most, whether or not its sender has sent it again meanwhile.
    """

    async def again(settings: Settings, database: Database) -> Replayed:
        return await replay(inbox_of(settings, database), quarantine_id, who=by)

    result = run(folder, agency, again)
    console.print(result.told, markup=False)
    raise typer.Exit(0 if result.done else 1)


@app.command()
def drop(
    quarantine_id: UUID,
    reason: Annotated[Why, typer.Option(help="Why it is not needed: goes into the record.")],
    by: By,
    folder: Folder = None,
    agency: WhichAgency = None,
) -> None:
    """Forget what one message says, for good. That it was there, who dropped it and why stays on record."""

    async def forget(settings: Settings, database: Database) -> None:
        async with database.transaction(organisation=WHOLE_NODE) as session:
            row = await store.get(session, quarantine_id)
            if row is None or row.state != "kept":
                refuse(NONE if row is None else f"it is done with already ({row.state})")
            await store.drop(Operator(session, node_of(settings), now_in_utc(), by), row, why=reason)

    run(folder, agency, forget)
    console.print("dropped")


def sender(row: Quarantined) -> str:
    """The node under whose name the broker took the message."""
    return row.source_subject.split(".")[2] if row.source_subject.count(".") >= 2 else "?"


def _about(row: Quarantined, size: int | None) -> dict[str, str]:
    return {
        "id": str(row.id),
        "state": row.state,
        "reason": row.reason,
        "sender": f"{sender(row)} (as the broker let it publish; nothing else was believed)",
        "subject": row.source_subject,
        "first came": _moment(row, first=True),
        "last came": _moment(row, first=False),
        "times": str(row.times),
        "replays": str(row.replays),
        "size": "not kept" if size is None else f"{size} bytes",
    }


def _moment(row: Quarantined, *, first: bool) -> str:
    return (row.received_at if first else row.last_at).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
