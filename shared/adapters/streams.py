"""What the broker keeps, and how: the one place for the settings of streams and consumers.

On disk, nothing deleted or purged, nothing discarded to make room (`discard new` refuses; the outbox keeps),
acknowledged one by one. `qorgau provision` brings a broker to that, and back to it.
"""

from contextlib import suppress
from datetime import UTC, datetime

from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError

from shared.adapters.jetstream import DIRECTED, STATE

# Not acknowledged in time: how long until it comes again, the last for ever. It is the inbox that gives up, with a
# receipt that says so; the broker never does.
BACKOFF = [30.0, 60.0, 120.0, 300.0]
# Directed events are never discarded silently; of announcements only the last per subject matters. A directed event is
# kept for a day and two hours: whoever restored last night's backup hears it once more. Not for longer, since what one
# node does not fetch for days comes again every ten minutes, and must not fill the disk that all share.
KEPT_FOR = 26 * 3600
STREAMS = (
    StreamConfig(
        name=DIRECTED,
        subjects=["qorgau.directed.>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_bytes=2 * 1024**3,
        max_age=KEPT_FOR,
        duplicate_window=120,
        deny_delete=True,
        deny_purge=True,
    ),
    StreamConfig(
        name=STATE,
        subjects=["qorgau.state.>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_bytes=256 * 1024**2,
        max_msgs_per_subject=1,
        deny_delete=True,
        deny_purge=True,
    ),
)


def consumer(stream: str, node: str) -> ConsumerConfig:
    """How a node reads a stream."""
    directed = stream == DIRECTED
    return ConsumerConfig(
        durable_name=node,
        filter_subject=f"qorgau.directed.*.{node}" if directed else "qorgau.state.>",
        deliver_policy=DeliverPolicy.ALL if directed else DeliverPolicy.LAST_PER_SUBJECT,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=BACKOFF[0],
        backoff=BACKOFF,
        max_deliver=-1,
        max_ack_pending=1000,
    )


async def provision(js: JetStreamContext, *, nodes: list[str], replicas: int = 1) -> None:
    """Bring the broker to the settings above: two streams, two consumers per node. Only the provisioner's user may.

    The outbox, not the stream, is the record: a stream that lost everything is made anew and filled again.
    """
    for stream in STREAMS:
        await _ensure_stream(js, stream.evolve(num_replicas=replicas))
    for stream in STREAMS:
        for node in nodes:
            await _ensure_consumer(js, str(stream.name), consumer(str(stream.name), node))


async def rewind(js: JetStreamContext, *, node: str, since: datetime) -> None:
    """Give a node what was sent to it since then once more. Only the provisioner's user may.

    What its database still knows of has no effect again. What the stream holds no more (KEPT_FOR, a lost disk) does not
    come: its senders have their receipts.
    """
    with suppress(NotFoundError):
        await js.delete_consumer(DIRECTED, node)
    since_then = {"deliver_policy": DeliverPolicy.BY_START_TIME, "opt_start_time": since.astimezone(UTC)}
    await js.add_consumer(DIRECTED, consumer(DIRECTED, node).evolve(**since_then))


async def _ensure_stream(js: JetStreamContext, wanted: StreamConfig) -> None:
    try:
        found = (await js.stream_info(str(wanted.name))).config
    except NotFoundError:
        await js.add_stream(wanted)
        return
    wanted = wanted.evolve(max_bytes=found.max_bytes)  # who has more room, or less, may say so
    if _differs(wanted, found):
        await js.update_stream(wanted)


async def _ensure_consumer(js: JetStreamContext, stream: str, wanted: ConsumerConfig) -> None:
    try:
        found = (await js.consumer_info(stream, str(wanted.durable_name))).config
    except NotFoundError:
        await js.add_consumer(stream, wanted)
        return
    # Where a consumer begins can't be changed, and only matters once.
    wanted = wanted.evolve(deliver_policy=found.deliver_policy, opt_start_time=found.opt_start_time)
    if _differs(wanted, found):
        await js.add_consumer(stream, wanted)


def _differs(wanted: StreamConfig | ConsumerConfig, found: StreamConfig | ConsumerConfig) -> bool:
    """Whether the broker has something else where the settings say anything."""
    said = {name: value for name, value in vars(wanted).items() if value is not None}
    return any(getattr(found, name) != value for name, value in said.items())
