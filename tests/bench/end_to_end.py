"""Referrals a second from the first call until all of them are committed at the receiver, one worker at each end.

Ours: a token, a body, a decision, sealing, the outbox, the relay, opening, deciding again, the record at both ends, and
receipts meanwhile. Beside it the same job as FastStream's and SQLModel's documentation does it (`faststream_peer`).
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from deploy.demo.office import eventually
from deploy.embedded.processes import Child
from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.bench import load
from tests.bench.broker import STREAM, bare_broker
from tests.bench.measure import OURS, Contenders, Effort
from tests.bench.parts import requesting, until_all_is_there
from tests.bench.posting import CONNECTIONS, SHELTER, a_referral, listening
from tests.bench.waiting import PATIENCE

FASTSTREAM = "FastStream and SQLModel, as documented"
ROOT = Path(__file__).parents[2]
THERE = "select count(*) from referrals where organisation_id = $1"
Count = Callable[[], Awaitable[int]]


@asynccontextmanager
async def contenders(network: Network, effort: Effort) -> AsyncIterator[Contenders]:
    """Each with a receiver of its own on the same PostgreSQL, which flushes every commit."""
    async with AsyncExitStack() as stack:
        request, office = await requesting(network)
        stack.push_async_callback(office.close)
        ours = await _counting(stack, network, "qorgau_shelter", SHELTER)
        body = await a_referral(office)
        url = await stack.enter_async_context(_peer(network))
        theirs = await _counting(stack, network, RECEIVER, "shelter")
        yield {
            OURS: partial(_ours, network, request, ours, effort.seconds),
            FASTSTREAM: partial(_rate, url, partial(load.post, "/referrals", body), theirs, effort.seconds),
        }


async def _ours(network: Network, request: load.Request, there: Count, seconds: float) -> float:
    """Receipts are no part of it; what they still cost must not be the next one's."""
    rate = await _rate(network.url(Agency.POLICE), request, there, seconds)
    await until_all_is_there(network)
    return rate


async def _rate(url: str, request: load.Request, there: Count, seconds: float) -> float:
    before, begun = await there(), perf_counter()
    sent = await load.calls(url, request, connections=CONNECTIONS, seconds=seconds)
    async with asyncio.timeout(PATIENCE):
        while await there() < before + sent:  # noqa: ASYNC110  # in another process
            await asyncio.sleep(0.01)
    return sent / (perf_counter() - begun)


async def _counting(stack: AsyncExitStack, network: Network, database: str, organisation: str) -> Count:
    connection: Any = await network.postgres.connect(database)
    stack.push_async_callback(connection.close)
    return partial(connection.fetchval, THERE, organisation)


SENDER, RECEIVER = "bench_peer", "bench_peer_receiver"


@asynccontextmanager
async def _peer(network: Network) -> AsyncIterator[str]:
    """Two processes, with a database each, and a broker of their own that flushes each message."""
    async with bare_broker() as client, AsyncExitStack() as stack:
        nats = client.connected_url.geturl() if client.connected_url else ""
        socket = stack.enter_context(listening())
        for name, words in ((RECEIVER, ["receiver"]), (SENDER, ["api", str(socket.fileno())])):
            await network.postgres.ensure_database(name=name, password="peer", owner_password="peer")
            database = network.postgres.url(role=f"{name}_owner", password="peer", database=name)
            process = Child(name, log=network.folder / "logs" / f"{name}.log")
            command = [sys.executable, "-m", "tests.bench.faststream_peer", *words]
            environment = {"PEER_DATABASE": database, "PEER_NATS": nats}
            await process.start(command, env=environment, pass_fds=[socket.fileno()], cwd=ROOT)
            stack.push_async_callback(process.stop)

        async def listens() -> bool:
            return (await client.jetstream().stream_info(STREAM)).state.consumer_count > 0

        await eventually("the receiver listens", listens, seconds=60)
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
