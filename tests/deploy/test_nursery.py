"""Services that begin as one process are processes of their own: each with its log, its session and its end."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from deploy.embedded.nursery import Nursery
from deploy.embedded.processes import StartFailed
from deploy.network import Network, Options
from shared.contract.vocabulary import Agency
from tests.bench.waiting import until
from tests.network import organisations

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("nursery")]
TWO = (Agency.POLICE, Agency.SHELTER)
FEW = [one for one in organisations() if one.id.endswith("-19")]


def made(folder: Path, *environment: tuple[str, str]) -> Network:
    return Network(folder, FEW, Options(agencies=TWO, forked=True, durable=False, environment=environment))


@pytest.fixture(scope="module")
async def network(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Network]:
    """Two services that began as one."""
    running = made(tmp_path_factory.mktemp("forked"))
    try:
        await running.start()
        yield running
    finally:
        await running.stop()
        running.remove()


def kilobytes(pid: int, what: str) -> int:
    (line,) = (x for x in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines() if x.startswith(f"{what}:"))
    return int(line.split()[1])


async def test_each_has_a_session_and_a_log_of_its_own_and_is_the_agency_that_it_was_asked_to_be(
    network: Network,
) -> None:
    assert len({service.pid for service in network.services.values()}) == len(TWO)
    for agency, service in network.services.items():
        assert os.getsid(service.pid) == service.pid
        assert f'"node": "{agency}"' in service.log.read_text()
        async with httpx.AsyncClient(base_url=network.url(agency)) as client:
            assert (await client.get("/openapi.json")).json()["info"]["title"] == f"Qorgau: {agency}"


async def test_they_have_in_common_what_none_of_them_changes(network: Network) -> None:
    for service in network.services.values():
        assert kilobytes(service.pid, "Pss") < kilobytes(service.pid, "Rss") * 3 / 4


async def test_one_that_is_killed_is_seen_to_have_ended_and_starts_again_on_its_port(network: Network) -> None:
    police, before = network.services[Agency.POLICE], network.url(Agency.POLICE)
    await police.kill()
    with pytest.raises(StartFailed):
        police.check()
    assert network.services[Agency.SHELTER].is_running
    await network.start_service(Agency.POLICE)
    async with httpx.AsyncClient(base_url=before, timeout=60) as client:
        assert (await client.get("/health/ready")).status_code == httpx.codes.OK


async def test_one_that_can_not_start_is_seen_to_have_ended_and_its_log_says_why(tmp_path: Path) -> None:
    wrong = made(tmp_path, ("QORGAU_VAULT_KEYS", "nowhere:"))
    try:
        with pytest.raises(StartFailed, match=r"(police|shelter) ended"):
            await wrong.start()
        await until(lambda: any("QORGAU_VAULT_KEYS" in one.log.read_text() for one in wrong.services.values()) or None)
    finally:
        await wrong.stop()
        wrong.remove()


async def test_with_the_process_that_forks_end_its_services(network: Network) -> None:
    assert network.nursery is not None
    await network.nursery.child.kill()
    async with asyncio.timeout(30):
        await until(lambda: None if any(one.is_running for one in network.services.values()) else True)
    with pytest.raises(StartFailed, match="nursery"):
        await network.start_service(Agency.POLICE)


async def test_nobody_forks_before_it_was_started(tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match="was not started"):
        await Nursery(log=tmp_path / "log").fork(Agency.POLICE, environment={}, fd=0, log=tmp_path / "police.log")
