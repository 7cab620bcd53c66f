"""Local agreements of the prevention actors (F16): sign one for its region, or show those in force.

An agreement is a JSON file: `id`, `region`, `parties`, `valid_from`, `valid_until` and `exchanges`, each of which names
a permit of the policy, senders, recipients, bases and categories. It can only narrow the policy.
"""

import os
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from deploy.enrol import Enrolment, sign_as_operator
from deploy.trust_file import OPEN, rewrite
from shared.adapters.agreements import AGREEMENT, Agreements
from shared.adapters.trust_list import read_operator_key
from shared.contract.agreement import Agreement
from shared.contract.errors import QorgauError
from shared.contract.policy import FORBIDS, PERMITS, RETENTION
from shared.contract.soundness import faults

app = typer.Typer(no_args_is_help=True, help="Local agreements: sign one, show those in force.")
console = Console(highlight=False)
Folder = Annotated[Path, typer.Option(help="The folder of `qorgau up` or `qorgau init`.")]
HOME = Path(os.environ.get("QORGAU_FOLDER", ".qorgau"))


@app.command()
def sign(file: Path, folder: Folder = HOME) -> None:
    """Check an agreement against the policy and sign it as the operator. Running services see it within seconds."""
    agreement = _read(file)
    useless = faults(permits=PERMITS, forbids=FORBIDS, retention=RETENTION, agreements=(agreement,))
    for fault in useless:
        console.print(f"{', '.join(fault.ids)}: {fault.what}", style="red")
    if useless:
        raise typer.Exit(1)
    enrolment = Enrolment(folder)
    try:
        token = sign_as_operator(enrolment, agreement.model_dump_json().encode(), kind=AGREEMENT)
    except OSError:
        console.print("the operator's private key is not on this host", style="red")
        raise typer.Exit(1) from None
    enrolment.agreements.mkdir(mode=0o755, exist_ok=True)
    rewrite(enrolment.agreements / f"{agreement.id}.jws", token.decode(), mode=OPEN)
    console.print(f"signed {agreement.id} for region {agreement.region}")


@app.command()
def show(folder: Folder = HOME) -> None:
    """Print the agreements of a folder. Exits with 1 where the operator has not signed one of them."""
    enrolment = Enrolment(folder)
    try:
        operator = read_operator_key(enrolment.operator_key.read_bytes())
        found = Agreements(enrolment.agreements, operator=operator).now()
    except (OSError, ValueError, QorgauError) as error:
        console.print(f"an agreement can't be trusted ({type(error).__name__})", style="red")
        raise typer.Exit(1) from None
    table = Table("id", "region", "parties", "lines", "from", "until")
    for one in found:
        until = one.valid_until.isoformat() if one.valid_until else "-"
        counts = (str(len(one.parties)), str(len(one.exchanges)))
        table.add_row(one.id, one.region, *counts, one.valid_from.isoformat(), until)
    console.print(table)


def _read(file: Path) -> Agreement:
    try:
        return Agreement.model_validate_json(file.read_bytes())
    except OSError:
        console.print("the file can't be read", style="red")
    except ValidationError as error:
        for fault in error.errors():
            console.print(f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}", style="red")
    raise typer.Exit(1)
