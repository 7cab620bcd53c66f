"""A stolen broker credential opens one node and not the network."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import nats
import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError

from deploy.demo.office import eventually
from deploy.embedded.nats import NatsServer
from deploy.network import Network
from deploy.provision import provision_once
from shared.adapters.intake import take_in
from shared.adapters.jetstream import DIRECTED, STATE, directed_subject
from shared.adapters.streams import BACKOFF, provision
from shared.contract.vocabulary import Agency


@pytest.fixture
async def thief(network: Network) -> AsyncIterator[tuple[Client, list[str]]]:
    """Somebody with the shelter's seed, and what the broker told them."""
    told: list[str] = []

    async def hear(error: Exception) -> None:
        told.append(str(error))

    seed = str(network.enrolment.secret("shelter", "seed"))
    client = await nats.connect(network.nats.url, nkeys_seed=seed, inbox_prefix=b"_INBOX_shelter", error_cb=hear)
    yield client, told
    await client.close()


@pytest.mark.parametrize(
    "subject",
    [
        "qorgau.directed.police.health",
        "qorgau.state.police.beds_counted.shelter-near-19",
        f"$JS.API.CONSUMER.MSG.NEXT.{DIRECTED}.police",
        f"$JS.API.CONSUMER.MSG.NEXT.{STATE}.police",
        f"$JS.qorgau.API.CONSUMER.MSG.NEXT.{DIRECTED}.police",
        f"$JS.qorgau.API.STREAM.DELETE.{DIRECTED}",
        "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.QORGAU_DIRECTED.shelter",
        f"$JS.API.STREAM.DELETE.{DIRECTED}",
        f"$JS.API.STREAM.PURGE.{DIRECTED}",
        f"$JS.API.STREAM.MSG.GET.{DIRECTED}",
        f"$JS.API.DIRECT.GET.{DIRECTED}",
        f"$JS.API.CONSUMER.CREATE.{DIRECTED}.mine",
        f"$JS.API.CONSUMER.DELETE.{DIRECTED}.police",
        f"$JS.ACK.{DIRECTED}.police.1.1.1.1.1",
        "_INBOX_police.x",
    ],
)
async def test_a_stolen_seed_may_not_publish_as_another_nor_read_nor_administer(
    thief: tuple[Client, list[str]], subject: str
) -> None:
    client, told = thief
    await client.publish(subject, b"", reply="_INBOX_shelter.reply")
    await client.flush()
    await is_told(told, "permissions violation for publish")


@pytest.mark.parametrize(
    "subject", ["qorgau.>", "qorgau.directed.*.police", "_INBOX_police.>", "$JS.EVENT.>", "$JS.>", ">"]
)
async def test_a_stolen_seed_may_not_listen_to_others(thief: tuple[Client, list[str]], subject: str) -> None:
    client, told = thief
    await client.subscribe(subject)
    await client.flush()
    await is_told(told, "permissions violation for subscription")


async def test_what_the_broker_can_be_made_to_say_under_another_name_is_quarantined(
    thief: tuple[Client, list[str]], started: Network
) -> None:
    """NATS sends an answer wherever the question says. So a thief can have an acknowledgement put before health as if
    the police had sent it; it is signed by nobody."""
    client, _ = thief
    before = await quarantined(started)
    await client.publish("qorgau.directed.shelter.social", b"", reply="qorgau.directed.police.health")
    await client.flush()

    async def is_noticed() -> bool:
        return await quarantined(started) > before

    await eventually("health has quarantined it", is_noticed)


async def is_told(told: list[str], what: str) -> None:
    async def said() -> bool:
        return any(what in line.lower() for line in told)

    await eventually(f"the broker says: {what}", said)


async def quarantined(network: Network) -> float:
    """How many messages health could not open."""
    async with httpx.AsyncClient(base_url=network.url(Agency.HEALTH), timeout=60) as watching:
        page = (await watching.get("/metrics")).text
    lines = [line for line in page.splitlines() if line.startswith("qorgau_events_quarantined_total")]
    return sum(float(line.rpartition(" ")[2]) for line in lines)


async def test_nobody_connects_without_a_key_of_the_network(network: Network) -> None:
    async def quiet(_: Exception) -> None:
        """Expected."""

    client = Client()
    with pytest.raises(NatsError):
        await client.connect(network.nats.url, allow_reconnect=False, error_cb=quiet)
    await client.close()


async def test_the_streams_keep_what_they_promise(network: Network) -> None:
    seed = str(network.enrolment.secret("provisioner", "seed"))
    client = await nats.connect(network.nats.url, nkeys_seed=seed, inbox_prefix=b"_INBOX_provisioner")
    try:
        js = client.jetstream()
        await provision(js, nodes=["police", "shelter", "health", "social"])
        directed, state = [(await js.stream_info(name)).config for name in (DIRECTED, STATE)]
    finally:
        await client.close()
    assert (directed.storage, directed.discard, directed.deny_delete, directed.deny_purge) == (
        "file",
        "new",
        True,
        True,
    )
    assert (state.storage, state.max_msgs_per_subject) == ("file", 1)
    assert '"sync_interval": "always"' in (network.nats.folder / "nats.conf").read_text()


@dataclass
class Taking:
    """An inbox that takes in so many messages in all, and is still at work on the next one when its service stops."""

    taken: list[bytes]
    until: int
    node: Any = field(default_factory=lambda: SimpleNamespace(name="shelter"))
    is_at_work: asyncio.Event = field(default_factory=asyncio.Event)

    async def had(self, _: list[Any]) -> set[Any]:
        return set()

    async def opened_or_kept(self, _: str, data: bytes) -> None:
        if len(self.taken) == self.until:
            await asyncio.Event().wait()
        self.taken.append(data)
        if len(self.taken) == self.until:
            self.is_at_work.set()


@dataclass
class Connected:
    client: Client

    async def connect(self) -> Client:
        return self.client


async def test_what_a_replica_asked_for_and_did_not_take_in_goes_to_the_next_at_once(
    network: Network, tmp_path: Path
) -> None:
    """Otherwise a stop would hold back what was on its way to it until the broker misses an acknowledgement."""
    server, sent = NatsServer(tmp_path / "nats", users=network.enrolment.users()), 20
    await server.start()
    seeds = {name: str(network.enrolment.secret(name, "seed")) for name in ("police", "shelter")}
    try:
        await provision_once(
            url=server.url, seed_file=network.enrolment.secret("provisioner", "seed"), nodes=["police", "shelter"]
        )
        police, *replicas = [
            await nats.connect(server.url, nkeys_seed=seeds[name], inbox_prefix=f"_INBOX_{name}".encode())
            for name in ("police", "shelter", "shelter")
        ]
        for number in range(sent):
            await police.jetstream().publish(directed_subject("police", "shelter"), str(number).encode())
        taken: list[bytes] = []
        for replica, until in zip(replicas, (1, sent), strict=True):
            inbox = Taking(taken, until=until)
            service = asyncio.create_task(take_in(inbox, Connected(replica), stream=DIRECTED))  # type: ignore[arg-type]  # stand in
            async with asyncio.timeout(BACKOFF[0] / 3):
                await inbox.is_at_work.wait()
            await asyncio.sleep(0.2)  # until what is on its way to it has come
            service.cancel()
            await asyncio.gather(service, return_exceptions=True)
            await replica.close()
        await police.close()
    finally:
        await server.stop()
    assert sorted(taken, key=int) == [str(number).encode() for number in range(sent)]
