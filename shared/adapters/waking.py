"""How a loop waits for work: until it is woken, and no longer than a safety net allows."""

import asyncio

SAFETY_NET_SECONDS = 1.0


async def woken(wake: asyncio.Event) -> bool:
    """Wait until somebody sets `wake`, a second at most. Whether somebody did."""
    try:
        await asyncio.wait_for(wake.wait(), timeout=SAFETY_NET_SECONDS)
    except TimeoutError:
        return False
    return True


class Pulse:
    """Wakes all who wait, again and again."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def beat(self) -> None:
        """Wake who waits now."""
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self) -> None:
        """Until the next beat."""
        await self._next.wait()
