"""REST calls for what the police do on the path of compulsory treatment: materials, examinations, searches (F8)."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, TransactionalRoute, Writer
from shared.casework.treatment.endpoints import on_day
from shared.casework.treatment.models import OnDay, TreatmentPath
from shared.casework.treatment.opening import open_path
from shared.casework.treatment.stepping import Doing, his_record, organisation_of, take, the_path
from shared.contract.calendar import local_day
from shared.contract.identifiers import OrganisationId
from shared.contract.plain import Day
from shared.contract.treatment_words import Material
from shared.contract.treatment_words import TreatmentStep as T
from shared.contract.vocabulary import Agency

router = APIRouter(prefix="/treatment-paths", tags=["police"], route_class=TransactionalRoute)
PAPERS: JsonDict = {"materials": ["offence_reports", "relative_interviews"]}
BEGIN: JsonDict = {"person_id": "1c8d9e2f-7a3b-4b6c-8d4e-2f3a4b5c6d7e", "to": "addictology-19", **PAPERS}
EXAMINE: JsonDict = {"setting": "out_patient"}
STEP_OF = {"out_patient": T.ORDER_OUT_PATIENT, "in_patient": T.ORDER_IN_PATIENT}


class Materials(BaseModel):
    """Which kinds of papers are sent: never what stands in them. The papers themselves go by hand."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [PAPERS]})
    materials: list[Material] = Field(min_length=1, max_length=len(Material))


class NewPath(Materials):
    """A path that begins with the police's materials. `to`: the addictology organisation."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [BEGIN]})
    person_id: UUID
    to: OrganisationId


class Examination(BaseModel):
    """A compulsory examination: out-patient; in-patient only for who refused that."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMINE]})
    setting: Literal["out_patient", "in_patient"]
    on: Day | None = None


@router.post("", status_code=201, responses=problems(404, 409, 410))
async def begin_with_materials(body: NewPath, desk: Writer, response: Response, _: OnceKey = None) -> TreatmentPath:
    """Send materials to an addictology organisation at one's own initiative. It is told at once."""
    person = await his_record(desk, body.person_id)
    to = await organisation_of(desk, body.to, Agency.HEALTH)
    return await open_path(desk, response, person, to=to, doing=_sent(desk, body))


@router.post("/{path_id}/materials", responses=problems(404, 409))
async def send_materials(path_id: UUID, body: Materials, desk: Writer, _: OnceKey = None) -> TreatmentPath:
    """Send the materials once somebody was examined, or more of them before they are at court."""
    return await take(desk, await the_path(desk, path_id), _sent(desk, body))


@router.post("/{path_id}/examination", responses=problems(404, 409))
async def order_examination(path_id: UUID, body: Examination, desk: Writer, _: OnceKey = None) -> TreatmentPath:
    """Order a compulsory examination of who evaded. Health is told."""
    doing = Doing(STEP_OF[body.setting], body.on or local_day(desk.now))
    return await take(desk, await the_path(desk, path_id), doing)


@router.post("/{path_id}/search", responses=problems(404, 409))
async def search(path_id: UUID, desk: Writer, body: OnDay | None = None, _: OnceKey = None) -> TreatmentPath:
    """Record that who evades is looked for."""
    return await take(desk, await the_path(desk, path_id), Doing(T.SEARCH, on_day(desk, body)))


@router.post("/{path_id}/found", responses=problems(404, 409))
async def found_him(path_id: UUID, desk: Writer, body: OnDay | None = None, _: OnceKey = None) -> TreatmentPath:
    """Record that who was looked for is found. Health is told."""
    return await take(desk, await the_path(desk, path_id), Doing(T.FIND, on_day(desk, body)))


def _sent(desk: Desk, body: Materials) -> Doing:
    papers = [one.value for one in dict.fromkeys(body.materials)]
    return Doing(T.SEND_MATERIALS, local_day(desk.now), {"materials": papers})
