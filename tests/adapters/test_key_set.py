"""The issuer's key set, where it is served over HTTP: rotated, slow, broken, away."""

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import Request
from joserfc import jwt
from joserfc.jwk import OKPKey

from deploy.network import Network
from shared.adapters import identity
from shared.adapters.identity import Identity
from shared.adapters.settings import Settings
from shared.contract.errors import Problem, SettingsError
from shared.contract.vocabulary import Agency
from tests.adapters.issuing import Issuer
from tests.workbench import node_of


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    playing = Issuer()
    yield playing
    playing.stop()


@pytest.fixture
def checks(network: Network, issuer: Issuer) -> Identity:
    environment = {k.removeprefix("QORGAU_").lower(): v for k, v in network.environment(Agency.POLICE).items()}
    return Identity(
        Settings.model_validate({**environment, "oidc_jwks": f"{issuer.url}/jwks"}), node_of(network, Agency.POLICE)
    )


def key(name: str) -> OKPKey:
    return OKPKey.generate_key("Ed25519", {"kid": name})


def call(signed_by: OKPKey, checks: Identity) -> Request:
    claims: dict[str, Any] = {"iss": checks.settings.oidc_issuer, "aud": "qorgau", "sub": "x", "exp": time.time() + 60}
    claims |= {"org": "police-19", "roles": ["worker"]}
    token = jwt.encode({"alg": "Ed25519", "kid": signed_by.kid}, claims, signed_by, algorithms=["Ed25519"])
    return Request({"type": "http", "headers": [(b"authorization", b"Bearer " + token.encode())]})


async def test_a_key_that_the_issuer_rotated_in_is_fetched_when_it_is_first_used(
    checks: Identity, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = key("old"), key("new")
    issuer.serve(old)
    assert (await checks.caller(call(old, checks))).organisation == "police-19"
    issuer.serve(old, new)
    monkeypatch.setattr(identity, "FETCH_AT_MOST_EVERY", 0.0)
    assert (await checks.caller(call(new, checks))).organisation == "police-19"
    assert issuer.asked == 2


async def test_tokens_with_unknown_keys_do_not_make_us_ask_the_issuer_again_and_again(
    checks: Identity, issuer: Issuer
) -> None:
    issuer.serve(key("old"))
    for _ in range(10):
        with pytest.raises(Problem, match="401"):
            await checks.caller(call(key("somebody's"), checks))
    assert issuer.asked == 1


async def test_an_issuer_that_answers_nonsense_does_not_lock_out_those_whose_keys_are_known(
    checks: Identity, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = key("good")
    issuer.serve(good)
    await checks.caller(call(good, checks))
    issuer.answer = b"<html>maintenance</html>"
    monkeypatch.setattr(identity, "KEYS_LIVE_SECONDS", -1.0)
    assert (await checks.caller(call(good, checks))).organisation == "police-19"


async def test_without_any_key_set_the_answer_is_to_try_again(checks: Identity, issuer: Issuer) -> None:
    issuer.answer = b"<html>maintenance</html>"
    with pytest.raises(Problem, match="503"):
        await checks.caller(call(key("good"), checks))


@pytest.mark.parametrize(
    "where", ["http://issuer.example/jwks", "HTTP://issuer.example/jwks", "http://127.0.0.1.example/"]
)
def test_a_key_set_is_not_fetched_in_the_clear_from_another_host(network: Network, where: str) -> None:
    environment = {k.removeprefix("QORGAU_").lower(): v for k, v in network.environment(Agency.POLICE).items()}
    with pytest.raises(SettingsError, match="use https"):
        Settings.model_validate({**environment, "oidc_jwks": where})


@pytest.mark.parametrize(
    "where",
    ["https://issuer.example/", "/etc/jwks.json", "http://127.0.0.1:1/", "http://[::1]:1/", "http://localhost/"],
)
def test_a_key_set_is_a_file_or_comes_by_https_or_from_this_host(network: Network, where: str) -> None:
    environment = {k.removeprefix("QORGAU_").lower(): v for k, v in network.environment(Agency.POLICE).items()}
    assert Settings.model_validate({**environment, "oidc_jwks": where}).oidc_jwks == where


async def test_who_has_a_known_key_waits_for_nobody_who_has_none(
    checks: Identity, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = key("known")
    issuer.serve(known)
    assert (await checks.caller(call(known, checks))).organisation == "police-19"
    for_ever = asyncio.Event()

    async def nobody_answers() -> bytes:
        await for_ever.wait()
        return b""

    monkeypatch.setattr(checks, "_key_set", nobody_answers)
    monkeypatch.setattr(identity, "FETCH_AT_MOST_EVERY", 0.0)
    stranger = asyncio.create_task(checks.caller(call(key("stranger"), checks)))
    await asyncio.sleep(0.05)
    async with asyncio.timeout(1):
        assert (await checks.caller(call(known, checks))).organisation == "police-19"
    assert not stranger.done()
    stranger.cancel()
    await asyncio.gather(stranger, return_exceptions=True)


async def test_an_issuer_that_never_answers_is_not_waited_for(
    checks: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "FETCH_SECONDS", 0.05)
    monkeypatch.setattr(checks, "_key_set", asyncio.Event().wait)
    with pytest.raises(Problem) as refused:
        await checks.caller(call(key("any"), checks))
    assert refused.value.status == 503


@pytest.mark.parametrize("strange", [{"kty": "EC", "crv": "P-192", "x": "AA", "y": "AA"}, {"kty": "OKP"}, {}, 7])
async def test_a_key_that_can_not_be_used_is_passed_over(checks: Identity, issuer: Issuer, strange: Any) -> None:
    usable = key("usable")
    issuer.serve(usable)
    whole = json.loads(issuer.answer)
    issuer.answer = json.dumps({"keys": [strange, *whole["keys"]]}).encode()
    assert (await checks.caller(call(usable, checks))).organisation == "police-19"
