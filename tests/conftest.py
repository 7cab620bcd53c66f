"""What tests share: a running network per worker, and a fresh cast of organisations per test that asks for one."""

import gc
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from deploy.demo.office import Office, eventually
from deploy.demo.stage import Stage
from deploy.network import Network, Options
from shared.contract.vocabulary import Agency
from tests.canaries import nobody_is_named
from tests.collector import Collector
from tests.network import Access, elsewhere, organisations

ELSEWHERE = os.environ.get("QORGAU_TEST_NETWORK")
LEARN_SECONDS = 180  # some hundred announcements, two networks at a time, on a slow machine
IMPATIENT = (("QORGAU_RESEND_AFTER", "2"), ("QORGAU_ANNOUNCE_EVERY", "300"))


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    """Where the network's spans go."""
    listening = Collector()
    yield listening
    listening.stop()


@pytest.fixture(scope="session")
async def network(tmp_path_factory: pytest.TempPathFactory, collector: Collector) -> AsyncIterator[Network]:
    """PostgreSQL, NATS and all keys of a network of this worker's own. Its services are `started` when one is called.

    The police's line can be cut.
    """
    environment = (*IMPATIENT, ("QORGAU_OTLP_ENDPOINT", collector.url))
    options = Options(links=(Agency.POLICE,), durable=False, environment=environment)
    ours = Network(tmp_path_factory.mktemp("network"), organisations(), options)
    try:
        await ours.start_servers()
        yield ours
    finally:
        await ours.stop()
        ours.postgres.remove()


@pytest.fixture(scope="session")
async def started(network: Network, collector: Collector) -> AsyncIterator[Network]:
    """The same with its four services.

    pytest ends a session's fixture after the last test of its worker: whatever was played on this network by then, in
    whatever order, is looked through for the people of the story. What is found fails that last test.
    """
    await network.start_services()
    await everyone_is_known(into(network))
    yield network
    await nobody_is_named(network, collector)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Groups first; last what calls services: eight of them use much of a processor although nobody calls."""
    items.sort(key=lambda item: (_calls_services(item), item.get_closest_marker("xdist_group") is None))


def pytest_collection_finish() -> None:
    """What is there by now stays; to look through it for garbage again and again is a quarter of the tests' time."""
    gc.freeze()
    gc.set_threshold(50_000)


def _calls_services(item: pytest.Item) -> bool:
    return not {"started", "access"}.isdisjoint(getattr(item, "fixturenames", ()))


async def everyone_is_known(access: Access) -> None:
    """Wait until every service has heard of every organisation."""
    expected = len(organisations())
    for agency in Agency:
        office = access.office(next(o.id for o in organisations() if o.agency is agency))

        async def all_are_there(office: Office = office) -> bool:
            return len((await office.get("/organisations"))["items"]) == expected

        await eventually("the directory is complete", all_are_there, seconds=LEARN_SECONDS)
        await office.close()


@pytest.fixture(scope="session")
async def somewhere_else() -> Access:
    """The network that QORGAU_TEST_NETWORK describes."""
    there = elsewhere(Path(str(ELSEWHERE)))
    await everyone_is_known(there)
    return there


@pytest.fixture(scope="session")
def access(request: pytest.FixtureRequest) -> Access:
    """The way into a network: this worker's own, or one that runs elsewhere."""
    if ELSEWHERE is not None:
        there: Access = request.getfixturevalue("somewhere_else")
        return there
    return into(request.getfixturevalue("started"))


def into(running: Network) -> Access:
    """The way into a network that runs here."""
    urls = {agency: running.url(agency) for agency in Agency}
    return Access(urls=urls, enrolment=running.enrolment, line=running.links[Agency.POLICE])


@pytest.fixture
async def stage(access: Access) -> AsyncIterator[Stage]:
    """A cast of its own, with all its offices."""
    async with access.stage(next(access.casts)) as players:
        yield players
