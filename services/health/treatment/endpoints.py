"""REST calls for what health does on the path of compulsory treatment: told without a diagnosis, all of it (F8)."""

from datetime import date
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, TransactionalRoute, Writer, found, invalid
from shared.casework.directory.responsible import responsible_police
from shared.casework.treatment.beds import leave_bed
from shared.casework.treatment.endpoints import on_day
from shared.casework.treatment.models import OnDay, TreatmentPath
from shared.casework.treatment.opening import open_path
from shared.casework.treatment.stepping import Doing, check_day, his_record, organisation_of, take, the_path
from shared.casework.treatment.tables import PathRow
from shared.casework.units import store as units
from shared.casework.units.moving import move_in
from shared.contract.calendar import local_day
from shared.contract.identifiers import OrganisationId
from shared.contract.plain import Day
from shared.contract.treatment_terms import decides_by
from shared.contract.treatment_words import TreatmentEnd
from shared.contract.treatment_words import TreatmentStep as T
from shared.contract.vocabulary import Agency, BedKind

router = APIRouter(prefix="/treatment-paths", tags=["health"], route_class=TransactionalRoute)
EVADED: JsonDict = {"person_id": "1c8d9e2f-7a3b-4b6c-8d4e-2f3a4b5c6d7e", "evaded_on": "2026-03-19"}


class NewPath(BaseModel):
    """Somebody stayed away from an examination. `to`: a police organisation, or else the responsible one."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EVADED]})
    person_id: UUID
    evaded_on: Day
    to: OrganisationId | None = None


class Bed(BaseModel):
    """A unit of one's own, of addictology beds, with a free place."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"unit": "addictology"}]})
    unit: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")


class AtCourt(BaseModel):
    """The materials were given to the court, and on which day it received them."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"received_on": "2026-03-20"}]})
    received_on: Day


class PathEnding(BaseModel):
    """Why treatment ends before its last day."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"end": "court_ended"}]})
    end: Literal[TreatmentEnd.COURT_ENDED, TreatmentEnd.DIED]
    on: Day | None = None


@router.post("", status_code=201, responses=problems(404, 409, 410))
async def tell_of_evasion(body: NewPath, desk: Writer, response: Response, _: OnceKey = None) -> TreatmentPath:
    """Tell the police that somebody evaded an examination: who, and when; never a diagnosis."""
    person = await his_record(desk, body.person_id)
    to = body.to or await responsible_police(desk)
    if to is None:
        raise invalid("say which police organisation: none is responsible for this place")
    police = await organisation_of(desk, to, Agency.POLICE)
    return await open_path(desk, response, person, to=police, doing=Doing(T.EVADE, body.evaded_on))


@router.post("/{path_id}/examined", responses=problems(404, 409))
async def record_examined(path_id: UUID, desk: Writer, body: OnDay | None = None, _: OnceKey = None) -> TreatmentPath:
    """The compulsory examination was held: the police learn that, and not what was found. It frees the bed."""
    return await take(desk, await the_path(desk, path_id), Doing(T.EXAMINE, on_day(desk, body)))


@router.post("/{path_id}/out-patient-refused", responses=problems(404, 409))
async def record_refused(path_id: UUID, desk: Writer, body: OnDay | None = None, _: OnceKey = None) -> TreatmentPath:
    """Somebody refuses the out-patient examination: the police may order it in-patient."""
    return await take(desk, await the_path(desk, path_id), Doing(T.REFUSE_OUT_PATIENT, on_day(desk, body)))


@router.post("/{path_id}/admit", responses=problems(404, 409))
async def admit(path_id: UUID, body: Bed, desk: Writer, _: OnceKey = None) -> TreatmentPath:
    """Admit somebody to be examined in-patient: only if a bed of one's own is free. Problem 409 where none is."""
    row = await the_path(desk, path_id)
    await _take_bed(desk, row, body.unit)
    return await take(desk, row, Doing(T.ADMIT, local_day(desk.now)))


@router.post("/{path_id}/court", responses=problems(404, 409))
async def refer_to_court(path_id: UUID, body: AtCourt, desk: Writer, _: OnceKey = None) -> TreatmentPath:
    """The court has the materials: it decides within ten days of that. Both sides are reminded, and alarmed."""
    row = await the_path(desk, path_id)
    check_day(desk, row, body.received_on)
    last: date = decides_by(body.received_on)[0]
    return await take(desk, row, Doing(T.REFER_TO_COURT, body.received_on, {"decide_by": last.isoformat()}))


@router.post("/{path_id}/begin", responses=problems(404, 409))
async def begin(path_id: UUID, body: Bed, desk: Writer, _: OnceKey = None) -> TreatmentPath:
    """Begin the treatment that the court ordered, in a bed of one's own that is free."""
    row = await the_path(desk, path_id)
    await _take_bed(desk, row, body.unit)
    return await take(desk, row, Doing(T.BEGIN, local_day(desk.now)))


@router.post("/{path_id}/end", responses=problems(404, 409))
async def end(path_id: UUID, body: PathEnding, desk: Writer, _: OnceKey = None) -> TreatmentPath:
    """End treatment before its last day. The police are told that it ended, while the decision binds."""
    doing = Doing(T.END, body.on or local_day(desk.now), {"end": body.end})
    return await take(desk, await the_path(desk, path_id), doing)


async def _take_bed(desk: Desk, row: PathRow, named: str) -> None:
    """Problem 404 for no such unit, 422 for one of another kind, 409 for one that is full."""
    unit = await units.get(desk.session, organisation_id=desk.organisation, unit=named, lock=True)
    if found(unit, "unit").kind != BedKind.ADDICTOLOGY:
        raise invalid("compulsory treatment is in addictology beds")
    await leave_bed(desk, row)
    row.stay_id = (await move_in(desk, unit=named, person_id=row.person_id)).id
