"""A NATS server of the bench's own, with nothing of ours in it: what JetStream alone does, each message on its disk."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import nats
from nats.aio.client import Client

from deploy.embedded.nats import binary, read_port
from deploy.embedded.processes import Child
from tests.bench.waiting import until

STREAM, SUBJECT = "BENCH", "bench.one"


@asynccontextmanager
async def bare_broker() -> AsyncIterator[Client]:
    """A connection to it, and a stream that is empty."""
    with TemporaryDirectory() as name:
        async with _running(Path(name)) as client:
            yield client


@asynccontextmanager
async def _running(folder: Path) -> AsyncIterator[Client]:
    config = _configured(folder)
    server = Child("bare-nats", log=folder / "bare.log")
    await server.start([str(binary()), "--config", str(config), "--ports_file_dir", str(folder)])
    try:
        port = await until(lambda: read_port(folder))
        client = await nats.connect(f"nats://127.0.0.1:{port}")
        await client.jetstream().add_stream(name=STREAM, subjects=["bench.>"], max_msgs=100_000)
        yield client
        await client.close()
    finally:
        await server.stop()


def _configured(folder: Path) -> Path:
    config = folder / "bare.conf"
    config.write_text(f'listen: "127.0.0.1:-1"\njetstream {{ store_dir: "{folder}/store", sync_interval: always }}\n')
    return config
