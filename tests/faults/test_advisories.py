"""What the broker says of a node's consumers is counted, so that somebody hears of it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nats.errors import Error as NatsError
from nats.js.api import DeliverPolicy
from prometheus_client import REGISTRY

from deploy.nats_config import server
from deploy.provision import provision_once
from shared.adapters.jetstream import DIRECTED, count_advisories
from shared.adapters.streams import consumer
from tests.faults.servers import NODES, SUBJECT, Keys, Server, broker, free_ports, provisioner, until

pytestmark = pytest.mark.processes


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[tuple[Server, Keys]]:
    keys, (port, monitor) = Keys(tmp_path), free_ports(2)
    single = server(users=keys.users(), store=tmp_path / "store", listen=f"127.0.0.1:{port}")
    running = Server(tmp_path, "hub", single, port=port, monitor=monitor)
    await running.start()

    async def provisioned() -> bool:
        try:
            await provision_once(url=running.url, seed_file=keys.file("provisioner"), nodes=NODES)
        except (NatsError, OSError):
            return False
        return True

    await until("the streams are there", provisioned)
    yield running, keys
    await running.child.kill()


def counted(kind: str) -> float:
    return REGISTRY.get_sample_value("qorgau_broker_advisories_total", {"kind": kind}) or 0


async def test_a_message_that_the_broker_gives_up_or_a_reader_ends_is_counted(hub: tuple[Server, Keys]) -> None:
    running, keys = hub
    administrator, shelter = await provisioner(running.url, keys), broker(running.url, keys, "shelter")
    once = consumer(DIRECTED, "shelter").evolve(max_deliver=1, backoff=None, ack_wait=3)
    await administrator.jetstream().add_consumer(DIRECTED, once)  # as somebody might, by hand
    client = await shelter.connect()
    counting = asyncio.create_task(count_advisories(shelter))

    async def listened_to() -> bool:
        return "$JS.EVENT.ADVISORY" in str(await running.ask("connz?subs=1"))

    try:
        await until("the advisories are listened to", listened_to)
        police = broker(running.url, keys, "police")
        await police.connect()
        for number in (1, 2):
            await police.publish(SUBJECT, str(number).encode(), message_id=str(number))
        given_up, ended = counted("MAX_DELIVERIES"), counted("MSG_TERMINATED")
        inbox = await client.subscribe("_INBOX_shelter.x")
        ask = f"$JS.API.CONSUMER.MSG.NEXT.{DIRECTED}.shelter"
        await client.publish(ask, b'{"batch": 2, "expires": 3000000000}', reply="_INBOX_shelter.x")
        await (await inbox.next_msg(timeout=3)).term()

        async def both() -> bool:
            return (counted("MAX_DELIVERIES"), counted("MSG_TERMINATED")) == (given_up + 1, ended + 1)

        await until("both are counted", both)
        await police.close()
    finally:
        counting.cancel()
        await asyncio.gather(counting, return_exceptions=True)
        await asyncio.gather(administrator.close(), shelter.close())


async def test_what_somebody_changed_by_hand_is_put_right(hub: tuple[Server, Keys]) -> None:
    running, keys = hub
    administrator = await provisioner(running.url, keys)
    js = administrator.jetstream()
    await js.delete_consumer(DIRECTED, "shelter")
    elsewhere = {"deliver_policy": DeliverPolicy.BY_START_TIME, "opt_start_time": datetime.now(UTC)}
    await js.add_consumer(DIRECTED, consumer(DIRECTED, "shelter").evolve(max_deliver=9, **elsewhere))
    about = (await js.stream_info(DIRECTED)).config
    await js.update_stream(about.evolve(max_bytes=1024 * 1024, discard="old"))
    await provision_once(url=running.url, seed_file=keys.file("provisioner"), nodes=NODES)
    reader = (await js.consumer_info(DIRECTED, "shelter")).config
    assert (reader.max_deliver, reader.deliver_policy) == (-1, "by_start_time")
    found = (await js.stream_info(DIRECTED)).config
    assert (found.discard, found.max_bytes) == ("new", 1024 * 1024)  # how much room there is, is the operator's
    created = (await js.stream_info(DIRECTED)).created
    await provision_once(url=running.url, seed_file=keys.file("provisioner"), nodes=NODES)
    assert (await js.stream_info(DIRECTED)).created == created
    await administrator.close()
