"""Local agreements of the prevention actors (F16): sign one, end one, show those in force.

An agreement is a JSON file: `id`, `region`, `parties`, `valid_from`, `valid_until` and `exchanges`, each of which names
a permit of the policy, senders, recipients, bases and categories. It can only narrow the policy. Those in force stand
in the trust list: running nodes see a change within seconds; nodes on other hosts need the new `trust.jws`.
"""

import os
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.table import Table

from deploy.commands.trust_changes import changing, console, read, refuse, say
from deploy.trust_file import TrustFiles
from shared.contract.agreement import Agreement
from shared.contract.policy import FORBIDS, PERMITS, RETENTION
from shared.contract.soundness import faults

app = typer.Typer(no_args_is_help=True, help="Local agreements: sign one, end one, show those in force.")
Folder = Annotated[Path, typer.Option(help="The folder of `qorgau up` or `qorgau init`.")]
HOME = Path(os.environ.get("QORGAU_FOLDER", ".qorgau"))


@app.command()
def sign(file: Path, folder: Folder = HOME) -> None:
    """Check an agreement against the policy and sign the trust list with it; one with the same id gives way to it."""
    agreement = _parse(file)
    useless = faults(permits=PERMITS, forbids=FORBIDS, retention=RETENTION, agreements=(agreement,))
    if useless:
        refuse("\n".join(f"{', '.join(fault.ids)}: {fault.what}" for fault in useless))
    with changing(folder) as change:
        others = tuple(one for one in change.before.agreements if one.id != agreement.id)
        found = change.agree((*others, agreement))
    say(f"{agreement.id} for region {agreement.region} is in force; trust list {found.serial} is signed")


@app.command()
def end(agreement_id: str, folder: Folder = HOME) -> None:
    """Take an agreement out of the trust list: what it narrowed is open again."""
    with changing(folder) as change:
        others = tuple(one for one in change.before.agreements if one.id != agreement_id)
        if others == change.before.agreements:
            refuse(f"the trust list knows no agreement {agreement_id}; see: qorgau agreements show")
        found = change.agree(others)
    say(f"{agreement_id} has ended; trust list {found.serial} is signed")


@app.command()
def show(folder: Folder = HOME) -> None:
    """Print the agreements. Exits with 1 where the operator has not signed the list that holds them."""
    found = read(TrustFiles(folder))
    table = Table("id", "region", "parties", "lines", "from", "until", title=f"Trust list {found.serial}")
    for one in found.agreements:
        until = one.valid_until.isoformat() if one.valid_until else "-"
        counts = (str(len(one.parties)), str(len(one.exchanges)))
        table.add_row(one.id, one.region, *counts, one.valid_from.isoformat(), until)
    console.print(table)


def _parse(file: Path) -> Agreement:
    try:
        return Agreement.model_validate_json(file.read_bytes())
    except OSError:
        refuse("the file can't be read")
    except ValidationError as error:
        told = [f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()]
        refuse("\n".join(told))
