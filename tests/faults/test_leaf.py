"""A rural site: its services know only the leaf beside them, and the link to the hub may be down for long."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError

from deploy.embedded.link import Link
from deploy.leaf import Leaf
from deploy.nats_config import Site, leaf, server, text
from deploy.provision import provision_once
from shared.adapters.jetstream import DIRECTED, BrokerUnavailable, pull
from tests.faults.servers import NODES, SUBJECT, Keys, Server, broker, free_ports, provisioner, until

pytestmark = pytest.mark.processes
WHILE = 4.0  # seconds: as long as a leaf takes to start and to have its link on a busy machine
NEVER_AGAIN = "1h"  # a leaf that tries again in an hour has, for this test, stopped trying


@dataclass
class Rural:
    """A hub, and a link to it that a site's leaf uses."""

    folder: Path
    keys: Keys
    hub: Server
    link: Link
    port: int
    monitor: str

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def configuration(self, *, reconnect: str = "250ms", users: dict[str, str] | None = None) -> Path:
        seed = self.keys.file("site").read_text().strip()
        about = leaf(
            users=users or self.keys.users("police"),
            hub=[f"127.0.0.1:{self.link.port}"],
            seed=seed,
            listen=f"127.0.0.1:{self.port}",
            monitor=self.monitor,
        )
        about["leafnodes"]["reconnect"] = reconnect
        file = self.folder / "leaf.conf"
        file.write_text(text(about))
        return file

    @asynccontextmanager
    async def site(self, configuration: Path, *, patience: float = 3600) -> AsyncIterator[Leaf]:
        """The leaf under watch."""
        hub = [f"127.0.0.1:{self.link.port}"]
        watched = Leaf(configuration, monitor=self.monitor, hub=hub, patience=patience)
        running = asyncio.create_task(watched.run())
        try:
            yield watched
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def linked(self) -> bool:
        about = await Server.ask(self, "leafz")  # type: ignore[arg-type]  # it asks self.monitor
        return bool(about.get("leafnodes"))

    async def unlinked(self) -> bool:
        return not await self.linked()


@pytest.fixture
async def rural(tmp_path: Path) -> AsyncIterator[Rural]:
    keys = Keys(tmp_path)
    port, monitor, leaves, at_site, site_monitor = free_ports(5)
    sites = {"site": Site(keys.public("site"), ("police",))}
    single = server(users=keys.users(), sites=sites, store=tmp_path / "hub", listen=f"127.0.0.1:{port}")
    single["leafnodes"] = {"listen": f"127.0.0.1:{leaves}"}
    hub, link = Server(tmp_path, "hub", single, port=port, monitor=monitor), Link(leaves)
    await hub.start()
    await link.start()

    async def provisioned() -> bool:
        try:
            await provision_once(url=hub.url, seed_file=keys.file("provisioner"), nodes=NODES)
        except (NatsError, OSError):
            return False
        return True

    try:
        await until("the hub holds the streams", provisioned)
        yield Rural(tmp_path, keys, hub, link, at_site, f"127.0.0.1:{site_monitor}")
    finally:
        await link.stop()
        await hub.child.kill()


async def next_of(url: str, keys: Keys, node: str) -> bytes:
    reader = broker(url, keys, node)
    async with asyncio.timeout(60):
        async for (message,) in pull(await reader.connect(), stream=DIRECTED, durable=node):
            await message.ack()
            await reader.close()
            return bytes(message.data)
    raise AssertionError


async def test_through_the_leaf_a_service_sends_and_receives_what_is_its_own(rural: Rural) -> None:
    async with rural.site(rural.configuration()):
        await until("the leaf has its link", rural.linked)
        sender, far = broker(rural.url, rural.keys, "police"), broker(rural.hub.url, rural.keys, "shelter")
        await asyncio.gather(sender.connect(), far.connect())
        await sender.publish(SUBJECT, b"from the site", message_id="1")
        await far.publish("qorgau.directed.shelter.police", b"to the site", message_id="2")
        assert await next_of(rural.hub.url, rural.keys, "shelter") == b"from the site"
        assert await next_of(rural.url, rural.keys, "police") == b"to the site"

        async def acknowledged() -> bool:
            client = await provisioner(rural.hub.url, rural.keys)
            about = await client.jetstream().consumer_info(DIRECTED, "police")
            await client.close()
            return bool(about.num_ack_pending == 0)

        await until("the acknowledgement went through the leaf, too", acknowledged)
        await asyncio.gather(sender.close(), far.close())


