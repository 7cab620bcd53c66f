"""What the calls for local agreements take and show."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.casework.agreements.standing import Known
from shared.contract.agreement import Agreement, Exchange
from shared.contract.concluding import MOST_LINES, Sha256
from shared.contract.identifiers import OrganisationId
from shared.contract.plain import Day, Whole
from shared.contract.sets import SortedSet
from shared.contract.vocabulary import AgreementObjection, AgreementState

LINE: dict[str, Any] = {
    "permit": "P-F1-LODGING",
    "senders": ["police"],
    "recipients": ["shelter"],
    "bases": ["consent", "own_request"],
    "categories": ["routing", "needs", "household", "worker_contact", "identity", "contact"],
}
TERMS: dict[str, Any] = {
    "parties": ["police-talgar", "shelter-esik", "hospital-talgar", "social-talgar"],
    "exchanges": [LINE],
    "valid_from": "2099-01-01",
    "valid_until": "2101-01-01",
}
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
Number = Annotated[Whole, Field(ge=1, le=1000)]
Lines = Annotated[tuple[Annotated[Whole, Field(ge=1, le=MOST_LINES)], ...], Field(max_length=MOST_LINES)]


class NewVersion(BaseModel):
    """The terms of a version: who may exchange what, with whom, on which basis, from when until when."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [TERMS]})
    parties: SortedSet[OrganisationId] = Field(min_length=2, max_length=200)
    exchanges: tuple[Exchange, ...] = Field(max_length=MOST_LINES)
    valid_from: Day
    valid_until: Day | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise ValueError("an agreement ends after it begins")
        return self


class NewAgreement(NewVersion):
    """The first draft. `region`: the first two digits of its KATO code."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"region": "19", **TERMS}]})
    region: str = Field(pattern=r"^[0-9]{2}$")


class Signing(BaseModel):
    """Which text is signed: the version and the hash that were shown."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"version": 1, "sha256": HASH}]}, hide_input_in_errors=True
    )
    version: Number
    sha256: Sha256


class Declining(BaseModel):
    """Why a version is not signed, and which of its lines that is about (the first is 1)."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"version": 1, "reason": "lines", "lines": [1]}]}
    )
    version: Number
    reason: AgreementObjection
    lines: Lines = ()


class Notice(BaseModel):
    """From which day on it does not hold any more, for all parties."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"ends_on": "2099-07-01"}]})
    ends_on: Day


class AnswerOut(BaseModel):
    """What a party answered."""

    model_config = ConfigDict(title="AgreementAnswer")
    party_id: str
    signed: bool
    reason: AgreementObjection | None
    lines: list[int]
    answered_at: datetime


class NoticeOut(BaseModel):
    """A notice that a party gave."""

    model_config = ConfigDict(title="AgreementNotice")
    party_id: str
    ends_on: date
    given_at: datetime


class AgreementOut(BaseModel):
    """A version of an agreement. `name`: by which decisions name it; `waiting_for`: who has not answered.

    `ends_on`: the first day on which it does not hold; `in_list`: whether the network's trust list holds this version.
    """

    model_config = ConfigDict(title="Agreement")
    id: UUID
    name: str
    version: int
    state: AgreementState
    drafter_id: str
    terms: Agreement
    sha256: str
    answers: list[AnswerOut]
    waiting_for: list[str]
    notices: list[NoticeOut]
    in_list: bool
    ends_on: date | None
    created_at: datetime
    concluded_at: datetime | None


class AgreementFile(AgreementOut):
    """The newest version, and those before it, newest first."""

    earlier: list[AgreementOut]


def shown(found: Known) -> AgreementOut:
    """As it is shown."""
    row, agreed = found.row, found.text.agreement
    answers = [AnswerOut(**one.model_dump(), signed=one.signature is not None) for one in found.answers]
    waits = found.state is AgreementState.DRAFT
    values = {
        **row.model_dump(exclude={"terms"}),
        "terms": agreed,
        "state": found.state,
        "answers": answers,
        "waiting_for": sorted(agreed.parties - {one.party_id for one in found.answers}) if waits else [],
        "notices": [NoticeOut(**one.model_dump(include=set(NoticeOut.model_fields))) for one in found.notices],
        "in_list": found.standing.in_list,
        "ends_on": found.standing.ends_on,
    }
    return AgreementOut.model_validate(values)
