"""A process that another of ours forked, with the calls of `asyncio.subprocess.Process`. Linux only: pidfd_open(2)."""

import asyncio
import os
import signal


class Forked:
    """One such process. How it ended is not told to who did not fork it: its `returncode` is 0 then."""

    def __init__(self, pid: int) -> None:
        """Raises ProcessLookupError if it has ended already."""
        self.pid = pid
        self.returncode: int | None = None
        self._descriptor = os.pidfd_open(pid)
        self._ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(self._descriptor, self._end)

    def send_signal(self, sign: signal.Signals) -> None:
        """Send it. Raises ProcessLookupError if the process has ended meanwhile."""
        signal.pidfd_send_signal(self._descriptor, sign)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> None:
        """Until it has ended."""
        await self._ended.wait()

    def _end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._descriptor)
        os.close(self._descriptor)
        self.returncode = 0
        self._ended.set()
