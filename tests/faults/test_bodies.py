"""Whatever is sent to a call, over real HTTP: refused with problem details that repeat none of it, or kept as it is."""

import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import pytest

from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.adapters.test_http import is_problem
from tests.faults.api import CANARY, REFERRAL, Api, listening

DEPTH = 10_000


@pytest.fixture(scope="module", params=list(Agency), ids=str)
async def api(network: Network, request: pytest.FixtureRequest) -> AsyncIterator[Api]:
    async with listening(network, request.param) as it:
        yield it


def sent_with(name: str, value: str) -> Callable[[dict[str, Any]], bytes]:
    """The body with one more member, both as they are to stand in the JSON."""
    return lambda body: json.dumps(body)[:-1].encode() + f", {name}: {value}}}".encode()


def instead(text: bytes) -> Callable[[dict[str, Any]], bytes]:
    """Something else than the body."""
    return lambda _: text


def twice(body: dict[str, Any]) -> bytes:
    """Its first member twice, once with another value."""
    return b'{"%b": "%b", ' % (next(iter(body)).encode(), CANARY.encode()) + json.dumps(body).encode()[1:]


REFUSED: dict[str, Callable[[dict[str, Any]], bytes]] = {
    "nothing at all": instead(b""),
    "null": instead(b"null"),
    "a text": instead(json.dumps(CANARY).encode()),
    "a number": instead(b"7"),
    "a list": instead(b"[]"),
    "JSON that breaks off": lambda body: json.dumps(body).encode()[:-1],
    "two documents": lambda body: json.dumps(body).encode() * 2,
    "lists in lists": sent_with('"x"', "[" * DEPTH + "]" * DEPTH),
    "objects in objects": sent_with('"x"', '{"x":' * DEPTH + "1" + "}" * DEPTH),
    "lists that never end": instead(b"[" * 500_000),
    "a member that the call doesn't know": sent_with(f'"{CANARY}"', f'"{CANARY}"'),
    "a member with a name of a hundred thousand letters": sent_with('"' + CANARY * 10_000 + '"', "1"),
    "ten thousand members that it doesn't know": lambda body: json.dumps(
        {**body, **{f"{CANARY} {n}": n for n in range(10_000)}}
    ).encode(),
    "a name that is NUL": sent_with('"\\u0000"', f'"{CANARY}"'),
    "a name that is half a surrogate pair": sent_with('"\\ud800"', f'"{CANARY}"'),
    "a name in right-to-left order": sent_with('"\\u202e' + CANARY + '"', "1"),
    "the same member twice": twice,
    "a raw NUL": lambda body: json.dumps(body).replace('": "', '": "\0').encode() + b"\0",
    "bytes that are no UTF-8": lambda body: json.dumps(body).encode().replace(b'": ', b'\xff": '),
    "an overlong form of UTF-8": instead(b'{"\xc0\xae": 1}'),
    "not a number": sent_with('"x"', "NaN"),
    "more than any number": sent_with('"x"', "-Infinity"),
    "a number of ten thousand digits": sent_with('"x"', "9" * 10_000),
    "a comment": lambda body: b"// " + CANARY.encode() + b"\n" + json.dumps(body).encode(),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_can_not_be_meant_is_refused_and_not_repeated(api: Api, what: str) -> None:
    for path, body in api.posts.items():
        answer = await api.client.post(path, content=REFUSED[what](body), headers={"Content-Type": "application/json"})
        assert is_problem(answer, 422, "invalid-input"), path
        assert CANARY not in answer.text
        assert len(answer.content) < 10_000


@pytest.mark.parametrize(
    "sort", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "", "\xff/\xff"]
)
async def test_a_body_that_does_not_say_it_is_json_is_refused(api: Api, sort: str) -> None:
    for path, body in api.posts.items():
        headers = [(b"Content-Type", sort.encode("latin-1"))]
        answer = await api.client.post(path, content=json.dumps(body).encode(), headers=headers)
        assert is_problem(answer, 422, "invalid-input"), path


async def test_a_body_that_is_too_large_is_refused_whether_or_not_it_says_so(api: Api) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield CANARY.encode() * 4000

    for path in api.posts:
        for content in (CANARY.encode() * 200_000, drip()):
            answer = await api.client.post(path, content=content, headers={"Content-Type": "application/json"})
            assert is_problem(answer, 413, "body-too-large"), path


