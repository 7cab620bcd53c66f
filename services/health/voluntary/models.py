"""What the calls for voluntary treatment take and answer with."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from services.health.voluntary.domain import Consequence, VoluntaryState
from services.health.voluntary.store import Note
from shared.casework.persons.models import Language
from shared.contract.plain import Day
from shared.contract.vocabulary import Grantor

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
BEGUN: JsonDict = {"person_id": "1c8d9e2f-7a3b-4b6c-8d4e-2f3a4b5c6d7e", "agreed_by": "self"}
SHEET: JsonDict = {
    "signed_on": "2026-03-20",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
NOTE: JsonDict = {
    "explained_in": "kk",
    "consequences": [str(one) for one in Consequence],
    "signed_by": "self",
    "patient": SHEET,
    "addictologist": SHEET,
}


class NewTreatment(BaseModel):
    """Treatment that is offered, or that begins since the patient or a representative agreed to it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [BEGUN]})
    person_id: UUID
    referral_id: UUID | None = None
    agreed_by: Grantor | None = None


class TreatmentAgreed(BaseModel):
    """Who agreed to treatment that was offered."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"agreed_by": "self"}]})
    agreed_by: Grantor


class Signed(BaseModel):
    """A signature on paper; of the scanned sheet its SHA-256 is kept."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [SHEET]})
    signed_on: Day
    sha256: Digest


class TreatmentRefusal(BaseModel):
    """A refusal as a note: what may follow was explained, and both have signed."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [NOTE]})
    explained_in: Language
    consequences: list[Consequence] = Field(max_length=len(Consequence))
    signed_by: Grantor
    patient: Signed
    addictologist: Signed


class VoluntaryEnding(BaseModel):
    """How treatment ended without a refusal."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"outcome": "completed"}]})
    outcome: Literal[VoluntaryState.COMPLETED, VoluntaryState.STOPPED]


class Treatment(BaseModel):
    """Voluntary treatment. Who agreed, and a refusal, are null once they were erased."""

    id: UUID
    person_id: UUID
    referral_id: UUID | None
    state: VoluntaryState
    agreed_by: Grantor | None
    refusal: Note | None
    created_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
