"""The calls of HSDS's API: pages, filters, ids, who may call them, and what they cost."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest

from deploy.network import Network
from shared.adapters.identity import ROLES
from shared.casework.directory import store as directory
from shared.casework.standards.terms import OF_BED, OF_NEED, of_place, stable_id
from shared.contract.events import OrganisationAnnounced
from shared.contract.vocabulary import Agency, BedKind, Need
from tests.adapters.test_http import is_problem
from tests.asked import asked_of
from tests.casework.hsds import LISTS, directory_of, every, faults, leaves, organisation, read
from tests.casework.populated import AKIMAT, DISTRICT, HIDDEN, READER, VILLAGE, counted, populated, unit
from tests.workbench import Bench


@pytest.fixture(scope="module")
async def service(network: Network) -> AsyncIterator[Bench]:
    async with populated(network) as it:
        yield it


@pytest.fixture
async def reader(service: Bench) -> AsyncIterator[httpx.AsyncClient]:
    async with service.client(READER[Agency.POLICE]) as client:
        yield client


async def test_the_api_says_which_version_it_speaks(service: Bench, reader: httpx.AsyncClient) -> None:
    said = await read(reader, "")
    assert (faults("api", said), said["version"]) == ([], "3.1")
    description = (await reader.get(said["openapi_url"])).json()
    assert "/v1/hsds/services" in description["paths"]


async def test_lists_are_paged_and_say_where_one_is(reader: httpx.AsyncClient) -> None:
    total = len(await directory_of(reader))
    first = await read(reader, "/organizations", per_page=200)
    assert (first["total_items"], first["total_pages"], first["size"]) == (total, -(-total // 200), 200)
    assert (first["first_page"], first["last_page"], first["empty"]) == (True, False, False)
    last = await read(reader, "/organizations", page=first["total_pages"], per_page=200)
    assert (last["first_page"], last["last_page"], last["size"]) == (False, True, total % 200)
    behind = await read(reader, "/organizations", page=first["total_pages"] + 1, per_page=200)
    assert (behind["contents"], behind["empty"], behind["size"], behind["last_page"]) == ([], True, 0, True)
    for wrong in ({"page": 0}, {"per_page": 0}, {"per_page": 201}):
        assert is_problem(await reader.get("/hsds/services", params=wrong), 422, "invalid-input")


async def test_filters_narrow_together_and_an_unknown_id_finds_nothing(reader: httpx.AsyncClient) -> None:
    shelter, seniors = str(stable_id("organization", HIDDEN)), str(OF_BED[BedKind.SENIORS].id)
    assert {one["organization_id"] for one in await every(reader, "services", organization_id=shelter)} == {shelter}
    with_seniors = await every(reader, "services", taxonomy_term_id=seniors)
    assert [one["organization_id"] for one in with_seniors] == [shelter]
    elsewhere = str(stable_id("organization", AKIMAT))
    both = await read(reader, "/services", taxonomy_term_id=seniors, organization_id=elsewhere)
    assert (both["total_items"], both["total_pages"], both["empty"]) == (0, 0, True)
    infants = await every(reader, "organizations", taxonomy_term_id=str(OF_NEED[Need.INFANT].id))
    assert [one["id"] for one in infants] == [shelter]
    here = of_place(VILLAGE)
    assert here is not None
    assert shelter in {one["id"] for one in await every(reader, "organizations", taxonomy_term_id=str(here.id))}
    assert await every(reader, "organizations", taxonomy_term_id=str(uuid4())) == []


@pytest.mark.parametrize("what", list(LISTS))
async def test_an_unknown_id_is_not_found(reader: httpx.AsyncClient, what: str) -> None:
    assert is_problem(await reader.get(f"/hsds/{what}/{uuid4()}"), 404, "not-found")


async def test_ids_are_the_same_at_every_service_and_in_every_language(
    network: Network, reader: httpx.AsyncClient
) -> None:
    ours = await organisation(reader, HIDDEN, language="en")
    async with (
        populated(network, Agency.SHELTER) as elsewhere,
        elsewhere.client(READER[Agency.SHELTER]) as warden,
    ):
        assert await organisation(warden, HIDDEN, language="en") == ours
        theirs = await organisation(warden, HIDDEN, language="ru")
    ids = [[value for key, value in leaves(one) if key.endswith("id")] for one in (ours, theirs)]
    assert ids[0] == ids[1]
    assert (theirs["name"], ours["name"]) == ("Скрытый", "Hidden")


@pytest.mark.parametrize("role", [*ROLES, "nobody in particular"])
async def test_who_may_not_read_the_directory_and_the_board_may_not_read_them_so(service: Bench, role: str) -> None:
    async with service.client(READER[Agency.POLICE], role) as caller:
        plain = {(await caller.get(path)).status_code for path in ("/organisations", "/beds")}
        exports = ("/hsds", "/hsds/services", "/hsds/organizations", "/edxl/have")
        assert {(await caller.get(path)).status_code for path in exports} == plain
        assert len(plain) == 1


@pytest.fixture(scope="module")
async def a_thousand(network: Network) -> AsyncIterator[Bench]:
    """A thousand organisations more, of which fifty count beds."""
    async with populated(network) as service:
        async with service.work() as work:
            for number in range(1000):
                name = f"many-{number}"
                one = OrganisationAnnounced(
                    id=name, agency=Agency.SHELTER, name_kk=name, name_ru=name, name_en=name, kato=DISTRICT
                )
                await directory.put(work.session, organisation=one, at=work.now, hosted=False)
        for number in range(50):
            await counted(service, f"many-{number}", unit("rooms", BedKind.SENIORS, free=1, at=service.clock()))
        yield service


@pytest.mark.parametrize(("path", "questions"), [("/hsds/services", 2), ("/hsds/organizations", 2), ("/edxl/have", 1)])
async def test_however_many_organisations_it_is_one_or_two_questions_to_the_database(
    a_thousand: Bench, path: str, questions: int
) -> None:
    async with a_thousand.client(READER[Agency.POLICE]) as reader:
        with asked_of(a_thousand.database) as asked:
            answer = await reader.get(path, params={} if "edxl" in path else {"per_page": 200})
    assert answer.status_code == 200
    assert answer.text.count("many-") >= 50 or answer.json()["total_pages"] > 3
    assert len(asked) == 1 + questions, "one more tells the database who asks"
