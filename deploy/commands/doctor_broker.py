"""What `qorgau doctor` asks the broker: its version, under which names it lets us publish, what it keeps for us."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError

from deploy.commands.doctor_checks import Fault
from shared.adapters.broker_tls import connecting, files_of
from shared.adapters.jetstream import DIRECTED, STATE, directed_subject, is_new_enough
from shared.adapters.seal import seal
from shared.adapters.settings import Settings
from shared.adapters.trust import Node
from shared.casework.app import now_in_utc
from shared.contract.errors import SettingsError
from shared.contract.events import Envelope, EventsReceived, Payload, cloud_type
from shared.contract.vocabulary import EventType

if TYPE_CHECKING:
    from deploy.commands.doctor_checks import Patient

PATIENCE = 3.0  # seconds
NOT_JSON = b"{"  # no request: the broker answers 400 where the consumer is, and hands nothing out
PERMISSIONS = "give the broker the configuration that `qorgau init` writes (deploy/nats_config.py), and reload it"


@dataclass
class Link:
    """A connection of our own, or why there is none."""

    client: Client | None = None
    fault: Exception | None = None

    @property
    def there(self) -> Client:
        """Raises what kept us from connecting."""
        if self.client is None:
            raise self.fault or TimeoutError("not connected")
        return self.client


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Link]:
    """Connect once, as the service does."""
    link = Link()
    try:
        link.client = await nats.connect(
            settings.nats_url,
            nkeys_seed=str(settings.nats_seed_file),
            inbox_prefix=f"_INBOX_{settings.node}".encode(),
            allow_reconnect=False,
            max_reconnect_attempts=1,  # counts for the first connection, too: otherwise sixty, two seconds apart
            reconnect_time_wait=0,
            connect_timeout=2,
            error_cb=_quiet,
            **connecting(files_of(settings)),
        )
    except (NatsError, OSError, TimeoutError, SettingsError) as error:
        link.fault = error
    try:
        yield link
    finally:
        if link.client is not None:
            await link.client.close()


async def _quiet(_: Exception) -> None:
    """What the broker refuses is seen by what does not come back."""


async def check_version(patient: "Patient") -> Fault | None:
    """It answers, and is new enough."""
    broker = patient.link.there
    if not is_new_enough(broker):
        version = broker.connected_server_version
        return Fault(f"nats-server {version} has known faults", "use 2.12.7 or later of 2.12, or 2.14.0 or later")
    return None


async def check_own_name(patient: "Patient") -> Fault | None:
    """It stores what we publish under our own name."""
    name = patient.node.name
    if await _is_stored(patient, directed_subject(name, name)):
        return None
    return Fault("what this service publishes under its own name is not stored", f"qorgau provision; {PERMISSIONS}")


async def check_others_names(patient: "Patient") -> Fault | None:
    """It refuses what we publish under another's name. Where it does not, our own inbox keeps it out."""
    name = patient.node.name
    other = next((one for one in patient.node.trust.nodes if one != name), None)
    if other is not None and await _is_stored(patient, directed_subject(other, name)):
        return Fault(f"the broker lets this service publish as {other}", PERMISSIONS)
    return None


async def check_consumers(patient: "Patient") -> Fault | None:
    """It keeps both of our consumers."""
    client, name = patient.link.there, patient.node.name
    for stream in (DIRECTED, STATE):
        try:
            answer = await client.request(f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{name}", NOT_JSON, timeout=PATIENCE)
        except (NatsError, TimeoutError):
            return Fault(f"the broker keeps no consumer {name} of {stream}", "qorgau provision, as the provisioner")
        if (answer.headers or {}).get("Status") != "400":
            return Fault(f"the broker's answer about consumer {name} of {stream} is strange", "qorgau provision")
    return None


async def _is_stored(patient: "Patient", subject: str) -> bool:
    """Whether the broker takes an empty receipt to ourselves on a subject."""
    client = patient.link.there
    try:
        await client.jetstream(timeout=PATIENCE).publish(subject, _nothing(patient.node), timeout=PATIENCE)
    except (NatsError, TimeoutError):
        return False
    return True


def _nothing(node: Node) -> bytes:
    """A receipt for no event, from us to ourselves: it is taken in, and has no effect."""
    envelope = Envelope(
        id=uuid4(),
        type=cloud_type(EventType.EVENTS_RECEIVED),
        source=f"/nodes/{node.name}",
        subject="receipt",
        time=now_in_utc(),
        sender=node.name,
        recipient=node.name,
        data=Payload(content=EventsReceived()),
    )
    return seal(node, envelope.model_dump_json().encode(), recipient=node.name)
