"""A node remembers across restarts which trust list it took last."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from deploy.enrol import Enrolment
from deploy.network import Network
from deploy.trust_file import rewrite
from shared.adapters import watched
from shared.adapters.trust_memory import remember
from shared.casework.app import host
from shared.contract.errors import SettingsError
from shared.contract.vocabulary import Agency
from tests.workbench import Bench, bench, trusting


@pytest.fixture
async def shelter(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.SHELTER) as service:
        yield service


@pytest.fixture
def enrolment(network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Enrolment:
    """The network's files, to change."""
    monkeypatch.setattr(watched, "LOOK_EVERY", 0.0)
    for part in ("secrets", "trust.jws", "operator.jwk"):
        there = network.folder / part
        (shutil.copytree if there.is_dir() else shutil.copy)(there, tmp_path / part)
    return Enrolment(tmp_path)


def publish(enrolment: Enrolment, shelter: Bench) -> None:
    """A newer list."""
    files = enrolment.trust_files
    before = files.read()
    nodes = {name: node for name, node in before.nodes.items() if name != "social"}
    files.publish(nodes, before=before, at=shelter.clock())


async def test_a_node_that_took_a_newer_list_does_not_start_with_an_older_one(
    shelter: Bench, enrolment: Enrolment
) -> None:
    older = enrolment.trust.read_text()
    running = trusting(enrolment, Agency.SHELTER)
    publish(enrolment, shelter)
    async with shelter.work() as work:
        assert [await remember(replace(work, node=running)) for _ in range(2)] == [1, 0]
    rewrite(enrolment.trust, older, mode=0o644)
    shelter.app.state.node = trusting(enrolment, Agency.SHELTER)
    with pytest.raises(SettingsError, match="holds list 1; this node took 2"):
        await host(shelter.app)


async def test_a_node_starts_with_the_list_that_it_took_last_and_with_a_newer_one(
    shelter: Bench, enrolment: Enrolment
) -> None:
    await host(shelter.app)
    await host(shelter.app)
    publish(enrolment, shelter)
    shelter.app.state.node = trusting(enrolment, Agency.SHELTER)
    await host(shelter.app)
    async with shelter.work() as work:
        assert await remember(work) == 0


async def test_readiness_names_the_list_in_use_and_says_when_the_file_is_another(
    shelter: Bench, enrolment: Enrolment
) -> None:
    older, shelter.app.state.node = enrolment.trust.read_text(), trusting(enrolment, Agency.SHELTER)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=shelter.app), base_url="http://bench") as client:

        async def said() -> tuple[int, str]:
            ready = (await client.get("/health/ready")).json()
            return ready["trust_list"], ready["trust_file"]

        publish(enrolment, shelter)
        assert await said() == (2, "in use")
        newer = enrolment.trust.read_text()
        rewrite(enrolment.trust, older, mode=0o644)
        assert await said() == (2, "refused")
        rewrite(enrolment.trust, newer, mode=0o644)
        assert await said() == (2, "in use")
        away = enrolment.trust.rename(enrolment.folder / "away")
        assert await said() == (2, "refused")
        away.rename(enrolment.trust)
        assert await said() == (2, "in use")
