"""What runs for ever ends when it is told to, even if a library swallows the first word."""

import asyncio

from shared.adapters.tasks import end


async def test_who_swallows_a_cancellation_is_cancelled_again() -> None:
    swallowed = 0

    async def deaf_at_first() -> None:
        nonlocal swallowed
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                if swallowed == 2:
                    raise
                swallowed += 1

    task = asyncio.create_task(deaf_at_first())
    await asyncio.sleep(0)
    await asyncio.wait_for(end([task]), timeout=10)
    assert (swallowed, task.cancelled()) == (2, True)


async def test_what_is_over_already_is_no_matter() -> None:
    async def brief() -> None:
        """Nothing."""

    task = asyncio.create_task(brief())
    await task
    await end([task])
    await end([])
