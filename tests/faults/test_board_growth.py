"""An officer at night waits for one page of the bed board, however many organisations have announced their beds."""

from collections.abc import AsyncIterator
from functools import partial

import pytest

from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.boards import fill
from tests.faults.test_growth import Meter
from tests.workbench import Bench, bench

POLICE, TALGAR, ALMATY, ASTANA = "police-19", "196200000", "750000000", "710000000"
PAGE, PAGES = 50, 3
FOR = "detoxification"


@pytest.fixture(
    params=[((), 4), ((ALMATY, ASTANA), 4), ((ALMATY, ASTANA), 25)],
    ids=["everywhere", "in two cities", "in two cities and on a slow disk"],
)
async def police(network: Network, request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """Whose board is a nation's; and what PostgreSQL takes it to cost to read a page of the disk out of order."""
    places, cost = request.param
    async with bench(network, Agency.POLICE) as service:
        name = str(service.database.url.database)
        connection = await service.network.postgres.connect(name)
        await fill(connection, at=places)
        await connection.execute(f"alter database {name} set random_page_cost = {cost}")
        await connection.close()
        yield service


@pytest.mark.parametrize("asked", [{}, {"for": FOR}, {"near": TALGAR}, {"near": TALGAR, "for": FOR}], ids=" ".join)
async def test_a_page_of_a_nations_board_reads_its_own_rows_and_no_others(police: Bench, asked: dict[str, str]) -> None:
    meter, more = Meter(police), {"limit": str(PAGE)}
    async with police.client(POLICE) as officer:
        for number in range(PAGES):
            page = partial(officer.get, "/beds", params={**asked, **more})
            found = (await meter.measure(f"page {number}", page)).json()
            assert len(found["items"]) == PAGE
            more |= {"cursor": found["next"]}
    read = [(tables["bed_board"], tables["organisations"]) for tables in meter.read.values()]
    assert [one for one in read if not PAGE < one[0] <= 3 * PAGE] == []  # of a place that is begun, as many as a page
    assert [one for one in read if one[1] > 3 * PAGE] == []
