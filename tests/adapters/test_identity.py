"""Who may call, and what each role may do."""

import json
import time
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from deploy.enrol import AUDIENCE, ISSUER
from shared.contract.vocabulary import Agency
from tests.network import Access

GOOD: dict[str, Any] = {"iss": ISSUER, "aud": AUDIENCE, "sub": "officer", "org": "police-19", "roles": ["worker"]}


def issuer_key(access: Access) -> OKPKey:
    return OKPKey.import_key(json.loads(access.enrolment.secret("issuer", "key").read_text()))


async def call(access: Access, token: str | bytes) -> httpx.Response:
    async with httpx.AsyncClient(base_url=access.urls[Agency.POLICE], timeout=60) as client:
        bearer = token if isinstance(token, bytes) else token.encode()
        return await client.get("/v1/organisations", headers={b"Authorization": b"Bearer " + bearer})


def signed(access: Access, **changed: Any) -> str:
    key = issuer_key(access)
    claims = {**GOOD, "exp": int(time.time()) + 60, **changed}
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "Ed25519", "kid": key.kid}, claims, key, algorithms=["Ed25519"])


async def test_a_token_of_the_issuer_for_this_audience_and_organisation_opens(access: Access) -> None:
    assert (await call(access, signed(access))).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://somebody.else.invalid"},
        {"aud": "another-service"},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"sub": None},
        {"iss": None},
        {"aud": None},
    ],
    ids=str,
)
async def test_a_token_with_a_wrong_or_missing_claim_does_not_open(access: Access, changed: dict[str, Any]) -> None:
    assert (await call(access, signed(access, **changed))).status_code == 401


@pytest.mark.parametrize("organisation", ["shelter-near-19", "nobody", None, 7])
async def test_a_token_for_an_organisation_that_is_not_hosted_here_is_forbidden(
    access: Access, organisation: object
) -> None:
    assert (await call(access, signed(access, org=organisation))).status_code == 403


@pytest.mark.parametrize("roles", [[], ["bed-counter"], ["admin"], "worker", None, [["worker"]]], ids=str)
async def test_a_role_that_may_not_read_is_forbidden(access: Access, roles: object) -> None:
    answer = await call(access, signed(access, roles=roles))
    assert (answer.status_code, answer.json()["detail"]) == (403, "this call needs the permission 'read'")


async def test_a_key_of_somebody_else_does_not_open(access: Access) -> None:
    key = OKPKey.generate_key("Ed25519", {"kid": str(issuer_key(access).kid)})
    claims = {**GOOD, "exp": int(time.time()) + 60}
    token = jwt.encode({"alg": "Ed25519", "kid": key.kid}, claims, key, algorithms=["Ed25519"])
    assert (await call(access, token)).status_code == 401


async def test_an_unsigned_token_and_one_signed_with_the_public_key_as_a_secret_do_not_open(access: Access) -> None:
    body = signed(access).split(".")[1]
    none = "eyJhbGciOiJub25lIn0." + body + "."
    public = OctKey.import_key(json.dumps(issuer_key(access).as_dict(private=False)))
    claims = {**GOOD, "exp": int(time.time()) + 60}
    confused = jwt.encode({"alg": "HS256"}, claims, public, algorithms=["HS256"])
    for token in (none, confused, "x", "a.b.c", "é".encode()):
        assert (await call(access, token)).status_code == 401


async def test_a_bed_counter_may_count_beds_and_nothing_else(access: Access) -> None:
    machine = access.office("shelter-near-27", "bed-counter")
    counted = await machine.count("beds", kind="all_adults", capacity=2, occupied=1)
    persons = await machine.client.post("/persons", json={"role": "victim"})
    await machine.close()
    assert counted["free"] == 1
    assert persons.status_code == 403
