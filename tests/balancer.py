"""Replicas of one service as processes, and what stands before them: a small balancer that asks who is ready."""

import asyncio
import contextlib
import socket
import sys

import httpx

from deploy.embedded.processes import Child
from deploy.network import Network
from shared.contract.vocabulary import Agency

LOOK_SECONDS = 0.1


class Replica:
    """One process of the police service, on a port of its own each time it is started."""

    def __init__(self, network: Network, name: str, **settings: str) -> None:
        self.network, self.settings, self.port = network, settings, 0
        self._client = httpx.AsyncClient(timeout=1, limits=httpx.Limits(max_keepalive_connections=0))
        self.process = Child(name, log=network.folder / "logs" / f"{name}.log")

    async def start(self) -> None:
        """Start it, and wait until it is ready. Only the process itself keeps its port open."""
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen(256)
            self.port = listening.getsockname()[1]
            descriptor = listening.fileno()
            command = [sys.executable, "-m", "deploy.cli", "serve", Agency.POLICE.value, "--fd", str(descriptor)]
            environment = self.network.environment(Agency.POLICE) | self.settings
            await self.process.start(command, env=environment, pass_fds=[descriptor])
        while not await self.is_ready():
            self.process.check()
            await asyncio.sleep(LOOK_SECONDS)

    async def stop(self) -> None:
        """SIGTERM, as whoever runs services does it before the next version is started."""
        await self.process.stop(wait=30)

    async def is_ready(self) -> bool:
        """What a balancer wants to know."""
        try:
            answer = await self._client.get(f"http://127.0.0.1:{self.port}/health/ready")
            return answer.status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False


class Balancer:
    """Passes each connection on to the replicas that are ready, in turn. What it has passed on it never repeats."""

    def __init__(self, *replicas: Replica) -> None:
        self.replicas, self.ready, self.port = replicas, list(replicas), 0
        self._server: asyncio.Server | None = None
        self._looking: asyncio.Task[None] | None = None
        self._turn = 0

    async def start(self) -> None:
        """Listen on a port of its own."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self._looking = asyncio.create_task(self._look())

    async def stop(self) -> None:
        """Stop listening."""
        if self._server is not None and self._looking is not None:
            self._server.close()
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look(self) -> None:
        while True:
            looks = await asyncio.gather(*(replica.is_ready() for replica in self.replicas))
            self.ready = [replica for replica, ready in zip(self.replicas, looks, strict=True) if ready]
            await asyncio.sleep(LOOK_SECONDS)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._turn += 1
        try:
            replica = self.ready[self._turn % len(self.ready)]
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", replica.port)
        except (OSError, ZeroDivisionError):
            writer.transport.abort()
            return
        await asyncio.gather(_pass(reader, there_writer), _pass(there_reader, writer))


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