WRONG: dict[str, list[Any]] = {
    "boolean": ["false", "no", "0", 0, 1, 0.0, [], {}],
    "integer": ["3", 3.5, 1e300, 10**30, -(10**30), True, [3]],
    "number": ["3", "3.5", 1e300, -1e300, True, [3.5], {}],
    "date": [0, 19_000, 1e10, "0", "19000", "20260320", "2026-02-30", "2026-13-01", "0000-01-01", "10000-01-01",
             "-001-01-01", "2026-03-20T00:00:00", "٢٠٢٦-٠٣-٢٠", True, [2026, 3, 20]],
    "date-time": [0, 1.7e9, 1e300, "0", "1700000000", "2026-03-20", "2026-03-20T12:00:00", "0000-01-01T00:00:00Z",
                  "10000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
                  "2026-03-20T12:00:60Z", "2026-03-20T24:00:01Z", "2026-03-20T12:00:00+99:00", True],
    "uuid": [0, "", "0", CANARY, "{" * 32, True, {}],
    "string": [0, 1.5, True, [], {}, [CANARY], {CANARY: CANARY}],
    "array": ["", CANARY, 0, {}, {"0": 1}, True],
    "object": ["", CANARY, 0, [], True],
}  # fmt: skip

NESTED: list[dict[str, Any]] = [
    {"household": {"adults": "1", "children": 0}},
    {"household": {"adults": 1, "children": 0.5}},
    {"basis": {"kind": "court_decision", "court": {"number": "1", "decided_on": 0, "until": "2026-04-01"}}},
    {"basis": {"kind": "court_decision", "court": {"number": "1", "decided_on": "2026-03-01", "until": "20544"}}},
    {"basis": {"kind": "consent", "consent_id": 7}},
    {"to": {"organisation": CANARY}},
    {"to": {"nearest": CANARY}},
    {"needs": [CANARY]},
]


def sort_of(schema: dict[str, Any], components: dict[str, Any]) -> str | None:
    """Which of the sorts a member is, by its schema, null aside."""
    if "$ref" in schema:
        return sort_of(components[schema["$ref"].rsplit("/", 1)[1]], components)
    for sort in (schema.get("format"), schema.get("type")):
        if sort in WRONG:
            return str(sort)
    return next(filter(None, (sort_of(one, components) for one in schema.get("anyOf", []))), None)


async def calls_with_bodies(api: Api) -> list[tuple[str, str, dict[str, Any], dict[str, str]]]:
    """Method, path, a worked example, and which sort each member of the body is."""
    described = (await api.client.get(str(api.client.base_url.copy_with(path="/openapi.json")))).json()
    components, found = described["components"]["schemas"], []
    for path, verbs in described["paths"].items():
        for verb, call in verbs.items():
            if "requestBody" in call:
                schema = call["requestBody"]["content"]["application/json"]["schema"]
                model = components[schema.get("anyOf", [schema])[0]["$ref"].rsplit("/", 1)[1]]
                sorts = {name: sort_of(member, components) for name, member in model["properties"].items()}
                assert None not in sorts.values(), sorts
                at = re.sub(r"\{.*?\}", str(UUID(int=7)), path).removeprefix("/v1")
                found.append((verb, at, model["examples"][0], {name: str(sort) for name, sort in sorts.items()}))
    return found


async def test_every_member_of_every_body_takes_only_what_its_schema_says(api: Api) -> None:
    taken = []
    for verb, path, example, sorts in await calls_with_bodies(api):
        for turn in range(max(len(WRONG[sort]) for sort in sorts.values())):  # all members at once, each wrong in turn
            wrong = {name: WRONG[sort][turn % len(WRONG[sort])] for name, sort in sorts.items()}
            answer = await api.client.request(verb, path, json={**example, **wrong}, headers={"If-Match": "*"})
            assert is_problem(answer, 422, "invalid-input"), (verb, path, wrong)
            assert CANARY not in answer.text
            named = {fault["where"].split(".")[1] for fault in answer.json()["faults"]}
            taken += [(verb, path, name, wrong[name]) for name in sorts.keys() - named]
    assert taken == []


@pytest.mark.parametrize("wrong", NESTED, ids=str)
async def test_what_lies_deeper_in_a_referral_is_no_other(api: Api, wrong: dict[str, Any]) -> None:
    answer = await api.client.post("/referrals", json={**REFERRAL, **wrong})
    assert is_problem(answer, 422, "invalid-input")
    assert CANARY not in answer.text
