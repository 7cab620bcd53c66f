"""How a loop waits for work: until it is woken, and no longer than a safety net allows."""

import asyncio
from secrets import token_hex

SAFETY_NET_SECONDS = 1.0


async def woken(wake: asyncio.Event) -> bool:
    """Wait until somebody sets `wake`, a second at most. Whether somebody did."""
    try:
        await asyncio.wait_for(wake.wait(), timeout=SAFETY_NET_SECONDS)
    except TimeoutError:
        return False
    return True


class Pulse:
    """Wakes all who wait, again and again; who does something else meanwhile misses nothing."""

    def __init__(self) -> None:
        self.mark, self._next = token_hex(8), asyncio.Event()  # of the last beat; it tells nothing of how many

    def beat(self) -> None:
        """Wake who waits now."""
        self.mark = token_hex(8)
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self, after: str) -> str:
        """Until the last beat is another than this one, if it is not already; its mark."""
        while self.mark == after:
            await self._next.wait()
        return self.mark

    async def has_beaten(self, after: str, *, within: float) -> bool:
        """Whether the last beat is another than this one, or becomes so within these seconds."""
        try:
            await asyncio.wait_for(self.wait(after), within)
        except TimeoutError:
            return False
        return True
