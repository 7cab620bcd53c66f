"""The whole network on one machine: PostgreSQL, NATS and four services as processes, on loopback, in one folder."""

import asyncio
import contextlib
import shutil
import socket
import ssl
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from pkgutil import resolve_name

import httpx
from sqlalchemy.engine import make_url

from deploy.embedded.link import Link
from deploy.embedded.nats import NatsServer
from deploy.embedded.nursery import Nursery
from deploy.embedded.postgres import SOCKET_NAME, Postgres
from deploy.embedded.processes import Child, StartFailed, listen
from deploy.enrol import Enrolment, enrol
from deploy.provision import provision_for_ever, provision_once, rewind_once
from shared.adapters.tasks import end
from shared.casework.directory.hosted import HostedOrganisation
from shared.casework.directory.hosted import read_file as read_organisations
from shared.contract.vocabulary import Agency

SAMPLE_ORGANISATIONS = Path(__file__).parent / "demo" / "organisations.json"
READY_SECONDS = 60
UPGRADE = "deploy.migrations.run:upgrade"  # imported while PostgreSQL starts: half a second of work
Tell = Callable[[str], None]


def rewind_mark(folder: Path, agency: Agency) -> Path:
    """The file in which `restore` says since when a service has to hear everything once more."""
    return folder / f"rewind-{agency.value}"


def sample_organisations() -> list[HostedOrganisation]:
    """Invented organisations at real places, for the demo and for trying things out."""
    return read_organisations(SAMPLE_ORGANISATIONS)


@dataclass(frozen=True)
class Options:
    """`links`, `database_links`: agencies whose line to the broker or the database can be cut. `forked`: services begin
    as one process (`nursery`), where the system can do that, and not as `program`.

    For tests only: `durable` off, fewer agencies than all, another `program` that serves.
    """

    agencies: tuple[Agency, ...] = tuple(Agency)
    links: tuple[Agency, ...] = ()
    database_links: tuple[Agency, ...] = ()
    program: tuple[str, ...] = ("-m", "deploy.cli", "serve")
    forked: bool = False
    durable: bool = True
    first_port: int = 0
    environment: tuple[tuple[str, str], ...] = ()


