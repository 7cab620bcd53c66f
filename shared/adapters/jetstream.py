"""NATS JetStream: connect, publish with acknowledgement, pull what is for this node.

Subjects carry names of nodes and organisations and nothing about a person:
`qorgau.directed.<sender>.<recipient>` and `qorgau.state.<sender>.<kind>.<organisation>`.
A node may publish under its own name only and read only the consumers that bear its name.
"""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path

import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.js import JetStreamContext

from shared.adapters.broker_tls import IN_THE_CLEAR, TlsFiles, connecting
from shared.adapters.telemetry import METRICS
from shared.contract.vocabulary import EventType

DIRECTED = "QORGAU_DIRECTED"
STATE = "QORGAU_STATE"
EVERYONE = "everyone"
# Every server that stores has this JetStream domain: so a service reaches it through a site's leaf node, too.
DOMAIN = "qorgau"
PULL = f"$JS.{DOMAIN}.API.CONSUMER.MSG.NEXT"
# What the broker says of a node's own consumers: a kind, a stream, the consumer.
ADVISORIES = "$JS.EVENT.ADVISORY.CONSUMER.*.*.{node}"
COUNTED = ("MAX_DELIVERIES", "MSG_TERMINATED", "DELETED", "QUORUM_LOST", "LEADER_ELECTED")
# Security fixes: from 2.12.7 in the 2.12 line, and from 2.14.0 on.
OLDEST_OF_LINE, OLDEST = (2, 12, 7), (2, 14, 0)
PUBLISH_TIMEOUT = 5.0
BATCH = 64
PULL_EXPIRES = 30.0
HEARTBEAT = 1.0
ACK = "$JS.ACK."
log = structlog.get_logger()


class BrokerUnavailable(Exception):
    """The broker did not acknowledge; the event stays where it is and is sent again."""


class BrokerTooOld(BrokerUnavailable):
    """The server lacks security fixes: nothing is sent through it, and nothing is provisioned."""


def is_new_enough(client: Client) -> bool:
    """Whether the connected server has the security fixes that this software asks for."""
    version = client.connected_server_version
    numbers = (version.major, version.minor, version.patch)
    return numbers >= OLDEST or (numbers >= OLDEST_OF_LINE and numbers[:2] == OLDEST_OF_LINE[:2])


def directed_subject(sender: str, recipient: str) -> str:
    """Where events for a node go."""
    return f"qorgau.directed.{sender}.{recipient}"


def sender_of(subject: str) -> str:
    """The node that published a directed event: the broker lets it do so under its own name only."""
    return subject.split(".")[2]


def state_subject(sender: str, event_type: EventType, organisation: str) -> str:
    """Where an announcement goes: the last one on a subject is the valid one."""
    return f"qorgau.state.{sender}.{event_type.value.replace('.', '_')}.{organisation}"


class Broker:
    """A connection that is looked for in the background: a service runs with or without it.

    Raises SettingsError for files of TLS that are of no use.
    """

    def __init__(self, *, url: str, seed_file: Path, node: str, tls: TlsFiles = IN_THE_CLEAR) -> None:
        self.url, self.seed_file, self.node = url, seed_file, node
        self._secured = connecting(tls)
        self.client: Client | None = None
        self._connecting = asyncio.Lock()
        self._too_old = False

    @property
    def is_connected(self) -> bool:
        """Whether publishing makes sense now."""
        return self.state == "up"

    @property
    def state(self) -> str:
        """`up`, `down`, or `too old`: a server may also have become older since."""
        if self.client is None or not self.client.is_connected:
            return "too old" if self._too_old else "down"
        return "up" if is_new_enough(self.client) else "too old"

    @property
    def jetstream(self) -> JetStreamContext:
        """Raises BrokerUnavailable before the first connection, and on a server that is too old."""
        if self.client is None or not self.is_connected:
            raise BrokerUnavailable(self.state)
        return self.client.jetstream(timeout=PUBLISH_TIMEOUT)

    async def connect(self) -> Client:
        """The connection. Tries until the broker is there; from then on the client reconnects by itself, for ever."""
        async with self._connecting:
            while self.client is None:
                try:
                    self.client = await self._connect_to_safe()
                except BrokerTooOld as error:
                    log.error("broker.too_old", found=str(error), needed="2.12.7 or 2.14.0")
                    await asyncio.sleep(5)
                except (OSError, NatsError, TimeoutError) as error:
                    log.info("broker.unreachable", error=type(error).__name__)
                    await asyncio.sleep(0.5)
            return self.client

    async def _connect_to_safe(self) -> Client:
        """Raises BrokerTooOld."""
        client = await self._connect()
        self._too_old = not is_new_enough(client)
        if self._too_old:
            version = client.connected_server_version
            await client.close()
            raise BrokerTooOld(str(version))
        return client

    async def _connect(self) -> Client:
        return await nats.connect(
            self.url.split(","),
            name=self.node,
            nkeys_seed=str(self.seed_file),
            inbox_prefix=f"_INBOX_{self.node}".encode(),
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.5,
            connect_timeout=2,
            ping_interval=5,
            max_outstanding_pings=2,
            pending_size=0,
            error_cb=_ignore,
            **self._secured,
        )

    async def publish(self, subject: str, payload: bytes, *, message_id: str | None = None) -> None:
        """Publish and wait for JetStream's acknowledgement. Raises BrokerUnavailable: it may or may not be stored."""
        headers = {"Nats-Msg-Id": message_id} if message_id else None
        try:
            await self.jetstream.publish(subject, payload, timeout=PUBLISH_TIMEOUT, headers=headers)
        except (NatsError, OSError, TimeoutError) as error:
            raise BrokerUnavailable(type(error).__name__) from None

    async def close(self) -> None:
        """Say goodbye, if there is anybody."""
        if self.client is not None and not self.client.is_closed:
            await self.client.close()


