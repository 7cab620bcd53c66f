"""Run a service until it is told to stop, and stop it so that no call is lost: what a rolling upgrade needs.

Told to stop (SIGTERM), it says so at `/health/ready` for `QORGAU_DRAIN_SECONDS`, so that a balancer sends it nothing
more, and asks its callers to connect anew, while it still answers every call. Then it takes no more and finishes those
at work. Told twice, or by Ctrl-C, it does not wait for the balancer.
"""

import signal
import socket
import ssl
import time
from threading import Thread
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI

from shared.adapters.settings import Settings
from shared.desk.templating import compile_all

NOWHERE = {"type": "http", "method": "GET", "path": "/-", "root_path": "", "headers": []}
FINISH_SECONDS = 20  # calls at work: as long as a statement may take


class Server(uvicorn.Server):
    """Uvicorn, which of itself stops taking calls at once."""

    def __init__(self, config: uvicorn.Config, application: FastAPI, *, drain: float) -> None:
        super().__init__(config)
        self.application, self.drain = application, drain
        self._ends_at: float | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Take calls. Only then are the desk's pages compiled: their first readers need not wait, nor anybody else."""
        await super().startup(sockets)
        Thread(target=compile_all, args=(self.application.state.parts.templates,), daemon=True).start()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal came."""
        if sig == signal.SIGTERM and self.drain and not self.application.state.stopping:
            self._ends_at = time.monotonic() + self.drain
        else:
            super().handle_exit(sig, frame)
        self.application.state.stopping = True

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether it is time to end."""
        if self._ends_at is not None and time.monotonic() >= self._ends_at:
            super().handle_exit(signal.SIGTERM, None)
        return await super().on_tick(counter)


def prepare(application: FastAPI) -> None:
    """FastAPI's routes, which would else be made while the first caller waits."""
    for route in application.router.routes:
        route.matches(NOWHERE)


def tls(settings: Settings) -> dict[str, Any]:
    """What uvicorn is told of TLS: nothing where a proxy does it. With an authority for callers, each of them needs a
    certificate, and a token all the same. The files are read once, at the start."""
    if settings.tls_cert_file is None:
        return {}
    own = {"ssl_certfile": settings.tls_cert_file, "ssl_keyfile": settings.tls_key_file}
    if settings.tls_client_ca_file is None:
        return own
    return {**own, "ssl_ca_certs": str(settings.tls_client_ca_file), "ssl_cert_reqs": ssl.CERT_REQUIRED}


def serve(application: FastAPI, settings: Settings, *, fd: int | None) -> None:
    """Serve until told to stop, on host and port of the settings or on the listening socket that `fd` is."""
    config = uvicorn.Config(
        application,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=FINISH_SECONDS,
        **tls(settings),
    )
    # The socket itself, since uvicorn would leave a descriptor open: callers would connect to who no longer answers.
    sockets = None if fd is None else [socket.socket(fileno=fd)]
    Server(config, application, drain=settings.drain_seconds).run(sockets)
