"""What the claims of an access token grant: an organisation and roles, by the mapping of whoever runs the provider."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.claims import AS_THEY_ARE, ClaimsMapping, Granted, Role, granted, read_mapping
from shared.contract.errors import Problem, SettingsError

TALGAR = {"group": "talgar-officers", "organisation": "police-talgar", "role": "worker"}
CHIEFS = {"group": "talgar-chiefs", "organisation": "police-talgar", "role": "supervisor"}
ALATAU = {"group": "alatau-staff", "organisation": "shelter-alatau", "role": "worker"}
BY_GROUPS = {"roles_claim": "groups", "organisation_claim": None, "groups": [TALGAR, CHIEFS, ALATAU]}


def by(claims: dict[str, Any], **mapping: Any) -> Granted:
    return granted(claims, ClaimsMapping.model_validate_json(json.dumps(mapping)))


def written(folder: Path, text: str) -> Path:
    file = folder / "claims.json"
    file.write_text(text)
    return file


def test_without_a_mapping_the_token_names_its_organisation_and_its_roles_itself() -> None:
    assert read_mapping(None) == AS_THEY_ARE == ClaimsMapping.model_validate_json("{}")
    claims = {"org": "police-talgar", "roles": ["worker", "statistician", "admin", ["supervisor"], 7]}
    assert granted(claims, AS_THEY_ARE) == Granted("police-talgar", frozenset({Role.WORKER, Role.STATISTICIAN}))


@pytest.mark.parametrize(
    "claims", [{}, {"org": None, "roles": None}, {"org": 7, "roles": "worker"}, {"org": {}}], ids=str
)
def test_without_a_mapping_nothing_else_grants_anything(claims: dict[str, Any]) -> None:
    assert granted(claims, AS_THEY_ARE) == Granted(None, frozenset())


@pytest.mark.parametrize(
    ("where", "claims"),
    [
        ("realm_access.roles", {"realm_access": {"roles": ["worker"]}}),
        ("resource_access.qorgau.roles", {"resource_access": {"qorgau": {"roles": ["worker"]}}}),
        (["https://example.kz/roles"], {"https://example.kz/roles": ["worker"]}),
    ],
)
def test_a_claim_is_found_by_its_path(where: str | list[str], claims: dict[str, Any]) -> None:
    found = by({"department": {"id": "police-talgar"}, **claims}, roles_claim=where, organisation_claim="department.id")
    assert found == Granted("police-talgar", frozenset({Role.WORKER}))


@pytest.mark.parametrize("claims", [{}, {"a": None}, {"a": "b"}, {"a": ["b"]}, {"a": {"b": None}}], ids=str)
def test_a_path_that_leads_nowhere_grants_nothing(claims: dict[str, Any]) -> None:
    assert by(claims, roles_claim="a.b.c", organisation_claim="a.b") == Granted(None, frozenset())


def test_groups_grant_what_their_lines_say() -> None:
    assert by({"groups": ["talgar-officers", "choir"]}, **BY_GROUPS) == Granted(
        "police-talgar", frozenset({Role.WORKER})
    )
    both = by({"groups": ["talgar-officers", "talgar-chiefs"]}, **BY_GROUPS)
    assert both == Granted("police-talgar", frozenset({Role.WORKER, Role.SUPERVISOR}))


def test_a_list_of_one_group_may_come_as_a_string() -> None:
    assert by({"groups": "alatau-staff"}, **BY_GROUPS).organisation == "shelter-alatau"


@pytest.mark.parametrize(
    "groups", [["choir"], ["worker"], ["Talgar-Officers"], [["talgar-officers"]], [], None, 7], ids=str
)
def test_a_group_without_a_line_grants_nothing(groups: object) -> None:
    assert by({"groups": groups, "roles": ["supervisor"], "org": "police-talgar"}, **BY_GROUPS) == Granted(
        None, frozenset()
    )


def test_with_groups_a_role_by_its_own_name_grants_nothing() -> None:
    found = by({"org": "police-talgar", "groups": ["supervisor"]}, roles_claim="groups", groups=[TALGAR])
    assert found == Granted("police-talgar", frozenset())


def test_a_line_without_an_organisation_is_about_that_of_the_organisation_claim() -> None:
    lines = [{"group": "officers", "role": "worker"}]
    assert by({"org": "police-talgar", "roles": ["officers"]}, groups=lines).organisation == "police-talgar"
    assert by({"roles": ["officers"]}, groups=lines).organisation is None
    chiefs = [{"group": "chiefs", "role": "supervisor"}, {**TALGAR, "group": "officers"}]
    assert by({"roles": ["officers", "chiefs"]}, groups=chiefs) == Granted("police-talgar", frozenset({Role.WORKER}))


@pytest.mark.parametrize(
    ("claims", "mapping"),
    [
        ({"groups": ["talgar-officers", "alatau-staff"]}, BY_GROUPS),
        ({"groups": ["talgar-officers"], "org": "shelter-alatau"}, {"roles_claim": "groups", "groups": [TALGAR]}),
        ({"org": ["police-talgar", "shelter-alatau"], "roles": ["worker"]}, {}),
    ],
    ids=["two groups", "a group and a claim", "a claim with two"],
)
def test_who_would_act_for_two_organisations_acts_for_none(claims: dict[str, Any], mapping: dict[str, Any]) -> None:
    with pytest.raises(Problem, match="more than one organisation") as refused:
        by(claims, **mapping)
    assert (refused.value.status, refused.value.kind) == (403, "two-organisations")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "Invalid JSON"),
        ("[]", "Input should be an object"),
        ('{"role_claim": "groups"}', "role_claim: Extra inputs are not permitted"),
        ('{"roles_claim": ""}', "roles_claim.0: String should have at least 1 character"),
        ('{"roles_claim": "a..b"}', "roles_claim.1: String should have at least 1 character"),
        ('{"roles_claim": []}', "roles_claim: Value should have at least 1 item"),
        ('{"roles_claim": 7}', "roles_claim: Input should be a valid"),
        ('{"groups": []}', "groups: Tuple should have at least 1 item"),
        (
            '{"groups": [{"group": "a", "role": "admin", "organisation": "b"}]}',
            "groups.0.role: Input should be 'worker'",
        ),
        ('{"groups": [{"group": "a", "organisation": "b"}]}', "groups.0.role: Field required"),
        (
            '{"organisation_claim": null, "groups": [{"group": "a", "role": "worker"}]}',
            "each has to name its organisation",
        ),
        ('{"organisation_claim": null}', "each has to name its organisation"),
    ],
)
def test_a_file_that_is_wrong_stops_the_service_and_says_where(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=r"^QORGAU_OIDC_CLAIMS_FILE: ") as refused:
        read_mapping(written(tmp_path, text))
    assert said in str(refused.value)


def test_a_file_that_is_not_there_stops_the_service(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^QORGAU_OIDC_CLAIMS_FILE: the file can't be read \(FileNotFoundError\)$"):
        read_mapping(tmp_path / "none.json")


def test_a_file_is_read(tmp_path: Path) -> None:
    assert read_mapping(written(tmp_path, json.dumps(BY_GROUPS))).groups is not None
