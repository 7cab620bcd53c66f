"""What tests of casework share."""

from collections.abc import AsyncIterator

import pytest

from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.pair import NOW, POLICE, SHELTER, Two
from tests.workbench import bench


@pytest.fixture
async def two(network: Network) -> AsyncIterator[Two]:
    async with (
        bench(network, Agency.POLICE, at=NOW) as police,
        bench(network, Agency.SHELTER, at=NOW) as shelter,
        police.client(POLICE) as officer,
        shelter.client(SHELTER) as warden,
    ):
        yield Two(police, shelter, officer, warden)
