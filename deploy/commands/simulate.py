"""`qorgau simulate`: how much a region, the country, and a thousand times that need, by what was measured."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.simulation.costs import Costs, measured
from deploy.simulation.scales import CALLS, CALM, EVENTS, PEAK, SCALES, SOON, Need, Scale, need

CANT = 2
Reports = Annotated[
    float | None, typer.Option(min=1, max=1e9, help="Reports of violence a year; without it, three scales.")
]
Slower = Annotated[
    float, typer.Option(min=0.01, max=100, help="Times as slow as the machine that was measured: 2 is half as quick.")
]
ABOUT = f"""Of each report: {CALLS} calls at the police, each as dear as POST /referrals, and {EVENTS} events; peaks of {PEAK} times the mean.
No part is busier than {CALM:.0%} then, and 99 of 100 arrive within {SOON:g} s. One NATS stream carries it, with three replicas
where it has to outlive a server."""  # noqa: E501  # as it is printed


def simulate(reports: Reports = None, slower: Slower = 1.0) -> None:
    """Print what each scale needs at the worst hour of a year. Exits with 2 where nothing was measured."""
    try:
        costs = _slowed(measured(), slower)
    except (OSError, ValueError, TypeError):
        typer.echo("no measurement to go by: `make bench` writes deploy/simulation/costs.json", err=True)
        raise typer.Exit(CANT) from None
    scales = SCALES if reports is None else (Scale("as asked", reports),)
    found = [need(costs, one) for one in scales]
    table = Table("", *(one.scale.name for one in found))
    for name, shown in SHOWN.items():
        table.add_row(name, *(shown(one) for one in found))
    console = Console(soft_wrap=True)
    console.print(table)
    console.print(f"Measured {costs.machine}")
    console.print(ABOUT)


def _slowed(costs: Costs, slower: float) -> Costs:
    parts = ("sender", "receiver", "database", "broker", "caller")
    return replace(costs, **{part: getattr(costs, part) * slower for part in parts})


def _disk(one: Need) -> str:
    return f"{one.gigabytes:,.0f} GB" if one.gigabytes < 10_000 else f"{one.gigabytes / 1000:,.0f} TB"


SHOWN: dict[str, Callable[[Need], str]] = {
    "reports a year": lambda one: f"{one.scale.reports:,.0f}",
    "calls a second, at the peak": lambda one: f"{one.scale.calls:.3g}",
    "events a second, receipts too": lambda one: f"{one.events:.3g}",
    "workers of the police": lambda one: str(one.size.senders),
    "workers of all who receive": lambda one: str(one.size.receivers),
    "cores for PostgreSQL": lambda one: str(one.size.database),
    "99 of 100 arrive within": lambda one: f"{one.seen.p99 * 1000:.0f} ms",
    "the police's database, 5 years": _disk,
    "busiest part": lambda one: f"{one.first}, {one.seen.busy[one.first]:.1%}",
}
