"""The model of how much a network needs: it keeps to what is known of queues, and says what it goes by."""

import json
import math
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.simulation import costs as known
from deploy.simulation.costs import Costs, measured
from deploy.simulation.model import Size, arriving, calling
from deploy.simulation.scales import CALM, SOON, Scale, need

NOTHING = 1e-9
COSTS = Costs("a machine of the test's", 0.010, 0.008, 0.004, 0.001, 0.0005, 9000.0, 7000.0)
ONLY_SENDER = replace(COSTS, receiver=NOTHING, database=NOTHING, broker=NOTHING, caller=NOTHING)


def test_one_queue_is_as_long_as_theory_says() -> None:
    """M/M/1: time in the system is exponential with rate mu - lambda."""
    seen = arriving(ONLY_SENDER, Size(), per_second=50, seconds=4000)
    assert seen.busy["sender"] == pytest.approx(0.5, rel=0.05)
    assert seen.p99 == pytest.approx(math.log(100) / (100 - 50), rel=0.1)
    assert seen.rate == pytest.approx(50, rel=0.05)


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_callers_who_never_rest_get_what_the_workers_can_do(workers: int) -> None:
    seen = calling(ONLY_SENDER, Size(senders=workers), callers=32, seconds=200)
    assert seen.rate == pytest.approx(workers / 0.010, rel=0.05)


def test_on_one_machine_all_parts_share_its_cores() -> None:
    whole = COSTS.sender + COSTS.receiver + COSTS.database + COSTS.broker + COSTS.caller
    seen = calling(COSTS, Size(senders=8, receivers=8, database=8, cores=2), callers=32, seconds=200)
    until_answered = COSTS.caller + COSTS.sender + COSTS.database / 2
    assert 0.95 * 2 / whole < seen.rate < 2 / until_answered  # who receives lags behind, and takes its share


def test_more_calls_than_a_part_can_do_take_for_ever() -> None:
    assert arriving(ONLY_SENDER, Size(), per_second=150, seconds=60).p99 > 10


def test_the_same_question_has_the_same_answer() -> None:
    assert arriving(COSTS, Size(), per_second=20, seconds=60) == arriving(COSTS, Size(), per_second=20, seconds=60)


@pytest.mark.parametrize("reports", [5e3, 1e5, 1e7])
def test_what_a_scale_needs_is_calm_and_soon_and_not_one_worker_more(reports: float) -> None:
    one = need(COSTS, Scale("some", reports))
    assert one.seen.p99 <= SOON
    assert max(one.seen.busy.values()) <= CALM * 1.1  # as chance has it
    assert one.size.senders == max(1, math.ceil(one.scale.calls * COSTS.sender / CALM))
    assert one.first == "sender"


def test_twice_the_reports_need_twice_the_disk() -> None:
    some, more = (need(COSTS, Scale("some", reports)).gigabytes for reports in (1e5, 2e5))
    assert more == pytest.approx(2 * some)


def test_the_command_says_what_it_goes_by_and_what_each_scale_needs() -> None:
    said = CliRunner().invoke(app, ["simulate"])
    assert said.exit_code == 0
    assert measured().machine.split(",")[0] in said.output.replace("\n", " ")
    assert "100,000,000" in said.output
    asked = CliRunner().invoke(app, ["simulate", "--reports", "1000000", "--slower", "4"])
    assert "1,000,000" in asked.output
    assert "as asked" in asked.output


@pytest.mark.parametrize("text", ["", "{", '{"sender": 1}', json.dumps(asdict(COSTS) | {"more": 1})])
def test_without_a_measurement_nothing_is_made_up(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "costs.json"
    if text:
        file.write_text(text)
    monkeypatch.setattr(known, "FILE", file)
    said = CliRunner().invoke(app, ["simulate"])
    assert said.exit_code == 2
    assert "make bench" in said.output


def test_what_was_measured_is_of_a_processor_and_a_disk() -> None:
    found = asdict(measured())
    assert found.pop("machine")
    assert all(value > 0 for value in found.values())
    assert all(found[part] < 1 for part in ("sender", "receiver", "database", "broker", "caller"))
