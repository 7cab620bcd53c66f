"""What every call of every agency has in common."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest

from deploy.demo.people import in_thirty_days
from shared.contract.vocabulary import Agency
from tests.network import Access

PERSON = {"role": "victim", "family_name": "Ахметова", "given_name": "Дана"}
ONE_OF = {
    Agency.POLICE: "police-{}",
    Agency.SHELTER: "shelter-near-{}",
    Agency.HEALTH: "hospital-{}",
    Agency.SOCIAL: "social-{}",
}


@pytest.fixture(params=list(Agency), ids=lambda agency: agency.value)
async def client(request: pytest.FixtureRequest, access: Access) -> AsyncIterator[httpx.AsyncClient]:
    """A worker of one organisation of each agency in turn."""
    office = access.office(ONE_OF[request.param].format("19"))
    yield office.client
    await office.close()


@pytest.fixture
async def stranger(client: httpx.AsyncClient, access: Access) -> AsyncIterator[httpx.AsyncClient]:
    """A worker of another organisation in the same service."""
    agency = next(a for a, url in access.urls.items() if str(client.base_url).startswith(url))
    office = access.office(ONE_OF[agency].format("11"))
    yield office.client
    await office.close()


def is_problem(answer: httpx.Response, status: int, kind: str) -> bool:
    """RFC 9457, and nothing kept by anyone on the way."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert body["status"] == answer.status_code
    return (answer.status_code, body["type"].rsplit("/", 1)[1]) == (status, kind)


async def test_a_call_without_a_token_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get("/organisations", headers={"Authorization": ""})
    assert is_problem(answer, 401, "unauthorised")
    assert "Bearer" in answer.headers["www-authenticate"]


