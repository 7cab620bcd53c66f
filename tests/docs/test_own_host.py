"""What the guides do on a host of one's own, and where the broker runs: as they stand, with real servers."""

import asyncio
import re
import shlex
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from deploy.demo.office import eventually
from deploy.network import Network, Options, sample_organisations
from shared.contract.vocabulary import Agency
from tests.docs.test_snippets import ENROLS, NETWORK, PAGES, RUNNING, SHELTER, SYSTEM, WHILE_IT_RUNS, page
from tests.newcomer import blocks, script, shell

RUNS_FOR = 12  # seconds, of what runs until it is stopped
ON_YOUR_HOST, BROKER, AT_THE_SERVICE = "On your host", "Where the broker runs", "At the service"

RUN = {ENROLS, NETWORK, RUNNING, SHELTER, SYSTEM, WHILE_IT_RUNS, ON_YOUR_HOST, BROKER, AT_THE_SERVICE, "Anywhere"}
# Where each is run instead.
RUN_ELSEWHERE = {
    "At another service, then at the one in question": "tests/deploy/test_audit_command.py",
    "On the host that enrols, with the file of GET /v1/agreements/{id}/bundle": "tests/journeys/test_concluding.py",
    "At the shelter": "tests/client/test_examples.py, three times; the command goes on for ever",
}


def test_every_block_of_a_guide_is_run() -> None:
    pages = {file: blocks(file.read_text()) for file in PAGES.rglob("*.md")}
    titles = {one.title for each in pages.values() for one in each if one.language in ("sh", "python") and one.title}
    assert {title for title in titles if not title.endswith(".py")} == RUN | {*RUN_ELSEWHERE}


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Network]:
    """A shelter's host: all but the service."""
    options = Options(agencies=(Agency.SHELTER,), durable=False)
    running = Network(tmp_path / ".qorgau", sample_organisations(), options)
    try:
        await running.start_servers()
        yield running
    finally:
        await running.stop()
        running.remove()


def here(said: str, site: Network) -> str:
    """At this site's broker; what runs until it is stopped is stopped after a while."""
    said = said.replace("nats://127.0.0.1:4222", site.nats.url)
    said = said.replace("secrets/provisioner-seed", str(site.enrolment.secret("provisioner", "seed")))
    return re.sub(r"^(qorgau (?:serve|provision) .*)$", rf"timeout {RUNS_FOR} \1 || test $? = 124", said, flags=re.M)


def settings(site: Network, *, port: int = 0) -> str:
    """The service's own, as a host has them in its environment."""
    known = site.enrolment.environment(Agency.SHELTER) | {
        "QORGAU_DATABASE_URL": site.database_url(Agency.SHELTER),
        "QORGAU_OWNER_URL": site.owner_url(Agency.SHELTER),
        "QORGAU_NATS_URL": site.nats.url,
        "QORGAU_PORT": str(port),
        "QORGAU_DRAIN_SECONDS": "0",
    }
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in known.items())


@pytest.mark.processes
@pytest.mark.xdist_group("up")
async def test_a_host_of_ones_own_is_set_up_and_serves_as_the_guide_says(site: Network) -> None:
    listening = site.sockets.pop(Agency.SHELTER)
    port = listening.getsockname()[1]
    listening.close()
    said = f"{settings(site, port=port)}\n{here(script(page('how-to/join'), ON_YOUR_HOST), site)}"
    running = asyncio.create_task(shell(said, site.folder))

    async def is_ready() -> bool:
        async with httpx.AsyncClient() as client:
            try:
                return (await client.get(f"http://127.0.0.1:{port}/health/ready")).is_success
            except httpx.HTTPError:
                return False

    await eventually("the service is ready", is_ready, seconds=60)
    await running


@pytest.mark.processes
@pytest.mark.xdist_group("up")
async def test_where_the_broker_runs_streams_are_kept_and_a_restored_service_hears_again(site: Network) -> None:
    await shell(here(script(page("how-to/join"), BROKER), site), site.folder)
    await shell(here(script(page("how-to/back-up"), BROKER), site), site.folder)


@pytest.mark.processes
@pytest.mark.xdist_group("up")
async def test_every_key_of_a_vault_is_wrapped_anew_as_the_guide_says(site: Network) -> None:
    await shell(f"{settings(site)}\n{script(page('how-to/rotate-keys'), AT_THE_SERVICE)}", site.folder)
