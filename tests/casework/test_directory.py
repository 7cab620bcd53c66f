"""The directory, page by page: by the organisations' ids, each once, and none lost."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.network import organisations
from tests.pair import NOW, POLICE
from tests.workbench import bench

ALL = sorted(one.id for one in organisations())
SHELTERS = sorted(one.id for one in organisations() if one.agency is Agency.SHELTER)


@pytest.fixture
async def officer(network: Network) -> AsyncIterator[httpx.AsyncClient]:
    async with bench(network, Agency.POLICE, at=NOW) as police, police.client(POLICE) as client:
        yield client


async def pages(officer: httpx.AsyncClient, **asked: Any) -> list[list[str]]:
    """The ids of each page, until there is no next."""
    found, cursor = list[list[str]](), None
    while True:
        answer = await officer.get("/organisations", params={**asked, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        found.append([one["id"] for one in answer.json()["items"]])
        cursor = answer.json()["next"]
        if cursor is None:
            return found


@pytest.mark.parametrize("limit", [100, 199, 200])
async def test_page_by_page_everybody_is_there_once(officer: httpx.AsyncClient, limit: int) -> None:
    found = await pages(officer, limit=limit)
    assert [one for page in found for one in page] == ALL
    assert [len(page) for page in found[:-1]] == [limit] * (len(found) - 1)


async def test_without_a_limit_all_are_there_at_once(officer: httpx.AsyncClient) -> None:
    assert await pages(officer) == [ALL]
    for limit in (0, 201):
        assert (await officer.get("/organisations", params={"limit": limit})).status_code == 422


async def test_pages_are_of_those_that_were_asked_for(officer: httpx.AsyncClient) -> None:
    assert len(SHELTERS) > 2
    assert [one for page in await pages(officer, agency="shelter", limit=50) for one in page] == SHELTERS
    assert [one for page in await pages(officer, purpose="lodging", limit=7) for one in page] == SHELTERS


@pytest.mark.parametrize("cursor", ["nothing", "%00", "AA=="])
async def test_a_cursor_that_was_made_up_is_refused(officer: httpx.AsyncClient, cursor: str) -> None:
    answer = await officer.get("/organisations", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, "invalid-cursor")


async def test_a_table_says_in_its_headers_where_the_next_page_is(officer: httpx.AsyncClient) -> None:
    as_table = {"Accept": "text/csv"}
    answer = await officer.get("/organisations", params={"limit": 200}, headers=as_table)
    following = await officer.get(f"/organisations{answer.links['next']['url']}", headers=as_table)
    assert [(ALL[0] in page.text, ALL[200] in page.text) for page in (answer, following)] == [
        (True, False),
        (False, True),
    ]
