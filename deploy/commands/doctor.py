"""`qorgau doctor`: whether a service can do its work where it runs, and what to do about what is wrong."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from nats.errors import Error as NatsError
from rich.console import Console
from rich.markup import escape

from deploy.commands import doctor_broker as broker
from deploy.commands import doctor_checks as local
from deploy.commands.doctor_checks import Fault, Patient
from deploy.commands.here import CANT, Folder, WhichAgency, database_of, node_of, settings_of, why
from deploy.embedded.postgres import Postgres
from shared.adapters.claims import read_mapping
from shared.contract.errors import QorgauError
from shared.contract.vocabulary import Agency

Check = Callable[[Patient], Awaitable[Fault | None]]
# What each check is about, the check, and what to do where it can't even be made.
CHECKS: dict[str, tuple[Check, str]] = {
    "keys": (local.check_keys, "bring keys file and trust list from the host that enrols"),
    "issuer": (local.check_issuer, "are the settings QORGAU_OIDC_… right?"),
    "database": (local.check_database, "is PostgreSQL running, and QORGAU_DATABASE_URL right?"),
    "clock": (local.check_clock, "mend the database first"),
    "clocks of others": (local.check_clocks_of_others, "mend the database first"),
    "schema": (local.check_schema, "mend the database first"),
    "vault": (local.check_vault, "is QORGAU_VAULT_KEYS right?"),
    "disk": (local.check_disk, "is the path right?"),
    "broker": (broker.check_version, "is NATS running, and are QORGAU_NATS_URL and QORGAU_NATS_SEED_FILE right?"),
    "own name": (broker.check_own_name, "mend the broker first"),
    "others' names": (broker.check_others_names, "mend the broker first"),
    "consumers": (broker.check_consumers, "mend the broker first"),
}
CANT_CHECK = (*CANT, NatsError, TimeoutError)
console = Console(soft_wrap=True, highlight=False)


def doctor(
    disk: Annotated[
        list[Path] | None, typer.Option(help="A path whose disk must have space: data of PostgreSQL, store of NATS.")
    ] = None,
    folder: Folder = None,
    agency: WhichAgency = None,
) -> None:
    """Check settings, keys, issuer, clocks, database, vault, disk and broker. Exits with 1 if anything is wrong.

    To see whether the broker lets it publish, the service sends itself an empty receipt, which has no effect.
    """
    found = asyncio.run(examine(folder, agency, tuple(disk or ())))
    for name, fault in found.items():
        if name == "settings" and fault is None:
            console.print(f"calendar {node_of(settings_of(folder, agency)).calendar.version}")
        if fault is None:
            console.print(f"[green]ok[/green]     {name}")
        else:
            console.print(f"[red]wrong[/red]  {name}: {escape(fault.what)}\n       to do: {escape(fault.do)}")
    raise typer.Exit(1 if any(found.values()) else 0)


async def examine(folder: Path | None, agency: Agency | None, disk: tuple[Path, ...]) -> dict[str, Fault | None]:
    """Every check in order: None where all is well. Without settings or files there is nothing more to check."""
    try:
        settings = settings_of(folder, agency)
        node = node_of(settings)
        read_mapping(settings.oidc_claims_file)
    except CANT as error:
        return {"settings": Fault(why(error), "see shared/adapters/settings.py for what each one is")}
    places = disk or tuple(one for one in (settings.keys_file.parent, *_data(folder)) if one.exists())
    found: dict[str, Fault | None] = {"settings": None}
    try:
        async with database_of(settings) as database, broker.connected(settings) as link:
            patient = Patient(settings, node, database, link, places)
            for name, (check, otherwise) in CHECKS.items():
                found[name] = await _made(check, patient, otherwise)
    except QorgauError as error:
        found["vault"] = Fault(str(error), CHECKS["vault"][1])
    return found


async def _made(check: Check, patient: Patient, otherwise: str) -> Fault | None:
    try:
        return await check(patient)
    except CANT_CHECK as error:
        said = why(error) if isinstance(error, CANT) and str(error) else type(error).__name__
        return Fault(said, otherwise)


def _data(folder: Path | None) -> tuple[Path, ...]:
    """Where the data of `qorgau up` lie."""
    return () if folder is None else (folder, Postgres(folder).folder)
