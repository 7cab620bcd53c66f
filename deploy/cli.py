"""The `qorgau` command."""

import asyncio
import os
import shutil
import signal
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from pydantic import ValidationError
from rich.console import Console

from deploy import serving
from deploy.commands.agreements import app as agreements
from deploy.commands.audit import app as audit
from deploy.commands.backup import backup, restore
from deploy.commands.doctor import doctor
from deploy.commands.exchange import app as exchange
from deploy.commands.imports import app as imports
from deploy.commands.keys import keys
from deploy.commands.nats import app as nats
from deploy.commands.policy import app as policy
from deploy.compose import write as write_for_compose
from deploy.demo.run import run_demo
from deploy.embedded.postgres import Postgres
from deploy.embedded.processes import StartFailed
from deploy.enrol import Enrolment
from deploy.issuer import create_issuer
from deploy.migrations.run import check, upgrade, write
from deploy.network import Network, Options, sample_organisations
from deploy.provision import provision_for_ever, provision_once
from shared.adapters.database import open_database, owner_url
from shared.adapters.jetstream import BrokerTooOld
from shared.adapters.keyring import rewrap_all
from shared.adapters.settings import Settings, load
from shared.adapters.wrapping import new_keys
from shared.adapters.wrapping_program import read_wrapping
from shared.casework.directory.store import read_file as read_organisations
from shared.contract.errors import SettingsError
from shared.contract.vocabulary import Agency

app = typer.Typer(no_args_is_help=True, add_completion=True, help=__doc__)
app.add_typer(policy, name="policy")
app.add_typer(agreements, name="agreements")
app.add_typer(audit, name="audit")
app.add_typer(imports, name="import")
app.add_typer(keys, name="keys")
app.add_typer(exchange, name="exchange")
app.command()(backup)
app.command()(restore)
app.command()(doctor)
app.add_typer(nats, name="nats")
console = Console()
Folder = Annotated[Path, typer.Option(help="Where keys, data and logs are kept.")]
HOME = Path(os.environ.get("QORGAU_FOLDER", ".qorgau"))


@app.command()
def up(
    folder: Folder = HOME,
    port: Annotated[int, typer.Option(help="First of five ports, the last for the issuer; 0 takes free ones.")] = 8001,
) -> None:
    """Run the whole network on this machine until Ctrl-C. The next start finds its data again."""
    try:
        asyncio.run(_up(folder, port))
    except StartFailed as error:
        console.print(f"[red]{error}[/red]")
        raise typer.Exit(1) from None


async def _up(folder: Path, port: int) -> None:
    known = {one.id: one for one in (*sample_organisations(), *Enrolment(folder).hosted())}  # with what was imported
    organisations = list(known.values())
    network = Network(folder, organisations, Options(first_port=port))
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    try:
        await network.start(lambda what: console.print(f"starting {what} …"))
        for agency in Agency:
            console.print(f"[bold]{agency.value:8}[/bold] {network.url(agency)}/docs")
            for organisation in (o for o in organisations if o.agency is agency):
                console.print(f"           qorgau token {organisation.id:24} {organisation.name_en}", highlight=False)
        console.print("The command behind an organisation prints a token for it. Ctrl-C stops all of it.")
        await stop.wait()
    finally:
        console.print("stopping …")
        await network.stop()


@app.command()
def demo(
    folder: Annotated[
        Path | None, typer.Option(help="Keep data and logs here instead of a folder that is removed.")
    ] = None,
    break_broker: Annotated[
        bool, typer.Option(help="Kill the broker in the middle, wipe its disk, start it again.")
    ] = False,
) -> None:
    """Play a case across the four agencies, and tell it. Exits with 1 if any step did not happen."""
    raise typer.Exit(asyncio.run(run_demo(console, folder, break_broker=break_broker)))


@app.command()
def remove(folder: Folder = HOME) -> None:
    """Delete the keys and the data of a network that `up` made, for good."""
    Postgres(folder).remove()
    shutil.rmtree(folder, ignore_errors=True)


@app.command()
def serve(
    agency: Agency,
    fd: Annotated[int | None, typer.Option(help="A listening socket to use instead of host and port.")] = None,
) -> None:
    """Run one agency's service with the settings in the environment (QORGAU_…)."""
    settings = _settings()
    serving.serve(import_module(f"services.{agency.value}.app").create_app(settings), settings, fd=fd)


