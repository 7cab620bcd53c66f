"""What alerts and dashboard ask for is what the services really export; every alert has a section for who is called."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

from shared.adapters import telemetry

MONITORING = Path(telemetry.__file__).parents[2] / "deploy" / "monitoring"
RULES: list[dict[str, Any]] = yaml.safe_load((MONITORING / "alerts.yaml").read_text())["groups"][0]["rules"]
PANELS: list[dict[str, Any]] = json.loads((MONITORING / "dashboard.json").read_text())["panels"]
ASKED = {rule["alert"]: rule["expr"] for rule in RULES} | {
    f"{panel['title']} {target['refId']}": target["expr"] for panel in PANELS for target in panel["targets"]
}
OPERATING = (MONITORING.parent / "OPERATING.md").read_text()
NAME = re.compile(r"\b(?:qorgau_\w+|up)\b")
BY_PROMETHEUS = {"up": {"job", "instance"}}


def exported() -> dict[str, set[str]]:
    """Series name -> labels, as a service exports them."""
    found: dict[str, set[str]] = {}
    for metric in vars(telemetry.METRICS).values():
        (family,) = metric.describe()
        suffixes = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("_total",), "gauge": ("",)}[family.type]
        labels = {*metric._labelnames, "instance", *(("le",) if family.type == "histogram" else ())}
        found |= {family.name + suffix: labels for suffix in suffixes}
    return found


def labels_used(expression: str) -> set[str]:
    inside = re.findall(r"\{([^}]*)\}", expression) + re.findall(r"\bby \(([^)]*)\)", expression)
    return {name for part in inside for name in re.findall(r"\b([a-z_]+)\b(?=\s*(?:=|!|,|$))", part)}


@pytest.mark.parametrize("where", ASKED)
def test_every_metric_that_is_asked_for_is_exported_with_these_labels(where: str) -> None:
    known = exported() | BY_PROMETHEUS
    names = set(NAME.findall(ASKED[where]))
    assert names
    assert names - set(known) == set()
    assert labels_used(ASKED[where]) <= set().union(*(known[name] for name in names))


def test_every_metric_is_shown_or_watched_or_left_out_for_a_reason() -> None:
    """Left out: what is only counted for later questions."""
    asked = {re.sub(r"_(bucket|count|sum)$", "", name) for e in ASKED.values() for name in NAME.findall(e)}
    left_out = {
        "qorgau_files_not_taken_total",
        "qorgau_deadlines_due_soon_total",
        "qorgau_deadlines_overdue_total",
        "qorgau_endings_failed_total",
        "qorgau_emergencies_total",
    }
    of_histograms = re.compile(r"_(bucket|count|sum)$")
    assert {of_histograms.sub("", name) for name in exported()} - asked == left_out


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_has_a_section_that_says_what_to_do(rule: dict[str, Any]) -> None:
    section = OPERATING.split(f"\n### {rule['alert']}\n")
    assert len(section) == 2
    assert len(section[1].split("\n#")[0].split()) > 20
    assert rule["labels"]["severity"] in ("page", "ticket")


def test_every_section_is_of_an_alert_and_every_alert_has_cases() -> None:
    alerts = [rule["alert"] for rule in RULES]
    assert re.findall(r"^### (\w+)$", OPERATING, re.MULTILINE) == alerts
    cases = yaml.safe_load((Path(__file__).parents[1] / "alerts" / "cases.yaml").read_text())["tests"]
    for case, fires in zip(cases, (False, True), strict=True):
        named = {test["alertname"] for test in case["alert_rule_test"] if bool(test["exp_alerts"]) is fires}
        assert named == set(alerts)


def test_panels_neither_share_a_number_nor_a_place() -> None:
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    assert len({(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in PANELS}) == len(PANELS)


def test_what_a_service_exports_is_what_the_registry_has() -> None:
    families = {family.name for family in REGISTRY.collect() if family.name.startswith("qorgau_")}
    assert families == {metric.describe()[0].name for metric in vars(telemetry.METRICS).values()}
