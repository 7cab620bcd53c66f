"""A bench that listens: a service without its loops behind a real HTTP server, on loopback."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from tests.workbench import Bench


@asynccontextmanager
async def serving(service: Bench) -> AsyncIterator[str]:
    """The URL at which it listens. What calls it must not block this thread, in which it answers."""
    listening = socket.socket(proto=socket.IPPROTO_TCP)  # asyncio sends at once only where it reads that it is TCP
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    server = uvicorn.Server(uvicorn.Config(service.app, lifespan="off", log_config=None, access_log=False))
    running = asyncio.create_task(server.serve([listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        listening.close()
