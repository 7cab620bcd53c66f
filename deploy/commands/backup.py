"""`qorgau backup` and `qorgau restore`: the network that `qorgau up` runs in a folder."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from deploy.backup import WRAPPING, back_up, restore_all, restore_one
from deploy.commands.here import CANT, database_of, node_of, refuse, settings_of, why
from deploy.embedded.processes import StartFailed
from shared.adapters.database import WHOLE_NODE
from shared.adapters.outbox import Work
from shared.casework.app import now_in_utc
from shared.casework.persons.erasure import erase_again
from shared.contract.vocabulary import Agency

HOME = Path(os.environ.get("QORGAU_FOLDER", ".qorgau"))
Folder = Annotated[Path, typer.Option(help="The folder of `qorgau up`.")]
KEEP_APART = f"""The keys that open it are not in it: keep secrets/*-{WRAPPING} of the folder somewhere else.
Of the keyring keep the newest copy only: an older one could bring back who was erased since."""
AFTERWARDS = """Services hear once more what was sent to them since the backup, if the broker still holds it (26 hours).
What a service did itself since then is lost there. What of that others had received is in its record as `lost`, and
counted in qorgau_events_lost_total: agree with them by telephone. Other services still stand as they stood."""


def backup(
    target: Path,
    folder: Folder = HOME,
    *,
    keyring_only: Annotated[bool, typer.Option(help="Only the keyring: small, so do it often.")] = False,
) -> None:
    """Back up all databases, keys and settings of a network that `up` made, whether it runs or not.

    The cases go to TARGET/cases/<time>, the keyring to TARGET/keyring, which always holds its newest copy alone. The
    keys that wrap the keyring are left out: keep the files secrets/*-vault of the folder apart from every backup.
    """
    try:
        made = asyncio.run(back_up(folder.resolve(), target, keyring_only=keyring_only))
    except (*CANT, StartFailed) as error:
        refuse(f"no backup was made: {why(error)}")
    typer.echo(f"backed up to {made}\n{KEEP_APART}")


def restore(
    cases: Annotated[Path, typer.Argument(help="TARGET/cases/<time> of a backup.")],
    folder: Folder = HOME,
    keyring: Annotated[Path | None, typer.Option(help="Its newest copy; TARGET/keyring otherwise.")] = None,
    wrapping_keys: Annotated[
        Path | None, typer.Option(help="A folder with every <agency>-vault; needed for a new folder.")
    ] = None,
    agency: Annotated[Agency | None, typer.Option(help="Only this service, beside the keyring it has now.")] = None,
) -> None:
    """Restore a backup into a new folder; or with --agency the cases of one service, whose network must be stopped.

    Whoever was erased before the newest copy of the keyring stays erased: nothing of theirs can be read, and their
    erasure is done once more, so that their cases say so, too. Use the version of qorgau that made the backup.
    """
    folder = folder.resolve()
    try:
        erased = asyncio.run(_restore(cases.resolve(), folder, keyring, wrapping_keys, agency))
    except (*CANT, StartFailed) as error:
        refuse(f"not restored: {why(error)}")
    typer.echo(f"restored to {folder}; {erased} erasures done once more\n{AFTERWARDS}")


async def _restore(
    cases: Path, folder: Path, keyring: Path | None, wrapping_keys: Path | None, agency: Agency | None
) -> int:
    """How many persons were erased again."""
    if agency is not None:
        return await restore_one(cases, folder, agency, finish=_finish)
    if wrapping_keys is None:
        refuse("say with --wrapping-keys where the files <agency>-vault are: without them nothing can be read")
    newest = keyring or cases.parent.parent / "keyring"
    return await restore_all(cases, newest, folder, wrapping_keys=wrapping_keys, finish=_finish)


async def _finish(folder: Path, agency: Agency) -> int:
    settings = settings_of(folder, agency)
    async with database_of(settings) as database, database.transaction(organisation=WHOLE_NODE) as session:
        return await erase_again(Work(session, node_of(settings), now_in_utc()))
