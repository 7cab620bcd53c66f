"""The two clients: the same conversation, on a line that blocks and on one that does not."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from types import TracebackType
from typing import Any, Self, TypeAlias, TypeVar

import httpx

from qorgau.client.shapes import Change, Changes, Page
from qorgau.client.talk import Answer, Call, talk

T = TypeVar("T")
Token: TypeAlias = str | Callable[[], str]  # an access token, or what has a valid one at hand each time
TRIES, TIMEOUT = 5, 20.0
EVERY = 5.0  # seconds


class Client:
    """Calls as one organisation. `tries`: how often what passes is tried; `timeout`: seconds to wait for an answer."""

    def __init__(
        self,
        url: str,
        *,
        token: Token,
        tries: int = TRIES,
        timeout: float = TIMEOUT,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._token, self._tries = token, tries
        self._line = httpx.Client(base_url=f"{url.rstrip('/')}/v1", timeout=timeout, transport=transport)

    def ask(self, call: Call[T]) -> Answer[T]:
        """The answer with its ETag. Raises Problem or Unreachable."""
        conversation, told = talk(call, tries=self._tries), None
        while True:
            try:
                asked = conversation.send(told)
            except StopIteration as end:
                answer: Answer[T] = end.value
                return answer
            told = self._send(asked) if isinstance(asked, Call) else None
            if isinstance(asked, float):
                time.sleep(asked)

    def do(self, call: Call[T]) -> T:
        """The answer alone. Raises Problem or Unreachable."""
        return self.ask(call).value

    def each(self, call: Call[Page[T]]) -> Iterator[T]:
        """Every item of a list, page by page."""
        page = self.do(call)
        yield from page["items"]
        while page["next"] is not None:
            page = self.do(call.after(page["next"]))
            yield from page["items"]

    def follow(self, call: Call[Changes], *, every: float = EVERY) -> Iterator[Change]:
        """Every event, as it happens, for ever: it is asked for more each `every` seconds. Keep the id of the last one
        that is done; who begins `after` it misses nothing."""
        while True:
            page = self.do(call)
            yield from page["events"]
            call = call.behind(page["next"])
            if not page["more"]:
                time.sleep(every)

    def _send(self, call: Call[Any]) -> httpx.Response | httpx.TransportError:
        try:
            return self._line.send(self._line.build_request(**_signed(call, self._token)))
        except httpx.TransportError as error:
            return error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self._line.close()


class AsyncClient:
    """The same, without blocking."""

    def __init__(
        self,
        url: str,
        *,
        token: Token,
        tries: int = TRIES,
        timeout: float = TIMEOUT,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._token, self._tries = token, tries
        self._line = httpx.AsyncClient(base_url=f"{url.rstrip('/')}/v1", timeout=timeout, transport=transport)

    async def ask(self, call: Call[T]) -> Answer[T]:
        """The answer with its ETag. Raises Problem or Unreachable."""
        conversation, told = talk(call, tries=self._tries), None
        while True:
            try:
                asked = conversation.send(told)
            except StopIteration as end:
                answer: Answer[T] = end.value
                return answer
            told = await self._send(asked) if isinstance(asked, Call) else None
            if isinstance(asked, float):
                await asyncio.sleep(asked)

    async def do(self, call: Call[T]) -> T:
        """The answer alone. Raises Problem or Unreachable."""
        return (await self.ask(call)).value

    async def each(self, call: Call[Page[T]]) -> AsyncIterator[T]:
        """Every item of a list, page by page."""
        page = await self.do(call)
        while True:
            for item in page["items"]:
                yield item
            if page["next"] is None:
                return
            page = await self.do(call.after(page["next"]))

    async def follow(self, call: Call[Changes], *, every: float = EVERY) -> AsyncIterator[Change]:
        """Every event, as it happens, for ever: it is asked for more each `every` seconds. Keep the id of the last one
        that is done; who begins `after` it misses nothing."""
        while True:
            page = await self.do(call)
            for one in page["events"]:
                yield one
            call = call.behind(page["next"])
            if not page["more"]:
                await asyncio.sleep(every)

    async def _send(self, call: Call[Any]) -> httpx.Response | httpx.TransportError:
        try:
            return await self._line.send(self._line.build_request(**_signed(call, self._token)))
        except httpx.TransportError as error:
            return error

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        await self._line.aclose()


def _signed(call: Call[Any], token: Token) -> dict[str, Any]:
    asked, now = call.request, token if isinstance(token, str) else token()
    return {**asked, "headers": {**asked["headers"], "Authorization": f"Bearer {now}"}}
