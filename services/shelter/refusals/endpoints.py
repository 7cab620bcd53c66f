"""REST calls for refusals to report, and their notices."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from services.shelter.refusals import store
from services.shelter.refusals.domain import (
    NOTICE_BUSINESS_DAYS,
    NOTICE_DEADLINE,
    RefusalState,
    what_police_may,
    why_not_then,
)
from services.shelter.refusals.tables import RefusalRow
from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, Reader, TransactionalRoute, Writer, found, invalid, note
from shared.adapters.outbox import Outgoing, emit
from shared.casework.deadlines import store as deadlines
from shared.casework.deadlines.clock import business_day_deadline
from shared.casework.deadlines.tables import DeadlineRow
from shared.casework.directory.responsible import responsible_police
from shared.casework.disclosures.endpoints import refused
from shared.casework.persons import store as persons
from shared.casework.warnings.watching import watch
from shared.contract.calendar import local_day
from shared.contract.errors import Problem
from shared.contract.events import RefusalNoticeIssued
from shared.contract.grounds import Grounds
from shared.contract.plain import Flag, Moment
from shared.contract.repetition import Fact
from shared.contract.vocabulary import Basis, Pattern, Purpose

router = APIRouter(prefix="/refusals", tags=["shelter"], route_class=TransactionalRoute)
DUTY = Grounds(basis=Basis.STATUTORY_DUTY, purpose=Purpose.REFUSAL_NOTICE)
EXAMPLE: JsonDict = {"refused_at": "2026-03-20T15:00:00+05:00", "agrees_to_contact": False}


class NewRefusal(BaseModel):
    """Someone refused to report. `agrees_to_contact`: the police may offer her contact through the shelter."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    person_id: UUID | None = None
    refused_at: Moment
    agrees_to_contact: Flag = False


class Refusal(BaseModel):
    """A refusal, and exactly what its notice says or will say to the police."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    person_id: UUID | None
    refused_at: datetime
    refused_on: date
    due_on: date
    calendar_version: str
    agrees_to_contact: bool
    police_id: str | None
    state: RefusalState
    sent_at: datetime | None
    acknowledged_at: datetime | None
    notice: dict[str, Any]


@router.post("", status_code=201, responses=problems(404))
async def record_refusal(body: NewRefusal, desk: Writer, _: OnceKey = None) -> Refusal:
    """Record that someone refused: the clock of three business days starts. Shows the notice; sends nothing yet."""
    why_not = why_not_then(body.refused_at, desk.now)
    if why_not is not None:
        raise invalid(why_not)
    if body.person_id is not None:
        found(await persons.get(desk.session, organisation_id=desk.organisation, person_id=body.person_id), "person")
    deadline = _notice_deadline(desk, body.refused_at)
    row = RefusalRow(
        id=deadline.concerning,
        organisation_id=desk.organisation,
        refused_on=local_day(body.refused_at),
        due_on=deadline.due_on,
        calendar_version=deadline.calendar_version,
        police_id=await responsible_police(desk),
        state=RefusalState.DRAFTED,
        created_at=desk.now,
        **body.model_dump(),
    )
    desk.session.add_all([deadline, row])
    await desk.session.flush()
    fact = Fact(row.id, Pattern.REFUSALS_TO_REPORT, row.refused_at)
    await watch(desk, fact, organisation_id=row.organisation_id, person_id=row.person_id)
    await note(desk, Action.RECORDED, row.id, person_id=row.person_id, what="refusal")
    return _out(row)


def _notice_deadline(desk: Desk, refused_at: datetime) -> DeadlineRow:
    return business_day_deadline(
        desk,
        organisation_id=desk.organisation,
        kind=NOTICE_DEADLINE,
        concerning=uuid4(),
        happened_at=refused_at,
        days=NOTICE_BUSINESS_DAYS,
    )


@router.get("")
async def list_refusals(desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> paging.Page[Refusal]:
    """Refusals recorded here, newest first."""
    rows = await store.refusals(desk.session, organisation_id=desk.organisation, cursor=cursor, limit=limit)
    shown, following = paging.cut(list(rows), limit, at="created_at")
    await note(desk, Action.READ_REFUSAL, shown=[row.id for row in shown])
    return paging.Page(items=[_out(row) for row in shown], next=following)


@router.get("/{refusal_id}")
async def read_refusal(refusal_id: UUID, desk: Reader) -> Refusal:
    """Read a refusal and its notice."""
    row = await store.refusal(desk.session, organisation_id=desk.organisation, refusal_id=refusal_id)
    refusal: RefusalRow = found(row, "refusal")
    await note(desk, Action.READ_REFUSAL, refusal.id, person_id=refusal.person_id)
    return _out(refusal)


@router.post("/{refusal_id}/send")
async def send_notice(refusal_id: UUID, desk: Writer, _: OnceKey = None) -> Refusal:
    """Send the notice as shown to the police organisation responsible for the shelter's district. Once."""
    row: RefusalRow = found(
        await store.refusal(desk.session, organisation_id=desk.organisation, refusal_id=refusal_id, lock=True),
        "refusal",
    )
    if row.state != RefusalState.DRAFTED:
        return await read_refusal(refusal_id, desk)
    row.police_id = await responsible_police(desk)
    if row.police_id is None:
        raise Problem(409, "no-responsible-police", "the network knows no police organisation for this district yet")
    emitted = await emit(desk, _outgoing(row, row.police_id))
    if emitted.event_id is None:
        raise refused(emitted.decision)
    row.state, row.sent_at = RefusalState.SENT, desk.now
    await deadlines.meet(desk.session, organisation_id=desk.organisation, concerning=row.id, at=desk.now)
    await note(desk, Action.CHANGED, row.id, person_id=row.person_id, what="refusal")
    return _out(row)


def _notice(row: RefusalRow) -> RefusalNoticeIssued:
    return RefusalNoticeIssued(
        notice_id=row.id,
        refused_on=row.refused_on,
        due_on=row.due_on,
        police_may=what_police_may(agrees_to_contact=row.agrees_to_contact),
    )


def _outgoing(row: RefusalRow, police: str) -> Outgoing:
    return Outgoing(
        event=_notice(row),
        sender=row.organisation_id,
        recipient=police,
        grounds=DUTY,
        concerning=row.id,
        person_id=row.person_id,
    )


def _out(row: RefusalRow) -> Refusal:
    """With the notice as it is sent: it has no field that policy would withhold."""
    return Refusal.model_validate({**row.model_dump(), "notice": _notice(row).model_dump(mode="json")})
