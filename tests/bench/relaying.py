"""From the outbox to JetStream's acknowledgement, and from a message to its commit: how many events a second.

Relay: rows in PostgreSQL are judged once more, signed, sealed and published. Receiver: a message is opened, verified,
judged again, applied, recorded and committed. Each stands alone, on a database of its own, with a broker that flushes
each message to its disk.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any

import httpx
from nats.aio.client import Client

from deploy.network import Network
from shared.adapters.intake import directed
from shared.adapters.jetstream import BATCH as TOGETHER
from shared.adapters.jetstream import Broker
from shared.adapters.relay import Relay
from shared.adapters.seal import seal
from shared.casework.consents import store as consents
from shared.contract.vocabulary import Agency
from tests.bench.arriving import SEALED_BYTES
from tests.bench.broker import STREAM, SUBJECT, bare_broker
from tests.bench.measure import OURS, Contenders, Effort
from tests.courier import collect
from tests.pair import NOW, POLICE, SHELTER, made, person, referred
from tests.workbench import Bench, bench

PUBLISH, FETCH = "nats-py, publishing by hundreds", "nats-py, fetch and acknowledge"
SEALING, OPENING = "to sign and seal alone", "to open and verify alone"
WINDOW, PLAIN_BYTES = 100, 2000


@dataclass
class Handed:
    """A message as the broker hands it out; to acknowledge it costs the broker's limit below, and nothing here."""

    subject: str
    data: bytes
    headers: None = None
    is_acked: bool = False

    async def ack(self) -> None:
        self.is_acked = True


DUE = "update outbox set state = 'waiting', attempts = 0, sent_at = null, next_attempt_at = $1 where sealed is not null"
RECEIVED = "truncate inbox, referrals, referral_moves, audit, audit_links, audit_waiting, changes cascade"


@asynccontextmanager
async def relay(network: Network, effort: Effort) -> AsyncIterator[Contenders]:
    """The police's outbox, full of referrals on consent."""
    async with AsyncExitStack() as stack:
        service, client = await _police(stack, network, effort)
        bare = await stack.enter_async_context(bare_broker())
        await bare.jetstream().add_stream(name="QORGAU", subjects=["qorgau.>"], max_msgs=100_000)
        broker = Broker(
            url=str(bare.connected_url and bare.connected_url.geturl()),
            seed_file=service.app.state.settings.nats_seed_file,
            node="police",
        )
        await broker.connect()
        stack.push_async_callback(broker.close)
        settings, clock = service.app.state.settings, service.clock
        common: dict[str, Any] = {"database": service.database, "node": service.node, "clock": clock}
        relay = Relay(**common, broker=broker, settings=settings, consents_now=consents.all_terms_now)
        yield {
            OURS: partial(_send, service, relay),
            PUBLISH: partial(_publish, bare, effort.calls),
            SEALING: partial(_seal, service, effort.calls),
        }
        await client.aclose()


async def _police(stack: AsyncExitStack, network: Network, effort: Effort) -> tuple[Bench, httpx.AsyncClient]:
    service = await stack.enter_async_context(bench(network, Agency.POLICE, at=NOW))
    client = service.client(POLICE)
    consent, _ = await referred(client, await person(client))
    her = (await client.get(f"/consents/{consent}")).json()["person_id"]
    body: dict[str, Any] = {"to": {"organisation": SHELTER}, "purpose": "lodging", "person_id": her}
    body |= {"basis": {"kind": "consent", "consent_id": consent}, "call_back": "+7 727 000 00 01"}
    for _ in range(effort.calls - 1):
        await made(await client.post("/referrals", json=body))
    return service, client


async def _send(service: Bench, relay: Relay) -> float:
    connection = await service.network.postgres.connect(str(service.database.url.database))
    await connection.execute(DUE, service.clock())
    await connection.close()
    begun, sent = perf_counter(), 0
    while (some := await relay.send_due()) > 0:
        sent += some
    return sent / (perf_counter() - begun)


async def _seal(service: Bench, count: int) -> float:
    """What one processor can do at most, whatever else an event costs."""
    payload, begun = b"." * PLAIN_BYTES, perf_counter()
    for _ in range(count):
        seal(service.node, payload, recipient="shelter")
    return count / (perf_counter() - begun)


async def _publish(client: Client, count: int) -> float:
    jetstream, payload = client.jetstream(), b"." * SEALED_BYTES
    begun = perf_counter()
    for _ in range(0, count, WINDOW):
        await asyncio.gather(*(jetstream.publish(SUBJECT, payload) for _ in range(min(WINDOW, count))))
    return count / (perf_counter() - begun)


@asynccontextmanager
async def receiver(network: Network, effort: Effort) -> AsyncIterator[Contenders]:
    """Referrals on consent, as the police sealed them, at a shelter that has none of them."""
    few = Effort(effort.rounds, effort.seconds, max(effort.calls // 4, 5))
    async with AsyncExitStack() as stack:
        police, client = await _police(stack, network, few)
        shelter = await stack.enter_async_context(bench(network, Agency.SHELTER, at=NOW))
        letters = (await collect(police)).letters
        while letters and (more := (await collect(police)).letters):
            letters += more
        bare = await stack.enter_async_context(bare_broker())
        yield {
            OURS: partial(_receive, shelter, letters),
            FETCH: partial(_fetch, bare, len(letters)),
            OPENING: partial(_open, shelter, letters),
        }
        await client.aclose()


async def _receive(shelter: Bench, letters: list[tuple[str, bytes]]) -> float:
    connection = await shelter.network.postgres.connect(str(shelter.database.url.database))
    await connection.execute(RECEIVED)
    await connection.close()
    messages, begun = [Handed(*letter) for letter in letters], perf_counter()
    for first in range(0, len(messages), TOGETHER):
        await directed(shelter.inbox, messages[first : first + TOGETHER])  # type: ignore[arg-type]  # a Msg's face
    assert all(message.is_acked for message in messages)
    return len(letters) / (perf_counter() - begun)


async def _open(shelter: Bench, letters: list[tuple[str, bytes]]) -> float:
    """The same: with the event read, and whether its sender may say it."""
    begun = perf_counter()
    for subject, data in letters:
        shelter.inbox.opened(subject, data)
    return len(letters) / (perf_counter() - begun)


async def _fetch(client: Client, count: int) -> float:
    await _publish(client, count)
    pulled = await client.jetstream().pull_subscribe(SUBJECT, stream=STREAM)
    begun, taken = perf_counter(), 0
    while taken < count:
        messages = await pulled.fetch(min(WINDOW, count - taken), timeout=5)
        await asyncio.gather(*(message.ack() for message in messages))
        taken += len(messages)
    reading = count / (perf_counter() - begun)
    await pulled.unsubscribe()
    await client.jetstream().purge_stream(STREAM)
    return reading
