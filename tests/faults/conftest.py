"""One pair of services for all tests of a worker that break them and mend them again, and no longer."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.faults.two import Two, two


@pytest.fixture(scope="package")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Two]:
    """The police and a shelter."""
    async with two(tmp_path_factory.mktemp("faults")) as both:
        yield both


@pytest.fixture
def both(running: Two) -> Iterator[Two]:
    """Whole again afterwards."""
    yield running
    running.mend()
