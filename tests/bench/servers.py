"""A network of a bench's own, in one region, on a folder that vanishes with it."""

import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.network import Network, Options
from shared.casework.directory.hosted import HostedOrganisation
from shared.contract.vocabulary import Agency
from tests.network import organisations

REGION = "19"


@asynccontextmanager
async def servers(
    *agencies: Agency, hosted: Sequence[HostedOrganisation] = (), settings: Mapping[str, str] | None = None
) -> AsyncIterator[Network]:
    """PostgreSQL, NATS and the databases of these agencies; no service is started. `hosted`: others than the tests'."""
    ours = hosted or [one for one in organisations() if one.id.endswith(f"-{REGION}")]
    with tempfile.TemporaryDirectory() as folder:
        network = Network(Path(folder), ours, Options(agencies=agencies, environment=tuple((settings or {}).items())))
        try:
            await network.start_servers()
            yield network
        finally:
            await network.stop()
            network.remove()
