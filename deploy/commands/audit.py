"""`qorgau audit`: show that the record of what happened is whole, or where it is not."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from deploy.embedded.postgres import Postgres
from deploy.enrol import Enrolment
from shared.adapters.audit import Action
from shared.adapters.audit_tables import AuditEntry, AuditLink, Witnessed
from shared.adapters.database import WHOLE_NODE, Database, open_database
from shared.adapters.in_order import InOrder
from shared.adapters.settings import load
from shared.adapters.trust import Node, load_node
from shared.adapters.verification import Examined, Fault, examine, signed
from shared.casework.files.exporting import digest_of
from shared.contract.errors import SealError
from shared.contract.vocabulary import Agency

app = typer.Typer(no_args_is_help=True, help=__doc__)
WHOLE, FAULTY, NOT_CHECKED = 0, 1, 2
AT_A_TIME = 1000  # checkpoints that are read from a database
Folder = Annotated[
    Path | None, typer.Option(help="A network that `qorgau up` runs in this folder: check all its services.")
]


class CantCheck(Exception):
    """Settings, files or the database can't be read; the message says which."""


@app.command()
def verify(
    against: Annotated[
        list[Path] | None, typer.Option(help="Checkpoints that another service has kept (`qorgau audit witnessed`).")
    ] = None,
    folder: Folder = None,
) -> None:
    """Recompute the record. Exits with 0 if it is whole, 1 if something is wrong, 2 if it can't be checked.

    Without a checkpoint that another service has kept it can't: its owner could have rewritten all of it.
    """
    try:
        nodes = [_here()] if folder is None else [_in(folder, agency) for agency in Agency]
        found = asyncio.run(_verify(nodes, against or [], with_each_other=folder is not None))
    except (CantCheck, SealError, SQLAlchemyError, OSError) as error:
        typer.echo(f"not checked: {_why(error)}", err=True)
        raise typer.Exit(NOT_CHECKED) from None
    if any(examined.faults for examined in found):
        raise typer.Exit(FAULTY)
    raise typer.Exit(NOT_CHECKED if any(examined.unwitnessed for examined in found) else WHOLE)


@app.command()
def witnessed(node: str) -> None:
    """Print what NODE has signed of its record and this service has kept, as JSON lines, oldest first."""
    try:
        _, database = _here()
        asyncio.run(_print_kept(database, node))
    except (CantCheck, SealError, SQLAlchemyError, OSError) as error:
        typer.echo(f"can't be read: {_why(error)}", err=True)
        raise typer.Exit(NOT_CHECKED) from None


@app.command()
def document(file: Path) -> None:
    """Compare a case file, as the service gave it out in JSON, with the record. Exits with 0 if they agree, 1 if not.

    Compared are what it says with its digest, that digest with what the record says was taken away, and the checkpoint
    in it with the chain. That the chain is whole is for `verify` to say.
    """
    try:
        _, database = _here()
        wrong = asyncio.run(_compare(database, json.loads(file.read_text())))
    except (CantCheck, SealError, SQLAlchemyError, OSError, ValueError, KeyError, TypeError) as error:
        typer.echo(f"can't be compared: {_why(error)}", err=True)
        raise typer.Exit(NOT_CHECKED) from None
    for one in wrong:
        typer.echo(one)
    if wrong:
        raise typer.Exit(FAULTY)
    typer.echo("as it was taken away")


async def _compare(database: Database, taken: dict[str, Any]) -> list[str]:
    """What is wrong with a document. Raises KeyError, TypeError or ValueError where it is none."""
    about, digest, checkpoint = str(UUID(taken["about"])), str(taken["digest"]), taken["record"]
    entry = (AuditEntry.action == Action.EXPORTED, AuditEntry.concerning == about)
    async with _closing([database]), database.transaction(organisation=WHOLE_NODE) as session:
        said = (await session.exec(select(AuditEntry.details).where(*entry))).all()
        link = (await session.exec(select(AuditLink).where(AuditLink.position == int(checkpoint["position"])))).first()
    found = {
        "it is not what its digest says": digest_of(taken) == digest,
        "the record says of no such document that it was taken away": digest in [one.get("digest") for one in said],
        "its checkpoint is not in the chain": (link.chain_hash.hex() if link else None) == checkpoint["chain_hash"],
    }
    return [fault for fault, is_right in found.items() if not is_right]


