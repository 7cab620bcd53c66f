"""How long one call takes, in microseconds on one core: the processor's time, so that busy neighbours count little."""

import platform
from collections.abc import Callable
from statistics import median
from time import process_time_ns
from typing import NamedTuple

from rich.console import Console
from rich.table import Table


class Cost(NamedTuple):
    """The median and the best of some rounds, in microseconds, and what was aimed at."""

    what: str
    median: float
    best: float
    goal: float


def cost(what: str, call: Callable[[], object], *, goal: float, rounds: int, calls: int) -> Cost:
    """Measure one call, many times over."""
    call()
    spent = []
    for _ in range(rounds):
        begun = process_time_ns()
        for _ in range(calls):
            call()
        spent.append((process_time_ns() - begun) / calls / 1000)
    return Cost(what, median(spent), min(spent), goal)


def show(costs: list[Cost]) -> None:
    """Print a table."""
    table = Table("call", "median, µs", "best, µs", "goal, µs", title=f"Python {platform.python_version()}, one core")
    for one in costs:
        table.add_row(one.what, f"{one.median:.1f}", f"{one.best:.1f}", f"{one.goal:.0f}")
    Console(width=100).print(table)