@app.command(hidden=True)
def issuer(folder: Folder, fd: Annotated[int, typer.Option(help="A listening socket.")]) -> None:
    """Run the development issuer, where anybody can be anybody: for one machine, never with real cases."""
    uvicorn.run(create_issuer(Enrolment(folder)), fd=fd, access_log=False, log_config=None)


def _owners_url(settings: Settings) -> str:
    """The database as its owner, or as the service's role where there is no other."""
    return owner_url(settings) or open_database(settings).url.render_as_string(hide_password=False)


def _settings() -> Settings:
    """The settings in the environment; where some are missing or wrong, says which, and exits with 1."""
    try:
        return load()
    except ValidationError as error:
        for fault in error.errors():
            console.print(f"QORGAU_{str(fault['loc'][0]).upper()}: {fault['msg']}", style="red")
    except SettingsError as error:
        console.print(str(error), style="red")
    raise typer.Exit(1)


@app.command()
def migrate() -> None:
    """Bring this agency's database to the schema of this version."""
    settings = _settings()
    if owner_url(settings) is None:
        console.print(
            "QORGAU_OWNER_URL and QORGAU_OWNER_PASSWORD_FILE are not set: the service's role owns its tables. The "
            "record of what happened is not protected from whoever has its password.",
            style="yellow",
        )
    role = open_database(settings).url.username or ""
    upgrade(agency=settings.agency, url=_owners_url(settings), role=role)


@app.command("rewrap-keys")
def rewrap_keys() -> None:
    """Wrap this agency's data keys under the current key of QORGAU_VAULT_KEYS; then older ones can be removed."""
    settings = _settings()
    count = asyncio.run(rewrap_all(open_database(settings, keys=read_wrapping(settings.vault_keys))))
    console.print(f"{count} keys wrapped anew")


@app.command("new-vault-key")
def new_vault_key(kid: str) -> None:
    """Print a key set with one new key, to put first in the file or store that QORGAU_VAULT_KEYS names."""
    typer.echo(new_keys(kid))


@app.command()
def migration(lineage: str, message: str) -> None:
    """(For developers) Write the next migration of a lineage from the models."""
    settings = _settings()
    write(agency=settings.agency, url=_owners_url(settings), lineage=lineage, message=message)


@app.command("check-migrations")
def check_migrations() -> None:
    """Fail where this agency's database and the models differ."""
    settings = _settings()
    check(agency=settings.agency, url=_owners_url(settings))


@app.command()
def provision(
    url: Annotated[str, typer.Option(envvar="QORGAU_NATS_URL")],
    seed_file: Annotated[Path, typer.Option(envvar="QORGAU_NATS_SEED_FILE")],
    once: Annotated[bool, typer.Option("--once", help="Do it once; exit with an error if it fails.")] = False,
    replicas: Annotated[int, typer.Option(envvar="QORGAU_NATS_REPLICAS", help="3 in a cluster of three.")] = 1,
) -> None:
    """Create streams and consumers that are missing, at start and at intervals. Runs until stopped."""
    work = provision_once if once else provision_for_ever
    try:
        asyncio.run(work(url=url, seed_file=seed_file, nodes=[a.value for a in Agency], replicas=replicas))
    except BrokerTooOld as error:
        console.print(str(error), style="red")
        raise typer.Exit(1) from None


@app.command()
def init(
    folder: Folder = HOME,
    store: Annotated[str, typer.Option(help="Where the broker keeps its data.")] = "/data",
    organisations: Annotated[Path | None, typer.Option(help="A JSON list; sample organisations otherwise.")] = None,
) -> None:
    """Write keys, trust list, broker configuration and organisations for a network that runs elsewhere (compose)."""
    chosen = read_organisations(organisations) if organisations else sample_organisations()
    write_for_compose(folder, chosen, store=Path(store))
    console.print(f"wrote {folder}")


@app.command()
def token(
    organisation: str,
    role: Annotated[list[str], typer.Option(help="worker, supervisor, bed-counter, statistician")] = ["worker"],  # noqa: B006  # typer's way to say a default
    folder: Folder = HOME,
) -> None:
    """Print an access token by the development issuer, for one organisation."""
    typer.echo(Enrolment(folder).token(organisation=organisation, roles=role))


if __name__ == "__main__":
    app()
