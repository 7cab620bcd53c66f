"""The realm for Keycloak: what its mappers put into an access token means here what the file of claims beside it says.

Keycloak itself is not run: what its mappers do with their settings is written down here as its documentation has it.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.network import SAMPLE_ORGANISATIONS, sample_organisations
from shared.adapters.claims import Granted, Role, granted, read_mapping
from shared.adapters.settings import Settings

REALM: dict[str, Any] = json.loads((SAMPLE_ORGANISATIONS.parent.parent / "keycloak-realm.json").read_text())
CLAIMS = SAMPLE_ORGANISATIONS.parent.parent / "keycloak-claims.json"
CLIENTS = {one["clientId"]: one for one in REALM["clients"]}
DESK, MACHINE = CLIENTS["qorgau-desk"], CLIENTS["alatau-bed-counter"]
AUDIENCE = Settings.model_fields["oidc_audience"].default


def paths(groups: list[dict[str, Any]], above: str = "") -> Iterator[str]:
    """Every group that has none below it."""
    for group in groups:
        path = f"{above}/{group['name']}"
        yield from paths(group["subGroups"], path) if group.get("subGroups") else (path,)


def claims(client: dict[str, Any], member_of: list[str], *, token: str) -> dict[str, Any]:
    """What a client's mappers put into a token of this kind."""
    found: dict[str, Any] = {}
    for mapper in client["protocolMappers"]:
        config = mapper["config"]
        if config.get(f"{token}.token.claim") == "true":
            match mapper["protocolMapper"]:
                case "oidc-audience-mapper":
                    found["aud"] = config["included.custom.audience"]
                case "oidc-group-membership-mapper":
                    whole = config["full.path"] == "true"
                    found[config["claim.name"]] = [one if whole else one.rpartition("/")[2] for one in member_of]
    return found


@pytest.mark.parametrize("group", list(paths(REALM["groups"])))
def test_each_group_of_the_realm_means_one_role_at_one_organisation(group: str) -> None:
    said = claims(DESK, [group], token="access")
    organisation, role = group.strip("/").split("/")
    assert said["aud"] == AUDIENCE
    assert granted(said, read_mapping(CLAIMS)) == Granted(organisation, frozenset({Role(role.removesuffix("s"))}))


def test_every_line_of_the_file_is_a_group_of_the_realm_at_an_organisation_that_there_is() -> None:
    lines = read_mapping(CLAIMS).groups or ()
    assert {one.group for one in lines} == set(paths(REALM["groups"]))
    assert {one.organisation for one in lines} <= {one.id for one in sample_organisations()}


def test_the_machine_counts_beds_and_does_nothing_else() -> None:
    [account] = [one for one in REALM["users"] if one["serviceAccountClientId"] == MACHINE["clientId"]]
    said = claims(MACHINE, account["groups"], token="access")
    assert said["aud"] == AUDIENCE
    assert granted(said, read_mapping(CLAIMS)) == Granted("shelter-alatau", frozenset({Role.BED_COUNTER}))
    assert MACHINE["serviceAccountsEnabled"] is True
    assert (MACHINE["publicClient"], MACHINE["standardFlowEnabled"], MACHINE["redirectUris"]) == (False, False, [])


def test_an_id_token_is_for_the_desk_and_says_nothing_of_what_somebody_may_do() -> None:
    assert claims(DESK, ["/police-talgar/workers"], token="id") == {}


def test_staff_sign_in_by_a_code_with_pkce_at_addresses_that_are_whole() -> None:
    assert DESK["attributes"]["pkce.code.challenge.method"] == "S256"
    assert (DESK["publicClient"], DESK["standardFlowEnabled"], DESK["serviceAccountsEnabled"]) == (True, True, False)
    assert DESK["redirectUris"]
    for where in DESK["redirectUris"]:
        assert where.startswith("https://")
        assert where.endswith("/desk/signed-in")
        assert "*" not in where
    wanted = set(Settings.model_fields["oidc_scope"].default.split()) - {"openid"}
    assert wanted <= set(DESK["defaultClientScopes"])  # Keycloak refuses a scope that a client has not
    assert Settings.model_fields["oidc_client_id"].default == DESK["clientId"]


@pytest.mark.parametrize("name", list(CLIENTS))
def test_no_client_takes_passwords_or_gives_tokens_away_in_addresses(name: str) -> None:
    client = CLIENTS[name]
    assert (client["implicitFlowEnabled"], client["directAccessGrantsEnabled"]) == (False, False)
    assert (client["fullScopeAllowed"], client["webOrigins"]) == (False, [])
    assert "basic" in client["defaultClientScopes"]  # since Keycloak 25 it is that which says `sub`
    assert client["attributes"]["access.token.header.type.rfc9068"] == "true"


def test_there_is_no_secret_and_no_person_in_it() -> None:
    text = json.dumps(REALM)
    assert not [word for word in ('"secret"', '"credentials"', '"privateKey"') if word in text]
    assert all("serviceAccountClientId" in one for one in REALM["users"])


def test_who_guesses_is_locked_out_and_tokens_are_short() -> None:
    assert REALM["bruteForceProtected"] is True
    assert REALM["failureFactor"] <= 10
    assert REALM["accessTokenLifespan"] <= 600
    assert REALM["ssoSessionMaxLifespan"] <= Settings.model_fields["desk_longest"].default
    assert (REALM["registrationAllowed"], REALM["sslRequired"]) == (False, "external")
