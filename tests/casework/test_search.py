"""A person is found again by IIN or name, within one organisation, without either lying in the database."""

from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.demo.people import iin
from deploy.network import Network
from shared.casework.persons.details import INDEXES, Known, index_for, normal
from shared.contract.vocabulary import Agency
from tests.casework.test_withdrawal import made
from tests.workbench import Bench, bench

POLICE = "police-19"


@pytest.fixture(scope="module")
async def police(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.POLICE) as service:
        yield service


@pytest.fixture
async def officer(police: Bench) -> AsyncIterator[httpx.AsyncClient]:
    async with police.client(POLICE) as client:
        yield client


async def search(client: httpx.AsyncClient, **fields: str) -> list[str]:
    answer = await client.post("/persons/search", json=fields)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def test_by_iin_and_by_name_with_or_without_birth_date(officer: httpx.AsyncClient) -> None:
    her = {"family_name": "Әбенова", "given_name": "Гүлнұр", "birth_date": "1991-04-12"}
    number = iin("1991-04-12", 2001, digit=4)
    person = await made(await officer.post("/persons", json={"role": "victim", "iin": number, **her}))
    assert await search(officer, iin=number) == [person]
    assert await search(officer, **her) == [person]
    assert await search(officer, family_name="Әбенова", given_name="Гүлнұр") == [person]
    assert await search(officer, family_name="Әбенова", birth_date="1991-04-12") == [person]
    assert await search(officer, family_name="Әбенова") == [person]
    assert await search(officer, family_name="Әбенова", birth_date="1991-04-13") == []


async def test_case_and_spaces_do_not_matter_and_letters_do(officer: httpx.AsyncClient) -> None:
    person = await made(await officer.post("/persons", json={"role": "victim", "family_name": "Қасқырбаева"}))
    assert await search(officer, family_name="  қАСҚЫРБАЕВА ") == [person]
    assert await search(officer, family_name="Каскырбаева") == []


async def test_the_newest_come_first_page_by_page(police: Bench, officer: httpx.AsyncClient) -> None:
    made_ = [
        await made(await officer.post("/persons", json={"role": "dependant", "family_name": "Жүз"})) for _ in range(3)
    ]
    first = await officer.post("/persons/search?limit=2", json={"family_name": "Жүз"})
    rest = await officer.post(f"/persons/search?limit=2&cursor={first.json()['next']}", json={"family_name": "Жүз"})
    found = [item["id"] for page in (first, rest) for item in page.json()["items"]]
    assert (sorted(found), rest.json()["next"]) == (sorted(made_), None)


async def test_another_organisation_does_not_find_her(police: Bench, officer: httpx.AsyncClient) -> None:
    await made(await officer.post("/persons", json={"role": "victim", "family_name": "Сейтқали"}))
    async with police.client("police-23") as other:
        assert await search(other, family_name="Сейтқали") == []


async def test_a_name_that_was_corrected_is_found_and_the_old_one_is_not(officer: httpx.AsyncClient) -> None:
    person = await made(await officer.post("/persons", json={"role": "victim", "family_name": "Бұрынғы"}))
    change = {"family_name": "Жаңадан"}
    answer = await officer.patch(f"/persons/{person}", json=change, headers={"If-Match": "*"})
    assert answer.status_code == 200
    assert await search(officer, family_name="Бұрынғы") == []
    assert await search(officer, family_name="Жаңадан") == [person]


async def test_whoever_was_erased_is_not_found(police: Bench, officer: httpx.AsyncClient) -> None:
    person = await made(await officer.post("/persons", json={"role": "victim", "family_name": "Өшірілген"}))
    async with police.client(POLICE, "supervisor") as supervisor:
        await supervisor.delete(f"/persons/{person}")
    assert await search(officer, family_name="Өшірілген") == []


@pytest.mark.parametrize("fields", [{}, {"given_name": "Гүлнұр"}, {"birth_date": "1991-04-12"}, {"iin": "123"}])
async def test_what_would_find_half_the_country_or_is_no_number_is_not_searched(
    officer: httpx.AsyncClient, fields: dict[str, str]
) -> None:
    assert (await officer.post("/persons/search", json=fields)).status_code == 422


async def test_a_search_is_not_kept_for_its_key(officer: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "a search"}
    assert (await officer.post("/persons/search", json={"family_name": "Кейін"}, headers=key)).json()["items"] == []
    await made(await officer.post("/persons", json={"role": "victim", "family_name": "Кейін"}))
    assert len((await officer.post("/persons/search", json={"family_name": "Кейін"}, headers=key)).json()["items"]) == 1


def test_every_index_is_made_of_fields_that_a_person_has_and_is_found_by_them() -> None:
    assert {name: index_for(set(fields)) for name, fields in INDEXES.items()} == {name: name for name in INDEXES}
    assert {field for fields in INDEXES.values() for field in fields} <= set(Known.model_fields)


@given(st.text(max_size=40))
def test_writing_a_name_normally_twice_changes_nothing_more(name: str) -> None:
    assert normal(normal(name)) == normal(name)
