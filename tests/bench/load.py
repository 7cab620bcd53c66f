"""Callers who call again as soon as they are answered. By bare sockets: a client that does more would be the limit."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

LENGTH = re.compile(rb"content-length: (\d+)")
Get = Callable[[str], Awaitable[bytes]]  # the answer to a GET of this path
Request = Callable[[], bytes]  # a whole HTTP/1.1 request, made anew for each call


def post(path: str, body: bytes, *, headers: str = "") -> bytes:
    """A request; `headers` end in a line break each."""
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n{headers}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@asynccontextmanager
async def line(url: str, token: str) -> AsyncIterator[Get]:
    """One connection, for one call after the other. An answer other than 200 is an AssertionError."""
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)

    async def get(path: str) -> bytes:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        answer = await reader.readexactly(int(LENGTH.findall(head)[0]))
        assert head[9:12] == b"200", answer[:200]
        return answer

    yield get
    writer.close()
    await writer.wait_closed()


async def calls_per_second(url: str, request: Request, *, connections: int, seconds: float) -> float:
    """How many calls were answered 201, a second. Raises AssertionError for any other answer."""
    begun = time.perf_counter()
    done = await calls(url, request, connections=connections, seconds=seconds)
    return done / (time.perf_counter() - begun)


async def calls(url: str, request: Request, *, connections: int, seconds: float) -> int:
    """The same, and how many they were."""
    until = time.perf_counter() + seconds
    return sum(await asyncio.gather(*(_call(url, request, until) for _ in range(connections))))


async def _call(url: str, request: Request, until: float) -> int:
    where, done = urlsplit(url), 0
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    while time.perf_counter() < until:
        writer.write(request())
        head = await reader.readuntil(b"\r\n\r\n")
        answer = await reader.readexactly(int(LENGTH.findall(head)[0]))
        if head[9:12] != b"201":
            raise AssertionError(f"a call was answered {head[9:12].decode()}: {answer[:200].decode()}")
        done += 1
    writer.close()
    await writer.wait_closed()
    return done
