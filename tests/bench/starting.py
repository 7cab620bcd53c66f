"""How long it takes until the whole network is ready, as who types `qorgau up` waits for it.

From the command on, Python's own start included, until PostgreSQL and NATS run and each of the four services answers
at `/health/ready` that it reaches both. *From nothing*: the folder is new, so that keys, PostgreSQL's files, four
databases and every migration are made first. *Again*: what was there before is started again, as after a restart of
the machine; the folder is made in the first round, which does not count.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import httpx

from deploy.commands.up import remove
from deploy.embedded.processes import Child
from deploy.network import Network
from tests.bench.measure import OURS, Contenders, Effort
from tests.bench.posting import ROOT, listening
from tests.bench.waiting import until

HELLO = "uvicorn and FastAPI, hello world"
LAST_WORDS = "Ctrl-C stops all of it"
STOP_SECONDS, PATIENT = 60, httpx.Timeout(60)


@asynccontextmanager
async def from_nothing(_: Network, __: Effort) -> AsyncIterator[Contenders]:
    """Seconds; each time in a folder of its own."""
    yield {OURS: _a_new_one, HELLO: _said_hello}


@asynccontextmanager
async def again(_: Network, __: Effort) -> AsyncIterator[Contenders]:
    """Seconds; each time in the same folder."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "network"
        yield {OURS: partial(_up, folder), HELLO: _said_hello}
        remove(folder)


async def _a_new_one() -> float:
    with TemporaryDirectory() as name:
        folder = Path(name) / "network"
        try:
            return await _up(folder)
        finally:
            remove(folder)


async def _up(folder: Path) -> float:
    log = folder.parent / "said"
    log.unlink(missing_ok=True)
    network = Child("up", log=log)
    begun = perf_counter()
    await network.start([sys.executable, "-m", "deploy.cli", "up", "--folder", str(folder), "--port", "0"], cwd=ROOT)
    try:
        await until(lambda: _is_up(network, log))
        return perf_counter() - begun
    finally:
        await network.stop(wait=STOP_SECONDS)


def _is_up(network: Child, log: Path) -> bool | None:
    """Whether it has said that everything runs. Raises StartFailed if it ended instead."""
    network.check()
    return LAST_WORDS in " ".join(log.read_text().split()) or None


async def _said_hello() -> float:
    begun = perf_counter()
    async with hello():
        return perf_counter() - begun


@asynccontextmanager
async def hello() -> AsyncIterator[tuple[str, int]]:
    """A service that says hello, once it does: where it is, and its process."""
    with TemporaryDirectory() as name, listening() as socket:
        service = Child("hello", log=Path(name) / "log")
        command = [sys.executable, "-m", "tests.bench.hello", str(socket.fileno())]
        await service.start(command, pass_fds=[socket.fileno()], cwd=ROOT)
        url = f"http://127.0.0.1:{socket.getsockname()[1]}"
        try:
            async with httpx.AsyncClient(timeout=PATIENT) as client:
                (await client.get(url)).raise_for_status()
            yield url, service.pid
        finally:
            await service.stop()
