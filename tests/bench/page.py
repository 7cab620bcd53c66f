"""The page made of what was read: each figure beside its limit and its peers, and what changed since another time."""

import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.figures import FIGURES
from tests.bench.measure import OURS, Beside, Figure, Readings

Results = Mapping[str, Any]  # {"machine": …, "figures": {name: readings}}, as in results.json
INTRODUCTION = """# What it costs

Written by `make bench`; the readings are in `results.json`, and `make bench-compare` shows what changed since the last
committed ones. {machine}

Contenders take turns, round by round: a figure is the median of {rounds} rounds (lowest to highest beside it), and a
ratio the median of the rounds' own ratios, since a neighbour disturbs whoever runs at that moment. "Times as good" is 2
where ours is twice as quick, and 0.5 where it takes twice as long. A *limit* is what nothing that does this work could
pass; a *peer* is what somebody could use instead. What each figure is made of stands at the head of its file.
"""
NOTES = Path(__file__).with_name("notes.md")  # what somebody who read the readings has to say of them
HEAD = "| figure | ours | beside | theirs | times as good | goal |\n| --- | ---: | --- | ---: | ---: | --- |\n"


def machine() -> str:
    """Where it was measured, in a sentence."""
    cpu = [line.split(":")[1].strip() for line in _read("/proc/cpuinfo").splitlines() if line.startswith("model name")]
    memory = int(next(iter(_read("/proc/meminfo").split()[1:2]), "0")) // 2**20
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {len(cpu) or os.cpu_count()} cores ({next(iter(cpu), platform.machine())}), "
        f"{memory} GiB, a shared virtual machine, {platform.system()} {platform.release()}, "
        f"CPython {platform.python_version()}. Servers, services and the callers share these cores."
    )


def _read(file: str) -> str:
    path = Path(file)
    return path.read_text() if path.exists() else ""


def page(results: Results) -> str:
    """The whole page, of the figures that were measured."""
    known = [figure for figure in FIGURES if figure.name in results["figures"]]
    rounds = max(len(results["figures"][figure.name][OURS]) for figure in known)
    rows = "".join(_row(figure, one, results["figures"][figure.name]) for figure in known for one in figure.beside)
    return (
        INTRODUCTION.format(machine=f"Measured {results['machine']}", rounds=rounds)
        + "\n"
        + HEAD
        + rows
        + NOTES.read_text()
    )


def _row(figure: Figure, other: Beside, readings: Readings) -> str:
    kind = "limit" if other.limit else "peer"
    ours, theirs = (_spread(readings[name], figure.unit) for name in (OURS, other.name))
    times = ratios(figure, readings, other.name)
    reached = f"{median(times):.2f} ({min(times):.2f} to {max(times):.2f})"
    return (
        f"| {figure.name} | {ours} | {kind}: {other.name} | {theirs} | {reached} | {_goal(figure, other, readings)} |\n"
    )


def ratios(figure: Figure, readings: Readings, other: str) -> list[float]:
    """How many times as good ours is, round by round."""
    pairs = zip(readings[OURS], readings[other], strict=True)
    return [ours / theirs if figure.more_is_better else theirs / ours for ours, theirs in pairs]


def _spread(readings: list[float], unit: str) -> str:
    return f"{median(readings):.4g} {unit} ({min(readings):.4g} to {max(readings):.4g})"


def _goal(figure: Figure, other: Beside, readings: Readings) -> str:
    if other.goal is not None:
        reached = median(ratios(figure, readings, other.name)) >= other.goal
        return f"{other.goal} times: {'reached' if reached else '**not reached**'}"
    if figure.goal is not None:
        there = median(readings[OURS])
        reached = there >= figure.goal if figure.more_is_better else there <= figure.goal
        return f"{figure.goal:g} {figure.unit}: {'reached' if reached else '**not reached**'}"
    return ""


def compared(before: Results, now: Results) -> str:
    """What ours was and is, and how it stood and stands to each peer: ratios tell more than times on other days."""
    lines = [
        "| figure | before | now | beside | times as good before | now |",
        "| --- | ---: | ---: | --- | ---: | ---: |",
    ]
    for figure in FIGURES:
        old, new = (results["figures"].get(figure.name) for results in (before, now))
        for one in figure.beside if old and new else ():
            if one.name in old:
                was, is_ = (f"{median(readings[OURS]):.4g} {figure.unit}" for readings in (old, new))
                stood, stands = (f"{median(ratios(figure, readings, one.name)):.2f}" for readings in (old, new))
                lines.append(f"| {figure.name} | {was} | {is_} | {one.name} | {stood} | {stands} |")
    return "\n".join(lines)
