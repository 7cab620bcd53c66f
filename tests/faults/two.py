"""The police and a shelter as processes that can be killed anywhere, on lines that can be cut, slowed and hushed."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from deploy.demo.office import eventually
from deploy.embedded.link import Link
from deploy.network import Network, Options
from shared.contract.vocabulary import Agency
from tests.faults import dying
from tests.network import organisations

POLICE, SHELTER = "police-19", "shelter-far-19"
AT = {Agency.POLICE: POLICE, Agency.SHELTER: SHELTER}
IMPATIENT = (
    ("QORGAU_RESEND_AFTER", "0.5"),
    ("QORGAU_RESEND_AT_MOST", "3"),
    ("QORGAU_ANNOUNCE_EVERY", "5"),
    ("QORGAU_DATABASE_PATIENCE", "2"),
)
GIVE_UP_SECONDS = 60.0


@dataclass
class Two:
    """The two services, a worker at each, and everything between them that can break."""

    network: Network
    folder: Path
    officer: httpx.AsyncClient
    warden: httpx.AsyncClient

    def line(self, agency: Agency) -> Link:
        """Between a service and the broker."""
        return self.network.links[agency]

    def database_line(self, agency: Agency) -> Link:
        """Between a service and PostgreSQL."""
        return self.network.database_links[agency]

    def order(self, agency: Agency, step: str, *, passes: int = 1, victim: int | None = None) -> None:
        """A service, or a victim in its stead, dies at a step of dying.STEPS."""
        dying.give_order(self.folder, agency, step=step, passes=passes, victim=victim)

    async def carried_out(self, agency: Agency) -> None:
        """Wait until the step was passed. Raises StoryFailed if it never is."""

        async def is_gone() -> bool:
            return not dying.order_file(self.folder, agency).exists()

        await eventually("the step was passed", is_gone)

    def kill(self, agency: Agency) -> None:
        """SIGKILL, wherever it is."""
        os.kill(self.network.services[agency].pid, signal.SIGUSR1)

    def deaths(self) -> int:
        """How often the two were killed so far."""
        files = [dying.deaths_file(self.folder, agency) for agency in AT]
        return sum(len(file.read_text().splitlines()) for file in files if file.exists())

    async def back_again(self, deaths: int) -> None:
        """Wait until the services were killed so often."""

        async def is_so() -> bool:
            return self.deaths() == deaths

        await eventually(f"the services were killed {deaths} times", is_so)

    async def ask(self, agency: Agency, query: str) -> list[Any]:
        """What lies in a service's database, whoever's it is."""
        connection: asyncpg.Connection = await self.network.postgres.connect(f"qorgau_{agency}")
        try:
            return list(await connection.fetch(query))
        finally:
            await connection.close()

    def mend(self) -> None:
        """Whole lines and no orders."""
        for agency in AT:
            for line in (self.line(agency), self.database_line(agency)):
                line.latency = 0.0
                line.mend()
            dying.order_file(self.folder, agency).unlink(missing_ok=True)


@asynccontextmanager
async def two(folder: Path, *, durable: bool = False) -> AsyncIterator[Two]:
    """Running, until the test is over. `durable`: on a PostgreSQL that may be killed."""
    options = Options(
        agencies=tuple(AT),
        links=tuple(AT),
        database_links=tuple(AT),
        durable=durable,
        program=("-m", "tests.faults.dying"),
        environment=(*IMPATIENT, (dying.FOLDER, str(folder))),
    )
    hosted = [o for o in organisations() if o.id in AT.values()]
    running = Network(folder / "network", hosted, options)
    try:
        await running.start()
        async with _worker(running, Agency.POLICE) as officer, _worker(running, Agency.SHELTER) as warden:
            both = Two(running, folder, officer, warden)
            await _know_each_other(both)
            yield both
    finally:
        await running.stop()
        running.postgres.remove()


def _worker(network: Network, agency: Agency) -> httpx.AsyncClient:
    token = network.enrolment.token(organisation=AT[agency], roles=["worker", "bed-counter"])
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.AsyncClient(base_url=f"{network.url(agency)}/v1", headers=headers, timeout=20)


async def _know_each_other(both: Two) -> None:
    for client in (both.officer, both.warden):

        async def are_there(client: httpx.AsyncClient = client) -> bool:
            return len((await client.get("/organisations")).json()["items"]) == len(AT)

        await eventually("the directory is complete", are_there)


async def insist(client: httpx.AsyncClient, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """One call under one key, again and again until it is answered. Raises AssertionError for a refusal."""
    headers = {"Idempotency-Key": str(uuid4())}
    async with asyncio.timeout(GIVE_UP_SECONDS):
        while True:
            try:
                answer = await client.post(path, json=body, headers=headers)
            except httpx.TransportError:
                answer = None
            if answer is not None:
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    break
                assert "retry-after" in answer.headers, answer.text
            await asyncio.sleep(0.05)
    assert answer.is_success, answer.text
    return dict(answer.json())
