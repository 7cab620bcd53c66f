"""The benchmark measures: each figure shortly, and the page that is made of it. How quick anything is fails nothing."""

import json
import math
from statistics import median
from xml.etree import ElementTree

import pytest

from deploy.network import Network
from tests.bench import growing_backlog, growing_organisations, growing_referrals
from tests.bench.curves import curves
from tests.bench.figures import FIGURES
from tests.bench.growing import PARTS, drawn, file_of
from tests.bench.growing import measured as growth
from tests.bench.measure import OURS, SHORT, Beside, Figure, measured
from tests.bench.page import compared, page

FEW = {"referrals": 100, "organisations": 8, "backlog": 3, "catching-up": 3, "again": 2, "record": 200}
TWO_ROUNDS = {OURS: [10.0, 30.0], "theirs": [20.0, 20.0]}


@pytest.mark.processes
@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
async def test_a_figure_is_measured_beside_all_that_the_table_names(started: Network, figure: Figure) -> None:
    readings = await measured(figure, started, SHORT)
    assert set(readings) == {OURS, *(one.name for one in figure.beside)}
    assert all(math.isfinite(median(read)) and median(read) > 0 for read in readings.values())
    results = {"machine": "here", "figures": {figure.name: readings}}
    assert figure.name in page(results)
    assert figure.name in compared(results, results)


@pytest.mark.parametrize(("unit", "goal"), [("calls/s", "**not reached**"), ("µs", "reached")])
def test_a_page_says_how_many_times_as_good_ours_is_and_whether_that_was_the_goal(
    unit: str, goal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure = Figure("a figure", unit, FIGURES[0].contenders, (Beside("theirs", goal=1.1),))
    monkeypatch.setattr("tests.bench.page.FIGURES", (figure,))
    written = page({"machine": "here", "figures": {"a figure": TWO_ROUNDS}})
    times = {"calls/s": "1.00 (0.50 to 1.50)", "µs": "1.33 (0.67 to 2.00)"}[unit]
    assert f"| 20 {unit} (10 to 30) | peer: theirs | 20 {unit} (20 to 20) | {times} | 1.1 times: {goal} |" in written


def test_what_is_flat_is_drawn_flat_and_what_grows_with_what_is_held_rises() -> None:
    drawn = curves({"flat": [(10, 5.0), (1000, 5.0)], "grows": [(10, 1.0), (1000, 100.0)]}, across="<held>", up="ms")
    svg = ElementTree.fromstring(drawn)  # noqa: S314  # our own
    flat, grows = (
        [tuple(map(float, point.split(","))) for point in line.attrib["points"].split()]
        for line in svg.iter("{http://www.w3.org/2000/svg}polyline")
    )
    assert flat[0][1] == flat[1][1]
    assert grows[0][1] > grows[1][1]  # from the top
    assert flat[0][0] == grows[0][0] < flat[1][0] == grows[1][0]
    assert "<held>" in [one.text for one in svg.iter("{http://www.w3.org/2000/svg}text")]


MEASURED = [part for part in PARTS if file_of(part, ".json").exists()]


@pytest.mark.parametrize("part", MEASURED)
def test_the_curves_are_of_what_was_measured_last(part: str) -> None:
    found = drawn(part, json.loads(file_of(part, ".json").read_text()))
    assert {file.name: file.read_text() for file in found} == {file.name: chart for file, chart in found.items()}


@pytest.mark.processes
@pytest.mark.parametrize("part", PARTS)
async def test_each_part_of_how_cost_grows_is_measured_and_drawn(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing_organisations, "AT_REST", 1.0)
    monkeypatch.setattr(growing_backlog, "FEW", 3)
    for calling in (growing_organisations, growing_referrals):
        monkeypatch.setattr(calling, "TIMES", 2)
        monkeypatch.setattr(calling, "WARM_UP", 1)
    found = await growth(part, [FEW[part]])
    values = [chart.values(one) for chart in PARTS[part].charts for one in found["rows"].values()]
    assert all(math.isfinite(value) and value > 0 for one in values for value in one.values())
    assert all(chart.startswith("<svg") for chart in drawn(part, found).values())
