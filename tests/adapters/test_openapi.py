"""What each API says of itself."""

from uuid import UUID

import httpx
import pytest

from shared.adapters.identity import ROLES, Permission
from shared.contract.vocabulary import Agency
from tests.network import Access, organisations


@pytest.mark.parametrize("agency", list(Agency))
async def test_every_body_that_can_be_sent_has_a_worked_example(access: Access, agency: Agency) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        api = (await client.get(f"{access.urls[agency]}/openapi.json")).json()
    schemas = [
        operation["requestBody"]["content"]["application/json"]["schema"]
        for path in api["paths"].values()
        for operation in path.values()
        if "requestBody" in operation
    ]
    given = [schema.get("anyOf", [schema])[0] for schema in schemas]  # a body that may be left out is one of two
    bodies = [schema["$ref"].rsplit("/", 1)[1] for schema in given]
    without = {name for name in bodies if not api["components"]["schemas"][name].get("examples")}
    assert without == set()


@pytest.mark.parametrize("agency", list(Agency))
async def test_each_call_documents_the_problems_that_it_can_answer_with(access: Access, agency: Agency) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        paths = (await client.get(f"{access.urls[agency]}/openapi.json")).json()["paths"]
    lists, person = (set(paths[path]["get"]["responses"]) for path in ("/v1/disclosures", "/v1/persons/{person_id}"))
    assert person - lists == {"404", "410"}
    correction = set(paths["/v1/persons/{person_id}"]["patch"]["responses"])
    assert correction - person == {"412", "428"}
    for path in (path for path in paths if path.startswith("/v1/")):
        for call in paths[path].values():
            assert {"401", "403", "413", "422", "503", "507"} <= set(call["responses"])
            assert "404" in call["responses"] or "{" not in path


@pytest.mark.parametrize("agency", list(Agency))
async def test_each_problem_is_documented_by_how_it_comes_and_by_one_schema_that_is_there(
    access: Access, agency: Agency
) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        api = (await client.get(f"{access.urls[agency]}/openapi.json")).json()
    calls = [call for path, calls in api["paths"].items() if path.startswith("/v1/") for call in calls.values()]
    refused = [answer for call in calls for status, answer in call["responses"].items() if status >= "400"]
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    assert [one for one in refused if one["content"] != {"application/problem+json": {"schema": schema}}] == []
    assert set(api["components"]["schemas"]["ProblemDetails"]["required"]) == {"type", "title", "status", "detail"}


@pytest.mark.parametrize("agency", list(Agency))
async def test_a_method_that_a_resource_does_not_have_is_answered_with_all_that_it_has(
    access: Access, agency: Agency
) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        answer = await client.put(f"{access.urls[agency]}/v1/persons/{UUID(int=7)}")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, PATCH, DELETE")


@pytest.mark.parametrize("agency", list(Agency))
async def test_each_call_says_which_permission_it_needs_and_means_it(access: Access, agency: Agency) -> None:
    whose = next(one.id for one in organisations() if one.agency is agency)
    roles = {role: access.enrolment.token(organisation=whose, roles=[role]) for role in ROLES}
    async with httpx.AsyncClient(base_url=access.urls[agency], timeout=60) as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
        ours = {path: calls for path, calls in paths.items() if path.startswith("/v1/")}
        assert [
            path for path, calls in ours.items() if any("x-permission" not in call for call in calls.values())
        ] == []
        for path, needed in ((path, calls["get"]["x-permission"]) for path, calls in ours.items() if "get" in calls):
            for role, token in roles.items():
                answer = await client.get(path, headers={"Authorization": f"Bearer {token}"})
                assert (answer.status_code == 403) == (Permission(needed) not in ROLES[role]), (path, role)


@pytest.mark.parametrize("agency", list(Agency))
async def test_no_schema_is_called_by_where_it_lies_in_the_code(access: Access, agency: Agency) -> None:
    """Two classes of one name would be, and who made a client of it would find other names in the next release."""
    async with httpx.AsyncClient(timeout=60) as client:
        schemas = (await client.get(f"{access.urls[agency]}/openapi.json")).json()["components"]["schemas"]
    assert [name for name in schemas if "__" in name or name.endswith(("-Input", "-Output"))] == []
