"""From the call at the police to the referral committed at the shelter: so many calls a second, whatever they take.

A call is timed from when it was due, not from when a connection was free for it: what waits in a queue waits, too. The
shelter's database is asked each two milliseconds which referrals it has.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from nats.aio.client import Client
from nats.aio.msg import Msg

from deploy.demo.office import Office
from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.bench import load
from tests.bench.broker import SUBJECT, bare_broker
from tests.bench.measure import OURS, Contenders, Effort, p99
from tests.bench.posting import POLICE, SHELTER, a_referral
from tests.bench.waiting import until

NATS = "NATS, the same bytes"
CONNECTIONS, SEALED_BYTES, EVERY = 32, 4000, 0.002
Times = dict[str, float]
ARRIVED = "select id::text from referrals where organisation_id = $1 and created_at > $2"


@dataclass(frozen=True)
class Pace:
    """So many calls, so many a second."""

    rate: int
    count: int

    def turns(self) -> list[float]:
        """When each is due, from now on."""
        begun = perf_counter() + 0.1
        return [begun + turn / self.rate for turn in range(self.count)]


def at(rate: int) -> Callable[[Network, Effort], AbstractAsyncContextManager[Contenders]]:
    """Contenders at so many calls a second: milliseconds within which 99 of 100 arrive."""

    @asynccontextmanager
    async def contenders(network: Network, effort: Effort) -> AsyncIterator[Contenders]:
        token = network.enrolment.token(organisation=POLICE, roles=["worker"])
        office = Office(POLICE, url=network.url(Agency.POLICE), token=token)
        body = await a_referral(office)
        pace = Pace(rate, max(int(rate * effort.seconds), 3))
        async with bare_broker() as client:
            yield {
                OURS: partial(_ours, network, token, body, pace),
                NATS: partial(_bare, client, pace),
            }
        await office.close()

    return contenders


async def _ours(network: Network, token: str, body: bytes, pace: Pace) -> float:
    seen: Times = {}
    watching = asyncio.create_task(_watch(network, seen))
    try:
        sent = await call_at(network.url(Agency.POLICE), token, body, pace)
        await until(lambda: sent.keys() <= seen.keys() or None, every=EVERY)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    return p99([seen[one] - sent[one] for one in sent])


async def call_at(url: str, token: str, body: bytes, pace: Pace) -> Times:
    """When each was due, by the id of what it made. Connections take the next call in turn."""
    sent, turns = Times(), iter(pace.turns())
    headers = f"Authorization: Bearer {token}\r\nIdempotency-Key: "

    async def caller() -> None:
        where = urlsplit(url)
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        for due in turns:
            await asyncio.sleep(max(0.0, due - perf_counter()))
            writer.write(load.post("/v1/referrals", body, headers=f"{headers}{uuid4()}\r\n"))
            head = await reader.readuntil(b"\r\n\r\n")
            answer = await reader.readexactly(int(load.LENGTH.findall(head)[0]))
            assert head[9:12] == b"201", answer[:200]
            sent[json.loads(answer)["id"]] = due
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(caller() for _ in range(min(CONNECTIONS, pace.count))))
    return sent


async def _watch(network: Network, seen: Times) -> None:
    """To read what came in runs before would take longer than what is measured."""
    connection = await network.postgres.connect("qorgau_shelter")
    begun = await connection.fetchval("select now()")
    try:
        while True:
            found = [row["id"] for row in await connection.fetch(ARRIVED, SHELTER, begun)]
            now = perf_counter()
            for one in found:
                seen.setdefault(one, now)
            await asyncio.sleep(EVERY)
    finally:
        await connection.close()


async def _bare(client: Client, pace: Pace) -> float:
    """JetStream alone, published and acknowledged one by one, and pushed to who listens."""
    jetstream, seen = client.jetstream(), Times()
    sent: Times = {}

    async def heard(message: Msg) -> None:
        seen.setdefault(message.data[:36].decode(), perf_counter())

    listening = await jetstream.subscribe(SUBJECT, cb=heard, ordered_consumer=True, deliver_policy=_NEW)

    async def publish(due: float) -> None:
        name = str(uuid4())
        await asyncio.sleep(max(0.0, due - perf_counter()))
        sent[name] = due
        await jetstream.publish(SUBJECT, name.encode().ljust(SEALED_BYTES, b"."))

    await asyncio.gather(*(publish(due) for due in pace.turns()))
    await until(lambda: sent.keys() <= seen.keys() or None, every=EVERY)
    await listening.unsubscribe()
    return p99([seen[one] - sent[one] for one in sent])


_NEW: Any = "new"
