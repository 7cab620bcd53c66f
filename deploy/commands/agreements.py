"""Local agreements of the prevention actors (F16): sign one, end one, show those in force.

An agreement is a JSON file: `id`, `region`, `parties`, `valid_from`, `valid_until` and `exchanges`, each of which names
a permit of the policy, senders, recipients, bases and categories. It can only narrow the policy. Those in force stand
in the trust list: running nodes see a change within seconds; nodes on other hosts need the new `trust.jws`.

What the parties drafted and signed at their services comes as the file of `GET /agreements/{id}/bundle`. It is put in
if every party's signature holds by this very list, and never over a later version. With a party's notice in it, the
agreement ends on that day.
"""

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.table import Table

from deploy.commands.trust_changes import Change, changing, console, read, refuse, say
from deploy.trust_file import TrustFiles
from shared.adapters.agreement_seal import check_bundle
from shared.contract.agreement import Agreement
from shared.contract.concluding import Bundle, first_day_without, follows, is_text_of
from shared.contract.errors import SealError, UntrustedSender
from shared.contract.policy import FORBIDS, PERMITS, RETENTION
from shared.contract.soundness import faults

app = typer.Typer(no_args_is_help=True, help="Local agreements: sign one, end one, show those in force.")
Folder = Annotated[Path, typer.Option(help="The folder of `qorgau up` or `qorgau init`.")]
HOME = Path(os.environ.get("QORGAU_FOLDER", ".qorgau"))


@app.command()
def sign(file: Path, folder: Folder = HOME) -> None:
    """Check an agreement against the policy and sign the trust list with it; one with the same id gives way to it."""
    given = _parse(file)
    with changing(folder) as change:
        agreement, versions = _concluded(change, given) if isinstance(given, Bundle) else _stated(change, given)
        useless = faults(permits=PERMITS, forbids=FORBIDS, retention=RETENTION, agreements=(agreement,))
        if useless:
            refuse("\n".join(f"{', '.join(fault.ids)}: {fault.what}" for fault in useless))
        others = tuple(one for one in change.before.agreements if one.id != agreement.id)
        found = change.agree((*others, agreement), versions=versions)
    say(f"{agreement.id} for region {agreement.region} is in force; trust list {found.serial} is signed")


def _stated(change: Change, agreement: Agreement) -> tuple[Agreement, dict[str, int]]:
    """The operator's own text."""
    if agreement.id in change.before.versions:
        refuse(f"{agreement.id} was concluded by its parties: only what all of them sign can change it")
    return agreement, change.before.versions


def _concluded(change: Change, bundle: Bundle) -> tuple[Agreement, dict[str, int]]:
    """What all parties signed. Exits with 1 where one did not, or it would undo what was agreed later."""
    text, before = bundle.text, change.before
    name, highest = text.agreement.id, before.versions.get(text.agreement.id, 0)
    listed = next((one for one in before.agreements if one.id == name), None)
    if text.version < highest or (text.version == highest and (listed is None or not is_text_of(listed, text))):
        refuse(f"{name} was agreed anew, or has ended, since version {text.version}: its parties sign a later one")
    if listed is not None and not follows(text.agreement, listed):
        refuse(f"{name} leaves out a party of the agreement that it would change: who wants to leave gives notice")
    try:
        agreement = check_bundle(before, bundle, now=change.at)
    except (SealError, UntrustedSender) as error:
        refuse(f"{name} is not concluded: {error}")
    if listed is not None and text.version == highest and listed.valid_until is not None:  # a notice given before
        ends_on = first_day_without(agreement, [listed.valid_until])
        agreement = agreement.model_copy(update={"valid_until": ends_on})
    return agreement, {**before.versions, name: text.version}


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


def _parse(file: Path) -> Agreement | Bundle:
    try:
        said = file.read_bytes()
        kind = Bundle if _is_bundle(said) else Agreement
        return kind.model_validate_json(said)
    except OSError:
        refuse("the file can't be read")
    except ValidationError as error:
        told = [f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()]
        refuse("\n".join(told))


def _is_bundle(said: bytes) -> bool:
    """Whether a file is what a service handed out, and not a text of the operator's own."""
    try:
        return isinstance(parsed := json.loads(said), dict) and "text" in parsed
    except ValueError:
        return False
