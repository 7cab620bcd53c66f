"""Three servers: the loss of any one, and of the leader, loses no acknowledged message and stops nobody for long."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from nats.errors import Error as NatsError

from deploy.provision import provision_once
from shared.adapters.jetstream import DIRECTED, Broker, BrokerUnavailable, pull
from tests.faults.servers import NODES, SUBJECT, Keys, Server, broker, cluster, provisioner, until

pytestmark = pytest.mark.processes
MESSAGES = 30


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path)


@pytest.fixture
async def servers(tmp_path: Path, keys: Keys) -> AsyncIterator[dict[str, Server]]:
    """A cluster with its streams in three copies."""
    running = cluster(tmp_path, keys)
    try:
        for one in running.values():
            await one.start()

        async def provisioned() -> bool:
            try:
                seed = keys.file("provisioner")
                await provision_once(url=urls(running), seed_file=seed, nodes=NODES, replicas=3)
            except (NatsError, OSError):
                return False
            return True

        await until("the cluster has elected a leader and holds the streams", provisioned)
        yield running
    finally:
        await asyncio.gather(*(one.child.kill() for one in running.values()))


def urls(servers: dict[str, Server]) -> str:
    return ",".join(one.url for one in servers.values())


async def leader(servers: dict[str, Server], keys: Keys) -> str:
    client = await provisioner(urls(servers), keys)
    try:
        about = await client.jetstream().stream_info(DIRECTED)
        assert about.config.num_replicas == 3
        assert about.cluster is not None
        return str(about.cluster.leader)
    finally:
        await client.close()


async def publish_all(sender: Broker, numbers: range) -> list[str]:
    """Publish each until it is acknowledged, as the relay does; what was acknowledged."""
    acknowledged = []
    async with asyncio.timeout(60):
        for number in numbers:
            while True:
                try:
                    await sender.publish(SUBJECT, str(number).encode(), message_id=str(number))
                except BrokerUnavailable:
                    await asyncio.sleep(0.05)
                else:
                    acknowledged.append(str(number))
                    break
    return acknowledged


async def read_all(receiver: Broker, expected: set[str]) -> list[str]:
    """Everything that is delivered until all that is expected was; each is acknowledged.

    What was on its way from a server that died comes again after half a minute.
    """
    read: list[str] = []
    async with asyncio.timeout(60):
        async for messages in pull(await receiver.connect(), stream=DIRECTED, durable="shelter"):
            read += [message.data.decode() for message in messages]
            for message in messages:
                await message.ack()
            if expected <= set(read):
                return read
    return read


@pytest.mark.parametrize("lost", ["the leader", "a follower"])
async def test_the_loss_of_one_server_loses_no_acknowledged_message(
    servers: dict[str, Server], keys: Keys, lost: str
) -> None:
    leads = await leader(servers, keys)
    killed = leads if lost == "the leader" else next(name for name in servers if name != leads)
    sender, receiver = (broker(urls(servers), keys, node) for node in NODES)
    await sender.connect()
    acknowledged = await publish_all(sender, range(MESSAGES))
    sending = asyncio.create_task(publish_all(sender, range(MESSAGES, 3 * MESSAGES)))
    await asyncio.sleep(0.01)
    await servers[killed].child.kill()
    acknowledged += await sending
    read = await read_all(receiver, set(acknowledged))
    assert set(read) == set(acknowledged)
    assert await leader(servers, keys) != killed or lost == "a follower"
    await asyncio.gather(sender.close(), receiver.close())


async def test_a_server_that_comes_back_with_an_empty_disk_is_filled_from_the_others(
    servers: dict[str, Server], keys: Keys, tmp_path: Path
) -> None:
    sender = broker(urls(servers), keys, "police")
    await sender.connect()
    acknowledged = await publish_all(sender, range(MESSAGES))
    first, *others = servers
    await servers[first].child.kill()
    for file in sorted((tmp_path / first).rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    await servers[first].start()

    async def filled() -> bool:
        """It has all messages, and its server says that it has caught up on every stream and reader it keeps."""
        about, health = await servers[first].ask("jsz?streams=1"), await servers[first].ask("healthz")
        details = about.get("account_details") or [{}]
        streams = {s["name"]: s["state"]["messages"] for s in details[0].get("stream_detail", [])}
        return bool(streams.get(DIRECTED) == MESSAGES and health.get("status") == "ok")

    await until("the empty server holds what the others hold", filled)
    await servers[others[0]].child.kill()
    receiver = broker(urls(servers), keys, "shelter")
    assert set(await read_all(receiver, set(acknowledged))) == set(acknowledged)
    await asyncio.gather(sender.close(), receiver.close())


async def test_two_servers_lost_are_told_to_the_sender_who_keeps_and_sends_again(
    servers: dict[str, Server], keys: Keys
) -> None:
    sender = broker(urls(servers), keys, "police")
    await sender.connect()
    for name in ("n1", "n2"):
        await servers[name].child.kill()
    with pytest.raises(BrokerUnavailable):
        await sender.publish(SUBJECT, b"kept", message_id="kept")
    await servers["n1"].start()
    assert await publish_all(sender, range(3)) == ["0", "1", "2"]
    await sender.close()
