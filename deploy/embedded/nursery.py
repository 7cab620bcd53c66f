"""Services that begin as one: a process imports once what they are made of, and each of them is forked from it.

Four services on one machine so start sooner, and have in common in memory what none of them changes: half of it, since
CPython counts references where the objects lie. Each is a process of its own all the same, with settings, log, session
and end of its own: what `qorgau serve` is where it runs alone. The process that forks has one thread, reads no file of
the network and holds no key; with it its services end.

Linux only (pidfd_open(2)): elsewhere services are started one by one.
"""

import asyncio
import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from deploy.embedded.forked import Forked
from deploy.embedded.processes import Child, StartFailed, end_with_parent
from shared.contract.vocabulary import Agency

MOST_BYTES = 1 << 17  # of what a service is told, the environment above all


class Nursery:
    """The process that forks services, and the line on which it is told to."""

    def __init__(self, *, log: Path) -> None:
        self.child = Child("nursery", log=log)
        self._asking = asyncio.Lock()
        self._line: socket.socket | None = None

    async def start(self) -> None:
        """Start it; it imports meanwhile."""
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line.settimeout(0)
        with theirs:
            command = [sys.executable, "-m", "deploy.embedded.nursery", str(theirs.fileno())]
            await self.child.start(command, pass_fds=[theirs.fileno()])

    async def fork(self, agency: Agency, *, environment: Mapping[str, str], fd: int, log: Path) -> Forked:
        """A service with these settings on the listening socket `fd`. Raises StartFailed."""
        if self._line is None:
            raise StartFailed(f"{self.child.name} was not started")
        told = json.dumps({"agency": agency, "environment": {**os.environ, **environment}}).encode()
        log.parent.mkdir(parents=True, exist_ok=True)
        async with self._asking:
            with log.open("ab") as output:
                try:
                    socket.send_fds(self._line, [told], [fd, output.fileno()])
                    return Forked(int(await asyncio.get_running_loop().sock_recv(self._line, MOST_BYTES)))
                except (OSError, ValueError):
                    raise StartFailed(f"{agency} was not forked, or ended; see {log} and {self.child.log}") from None

    async def stop(self) -> None:
        """End it, after its services."""
        await self.child.stop()
        if self._line is not None:
            self._line.close()


def look_after(line: socket.socket) -> None:
    """Fork a service for each message, until the line is closed; in a service that was forked, until that has ended."""
    gc.disable()
    for agency in Agency:
        import_module(f"services.{agency.value}.app")
    serve = import_module("deploy.commands.serve").serve
    gc.freeze()  # to look through it for garbage would touch, and so copy, what is shared
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who asked sees them end
    while True:
        told, (*descriptors,), _, _ = socket.recv_fds(line, MOST_BYTES, 2)
        if not told:
            return
        pid = os.fork()
        if pid == 0:
            line.close()
            fd, log = descriptors
            _stand_alone(json.loads(told)["environment"], log)
            serve(Agency(json.loads(told)["agency"]), fd=fd)
            return
        line.send(str(pid).encode())
        for descriptor in descriptors:
            os.close(descriptor)


def _stand_alone(environment: dict[str, Any], log: int) -> None:
    """What a process has of its own where it was started, and not forked."""
    os.setsid()
    end_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(log, stream.fileno())
    os.environ.clear()
    os.environ.update(environment)


if __name__ == "__main__":
    look_after(socket.socket(fileno=int(sys.argv[1])))