class Network:
    """Start, break, mend and stop. The folder keeps keys and data for the next start."""

    def __init__(
        self, folder: Path, organisations: Sequence[HostedOrganisation], options: Options | None = None
    ) -> None:
        self.folder, self.options = folder.resolve(), options or Options()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.enrolment: Enrolment = enrol(self.folder, organisations)
        self.postgres = Postgres(self.folder, durable=self.options.durable)
        self.nats = NatsServer(self.folder / "nats", users=self.enrolment.users())
        self.links: dict[Agency, Link] = {}
        self.database_links: dict[Agency, Link] = {}
        agencies = self.options.agencies
        self.services = {a: Child(a.value, log=self.folder / "logs" / f"{a.value}.log") for a in agencies}
        forked = self.options.forked and sys.platform == "linux"
        self.nursery = Nursery(log=self.folder / "logs" / "nursery.log") if forked else None
        self.sockets: dict[Agency, socket.socket] = {}
        self.issuer = Child("issuer", log=self.folder / "logs" / "issuer.log")
        self._issuer_socket: socket.socket | None = None
        self._provisioning: asyncio.Task[None] | None = None

    def url(self, agency: Agency) -> str:
        """Where an agency's REST API is."""
        return f"http://127.0.0.1:{self.sockets[agency].getsockname()[1]}"

    async def start(self, tell: Tell = lambda _: None) -> None:
        """Start everything and wait until every service is ready. Raises StartFailed; call stop() whatever happens.

        A service starts once its own database is there: to migrate is to wait for PostgreSQL, to start is to compute.
        """
        await self._start_shared(tell)
        tell("databases and services")
        await asyncio.gather(*(self._migrate_and_start(agency) for agency in self.services))

    async def start_servers(self, tell: Tell = lambda _: None) -> None:
        """What services need: PostgreSQL with their databases, NATS, and where staff sign in."""
        await self._start_shared(tell)
        tell("databases")
        await asyncio.gather(*(self._migrate(agency) for agency in self.services))

    async def start_services(self) -> None:
        """The services themselves, until they are ready."""
        for agency in self.services:
            await self.start_service(agency)
        await asyncio.gather(*(self.ready(agency) for agency in self.services))

    async def _start_shared(self, tell: Tell) -> None:
        tell("PostgreSQL and NATS")
        for agency in self.services:
            self._take_port(agency)
        if self.nursery is not None:
            await self.nursery.start()
        await self._start_issuer()
        await asyncio.gather(self.postgres.start(), self.nats.start(), asyncio.to_thread(resolve_name, UPGRADE))
        await self._provision()
        await self._lay_lines()

    async def _migrate_and_start(self, agency: Agency) -> None:
        await self._migrate(agency)
        await self.start_service(agency)
        await self.ready(agency)

    async def stop(self) -> None:
        """Stop everything that was started, in the reverse order."""
        await asyncio.gather(*(child.stop() for child in (*self.services.values(), self.issuer)))
        if self.nursery is not None:
            await self.nursery.stop()
        for link in (*self.links.values(), *self.database_links.values()):
            await link.stop()
        if self._provisioning is not None:
            await end([self._provisioning])
        await self.nats.stop()
        await self.postgres.stop()
        for listening in (*self.sockets.values(), self._issuer_socket):
            if listening is not None:
                listening.close()

    def remove(self) -> None:
        """Delete keys and data for good."""
        self.postgres.remove()
        shutil.rmtree(self.folder, ignore_errors=True)

    async def start_service(self, agency: Agency) -> None:
        """Start one service on the port it has, or on a free one."""
        self._take_port(agency)
        service, environment, fd = self.services[agency], self.environment(agency), self.sockets[agency].fileno()
        if self.nursery is not None:
            service.adopt(await self.nursery.fork(agency, environment=environment, fd=fd, log=service.log))
        else:
            command = [sys.executable, *self.options.program, agency.value, "--fd", str(fd)]
            await service.start(command, env=environment, pass_fds=[fd])

    def _take_port(self, agency: Agency) -> None:
        if agency not in self.sockets:
            first = self.options.first_port
            self.sockets[agency] = listen(first and first + list(Agency).index(agency))

    async def _start_issuer(self) -> None:
        """The development issuer, where staff sign in to the desk."""
        first = self.options.first_port
        self._issuer_socket = listen(first and first + len(Agency))
        descriptor = self._issuer_socket.fileno()
        command = [sys.executable, "-m", "deploy.cli", "issuer", "--folder", str(self.folder), "--fd", str(descriptor)]
        await self.issuer.start(command, env={}, pass_fds=[descriptor])

    @property
    def issuer_url(self) -> str:
        """Where the development issuer is."""
        assert self._issuer_socket is not None, "the network has not been started"  # noqa: S101  # a caller's mistake
        return f"http://127.0.0.1:{self._issuer_socket.getsockname()[1]}"

    async def restart_broker(self, *, wipe: bool = False) -> None:
        """Kill the broker as a power cut would, with or without its disk, and start it again on its port."""
        await self.nats.kill(wipe=wipe)
        await self.nats.start()

    def environment(self, agency: Agency) -> dict[str, str]:
        """The settings of a service."""
        nats_port = self.links[agency].port if agency in self.links else self.nats.port
        database = make_url(self.database_url(agency))
        if agency in self.database_links:
            database = database.update_query_dict({"host": str(self._by(agency))})
        return {
            **self.enrolment.environment(agency),
            "QORGAU_DATABASE_URL": database.render_as_string(hide_password=False),
            "QORGAU_NATS_URL": f"nats://127.0.0.1:{nats_port}",
            "QORGAU_PUBLIC_URL": self.url(agency),
            **self._sign_in(),
            "QORGAU_DRAIN_SECONDS": "0",  # nothing balances here
            **dict(self.options.environment),
        }

    def _sign_in(self) -> dict[str, str]:
        """Where staff sign in, once the issuer has its port."""
        if self._issuer_socket is None:
            return {}
        return {"QORGAU_OIDC_CONFIGURATION": f"{self.issuer_url}/.well-known/openid-configuration"}

    def database_url(self, agency: Agency) -> str:
        """An agency's database, as the role of its service."""
        name = f"qorgau_{agency}"
        return self.postgres.url(role=name, password=self._password(agency, "database-password"), database=name)

    def owner_url(self, agency: Agency) -> str:
        """An agency's database, as the role that owns it: for migrations, never for a service."""
        name, password = f"qorgau_{agency}", self._password(agency, "owner-password")
        return self.postgres.url(role=f"{name}_owner", password=password, database=name)

    def _password(self, agency: Agency, which: str) -> str:
        return self.enrolment.secret(agency, which).read_text().strip()

    def _by(self, agency: Agency) -> Path:
        """Where an agency finds the database at the end of a line."""
        return self.postgres.socket / f"by-{agency}"

    async def _lay_lines(self) -> None:
        for agency in self.options.links:
            self.links[agency] = Link(self.nats.port)
        for agency in self.options.database_links:
            self._by(agency).mkdir(exist_ok=True)
            self.database_links[agency] = Link(self.postgres.socket / SOCKET_NAME, at=self._by(agency) / SOCKET_NAME)
        for link in (*self.links.values(), *self.database_links.values()):
            await link.start()

    async def _provision(self) -> None:
        seed_file = self.enrolment.secret("provisioner", "seed")
        about = {"url": self.nats.url, "seed_file": seed_file, "nodes": [a.value for a in Agency]}
        await provision_once(**about)  # type: ignore[arg-type]  # the same three arguments twice
        await self._rewind(seed_file)
        self._provisioning = asyncio.create_task(provision_for_ever(**about))  # type: ignore[arg-type]  # as above

    async def _rewind(self, seed_file: Path) -> None:
        """Services whose databases were restored hear once more what was sent to them since their backup."""
        for agency in Agency:
            mark = rewind_mark(self.folder, agency)
            if mark.exists():
                since = datetime.fromisoformat(mark.read_text())
                await rewind_once(url=self.nats.url, seed_file=seed_file, node=agency.value, since=since)
                mark.unlink()

    async def _migrate(self, agency: Agency) -> None:
        await self.postgres.ensure_database(
            name=f"qorgau_{agency}",
            password=self._password(agency, "database-password"),
            owner_password=self._password(agency, "owner-password"),
        )
        await migrate(agency, self.owner_url(agency), role=f"qorgau_{agency}")

    async def ready(self, agency: Agency) -> None:
        """Wait until a service that was started takes calls and reaches the broker. Raises StartFailed."""
        # No authority to trust: those of the Web take httpx a tenth of a second to read, and nobody speaks TLS here.
        trusting_nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        async with httpx.AsyncClient(base_url=self.url(agency), timeout=5, verify=trusting_nobody) as client:
            for _ in range(READY_SECONDS * 10):
                self.services[agency].check()
                with contextlib.suppress(httpx.HTTPError):
                    answer = await client.get("/health/ready")
                    if answer.status_code == httpx.codes.OK and answer.json()["broker"] == "up":
                        return
                await asyncio.sleep(0.1)
        raise StartFailed(f"{agency} is not ready; see {self.services[agency].log}")


async def migrate(agency: Agency, url: str, *, role: str) -> None:
    """Bring a database to this version's schema, as its owner; in a thread, since Alembic runs an event loop itself."""
    upgrade = await asyncio.to_thread(resolve_name, UPGRADE)
    await asyncio.to_thread(upgrade, agency=agency, url=url, role=role)
