"""What the calls for joint assessments take and answer with."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict

from shared.casework.referrals.sending import CallBack, ReferralBasis
from shared.contract.assessment import AssessmentAnswer, AssessmentEnd, AssessmentState, Seat
from shared.contract.identifiers import OrganisationId
from shared.contract.plain import Flag, Moment
from shared.contract.vocabulary import Basis, Purpose, SubjectRole

Room = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00]*$")]
WHEN: JsonDict = {
    "meets_at": "2026-03-24T10:00:00+05:00",
    "place": "police-talgar",
    "room": "214",
    "call_back": "+7 727 000 01 02",
}
EXAMPLE: JsonDict = {
    **WHEN,
    "person_id": "0b7c8d1e-6f2a-4a5b-9c3d-1e2f3a4b5c6d",
    "basis": {"kind": "consent", "consent_id": "1c8d9e2f-7a3b-4b6c-8d4e-2f3a4b5c6d7e"},
    "invite": [
        {"organisation": "social-talgar", "seat": "social_worker"},
        {"organisation": "hospital-talgar", "seat": "psychologist"},
        {"organisation": "shelter-alatau", "seat": "host"},
    ],
}
BASES = frozenset({Basis.CONSENT, Basis.OWN_REQUEST, Basis.NO_PERSONAL_DATA})


@dataclass(frozen=True)
class Whose:
    """Whose state is assessed, and on what that rests."""

    person_id: UUID | None
    basis: ReferralBasis
    purpose: Purpose = Purpose.JOINT_ASSESSMENT
    subject: SubjectRole = SubjectRole.VICTIM


class When(BaseModel):
    """When and where: at an organisation of the directory, never a shelter; `room`: where in it the officer is met."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [WHEN]})
    meets_at: Moment
    place: OrganisationId
    room: Room | None = None
    call_back: CallBack


class Invite(BaseModel):
    """Who is asked to take part, in which seat."""

    model_config = ConfigDict(extra="forbid")
    organisation: OrganisationId
    seat: Seat


class NewAssessment(When):
    """An assessment to propose. Its outcome leaves on a consent alone, which a later round can bring."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    person_id: UUID | None = None
    basis: ReferralBasis
    invite: list[Invite] = Field(min_length=1, max_length=len(Seat))

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        seats, there = {one.seat for one in self.invite}, {one.organisation for one in self.invite}
        if len(seats) < len(self.invite) or len(there) < len(self.invite) or Seat.OFFICER in seats:
            raise ValueError("each seat and each organisation is invited once; the officer is who proposes")
        return self


class NextRound(When):
    """Another time or place: everyone is asked again. `basis`: if she has consented since."""

    basis: ReferralBasis | None = None


class CalledOff(BaseModel):
    """Why there is no assessment."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"end": "person_declined"}]})
    end: AssessmentEnd

    @model_validator(mode="after")
    def _by_itself(self) -> Self:
        if self.end is AssessmentEnd.CONSENT_ENDED:
            raise ValueError("with her consent it ends by itself")
        return self


class NewAnswer(BaseModel):
    """What we say to the proposal: once, until another time or place is proposed."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"answer": "accepted", "call_back": "+7 727 000 01 03"}]}
    )
    answer: AssessmentAnswer
    suggests: Moment | None = None
    call_back: CallBack | None = None

    @model_validator(mode="after")
    def _suggests_another_time(self) -> Self:
        if (self.suggests is not None) != (self.answer is AssessmentAnswer.OTHER_TIME):
            raise ValueError("who asks for another time suggests one, and nobody else does")
        return self


class NewSignature(BaseModel):
    """What we found: whether she is in challenging life circumstances."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"challenging": True}]})
    challenging: Flag


class Invited(BaseModel):
    """Who is invited, and what they said."""

    organisation: str
    seat: Seat
    referral_id: UUID | None
    answer: AssessmentAnswer | None
    suggests: datetime | None
    answered_at: datetime | None
    call_back: str | None


class Signature(BaseModel):
    """Who has signed the round of now, and what, as far as it may still be read."""

    seat: Seat
    signed_at: datetime
    challenging: bool | None


class AssessmentOutcome(BaseModel):
    """What it came to: on whose signatures, and whose it is, as far as it may still be read."""

    challenging: bool | None = None
    quorum: list[Seat] = []
    family_name: str | None = None
    given_name: str | None = None
    patronymic: str | None = None
    birth_date: date | None = None


class Assessment(BaseModel):
    """One organisation's copy. `counterpart_id`: who proposed it, where that was not here; `missing`: whose signatures
    are still needed, where it was proposed here; `person_id`: who it is here, where that is known."""

    id: UUID
    state: AssessmentState
    counterpart_id: str | None
    seat: Seat | None
    person_id: UUID | None
    referral_id: UUID | None
    basis: Basis
    consent_id: UUID | None
    round: int
    meets_at: datetime | None
    place: str | None
    room: str | None
    call_back: str | None
    answer_by: date | None
    answer: AssessmentAnswer | None
    agreed_at: datetime | None
    invited: list[Invited]
    signatures: list[Signature]
    missing: list[Seat]
    outcome: AssessmentOutcome | None
    concluded_at: datetime | None
    ended_at: datetime | None
    end: AssessmentEnd | None
    created_at: datetime
    updated_at: datetime
