"""Which organisation and which roles the claims of an access token stand for.

Without a mapping the token says so itself: `org` is an organisation, `roles` a list of roles. A mapping (the JSON file
that `QORGAU_OIDC_CLAIMS_FILE` names) says where a provider keeps them, and what its groups mean here:

    {"roles_claim": "realm_access.roles", "organisation_claim": null,
     "groups": [{"group": "talgar-officers", "organisation": "police-talgar", "role": "worker"}]}

A claim is a path with dots, or a list of steps where a name has dots of its own (["https://example.kz/groups"]).
What no line names grants nothing, and nobody acts for two organisations at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from shared.contract.errors import Problem, SettingsError

Claims = dict[str, Any]
SETTING = "QORGAU_OIDC_CLAIMS_FILE"


class Role(StrEnum):
    """A worker is an officer, shelter worker, doctor or social worker; a bed-counter a machine; a statistician reports
    figures to others, and sees no case."""

    WORKER = "worker"
    SUPERVISOR = "supervisor"
    BED_COUNTER = "bed-counter"
    STATISTICIAN = "statistician"


@dataclass(frozen=True)
class Granted:
    """What a token stands for. Without an organisation it is good for nothing."""

    organisation: str | None
    roles: frozenset[Role]


def _steps(path: object) -> object:
    """A path with dots, as its steps. An empty step is a mistake that the model finds."""
    return path.split(".") if isinstance(path, str) else path


Step = Annotated[str, Field(min_length=1)]
ClaimPath = Annotated[tuple[Step, ...], BeforeValidator(_steps), Field(min_length=1, strict=False)]
_STRICT = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class GroupMeans(BaseModel):
    """What one group of the provider means. Without an organisation: a role at that of the organisation claim."""

    model_config = _STRICT
    group: Step
    role: Role
    organisation: Step | None = None


class ClaimsMapping(BaseModel):
    """Where the claims are, and what groups mean. Without groups the roles claim has roles by their own names."""

    model_config = _STRICT
    roles_claim: ClaimPath = ("roles",)
    organisation_claim: ClaimPath | None = ("org",)
    groups: tuple[GroupMeans, ...] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _names_organisations(self) -> Self:
        """Raises ValueError for a line that could never grant anything."""
        named = self.groups is not None and all(one.organisation for one in self.groups)
        if self.organisation_claim is None and not named:
            raise ValueError("without an organisation_claim there are groups, and each has to name its organisation")
        return self


AS_THEY_ARE = ClaimsMapping()


def granted(claims: Mapping[str, Any], mapping: ClaimsMapping) -> Granted:
    """What these claims grant. Raises Problem 403 where they stand for two organisations."""
    said = _at(claims, mapping.roles_claim)
    organisations = _words(_at(claims, mapping.organisation_claim)) if mapping.organisation_claim else frozenset()
    if mapping.groups is None:
        roles = frozenset(role for role in Role if isinstance(said, list) and role in said)
    else:
        said_itself = bool(organisations)  # a line without an organisation is about the one that the token itself says
        means = [one for one in mapping.groups if one.group in _words(said) and (one.organisation or said_itself)]
        roles = frozenset(one.role for one in means)
        organisations |= {one.organisation for one in means if one.organisation}
    if len(organisations) > 1:
        raise Problem(
            403, "two-organisations", "the token stands for more than one organisation; a caller acts for one"
        )
    return Granted(next(iter(organisations), None), roles)


def read_mapping(file: Path | None) -> ClaimsMapping:
    """The mapping in a file, or none. Raises SettingsError that says where the file is wrong."""
    if file is None:
        return AS_THEY_ARE
    try:
        return ClaimsMapping.model_validate_json(file.read_bytes())
    except OSError as error:
        raise SettingsError(f"{SETTING}: the file can't be read ({type(error).__name__})") from None
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}".removeprefix(": ") for one in error.errors())
        raise SettingsError(f"{SETTING}: {'; '.join(faults)}") from None


def _at(claims: Mapping[str, Any], path: tuple[str, ...]) -> object:
    found: object = claims
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _words(said: object) -> frozenset[str]:
    """One name or a list of names: some providers write a list of one as a string."""
    return frozenset(one for one in (said if isinstance(said, list) else [said]) if isinstance(one, str))