async def test_the_same_key_gives_the_same_answer_and_does_it_once(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    first, second = [await client.post("/persons", json={"role": "victim"}, headers=key) for _ in range(2)]
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert first.headers["etag"] == second.headers["etag"]
    assert second.headers["idempotent-replayed"] == "true"


async def test_the_same_key_at_the_same_moment_is_done_once(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    answers = await asyncio.gather(*(client.post("/persons", json={"role": "victim"}, headers=key) for _ in range(5)))
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_a_key_used_for_another_call_is_refused(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    await client.post("/persons", json={"role": "victim"}, headers=key)
    answer = await client.post("/persons", json={"role": "dependant"}, headers=key)
    assert is_problem(answer, 422, "idempotency-key-reused")


async def test_a_change_needs_the_version_it_is_based_on(client: httpx.AsyncClient) -> None:
    made = await client.post("/persons", json={"role": "victim"})
    path, tag = f"/persons/{made.json()['id']}", {"If-Match": made.headers["etag"]}
    without = await client.patch(path, json={"given_name": "Дана"})
    changed = await client.patch(path, json={"given_name": "Дана"}, headers=tag)
    late = await client.patch(path, json={"given_name": "Мадина"}, headers=tag)
    assert is_problem(without, 428, "precondition-required")
    assert (changed.status_code, changed.json()["given_name"]) == (200, "Дана")
    assert is_problem(late, 412, "precondition-failed")
    assert (await client.get(path)).json()["given_name"] == "Дана"


async def test_another_organisations_person_does_not_exist(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    person = (await client.post("/persons", json={"role": "victim"})).json()["id"]
    assert (await client.get(f"/persons/{person}")).status_code == 200
    theirs = await stranger.get(f"/persons/{person}")
    nobodys = await stranger.get(f"/persons/{uuid4()}")
    assert is_problem(theirs, 404, "not-found")
    assert theirs.json() == nobodys.json()


async def test_another_organisations_ids_are_unknown_on_every_route(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    person = (await client.post("/persons", json={"role": "victim"})).json()["id"]
    consent = {"person_id": person, "purposes": ["lodging"], "recipients": ["shelter"], "categories": ["identity"]}
    consent |= {"valid_until": in_thirty_days(), "granted_by": "self", "form": "spoken", "explained_in": "kk"}
    mine = (await client.post("/consents", json=consent)).json()["id"]
    referral = {"purpose": "lodging", "basis": {"kind": "no_personal_data"}, "call_back": "+7 727 000 00 00"}
    to = {"organisation": "shelter-far-23"}
    sent = (await client.post("/referrals", json={**referral, "to": to})).json()["id"]
    reason = {"reason": "other"}
    tries = [
        ("GET", f"/consents/{mine}", None),
        ("POST", f"/consents/{mine}/withdraw", None),
        ("POST", "/consents", consent),
        ("POST", "/referrals", {**referral, "to": to, "person_id": person}),
        ("POST", "/referrals", {**referral, "to": to, "basis": {"kind": "consent", "consent_id": mine}}),
        ("POST", "/referrals", {**referral, "to": to, "replaces": sent}),
        ("POST", "/disclosures/preview", {**referral, "to": to, "person_id": person}),
        ("GET", f"/referrals/{sent}", None),
        ("GET", f"/referrals/{sent}/messages", None),
        ("POST", f"/referrals/{sent}/messages", {"body": "?"}),
        *(("POST", f"/referrals/{sent}/{action}", None) for action in ("accept", "start", "withdraw")),
        *(("POST", f"/referrals/{sent}/{action}", reason) for action in ("decline", "redirect", "cancel")),
        ("POST", f"/referrals/{sent}/complete", {}),
    ]
    for method, path, body in tries:
        answer = await stranger.request(method, path, json=body)
        assert answer.status_code == 404, (method, path)
    assert (await stranger.get("/disclosures", params={"person_id": person})).json()["items"] == []


async def test_bad_input_says_where_and_why_and_never_what(client: httpx.AsyncClient) -> None:
    answer = await client.post("/persons", json={**PERSON, "iin": "910412400019", "nickname": "Данка"})
    assert is_problem(answer, 422, "invalid-input")
    assert {fault["where"] for fault in answer.json()["faults"]} == {"body.iin", "body"}
    assert not [secret for secret in ("910412400019", "Данка", "Ахметова") if secret in answer.text]


async def test_a_key_that_the_caller_made_up_is_not_repeated(client: httpx.AsyncClient) -> None:
    answer = await client.post("/persons", json={"role": "victim", "Ахметова Дана 1991": 1})
    assert is_problem(answer, 422, "invalid-input")
    assert "Ахметова" not in answer.text


async def test_a_body_over_the_limit_is_refused_with_or_without_a_length(client: httpx.AsyncClient) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 65536

    declared = await client.post("/persons", content=b" " * 1_100_000)
    streamed = await client.post("/persons", content=drip())
    assert is_problem(declared, 413, "body-too-large")
    assert is_problem(streamed, 413, "body-too-large")


@pytest.mark.parametrize(
    "body",
    [
        b"\xff",
        b"{",
        b"[" * 100_000,
        b'{"role": "victim", "given_name": "\\u0000"}',
        b'{"role": "victim", "given_name": "\\ud800"}',
    ],
)
async def test_bytes_that_are_no_sensible_json_are_bad_input(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/persons", content=body, headers={"Content-Type": "application/json"})
    assert is_problem(answer, 422, "invalid-input")


async def test_an_unknown_path_and_a_wrong_method_are_problems_too(client: httpx.AsyncClient) -> None:
    assert is_problem(await client.get("/nowhere"), 404, "not-found")
    assert is_problem(await client.delete("/persons"), 405, "method-not-allowed")


async def test_a_cursor_of_nobodys_making_is_bad_input(client: httpx.AsyncClient) -> None:
    for cursor in ("x", "eA==", "MjAyNi0wMS0wMXw=", "é"):
        answer = await client.get("/referrals", params={"box": "incoming", "cursor": cursor})
        assert is_problem(answer, 422, "invalid-cursor")


async def test_pages_follow_each_other_without_gaps(access: Access) -> None:
    office = access.office("police-15")
    body = {"purpose": "lodging", "basis": {"kind": "no_personal_data"}, "call_back": "+7 727 000 00 00"}
    body |= {"to": {"organisation": "shelter-near-15"}}
    sent = [(await office.post("/referrals", body))["id"] for _ in range(5)]
    seen, cursor = list[str](), dict[str, str]()
    while True:
        page = await office.get("/referrals", box="outgoing", limit="2", **cursor)
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    await office.close()
    assert seen == sent[::-1]
