"""How a figure is measured: its contenders by turns, so that busy neighbours disturb all alike."""

import gc
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from time import process_time_ns

from deploy.network import Network

OURS = "ours"
Run = Callable[[], Awaitable[float]]  # one run, and what it read
Contenders = Mapping[str, Run]  # ours and whom it is beside, by name
Readings = dict[str, list[float]]


@dataclass(frozen=True)
class Effort:
    """How long one measures. `seconds`: of a run under load; `calls`: in a run of one call after another."""

    rounds: int
    seconds: float
    calls: int


LONG, SHORT = Effort(rounds=7, seconds=3.0, calls=400), Effort(rounds=1, seconds=0.3, calls=20)


@dataclass(frozen=True)
class Beside:
    """Whom a figure is beside: a peer, or a physical limit that nothing could pass. `goal`: times as good as it."""

    name: str
    limit: bool = False
    goal: float | None = None


@dataclass(frozen=True)
class Figure:
    """One figure: `unit` (more is better where it ends in /s), `goal` in that unit, how to set up its contenders."""

    name: str
    unit: str
    contenders: Callable[[Network, Effort], AbstractAsyncContextManager[Contenders]]
    beside: tuple[Beside, ...]
    goal: float | None = None

    @property
    def more_is_better(self) -> bool:
        """Whether it is a rate, and not a time."""
        return self.unit.endswith("/s")


async def measured(figure: Figure, network: Network, effort: Effort) -> Readings:
    """What every contender read, round by round. A first round warms up and does not count."""
    async with figure.contenders(network, effort) as contenders:
        gc.freeze()  # as a service does: what this process is made of is not looked through for garbage
        readings: Readings = {name: [] for name in contenders}
        for number in range(effort.rounds + 1):
            for name in list(contenders)[:: -1 if number % 2 else 1]:
                reading = await contenders[name]()
                readings[name] += [reading] if number else []
                print(f"  {figure.name}: {name} {reading:.4g} {figure.unit}", file=sys.stderr)  # noqa: T201  # progress
    return readings


def processor_time(
    calls: Mapping[str, Callable[[], object]],
) -> Callable[[Network, Effort], AbstractAsyncContextManager[Contenders]]:
    """Contenders that only compute: microseconds of this process's processor time for one call."""

    @asynccontextmanager
    async def contenders(_: Network, effort: Effort) -> AsyncIterator[Contenders]:
        yield {name: timed(call, effort.calls) for name, call in calls.items()}

    return contenders


def timed(call: Callable[[], object], times: int) -> Run:
    """A run of so many calls: microseconds of processor time for one."""

    async def run() -> float:
        begun = process_time_ns()
        for _ in range(times):
            call()
        return (process_time_ns() - begun) / times / 1000

    return run


def p99(seconds: list[float]) -> float:
    """Milliseconds within which 99 of 100 are."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1000
