"""Compose with and without observability: what is watched runs without what watches it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.contract.vocabulary import Agency

FILE = Path(__file__).parents[2] / "deploy" / "compose.yaml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
WATCHING = {"collector", "prometheus", "grafana"}


def test_the_profile_holds_what_watches_and_nothing_else() -> None:
    assert {name for name, about in SERVICES.items() if about.get("profiles") == ["observability"]} == WATCHING
    assert [
        name for name, about in SERVICES.items() if about.get("profiles", ["observability"]) != ["observability"]
    ] == []


def test_nothing_waits_for_what_watches() -> None:
    waits = {
        needed for name, about in SERVICES.items() if name not in WATCHING for needed in about.get("depends_on", {})
    }
    assert waits & WATCHING == set()


@pytest.mark.parametrize("agency", Agency)
def test_a_service_traces_only_where_somebody_says_so(agency: Agency) -> None:
    assert SERVICES[agency]["environment"]["QORGAU_OTLP_ENDPOINT"] is None  # as it is set outside, or not at all


def test_prometheus_asks_every_service() -> None:
    scraped = yaml.safe_load((FILE.parent / "monitoring" / "prometheus.yaml").read_text())["scrape_configs"]
    assert scraped[0]["static_configs"][0]["targets"] == [f"{agency}:8000" for agency in Agency]


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_closed(name: str) -> None:
    about = SERVICES[name]
    assert (about["read_only"], about["cap_drop"]) == (True, ["ALL"])
    assert "no-new-privileges:true" in about["security_opt"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_published_port_is_published_on_loopback_only(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@pytest.mark.parametrize("kind", ["configs", "secrets"])
def test_every_file_that_is_mounted_is_declared_and_every_one_of_ours_is_there(kind: str) -> None:
    used = {m if isinstance(m, str) else m["source"] for about in SERVICES.values() for m in about.get(kind, [])}
    assert used == set(COMPOSE[kind])
    ours = [about["file"] for about in COMPOSE[kind].values() if about["file"].startswith("./")]
    assert [file for file in ours if not (FILE.parent / file).is_file()] == []
