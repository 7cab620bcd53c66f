"""FHIR: Procedure: examinations, which are a referral's results here and never leave."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from services.health.examinations.domain import ExaminationKind
from services.health.examinations.endpoints import NewExamination, read_examination, record_examination
from services.health.fhir.answers import FhirRoute
from services.health.fhir.elements import Element
from services.health.fhir.given import LITERALLY, Concept, Reference
from services.health.fhir.procedure import KINDS, procedure
from services.health.fhir.searching import system
from shared.adapters.http import OnceKey, Reader, Writer, invalid
from shared.casework.referrals.sending import FreeText

router = APIRouter(prefix="/fhir/Procedure", route_class=FhirRoute)


class Note(BaseModel):
    """What is written."""

    text: FreeText


class NewProcedure(BaseModel):
    """What was done. Of one that is not completed nothing is kept."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)
    kind: Literal["Procedure"] = Field(alias="resourceType")
    status: Literal["completed"]
    based_on: list[Reference] = Field(default=[], alias="basedOn", max_length=1)
    subject: Reference
    code: Concept
    note: list[Note] = Field(min_length=1, max_length=1)


@router.get("/{examination_id}")
async def read_procedure(examination_id: UUID, desk: Reader) -> Element:
    """What was examined and found."""
    return procedure(await read_examination(examination_id, desk))


@router.post("", status_code=201)
async def create_procedure(body: NewProcedure, desk: Writer, response: Response, _: OnceKey = None) -> Element:
    """Record an examination, of a person here, for a referral that was accepted, or of nobody named."""
    referral_id = body.based_on[0].row("basedOn", "ServiceRequest") if body.based_on else None
    if body.based_on and referral_id is None:
        raise invalid(LITERALLY, name="basedOn")
    made = await record_examination(
        NewExamination(
            referral_id=referral_id,
            person_id=body.subject.row("subject", "Patient"),
            kind=_kind(body.code),
            findings=body.note[0].text,
        ),
        desk,
    )
    response.headers["Location"] = f"/v1/fhir/Procedure/{made.id}"
    return procedure(made)


def _kind(code: Concept) -> ExaminationKind:
    ours = [one.code for one in code.coding if one.system == system(KINDS)]
    try:
        return ExaminationKind(ours[0] or "")
    except (IndexError, ValueError):
        raise invalid("code has one of our code system '%(of)s'", of=KINDS) from None
