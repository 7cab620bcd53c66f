"""Waiting for what happens elsewhere."""

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 120.0


async def until(found: Callable[[], T | None], *, every: float = 0.02) -> T:
    """What is found, once something is. Raises TimeoutError."""
    begun = perf_counter()
    while (one := found()) is None:
        if perf_counter() - begun > PATIENCE:
            raise TimeoutError
        await asyncio.sleep(every)
    return one
