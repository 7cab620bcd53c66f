"""Which service a command is about: the one of the settings in the environment, or one of a folder of `qorgau up`."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from deploy.embedded.nats import read_port
from deploy.embedded.postgres import Postgres
from deploy.enrol import Enrolment
from shared.adapters.database import Database, open_database
from shared.adapters.inbox import Inbox
from shared.adapters.settings import Settings, load
from shared.adapters.trust import Node, load_node
from shared.adapters.wrapping_program import read_wrapping
from shared.casework import inbox as casework
from shared.casework.app import now_in_utc
from shared.contract.errors import QorgauError
from shared.contract.vocabulary import Agency

Folder = Annotated[Path | None, typer.Option(help="A network that `qorgau up` runs in this folder, with --agency.")]
WhichAgency = Annotated[Agency | None, typer.Option(help="Which of its services.")]
T = TypeVar("T")
# What a command can't do its work with. Messages of the database may repeat values: their type says enough.
CANT = (QorgauError, SQLAlchemyError, OSError)


class NotHere(QorgauError):
    """Settings or files are missing or wrong; the message says which."""


def settings_of(folder: Path | None, agency: Agency | None) -> Settings:
    """Of the environment, or of a folder's service. Raises NotHere or OSError."""
    try:
        if folder is None:
            return load()
        if agency is None:
            raise NotHere("say which service of the folder is meant: --agency")
        return Settings.model_validate(_in(folder.resolve(), agency))
    except ValidationError as error:
        wrong = {f"QORGAU_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors() if fault["loc"]}
        raise NotHere(f"settings are missing or wrong: {'; '.join(sorted(wrong))}") from None


def _in(folder: Path, agency: Agency) -> dict[str, str]:
    enrolment, name = Enrolment(folder), f"qorgau_{agency}"
    postgres = Postgres(folder)
    service, owner = (enrolment.secret(agency, f"{which}-password") for which in ("database", "owner"))
    urls = {
        "QORGAU_DATABASE_URL": postgres.url(role=name, password=service.read_text().strip(), database=name),
        "QORGAU_OWNER_URL": postgres.url(role=f"{name}_owner", password=owner.read_text().strip(), database=name),
        "QORGAU_NATS_URL": f"nats://127.0.0.1:{read_port(folder / 'nats' / 'ports') or 4222}",
    }
    return {key.removeprefix("QORGAU_").lower(): text for key, text in (enrolment.environment(agency) | urls).items()}


def node_of(settings: Settings) -> Node:
    """The service's keys, whom it trusts, and its calendar. Raises QorgauError or OSError."""
    files = (settings.keys_file, settings.trust_file, settings.operator_key_file)
    try:
        return load_node(settings.node, settings.agency, *files, calendar_file=settings.calendar_file)
    except ValidationError as error:
        raise NotHere(f"a file of keys or trust makes no sense ({error.title})") from None


@asynccontextmanager
async def database_of(settings: Settings) -> AsyncIterator[Database]:
    """Its database, with the keys of its vault. Raises SettingsError."""
    database = open_database(settings, keys=read_wrapping(settings.vault_keys))
    try:
        yield database
    finally:
        await database.close()


def inbox_of(settings: Settings, database: Database) -> Inbox:
    """The service's inbox, as it would run there."""
    parts = import_module(f"services.{settings.agency.value}.app").PARTS
    return casework.inbox_of(parts, database=database, node=node_of(settings), clock=now_in_utc)


def run(folder: Path | None, agency: Agency | None, work: Callable[[Settings, Database], Awaitable[T]]) -> T:
    """Do it with the service's database; exits with 1 where that can't be."""

    async def inside() -> T:
        settings = settings_of(folder, agency)
        async with database_of(settings) as database:
            return await work(settings, database)

    try:
        return asyncio.run(inside())
    except CANT as error:
        refuse(why(error))


def refuse(reason: str) -> NoReturn:
    """Say why not, and exit with 1."""
    typer.echo(reason, err=True)
    raise typer.Exit(1)


def why(error: Exception) -> str:
    """What to say of an error of CANT."""
    return f"the database: {type(error).__name__}" if isinstance(error, SQLAlchemyError) else str(error)
