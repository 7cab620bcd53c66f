"""`qorgau import`: many organisations, units or partners from a CSV file. All or nothing; twice is as once.

Every fault is told with its line and column, and then nothing is written; `--dry-run` writes nothing either way.
"""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from deploy import importing
from deploy.commands.here import Folder, NotHere, WhichAgency, node_of, refuse, run
from deploy.commands.trust_changes import read as read_trust
from deploy.enrol import Enrolment, enrol
from deploy.migrations.schema import OF_AGENCY
from deploy.sheets import Fault
from deploy.trust_file import TrustFiles
from shared.adapters.database import WHOLE_NODE, Database
from shared.adapters.outbox import Work
from shared.adapters.settings import Settings
from shared.casework.app import now_in_utc
from shared.contract.errors import QorgauError
from shared.contract.vocabulary import Agency

app = typer.Typer(no_args_is_help=True, help=__doc__)
HOME = Path(os.environ.get("QORGAU_FOLDER", ".qorgau"))
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check everything, say what would change, and write nothing.")]
Enrolled = Annotated[Path, typer.Option("--folder", help="The folder of `qorgau up` or `qorgau init`.")]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]


class _Rehearsed(Exception):
    """The end of a dry run, or of one with faults: its transaction is rolled back."""


@app.command()
def organisations(file: File, *, folder: Enrolled = HOME, dry_run: DryRun = False) -> None:
    """Enrol the organisations of a file: their services host them after their next start.

    Columns: id, agency, name_kk, name_ru, name_en, kato; and purposes, responsible_for, phone, serves, languages,
    hold_minutes. One that is enrolled already becomes as the file says. Others stay as they are.
    """
    files = TrustFiles(folder)
    read_trust(files)
    enrolment = Enrolment(folder)
    before = enrolment.hosted()
    outcome = importing.organisations(file.read_bytes(), before)
    if outcome.faults:
        _refuse(outcome.faults)
    if not dry_run and outcome.changes:
        if not files.operator_secret.is_file():
            refuse(f"{files.operator_secret} is not here: only the host that enrols can add organisations")
        try:
            enrol(folder, outcome.after)
        except QorgauError as error:
            refuse(str(error))
    _say(outcome.counts, dry_run=dry_run)


@app.command()
def units(file: File, *, folder: Folder = None, agency: WhichAgency = None, dry_run: DryRun = False) -> None:
    """Count the units of a file, as `PUT /beds/{unit}` would: everyone's board shows them.

    Columns: organisation, unit, for, capacity, occupied; and serves. A unit that was last counted just so is left as it
    is. Others stay as they are.
    """

    async def count(work: Work, raw: bytes) -> importing.Counts | list[Fault]:
        if "units" not in OF_AGENCY[work.node.agency]:
            raise NotHere(f"the service of {work.node.agency} has no units")
        return await importing.units(work, raw)

    _import(count, file, folder, agency, dry_run=dry_run)


@app.command()
def partners(file: File, *, folder: Folder = None, agency: WhichAgency = None, dry_run: DryRun = False) -> None:
    """Add partners without a service, or describe them anew: courts, prosecutors, schools, probation services.

    Columns: id, kind (court, prosecutor, school, probation), name_kk, name_ru, name_en, kato, address of the office;
    and phone. Others stay as they are. Each service that writes letters has a list of its own.
    """
    _import(importing.partners, file, folder, agency, dry_run=dry_run)


Import = Callable[[Work, bytes], Awaitable[importing.Counts | list[Fault]]]


def _import(take: Import, file: Path, folder: Path | None, agency: Agency | None, *, dry_run: bool) -> None:
    """Take a file over in one transaction, rolled back where anything is wrong, and at the end of a dry run."""
    raw = file.read_bytes()

    async def inside(settings: Settings, database: Database) -> importing.Counts | list[Fault]:
        found: importing.Counts | list[Fault] = []
        try:
            async with database.transaction(organisation=WHOLE_NODE) as session:
                found = await take(Work(session, node_of(settings), now_in_utc()), raw)
                if dry_run or isinstance(found, list):
                    raise _Rehearsed
        except _Rehearsed:
            pass
        return found

    done = run(folder, agency, inside)
    if isinstance(done, list):
        _refuse(done)
    _say(done, dry_run=dry_run)


def _refuse(faults: list[Fault]) -> NoReturn:
    for fault in sorted(faults, key=lambda one: (one.line, one.column)):
        typer.echo(str(fault), err=True)
    refuse("nothing was imported")


def _say(counts: importing.Counts, *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    typer.echo(f"{would}new: {counts.new}, {would}changed: {counts.changed}, as before: {counts.same}")
