"""The model: referrals come, queue for a worker, for the database and for the broker, and arrive.

A worker is a process with one thread: it does one thing at a time. While PostgreSQL works for one call, its worker
works for others. What each step takes varies around what was measured as chance has it (exponentially: more than in
truth, so that queues are no shorter). Parts have machines of their own; `cores` makes all of them share one.
"""

import random
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

import simpy

from deploy.simulation.costs import Costs

Step = Generator[Any, Any, None]
WARM_UP = 0.1  # of the time, at its beginning, does not count: queues are still empty


@dataclass(frozen=True)
class Size:
    """How many of each there are. `cores`: of the one machine that all share; None where each part has its own."""

    senders: int = 1
    receivers: int = 1
    database: int = 2
    brokers: int = 1
    cores: int | None = None


@dataclass
class Seen:
    """When calls were answered, how long referrals took to arrive (seconds), and how busy each part was (0 to 1)."""

    seconds: float
    answered: int = 0
    took: list[float] = field(default_factory=list)
    busy: dict[str, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Calls answered a second."""
        return self.answered / (self.seconds * (1 - WARM_UP))

    @property
    def p99(self) -> float:
        """Seconds within which 99 of 100 arrived; infinite where nothing did."""
        return quantiles(self.took, n=100)[98] if len(self.took) > 1 else float("inf")


class _Run:
    def __init__(self, costs: Costs, size: Size, seconds: float, seed: int) -> None:
        self.costs, self.env, self.seen = costs, simpy.Environment(), Seen(seconds)
        self.chance = random.Random(seed)  # noqa: S311  # a model's chance, which has to be the same each time
        counts = {"sender": size.senders, "receiver": size.receivers, "database": size.database, "broker": size.brokers}
        self.parts = {name: simpy.Resource(self.env, count) for name, count in counts.items()}
        self.cores = simpy.Resource(self.env, size.cores) if size.cores else None
        self.seen.busy = dict.fromkeys(counts, 0.0)

    def use(self, part: str, mean: float) -> Step:
        """Wait for a part, and keep it busy."""
        taking = self.chance.expovariate(1 / mean)
        with self.parts[part].request() as turn:
            yield turn
            yield from self.compute(taking)
        if self.counts:
            self.seen.busy[part] += taking / self.parts[part].capacity / (self.seen.seconds * (1 - WARM_UP))

    def compute(self, taking: float) -> Step:
        """On a core of the shared machine, if there is one."""
        if self.cores is None:
            yield self.env.timeout(taking)
            return
        with self.cores.request() as core:
            yield core
            yield self.env.timeout(taking)

    @property
    def counts(self) -> bool:
        return bool(self.env.now >= self.seen.seconds * WARM_UP)

    def call(self) -> Step:
        """A call until it is answered; what it sends goes on by itself."""
        begun = self.env.now
        yield from self.use("sender", self.costs.sender)
        yield from self.use("database", self.costs.database / 2)
        self.seen.answered += self.counts
        self.env.process(self.arrive(begun))

    def arrive(self, begun: float) -> Step:
        """From the outbox to the receiver's commit."""
        yield from self.use("broker", self.costs.broker)
        yield from self.use("receiver", self.costs.receiver)
        yield from self.use("database", self.costs.database / 2)
        if self.counts:
            self.seen.took.append(self.env.now - begun)


def arriving(costs: Costs, size: Size, *, per_second: float, seconds: float, seed: int = 1) -> Seen:
    """Calls that come as chance has it (Poisson), so many a second on average, whatever the network makes of them."""
    run = _Run(costs, size, seconds, seed)

    def coming() -> Step:
        while True:
            yield run.env.timeout(run.chance.expovariate(per_second))
            run.env.process(run.call())

    return _until(run, coming)


def calling(costs: Costs, size: Size, *, callers: int, seconds: float, seed: int = 1) -> Seen:
    """Callers who call again as soon as they are answered, as in the benchmark."""
    run = _Run(costs, size, seconds, seed)

    def caller() -> Step:
        while True:
            yield from run.compute(costs.caller)
            yield from run.call()

    return _until(run, *[caller] * callers)


def _until(run: _Run, *begin: Callable[[], Step]) -> Seen:
    for one in begin:
        run.env.process(one())
    run.env.run(until=run.seen.seconds)
    return run.seen
