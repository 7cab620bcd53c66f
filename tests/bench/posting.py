"""`POST /referrals` in full, beside services that insert the same two rows and do nothing else.

In full: a token that is verified, the body checked, a decision on her consent, the copy and the event sealed, the
disclosure and the record, an idempotency key, one durable commit; and the relay, in the same process, signs, seals and
publishes each meanwhile. The shelter's service stands still: it would have a machine of its own.
"""

import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

from deploy.demo.office import Office, eventually
from deploy.embedded.processes import Child
from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.bench import load
from tests.bench.measure import OURS, Contenders, Effort, Run
from tests.journeys.test_referrals import OPAQUE, consented, known

SQLMODEL, CORE, MEMORY = "SQLModel, two rows", "Core, one statement", "FastAPI, from memory"
PATHS = {SQLMODEL: "/orm", CORE: "/core", MEMORY: "/memory"}
POLICE, SHELTER, CONNECTIONS = "police-19", "shelter-near-19", 32
LEFT = """select (select count(*) from outbox where organisation_id = $1 and state = 'waiting')
              + (select count(*) from audit_waiting where organisation_id = $1)"""
ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def contenders(network: Network, effort: Effort) -> AsyncIterator[Contenders]:
    """Two processes on one PostgreSQL that flushes every commit. What a run left to do is done before the next."""
    token = network.enrolment.token(organisation=POLICE, roles=["worker"])
    office = Office(POLICE, url=network.url(Agency.POLICE), token=token)
    body = await a_referral(office)
    headers = f"Authorization: Bearer {token}\r\nIdempotency-Key: "

    def ours() -> bytes:
        return load.post("/v1/referrals", body, headers=f"{headers}{uuid4()}\r\n")

    async with _standing_still(network, Agency.SHELTER), _peer(network) as url:
        runs: dict[str, Run] = {OURS: partial(_run, network, network.url(Agency.POLICE), ours, effort)}
        for name, path in PATHS.items():
            runs[name] = partial(_run, network, url, partial(load.post, path, body), effort)
        yield runs
    await office.close()


async def a_referral(office: Office) -> bytes:
    """About somebody who consented, once the police know the shelter."""

    async def is_known() -> bool:
        return SHELTER in str(await office.get("/organisations"))

    await eventually("the police know the shelter", is_known)
    person = await known(office)
    consent = await consented(office, person, "identity", "contact")
    basis = {"kind": "consent", "consent_id": consent}
    return json.dumps({**OPAQUE, "to": {"organisation": SHELTER}, "person_id": person, "basis": basis}).encode()


async def _run(network: Network, url: str, request: load.Request, effort: Effort) -> float:
    rate = await load.calls_per_second(url, request, connections=CONNECTIONS, seconds=effort.seconds)
    connection = await network.postgres.connect("qorgau_police")

    async def nothing_is_left() -> bool:
        return bool(await connection.fetchval(LEFT, POLICE) == 0)

    await eventually("what the calls left to do is done", nothing_is_left, seconds=60)
    await connection.close()
    return rate


@asynccontextmanager
async def _standing_still(network: Network, agency: Agency) -> AsyncIterator[None]:
    pid = network.services[agency].pid
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@asynccontextmanager
async def _peer(network: Network) -> AsyncIterator[str]:
    """The peers' process, with a database of its own on the same server."""
    await network.postgres.ensure_database(name="bench_peer", password="peer", owner_password="peer")
    database = network.postgres.url(role="bench_peer_owner", password="peer", database="bench_peer")
    process = Child("peer", log=network.folder / "logs" / "peer.log")
    with listening() as ours:
        command = [sys.executable, "-m", "tests.bench.peer", str(ours.fileno())]
        await process.start(command, env={"PEER_DATABASE": database}, pass_fds=[ours.fileno()], cwd=ROOT)
        try:
            yield f"http://127.0.0.1:{ours.getsockname()[1]}"
        finally:
            await process.stop()


def listening() -> socket.socket:
    """A socket for a process to serve on, which is closed as a context is left."""
    return socket.create_server(("127.0.0.1", 0), backlog=2048)