async def _ignore(_: Exception) -> None:
    """Lost connections are seen in readiness and metrics; the client reconnects."""


async def pull(client: Client, *, stream: str, durable: str) -> AsyncGenerator[list[Msg]]:
    """Every message of a durable consumer, with those that have come meanwhile, until closed. Asks for the next batch,
    and anew when nothing is heard.

    Closed, it gives back what it has not handed out: a replica gets it at once, not when the broker has waited long.

    A loop of our own, because nats-py's `fetch()` can hold back a message after a fetch that timed out.
    """
    inbox = client.new_inbox()
    subscription = await client.subscribe(inbox)
    subject = f"{PULL}.{stream}.{durable}"
    ask = json.dumps(
        {"batch": BATCH, "expires": int(PULL_EXPIRES * 1e9), "idle_heartbeat": int(HEARTBEAT * 1e9)}
    ).encode()
    wanted, heard = 0, list[Msg]()  # what was heard and is not handed out yet
    try:
        while True:
            try:
                if wanted <= 0:
                    await client.publish(subject, ask, reply=inbox)
                    wanted = BATCH
                await _hear(subscription, heard)
            except (NatsError, OSError, TimeoutError):
                wanted = 0
                await asyncio.sleep(0.2)
                continue
            messages = [message for message in heard if message.reply.startswith(ACK)]
            said = {(message.headers or {}).get("Status") for message in heard if message not in messages} - {"100"}
            wanted -= len(messages)
            heard.clear()
            if messages:
                yield messages
            if said:
                wanted = 0
                await asyncio.sleep(0 if said <= {"408", "409"} else 0.2)
    finally:
        await _give_back(client, subscription, heard)


async def _hear(subscription: Subscription, heard: list[Msg]) -> None:
    """The next message, and what has come behind it. Raises TimeoutError when not even a heartbeat comes."""
    heard.append(await subscription.next_msg(timeout=HEARTBEAT * 2.5))
    while subscription.pending_msgs:
        heard.append(await subscription.next_msg(timeout=HEARTBEAT))


async def _give_back(client: Client, subscription: Subscription, heard: list[Msg]) -> None:
    """What has come and was not handed out goes to whoever asks next; not to us, who ask for no more."""
    with suppress(NatsError, OSError, TimeoutError):  # a line that is gone gives back by itself, later
        await client.flush(timeout=1)
        await subscription.unsubscribe(limit=subscription.delivered)
        while subscription.pending_msgs:
            heard.append(await subscription.next_msg(timeout=HEARTBEAT))
        for message in heard:
            if message.reply.startswith(ACK):
                await message.nak()


async def count_advisories(broker: Broker) -> None:
    """Count what the broker says of this node's consumers. Ends only with the connection."""
    client = await broker.connect()
    subscription = await client.subscribe(ADVISORIES.format(node=broker.node))
    async for message in subscription.messages:
        kind = message.subject.split(".")[4]
        METRICS.advisories.labels(kind if kind in COUNTED else "other").inc()
