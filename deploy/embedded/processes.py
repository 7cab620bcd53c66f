"""Child processes that end with us: started in a session of their own, stopped in order, never left behind; and the
sockets that are handed over to them."""

import asyncio
import ctypes
import os
import pwd
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.embedded.forked import Forked

PR_SET_PDEATHSIG = 1


class StartFailed(Exception):
    """A process ended or stayed silent instead of starting; the message says where its log is."""


class Child:
    """One process, with its output in a file."""

    def __init__(self, name: str, *, log: Path) -> None:
        self.name, self.log = name, log
        self._process: asyncio.subprocess.Process | Forked | None = None

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """Its process id. Raises StartFailed if it was never started."""
        if self._process is None:
            raise StartFailed(f"{self.name} was not started")
        return self._process.pid

    async def start(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
        pass_fds: Sequence[int] = (),
        cwd: Path | None = None,
    ) -> None:
        """Start it. On Linux the kernel ends it should we be killed."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=None if env is None else {**os.environ, **env},
                start_new_session=True,
                pass_fds=pass_fds,
                cwd=cwd,
                preexec_fn=end_with_parent,
                **user_options(user),
            )

    def adopt(self, process: Forked) -> None:
        """Look after a process that was forked, with its output in the same file, as after one that was started."""
        self._process = process

    async def stop(self, sign: signal.Signals = signal.SIGTERM, *, wait: float = 10.0) -> None:
        """Ask it to end; after `wait` seconds make it end."""
        if self._process is None or not self.is_running:
            return
        self._process.send_signal(sign)
        try:
            await asyncio.wait_for(self._process.wait(), timeout=wait)
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        if self._process is not None and self.is_running:
            self._process.kill()
            await self._process.wait()

    def check(self) -> None:
        """Raises StartFailed if it has ended."""
        if not self.is_running:
            raise StartFailed(f"{self.name} ended; see {self.log}")


def user_options(user: str | None) -> dict[str, Any]:
    """What subprocess needs to run something as another user, with that user's group and no other."""
    return {} if user is None else {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def end_with_parent() -> None:
    """Called in a child: on Linux the kernel ends it with the process that started it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def listen(port: int) -> socket.socket:
    """A listening socket on loopback: bound here and handed over, so that no port is ever assumed free."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError:
        listening.bind(("127.0.0.1", 0))
    listening.listen(2048)
    return listening
