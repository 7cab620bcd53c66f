"""A network of a bench's own, in one region, on a folder that vanishes with it."""

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.network import Network, Options
from shared.contract.vocabulary import Agency
from tests.network import organisations

REGION = "19"


@asynccontextmanager
async def servers(*agencies: Agency, settings: Mapping[str, str] | None = None) -> AsyncIterator[Network]:
    """PostgreSQL, NATS and the databases of these agencies; no service is started."""
    options = Options(agencies=agencies, environment=tuple((settings or {}).items()))
    with tempfile.TemporaryDirectory() as folder:
        network = Network(Path(folder), [one for one in organisations() if one.id.endswith(f"-{REGION}")], options)
        try:
            await network.start_servers()
            yield network
        finally:
            await network.stop()
            network.remove()
