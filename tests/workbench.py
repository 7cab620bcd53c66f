"""One service without its loops, on a database of its own and at a time of the test's choosing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import httpx
from fastapi import FastAPI
from sqlmodel import col, select
from starlette.routing import BaseRoute

from deploy.enrol import Enrolment
from deploy.network import Network, migrate
from shared.adapters.database import WHOLE_NODE, Database
from shared.adapters.inbox import Inbox
from shared.adapters.outbox import Work, envelopes_of
from shared.adapters.settings import Settings
from shared.adapters.tables import OutboxRow
from shared.adapters.trust import Node, load_node
from shared.casework.app import create_app
from shared.casework.directory import store as directory
from shared.casework.inbox import inbox_of
from shared.contract.events import Envelope
from shared.contract.vocabulary import Agency
from tests.network import organisations


@dataclass
class Clock:
    """The time, until the test changes it."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def turn_to(self, iso: str) -> None:
        self.now = datetime.fromisoformat(iso).astimezone(UTC)


@dataclass
class Bench:
    """A service at rest: its app, its database, its clock, and the inbox that events can be put into by hand."""

    app: FastAPI
    clock: Clock
    network: Network

    @property
    def database(self) -> Database:
        return self.app.state.database  # type: ignore[no-any-return]  # Starlette's state is untyped

    @property
    def node(self) -> Node:
        return self.app.state.node  # type: ignore[no-any-return]  # as above

    @property
    def inbox(self) -> Inbox:
        return inbox_of(self.app.state.parts, database=self.database, node=self.node, clock=self.clock)

    @asynccontextmanager
    async def work(self, organisation: str = WHOLE_NODE) -> AsyncIterator[Work]:
        async with self.database.transaction(organisation=organisation) as session:
            yield Work(session, self.node, self.clock())

    async def waiting(self) -> list[Envelope | None]:
        """What lies in the outbox, oldest first; None for what is done."""
        async with self.work() as work:
            order = (col(OutboxRow.created_at), col(OutboxRow.event_type))
            rows = (await work.session.exec(select(OutboxRow).order_by(*order))).all()
            return await envelopes_of(work.session, rows)

    def client(self, organisation: str, *roles: str, who: str = "dev") -> httpx.AsyncClient:
        token = self.network.enrolment.token(organisation=organisation, roles=roles or ("worker",), who=who)
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.AsyncClient(transport=transport, base_url="http://bench/v1", headers=headers)


def node_of(network: Network, agency: Agency) -> Node:
    """The keys and the trust of a node of the network."""
    return trusting(network.enrolment, agency)


def trusting(enrolment: Enrolment, agency: Agency) -> Node:
    """A node that reads the files of an enrolment."""
    return load_node(agency, agency, enrolment.secret(agency, "keys"), enrolment.trust, enrolment.operator_key)


@asynccontextmanager
async def bench(network: Network, agency: Agency, *, at: str = "2026-03-20T12:00:00+05:00") -> AsyncIterator[Bench]:
    """A migrated, empty database, every organisation known, no loops."""
    template, name = await _template(network, agency), f"bench_{uuid4().hex[:12]}"
    await _copy(network, template, name)
    set_up = _at_rest(network, agency, network.postgres.url(role=template, password="bench", database=name), at)
    try:
        yield set_up
    finally:
        await set_up.database.close()
        await _drop(network, name)


def _at_rest(network: Network, agency: Agency, url: str, at: str) -> Bench:
    environment = {k.removeprefix("QORGAU_").lower(): v for k, v in network.environment(agency).items()}
    settings = Settings.model_validate({**environment, "database_url": url})
    clock = Clock(datetime.fromisoformat(at).astimezone(UTC))
    parts = import_module(f"services.{agency.value}.app").PARTS
    app = create_app(parts, settings, clock=clock)
    app.router.routes = _ROUTES.setdefault(agency, app.router.routes)
    return Bench(app, clock, network)


async def _template(network: Network, agency: Agency) -> str:
    """A database to copy: migrating one for each test would take most of the tests' time."""
    name = f"bench_{agency.value}"
    async with _MAKING:
        if (network.folder, name) not in _MADE:
            await network.postgres.ensure_database(name=name, password="bench", owner_password="owner")
            await migrate(
                agency, network.postgres.url(role=f"{name}_owner", password="owner", database=name), role=name
            )
            url = network.postgres.url(role=name, password="bench", database=name)
            await _fill_directory(_at_rest(network, agency, url, LONG_AGO), agency)
            _MADE.add((network.folder, name))
    return name


async def _fill_directory(service: Bench, agency: Agency) -> None:
    async with service.work() as work:
        for organisation in organisations():
            hosted = organisation.agency is agency
            await directory.put(work.session, organisation=organisation, at=work.now, hosted=hosted)
    await service.database.close()


async def _copy(network: Network, template: str, name: str) -> None:
    connection = await network.postgres.connect()
    try:
        copy = f'template "{template}" strategy file_copy'  # files: a third of the time of its pages through the log
        await connection.execute(f'create database "{name}" owner "{template}_owner" {copy}')
        await connection.execute(f'revoke connect on database "{name}" from public')
        await connection.execute(f'grant connect on database "{name}" to "{template}"')
    finally:
        await connection.close()


async def _drop(network: Network, name: str) -> None:
    """At once: those of all tests are 20 GB, and the disk that writes them out makes everybody wait."""
    connection = await network.postgres.connect()
    try:
        await connection.execute(f'drop database "{name}" with (force)')
    finally:
        await connection.close()


LONG_AGO = "2020-01-01T00:00:00+00:00"
_MAKING = asyncio.Lock()
_ROUTES: dict[Agency, list[BaseRoute]] = {}  # FastAPI makes them ready when first called: once is enough
_MADE: set[tuple[Path, str]] = set()