def _why(error: Exception) -> str:
    untold = isinstance(error, (SQLAlchemyError, ValueError, KeyError, TypeError))  # they may say what it contains
    return type(error).__name__ if untold else str(error)


def _here() -> tuple[Node, Database]:
    """The service that the settings in the environment describe. Raises CantCheck or OSError."""
    try:
        settings = load()
        files = (settings.keys_file, settings.trust_file, settings.operator_key_file)
        node = load_node(settings.node, settings.agency, *files)
    except ValidationError as error:
        wrong = {f"QORGAU_{str(fault['loc'][0]).upper()}" for fault in error.errors() if fault["loc"]}
        raise CantCheck(f"settings or files are missing or wrong: {', '.join(sorted(wrong))}") from None
    return node, open_database(settings)


def _in(folder: Path, agency: Agency) -> tuple[Node, Database]:
    """A service of a network that `qorgau up` runs. Raises OSError where there is none."""
    enrolment, name = Enrolment(folder.resolve()), f"qorgau_{agency}"
    password = enrolment.secret(agency, "database-password").read_text().strip()
    url = Postgres(folder.resolve()).url(role=name, password=password, database=name)
    files = (enrolment.secret(agency, "keys"), enrolment.trust, enrolment.operator_key)
    return load_node(agency, agency, *files), Database(url, pool=2)


async def _verify(
    nodes: Sequence[tuple[Node, Database]], files: Sequence[Path], *, with_each_other: bool
) -> list[Examined]:
    found = []
    async with _closing([database for _, database in nodes]):
        for node, database in nodes:
            witnesses = [other for _, other in nodes] if with_each_other else []
            checkpoints = await _checkpoints(node, files, witnesses)
            if files and not checkpoints:
                raise CantCheck(f"the files hold no checkpoint of {node.name}")
            examined = await examine(database, witnessed=checkpoints, now=datetime.now(UTC))
            _tell(node, examined)
            found.append(examined)
    return found


async def _checkpoints(node: Node, files: Sequence[Path], witnesses: Sequence[Database]) -> InOrder:
    """What the node has signed, as files and other services' databases have kept it. Raises SealError or OSError."""
    checkpoints = InOrder()
    for file in files:
        with file.open() as lines:
            checkpoints.take(signed(node, lines))
    for witness in witnesses:
        async for some in _kept(witness, node.name):
            checkpoints.take(signed(node, some))
    return checkpoints


def _tell(node: Node, examined: Examined) -> None:
    for fault in examined.faults:
        typer.echo(f"{node.name}: {_where(fault)}: {fault.kind.name}: {fault.kind.value}")
    sound = "not witnessed, so its owner could have rewritten it" if examined.unwitnessed else "whole"
    state = f"{len(examined.faults)} faults" if examined.faults else sound
    seen = f"{examined.compared} witnessed checkpoints"
    seen += f" up to position {examined.witnessed}" if examined.witnessed else ""
    waiting = f", {examined.waiting} entries not chained yet" if examined.waiting else ""
    typer.echo(f"{node.name}: {state}; {examined.links} entries, {seen}{waiting}")


def _where(fault: Fault) -> str:
    parts = [
        f"{name} {value}"
        for name, value in (("position", fault.position), ("entry", fault.entry_id))
        if value is not None
    ]
    return ", ".join(parts)


async def _print_kept(database: Database, node: str) -> None:
    async with _closing([database]):
        async for lines in _kept(database, node):
            for line in lines:
                typer.echo(line)


async def _kept(database: Database, node: str) -> AsyncIterator[list[str]]:
    """What a service has kept of a node's checkpoints, as JSON lines, so many at a time."""
    async with database.transaction(organisation=WHOLE_NODE) as session:
        mine = select(Witnessed).where(Witnessed.node == node).order_by(col(Witnessed.at), col(Witnessed.position))
        rows = await session.stream_scalars(mine, execution_options={"yield_per": AT_A_TIME})
        async for some in rows.partitions():
            yield [row.model_dump_json(exclude={"organisation_id"}) for row in some]


@asynccontextmanager
async def _closing(databases: Sequence[Database]) -> AsyncIterator[None]:
    try:
        yield
    finally:
        for database in databases:
            await database.close()
