"""How cost grows: `python -m tests.bench.growing [part …]` measures these parts, and writes JSON and curves of each.

Without a part it measures the first, as `make bench` does; `referrals=10000,100000` measures other sizes than the
table's. That nothing grows where it need not is for tests to say (`tests/faults/test_growth.py`, `test_backlog.py`,
`test_many.py`); this says what that is in time, memory and disk.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench import growing_backlog as backlog
from tests.bench import growing_organisations as organisations
from tests.bench import growing_record as record
from tests.bench import growing_referrals as referrals
from tests.bench.curves import curves
from tests.bench.page import machine

HERE = Path(__file__).parent
Values = Mapping[str, float]


@dataclass(frozen=True)
class Chart:
    """What is drawn of what was measured: a line for each name. `up`: the unit, where the names don't say it."""

    ending: str = ""
    up: str = ""
    values: Callable[[Mapping[str, Any]], Values] = dict


@dataclass(frozen=True)
class Part:
    """One question: what is measured (`measure`) for how many (`sizes`) of what (`across`)."""

    across: str
    sizes: tuple[int, ...]
    measure: Callable[[int], Awaitable[Mapping[str, Any]]]
    charts: tuple[Chart, ...] = (Chart(),)


OF_REFERRALS = (Chart("", "ms, median", referrals.medians), Chart("-disk", "", referrals.disk))
PARTS = {
    "referrals": Part(
        "referrals held, and as many of each other kind", referrals.SIZES, referrals.called, OF_REFERRALS
    ),
    "organisations": Part("organisations in the network", (10, 100, 1_000, 10_000), organisations.called),
    "backlog": Part("referrals that waited for the broker", (100, 1_000, 10_000), backlog.drained),
    "catching-up": Part("events that waited for their receiver", (100, 1_000, 10_000), backlog.caught_up),
    "again": Part("times that each of a hundred events lies in the stream", (1, 10, 100), backlog.heard_again),
    "record": Part("entries of the record", (10_000, 100_000, 1_000_000), record.verified),
}
FIRST = next(iter(PARTS))


def file_of(part: str, ending: str) -> Path:
    """Where a part's readings or curves are."""
    return HERE / ("growth" + ("" if part == FIRST else f"-{part}") + ending)


def drawn(part: str, found: Mapping[str, Any]) -> dict[Path, str]:
    """Each chart of what was measured."""
    rows = {int(number): one for number, one in found["rows"].items()}
    return {file_of(part, f"{chart.ending}.svg"): _chart(part, chart, rows) for chart in PARTS[part].charts}


def _chart(part: str, chart: Chart, rows: Mapping[int, Mapping[str, Any]]) -> str:
    values = {number: chart.values(one) for number, one in rows.items()}
    lines = {name: [(number, one[name]) for number, one in values.items()] for name in next(iter(values.values()))}
    return curves(lines, across=PARTS[part].across, up=chart.up)


async def measured(part: str, sizes: Sequence[int]) -> dict[str, Any]:
    """What was found for each size."""
    rows = {}
    for size in sizes:
        rows[size] = dict(await PARTS[part].measure(size))
        print(f"  {part} {size:,}: {rows[size]}", file=sys.stderr)  # noqa: T201  # progress
    return {"machine": machine(), "rows": rows}


def main(words: Sequence[str]) -> None:
    """Measure, and write what was found."""
    for word in words or (FIRST,):
        part, _, sizes = word.partition("=")
        found = asyncio.run(measured(part, [int(size) for size in sizes.split(",") if size] or PARTS[part].sizes))
        file_of(part, ".json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        for file, chart in drawn(part, found).items():
            file.write_text(chart)


if __name__ == "__main__":
    main(sys.argv[1:])
