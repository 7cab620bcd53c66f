"""Run a site's leaf node, and start it again when it has stopped trying to reach its hub.

A leaf whose link was stale can stop reconnecting for good, with its process alive (nats-server issue 7615). So its
monitoring is asked: where the hub can be reached and the leaf has no link to it for a while, or does not answer at all,
it is started anew. It stores nothing, and the services behind it reconnect by themselves. While the hub can't be
reached, nothing is done.
"""

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path

import httpx
import structlog

from deploy.embedded.nats import binary
from deploy.embedded.processes import Child

LOOK_SECONDS = 5.0
PATIENCE_SECONDS = 60.0
log = structlog.get_logger()


class Leaf:
    """One leaf node under watch. `patience`: how many seconds without a link are too many.

    `monitor`, and each server of the `hub`, is host:port.
    """

    def __init__(self, config: Path, *, monitor: str, hub: Sequence[str], patience: float = PATIENCE_SECONDS) -> None:
        self.config, self.monitor, self.hub, self.patience = config, monitor, hub, patience
        self.child = Child("nats-leaf", log=config.with_suffix(".log"))
        self.restarts = 0

    async def run(self) -> None:
        """Until cancelled. Raises StartFailed where there is no nats-server."""
        try:
            await self._start()
            await self._watch()
        finally:
            await self.child.stop()

    async def _watch(self) -> None:
        without, look = 0.0, min(LOOK_SECONDS, self.patience / 4)
        while True:
            await asyncio.sleep(look)
            if not self.child.is_running:
                without = self.patience
            elif await self._linked() or not any([await _reachable(address) for address in self.hub]):
                without = 0.0
            else:
                without += look
            if without >= self.patience:
                log.warning("leaf.restarts", running=self.child.is_running)
                await self.child.stop(wait=2)
                await self._start()
                self.restarts, without = self.restarts + 1, 0.0

    async def _start(self) -> None:
        await self.child.start([str(binary()), "--config", str(self.config)])

    async def _linked(self) -> bool:
        """Whether the leaf answers, and has a link to its hub."""
        try:
            async with httpx.AsyncClient(timeout=2) as client:
                return bool((await client.get(f"http://{self.monitor}/leafz")).json()["leafnodes"])
        except (httpx.HTTPError, ValueError, KeyError):
            return False


async def _reachable(address: str) -> bool:
    """Whether somebody who speaks NATS listens there: a server greets first."""
    host, port = re.fullmatch(r"\[?(.+?)\]?:(\d+)", address).groups()  # type: ignore[union-attr]  # the command checks
    try:
        async with asyncio.timeout(3):
            reader, writer = await asyncio.open_connection(host, int(port))
            greeting = await reader.readline()
            writer.close()
    except (OSError, TimeoutError):
        return False
    return greeting.startswith(b"INFO ")
