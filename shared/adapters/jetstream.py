"""NATS JetStream: connect, publish with acknowledgement, pull what is for this node.

Subjects carry names of nodes and organisations and nothing about a person:
`qorgau.directed.<sender>.<recipient>` and `qorgau.state.<sender>.<kind>.<organisation>`.
A node may publish under its own name only and read only the consumers that bear its name.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, DiscardPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from shared.contract.vocabulary import EventType

DIRECTED = "QORGAU_DIRECTED"
STATE = "QORGAU_STATE"
EVERYONE = "everyone"
ACK_WAIT = 30.0
PUBLISH_TIMEOUT = 5.0
BATCH = 64
PULL_EXPIRES = 30.0
HEARTBEAT = 1.0
log = structlog.get_logger()


# Directed events are never discarded silently; of announcements only the last per subject matters. A directed event is
# kept for some of its sender's attempts (one each ten minutes), so that it lies ready for whoever comes back, and not
# for more: what one node does not fetch for days must not fill the disk that all share.
STREAMS = (
    StreamConfig(
        name=DIRECTED,
        subjects=["qorgau.directed.>"],
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_age=2 * 3600,
        duplicate_window=120,
        deny_delete=True,
        deny_purge=True,
    ),
    StreamConfig(name=STATE, subjects=["qorgau.state.>"], storage=StorageType.FILE, max_msgs_per_subject=1),
)


class BrokerUnavailable(Exception):
    """The broker did not acknowledge; the event stays where it is and is sent again."""


def directed_subject(sender: str, recipient: str) -> str:
    """Where events for a node go."""
    return f"qorgau.directed.{sender}.{recipient}"


def state_subject(sender: str, event_type: EventType, organisation: str) -> str:
    """Where an announcement goes: the last one on a subject is the valid one."""
    return f"qorgau.state.{sender}.{event_type.value.replace('.', '_')}.{organisation}"


class Broker:
    """A connection that is looked for in the background: a service runs with or without it."""

    def __init__(self, *, url: str, seed_file: Path, node: str) -> None:
        self.url, self.seed_file, self.node = url, seed_file, node
        self.client: Client | None = None
        self._connecting = asyncio.Lock()

    @property
    def is_connected(self) -> bool:
        """Whether publishing makes sense now."""
        return self.client is not None and self.client.is_connected

    @property
    def jetstream(self) -> JetStreamContext:
        """Raises BrokerUnavailable before the first connection."""
        if self.client is None or not self.client.is_connected:
            raise BrokerUnavailable("not connected")
        return self.client.jetstream(timeout=PUBLISH_TIMEOUT)

    async def connect(self) -> Client:
        """The connection. Tries until the broker is there; from then on the client reconnects by itself, for ever."""
        async with self._connecting:
            while self.client is None:
                try:
                    self.client = await self._connect()
                except (OSError, NatsError, TimeoutError) as error:
                    log.info("broker.unreachable", error=type(error).__name__)
                    await asyncio.sleep(0.5)
            return self.client

    async def _connect(self) -> Client:
        return await nats.connect(
            self.url,
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


async def pull(client: Client, *, stream: str, durable: str) -> AsyncIterator[Msg]:
    """Every message of a durable consumer, for ever. Asks for the next batch, and anew when nothing is heard.

    A loop of our own, because nats-py's `fetch()` can hold back a message after a fetch that timed out.
    """
    inbox = client.new_inbox()
    subscription = await client.subscribe(inbox)
    subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
    ask = json.dumps(
        {"batch": BATCH, "expires": int(PULL_EXPIRES * 1e9), "idle_heartbeat": int(HEARTBEAT * 1e9)}
    ).encode()
    wanted = 0
    while True:
        try:
            if wanted <= 0:
                await client.publish(subject, ask, reply=inbox)
                wanted = BATCH
            message = await subscription.next_msg(timeout=HEARTBEAT * 2.5)
        except (NatsError, OSError, TimeoutError):
            wanted = 0
            await asyncio.sleep(0.2)
            continue
        status = (message.headers or {}).get("Status")
        if message.reply.startswith("$JS.ACK."):
            wanted -= 1
            yield message
        elif status != "100":
            wanted = 0
            await asyncio.sleep(0 if status in ("408", "409") else 0.2)


async def provision(js: JetStreamContext, *, nodes: list[str]) -> None:
    """Create what is missing: two streams, two consumers per node. Only the provisioner's user may.

    The outbox, not the stream, is the record: a stream that lost everything is made anew and filled again.
    """
    for stream in STREAMS:
        await _ensure_stream(js, stream)
    for node in nodes:
        await _ensure_consumer(js, DIRECTED, node, f"qorgau.directed.*.{node}", DeliverPolicy.ALL)
        await _ensure_consumer(js, STATE, node, "qorgau.state.>", DeliverPolicy.LAST_PER_SUBJECT)


async def rewind(js: JetStreamContext, *, node: str, since: datetime) -> None:
    """Give a node what was sent to it since then once more. Only the provisioner's user may.

    What its database still knows of has no effect again. What the stream holds no more (30 days, a lost disk) does not
    come: its senders have their receipts.
    """
    since_then = {"deliver_policy": DeliverPolicy.BY_START_TIME, "opt_start_time": since.astimezone(UTC)}
    with suppress(NotFoundError):
        await js.delete_consumer(DIRECTED, node)
    await js.add_consumer(DIRECTED, _consumer(node, f"qorgau.directed.*.{node}", **since_then))


async def _ensure_stream(js: JetStreamContext, config: StreamConfig) -> None:
    try:
        await js.stream_info(str(config.name))
    except NotFoundError:
        await js.add_stream(config)


async def _ensure_consumer(js: JetStreamContext, stream: str, node: str, subject: str, deliver: DeliverPolicy) -> None:
    try:
        await js.consumer_info(stream, node)
    except NotFoundError:
        await js.add_consumer(stream, _consumer(node, subject, deliver_policy=deliver))


def _consumer(node: str, subject: str, **start: Any) -> ConsumerConfig:
    return ConsumerConfig(
        durable_name=node,
        filter_subject=subject,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT,
        max_ack_pending=1000,
        **start,
    )
