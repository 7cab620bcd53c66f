"""Whatever stands in the headers and the path of a call, the answer is a problem or what was asked for."""

import base64
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.adapters.test_http import is_problem
from tests.faults.api import CANARY, Api, listening


@pytest.fixture(scope="module")
async def api(network: Network) -> AsyncIterator[Api]:
    async with listening(network, Agency.POLICE) as it:
        yield it


def part(value: Any) -> str:
    """A part of a token."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


BODY = part({"sub": "x", "aud": "x", "exp": 2**40})
TOKENS: dict[str, str] = {
    "a word": CANARY,
    "points alone": "..",
    "a header that is a list": f"{part([])}.{BODY}.AA",
    "a header that is a number": f"{part(7)}.{BODY}.AA",
    "a header that is null": f"{part(None)}.{BODY}.AA",
    "a header of ten thousand lists": f"{part(b'[' * 10_000)}.{BODY}.AA",
    "a header that is no text": f"{part(bytes(range(256)))}.{BODY}.AA",
    "a header without an algorithm": f"{part({})}.{BODY}.AA",
    "an algorithm that is a list": f"{part({'alg': ['Ed25519']})}.{BODY}.AA",
    "no algorithm": f"{part({'alg': 'none'})}.{BODY}.",
    "a key id that is an object": f"{part({'alg': 'Ed25519', 'kid': {}})}.{BODY}.AA",
    "a key id of ten thousand letters": f"{part({'alg': 'Ed25519', 'kid': CANARY * 1000})}.{BODY}.AA",
    "members that must be understood": f"{part({'alg': 'Ed25519', 'crit': [[]], 'b64': 0})}.{BODY}.AA",
    "five parts": "a.b.c.d.e",
    "a sealed token": f"{part({'alg': 'dir', 'enc': 'A256GCM', 'zip': 'DEF'})}....",
}


@pytest.mark.parametrize("what", TOKENS)
async def test_a_token_that_is_none_lets_nobody_in(api: Api, what: str) -> None:
    for path in ("/organisations", f"/persons/{uuid4()}"):
        answer = await api.client.get(path, headers={b"Authorization": b"Bearer " + TOKENS[what].encode()})
        assert is_problem(answer, 401, "unauthorised"), path
        assert CANARY not in answer.text


@pytest.mark.parametrize("scheme", [b"", b"Bearer", b"Basic YTpi", b"\xff\xfe x", b"Bearer\tx", b"Bearer \xff"])
async def test_other_ways_to_say_who_one_is_let_nobody_in(api: Api, scheme: bytes) -> None:
    answer = await api.client.get("/organisations", headers={b"Authorization": scheme})
    assert is_problem(answer, 401, "unauthorised")


@pytest.mark.parametrize("key", [b"", b"\x80\xff", "ключ".encode(), b"k" * 201, b"a\tb"], ids=repr)
async def test_an_idempotency_key_of_other_characters_is_bad_input_or_a_key(api: Api, key: bytes) -> None:
    headers = {b"Idempotency-Key": key}
    first, second = [await api.client.post("/persons", json={"role": "victim"}, headers=headers) for _ in range(2)]
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert first.status_code == 201 or is_problem(first, 422, "invalid-idempotency-key")


@pytest.mark.parametrize(
    "tag", [b"", b"\xff", b'"1', b"W/*", b",,,", b'"' * 5000, b"1" * 5000], ids=lambda tag: repr(tag[:9])
)
async def test_a_tag_of_nobodys_making_matches_nothing(api: Api, tag: bytes) -> None:
    path = f"/persons/{(await api.client.post('/persons', json={'role': 'victim'})).json()['id']}"
    answer = await api.client.patch(path, json={"phone": "+7 701 000 00 02"}, headers={b"If-Match": tag})
    assert answer.status_code in (412, 428), answer.text
    assert "phone" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        [(b"traceparent", b"\xff" * 100)],
        [(b"Accept", b"\xff/\x80"), (b"Accept-Language", b"kk;q=NaN")],
        [(b"X-Forwarded-For", b"\x80")] * 50,
        [(b"Cookie", b"a" * 8000)],
        [(b"Range", b"bytes=9-1,-,")],
        [(b"If-Match", b"*")] * 20,
        [(b"Expect", b"nothing")],
        [(b"Content-Encoding", b"gzip")],
    ],
    ids=lambda headers: headers[0][0].decode(),
)
async def test_headers_that_the_call_does_not_need_change_nothing(api: Api, headers: list[tuple[bytes, bytes]]) -> None:
    answer = await api.client.get("/organisations", headers=headers)
    assert answer.status_code == 200


PLACES = ["%00", "%ff", "..%2f..%2fetc", "%ed%a0%80", "a" * 5000, "%E2%80%AE", "'--", "{}", "%25s"]
PATHS = ["persons/@", "referrals/@", "referrals/@/messages", "consents/@", "incidents/@", "beds?near=@", "statistics/@"]
PATHS += ["persons/@/disclosures/letter?language=@", "referrals?box=@", "disclosures?cursor=@", "emergencies?limit=@"]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place[:12])
async def test_an_id_that_is_none_is_bad_input_or_not_there(api: Api, place: str) -> None:
    for path in PATHS:
        url = f"{api.client.base_url}{path.replace('@', place)}"
        answer = await api.client.get(url, headers={"If-Match": "*"})
        assert answer.status_code in (404, 422), (url, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        assert place not in answer.text


async def test_a_request_with_far_too_much_around_it_harms_nobody(api: Api) -> None:
    headers = [(f"x-{n}".encode(), b"1") for n in range(4000)]
    around: list[tuple[list[tuple[bytes, bytes]], dict[str, str]]] = [
        (headers, {}),
        ([], {"x": CANARY * 1500}),
        ([], {"near": CANARY * 1500}),
    ]
    for more, query in around:
        answer = await api.client.get("/beds", headers=more, params=query)
        assert answer.status_code < 500
        assert CANARY not in answer.text
    assert (await api.client.get("/beds")).status_code == 200
