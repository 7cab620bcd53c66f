"""No call lets in whoever may not: without a token, without a role, or with the ids of another organisation."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.adapters.test_http import is_problem
from tests.deploy.test_security import OURS, THEIRS
from tests.faults.api import WORDS, Api, listening, something_of

NOBODY = str(UUID(int=7))
QUERIES = {"/v1/referrals": "box=outgoing", "/v1/statistics/{table}": "month=2026-02"}
QUERIES |= {"/v1/persons/{person_id}/disclosures/letter": "language=kk", "/v1/inquiries": "box=incoming"}
QUERIES |= dict.fromkeys(("/v1/letters/{letter_id}/pdf", "/v1/letters/{letter_id}/recall"), "language=kk")
QUERIES |= dict.fromkeys(("/v1/persons/{person_id}/file/pdf", "/v1/referrals/{referral_id}/file/pdf"), "language=kk")
NAMES = {"{unit}": "rooms", "{table}": "referrals-sent-by-purpose"}  # not ids of rows


@pytest.fixture(scope="module", params=list(Agency), ids=str)
async def api(network: Network, request: pytest.FixtureRequest) -> AsyncIterator[Api]:
    async with listening(network, request.param) as it:
        yield it


def calls(api: Api) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """Method, path with its parameters, and a body that fits, of every call but those that watch the service."""
    described = api.service.app.openapi()
    for path, verbs in described["paths"].items():
        for verb, call in verbs.items() if path.startswith("/v1/") else ():
            yield verb, path, _example(call, described["components"]["schemas"])


def _example(call: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any] | None:
    if "requestBody" not in call:
        return None
    schema = call["requestBody"]["content"]["application/json"]["schema"]
    found: dict[str, Any] = schemas[schema.get("anyOf", [schema])[0]["$ref"].rsplit("/", 1)[1]]["examples"][0]
    return found


async def answer_to(
    api: Api, verb: str, path: str, body: dict[str, Any] | None, *, row: str = NOBODY, headers: dict[str, str]
) -> httpx.Response:
    at = path.removeprefix("/v1")
    for name, value in NAMES.items():
        at = at.replace(name, value)
    at = f"{re.sub('{.*?}', row, at)}?{QUERIES.get(path, '')}"
    return await api.client.request(verb, at, json=body, headers={"If-Match": "*", **headers})


async def test_no_call_is_answered_without_a_valid_token_of_an_organisation_here(api: Api, network: Network) -> None:
    elsewhere = next(name for agency, name in OURS.items() if agency is not api.agency)
    foreign = network.enrolment.token(organisation=elsewhere, roles=["supervisor"])
    own = api.client.headers["Authorization"]
    for verb, path, body in calls(api):
        for token, status in (
            ("", 401),
            (f"{own[:-4]}AAAA", 401),
            (f"Basic {own[7:]}", 401),
            (f"Bearer {foreign}", 403),
        ):
            answer = await answer_to(api, verb, path, body, headers={"Authorization": token})
            assert answer.status_code == status, (verb, path)


async def test_no_call_is_answered_to_somebody_without_a_role(api: Api, network: Network) -> None:
    token = network.enrolment.token(organisation=OURS[api.agency], roles=["Supervisor", "supervisor ", "admin", "*"])
    for verb, path, body in calls(api):
        answer = await answer_to(api, verb, path, body, headers={"Authorization": f"Bearer {token}"})
        assert is_problem(answer, 403, "not-permitted"), (verb, path)


async def test_ids_of_another_organisation_open_nothing_wherever_they_are_put(api: Api) -> None:
    theirs = await something_of(api.service, THEIRS[api.agency])
    for verb, path, body in calls(api):
        if not re.search("{.*_id}", path):
            continue
        for row in theirs:
            answer = await answer_to(api, verb, path, body, row=row, headers={})
            assert is_problem(answer, 404, "not-found"), (verb, path, answer.text)


async def test_lists_and_searches_show_nothing_of_another_organisation(api: Api) -> None:
    theirs = await something_of(api.service, THEIRS[api.agency])
    asked = [await api.client.post("/persons/search", json={"family_name": WORDS[0]})]
    asked += [await answer_to(api, verb, path, None, headers={}) for verb, path, _ in calls(api) if verb == "get"]
    asked += [await api.client.get("/disclosures", params={"person_id": theirs[0]})]
    for answer in asked:
        assert not [word for word in (*WORDS, *theirs) if word in answer.text], answer.url