async def test_while_the_link_is_down_nothing_is_acknowledged_and_afterwards_all_goes(rural: Rural) -> None:
    async with rural.site(rural.configuration(), patience=1):
        await until("the leaf has its link", rural.linked)
        sender = broker(rural.url, rural.keys, "police")
        await sender.connect()
        rural.link.cut()
        await until("the leaf has seen that", rural.unlinked)
        with pytest.raises(BrokerUnavailable):
            await sender.publish(SUBJECT, b"kept in the outbox", message_id="1")
        rural.link.mend()

        async def sent() -> bool:
            try:
                await sender.publish(SUBJECT, b"kept in the outbox", message_id="1")
            except BrokerUnavailable:
                return False
            return True

        await until("it goes, without anything being started anew", sent)
        assert await next_of(rural.hub.url, rural.keys, "shelter") == b"kept in the outbox"
        await sender.close()


async def test_a_leaf_that_stopped_trying_is_started_anew_once_the_hub_can_be_reached(rural: Rural) -> None:
    async with rural.site(rural.configuration(reconnect=NEVER_AGAIN), patience=WHILE) as watched:
        await until("the leaf has its link", rural.linked)
        rural.link.cut()
        await until("the leaf has seen that", rural.unlinked)
        await asyncio.sleep(WHILE * 1.5)
        assert watched.restarts == 0  # the hub can't be reached: starting the leaf anew would help nobody
        rural.link.mend()
        await until("it has its link again", rural.linked)
        assert watched.restarts == 1


async def test_without_the_watch_it_would_stay_away(rural: Rural) -> None:
    async with rural.site(rural.configuration(reconnect=NEVER_AGAIN)):
        await until("the leaf has its link", rural.linked)
        rural.link.cut()
        await until("the leaf has seen that", rural.unlinked)
        rural.link.mend()
        await asyncio.sleep(3)
        assert not await rural.linked()


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGSTOP], ids=["that ended", "that hangs"])
async def test_a_leaf_is_started_anew(rural: Rural, sign: signal.Signals) -> None:
    async with rural.site(rural.configuration(), patience=WHILE) as watched:
        await until("the leaf has its link", rural.linked)
        assert watched.child._process is not None
        watched.child._process.send_signal(sign)
        await until("it is not there", rural.unlinked)
        await until("it has its link again", rural.linked)
        assert watched.restarts == 1


async def test_a_site_that_was_taken_over_speaks_for_nobody_but_its_own_nodes(rural: Rural) -> None:
    """Its server's configuration is its own: what counts is what the hub lets through."""
    configuration = rural.configuration()
    free = configuration.read_text().replace("qorgau.directed.police.*", "qorgau.>")
    configuration.write_text(free)
    async with rural.site(configuration):
        await until("the leaf has its link", rural.linked)
        told: list[Exception] = []
        thief = await at(rural.url, rural.keys, told.append)
        with pytest.raises(NatsError):
            await thief.jetstream(timeout=1).publish("qorgau.directed.shelter.police", b"forged")
        await thief.jetstream(timeout=2).publish(SUBJECT, b"its own")
        await thief.close()
        client = await provisioner(rural.hub.url, rural.keys)
        assert (await client.jetstream().stream_info(DIRECTED)).state.messages == 1
        await client.close()


async def at(url: str, keys: Keys, hear: Callable[[Exception], None]) -> Client:
    async def heard(error: Exception) -> None:
        hear(error)

    seed = str(keys.file("police"))
    return await nats.connect(url, nkeys_seed=seed, inbox_prefix=b"_INBOX_police", error_cb=heard)
