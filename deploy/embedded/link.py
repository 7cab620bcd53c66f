"""A line to the broker or the database that can be cut, slowed and hushed: a small relay on loopback."""

import asyncio
import contextlib
from pathlib import Path

Place = int | Path  # a TCP port on loopback, or a Unix socket
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Link:
    """Passes bytes on to `target` while it is whole, `latency` seconds late; while it is hushed, it keeps them."""

    def __init__(self, target: Place, *, at: Path | None = None) -> None:
        self.target, self.at, self.port = target, at, 0
        self.is_whole, self.latency = True, 0.0
        self._speaks = asyncio.Event()
        self._speaks.set()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen at the socket given, or on a port of its own."""
        if self.at is not None:
            self._server = await asyncio.start_unix_server(self._accept, self.at)
        else:
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
            self.port = self._server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """Nothing passes any more; what was connected is torn off."""
        self.is_whole = False
        for writer in list(self._open):
            writer.transport.abort()

    def hush(self) -> None:
        """Half open: connections stay and new ones are accepted, what is said on them is kept back."""
        self._speaks.clear()

    def mend(self) -> None:
        """Everything passes again, what was kept back first."""
        self.is_whole = True
        self._speaks.set()

    async def stop(self) -> None:
        """Tear everything off and stop listening."""
        self.cut()
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if not self.is_whole:
            writer.transport.abort()
            return
        try:
            there_reader, there_writer = await self._dial()
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, there_writer}
        with contextlib.suppress(asyncio.CancelledError):  # by stop() alone
            await asyncio.gather(self._pass(reader, there_writer), self._pass(there_reader, writer))
        self._open -= {writer, there_writer}

    async def _dial(self) -> Ends:
        """Raises OSError if nobody answers."""
        if isinstance(self.target, Path):
            return await asyncio.open_unix_connection(self.target)
        return await asyncio.open_connection("127.0.0.1", self.target)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if self.latency:
                    await asyncio.sleep(self.latency)
                await self._speaks.wait()
                writer.write(data)
                await writer.drain()
        writer.transport.abort()
