"""With the issuer's address alone its keys and its doors are found, and nothing that somebody else says is believed."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import Request
from joserfc import jwt
from joserfc.jwk import OKPKey

from deploy.network import Network
from shared.adapters import discovery
from shared.adapters.identity import Identity
from shared.adapters.oidc import Attempt, Provider
from shared.adapters.settings import Settings
from shared.contract.errors import Problem, SettingsError
from shared.contract.vocabulary import Agency
from tests.adapters.issuing import Issuer
from tests.workbench import node_of

KEY = OKPKey.generate_key("Ed25519", {"kid": "one"})
ATTEMPT = Attempt.new("/desk")


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    playing = Issuer()
    playing.serve(KEY)
    playing.describe()
    yield playing
    playing.stop()


def identity(network: Network, issuer: str, **more: Any) -> Identity:
    """Of a service for which nothing is set but the issuer."""
    environment = {k.removeprefix("QORGAU_").lower(): v for k, v in network.environment(Agency.POLICE).items()}
    only = {k: v for k, v in environment.items() if not k.startswith("oidc_")}
    settings = Settings.model_validate({**only, "oidc_issuer": issuer, **more})
    return Identity(settings, node_of(network, Agency.POLICE))


def call(issuer: str, **more: Any) -> Request:
    claims = {"iss": issuer, "aud": "qorgau", "sub": "x", "exp": time.time() + 60, "org": "police-19", **more}
    token = jwt.encode({"alg": "Ed25519", "kid": "one"}, claims, KEY, algorithms=["Ed25519"])
    return Request({"type": "http", "headers": [(b"authorization", b"Bearer " + token.encode())]})


async def test_with_the_issuer_alone_its_keys_are_found_and_its_description_is_asked_for_once(
    network: Network, issuer: Issuer
) -> None:
    checks = identity(network, issuer.url)
    for _ in range(3):
        assert (await checks.caller(call(issuer.url))).organisation == "police-19"
    assert issuer.asked == 2  # the description, the key set


@pytest.mark.parametrize("below", ["/realms/talgar", "/tenant/"])
async def test_an_issuer_with_a_path_is_asked_below_it(network: Network, issuer: Issuer, below: str) -> None:
    issuer.pages.clear()
    issuer.describe(below=below)
    name = issuer.url + below
    assert (await identity(network, name).caller(call(name))).organisation == "police-19"


async def test_an_audience_may_be_one_of_several(network: Network, issuer: Issuer) -> None:
    checks = identity(network, issuer.url)
    assert (await checks.caller(call(issuer.url, aud=["account", "qorgau"]))).organisation == "police-19"
    with pytest.raises(Problem, match="401"):
        await checks.caller(call(issuer.url, aud=["account", "qorgau-desk"]))


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://somebody.else.invalid"},
        {"issuer": None},
        {"jwks_uri": None},
        {"jwks_uri": "http://keys.example/jwks"},
        {"jwks_uri": "/etc/passwd"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": 7},
        {"token_endpoint": "http://issuer.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
    ids=str,
)
async def test_a_description_that_is_not_the_issuers_or_points_into_the_open_opens_nothing(
    network: Network, issuer: Issuer, changed: dict[str, Any]
) -> None:
    issuer.describe(**changed)
    checks = identity(network, issuer.url)
    with pytest.raises(Problem, match="503"):
        await checks.caller(call(issuer.url))
    with pytest.raises(Problem, match="503"):
        await Provider(checks.settings, checks).address(
            ATTEMPT, returns_to="http://127.0.0.1/desk/signed-in", anew=False
        )


async def test_who_is_known_is_not_locked_out_when_the_issuer_says_nonsense_of_itself(
    network: Network, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = identity(network, issuer.url)
    await checks.caller(call(issuer.url))
    issuer.pages.clear()
    issuer.answer = b"<html>maintenance</html>"
    monkeypatch.setattr(discovery, "LIVES_SECONDS", -1.0)
    monkeypatch.setattr("shared.adapters.identity.KEYS_LIVE_SECONDS", -1.0)
    assert (await checks.caller(call(issuer.url))).organisation == "police-19"


async def test_what_is_set_goes_before_what_the_issuer_says(network: Network, issuer: Issuer) -> None:
    issuer.pages = {"/elsewhere": issuer.pages[discovery.WELL_KNOWN], "/keys": issuer.answer}
    issuer.answer = b"nothing here"
    name = {"oidc_configuration": f"{issuer.url}/elsewhere", "oidc_jwks": f"{issuer.url}/keys"}
    checks = identity(network, issuer.url, **name)
    assert (await checks.caller(call(issuer.url))).organisation == "police-19"
    where = await Provider(checks.settings, checks).address(ATTEMPT, returns_to="x", anew=False)
    assert where.startswith(f"{issuer.url}/authorize?")


async def test_a_provider_that_names_no_door_lets_nobody_in_at_the_desk(network: Network, issuer: Issuer) -> None:
    issuer.describe(authorization_endpoint=None, token_endpoint=None)
    checks = identity(network, issuer.url)
    with pytest.raises(Problem, match="no-sign-in"):
        await Provider(checks.settings, checks).address(ATTEMPT, returns_to="x", anew=False)


async def test_the_desk_asks_for_the_scope_and_the_api_that_are_set(network: Network, issuer: Issuer) -> None:
    checks = identity(network, issuer.url, oidc_scope="openid groups", oidc_resource="https://api.example.kz")
    where = await Provider(checks.settings, checks).address(ATTEMPT, returns_to="x", anew=False)
    asked = httpx.URL(where).params
    assert (asked["scope"], asked["resource"]) == ("openid groups", "https://api.example.kz")


@pytest.mark.parametrize("name", ["oidc_issuer", "oidc_configuration"])
def test_an_issuer_is_not_asked_in_the_clear(network: Network, name: str) -> None:
    with pytest.raises(SettingsError, match=f"QORGAU_{name.upper()}: http is for this host itself"):
        identity(network, "https://issuer.example", **{name: "http://issuer.example"})


def test_the_api_has_a_name_of_its_own_so_that_no_id_token_opens_it(network: Network) -> None:
    with pytest.raises(SettingsError, match="QORGAU_OIDC_AUDIENCE"):
        identity(network, "https://issuer.example", oidc_audience="qorgau-desk")


def test_an_empty_setting_is_none(network: Network) -> None:
    settings = identity(network, "https://issuer.example", oidc_jwks="", oidc_configuration="").settings
    assert (settings.oidc_jwks, settings.oidc_configuration) == (None, None)
