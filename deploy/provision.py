"""Keep the broker as the network needs it: streams and consumers are created if missing, at start and at intervals."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import nats
import structlog
from nats.errors import Error as NatsError
from nats.js import JetStreamContext

from deploy.nats_config import PROVISIONER
from shared.adapters.broker_tls import IN_THE_CLEAR, TlsFiles, connecting
from shared.adapters.jetstream import BrokerTooOld, is_new_enough
from shared.adapters.streams import provision, rewind

EVERY_SECONDS = 1.0
log = structlog.get_logger()


async def provision_once(
    *, url: str, seed_file: Path, nodes: list[str], replicas: int = 1, tls: TlsFiles = IN_THE_CLEAR
) -> None:
    """Connect as the provisioner, create what is missing, go. `replicas`: 3 in a cluster of three.

    Raises nats.errors.Error, OSError, SettingsError for files of TLS that are of no use, or BrokerTooOld for a server
    without the security fixes of 2.12.7 or 2.14.0.
    """
    async with _provisioner(url, seed_file, tls) as js:
        await provision(js, nodes=nodes, replicas=replicas)


async def rewind_once(*, url: str, seed_file: Path, node: str, since: datetime, tls: TlsFiles = IN_THE_CLEAR) -> None:
    """Let a node whose database was restored hear once more what was sent to it since then. Raises the same."""
    async with _provisioner(url, seed_file, tls) as js:
        await rewind(js, node=node, since=since)


@asynccontextmanager
async def _provisioner(url: str, seed_file: Path, tls: TlsFiles) -> AsyncIterator[JetStreamContext]:
    client = await nats.connect(
        url.split(","),
        name=PROVISIONER,
        nkeys_seed=str(seed_file),
        inbox_prefix=f"_INBOX_{PROVISIONER}".encode(),
        allow_reconnect=False,
        connect_timeout=2,
        error_cb=_quiet,
        **connecting(tls),
    )
    try:
        if not is_new_enough(client):
            raise BrokerTooOld(f"NATS server {client.connected_server_version}: 2.12.7 or 2.14.0 is needed")
        yield client.jetstream(timeout=5)
    finally:
        await client.close()


async def provision_for_ever(
    *, url: str, seed_file: Path, nodes: list[str], replicas: int = 1, tls: TlsFiles = IN_THE_CLEAR
) -> None:
    """The same, again and again: a broker that lost its disk is whole again within a second or two."""
    while True:
        try:
            await provision_once(url=url, seed_file=seed_file, nodes=nodes, replicas=replicas, tls=tls)
        except BrokerTooOld as error:
            log.error("provision.too_old", found=str(error))
        except (NatsError, OSError, TimeoutError) as error:
            log.info("provision.waits", error=type(error).__name__)
        await asyncio.sleep(EVERY_SECONDS)


async def _quiet(_: Exception) -> None:
    """Seen by the caller."""
