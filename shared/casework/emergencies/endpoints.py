"""REST calls for emergencies: declare, end, review.

Protection of life needs no consent, so its use is never quiet: whoever declares it says why and for how long, it is
counted, and a supervisor other than the declarer reviews it within one business day.
"""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, Reader, Reviewer, TransactionalRoute, Writer, found, note
from shared.adapters.telemetry import METRICS
from shared.casework.consents.ending import end_emergency as end
from shared.casework.deadlines import store as deadlines
from shared.casework.deadlines.clock import business_day_deadline
from shared.casework.deadlines.tables import DeadlineRow
from shared.casework.emergencies import store
from shared.casework.emergencies.tables import EmergencyRow
from shared.casework.persons import store as persons
from shared.contract.errors import Problem
from shared.contract.grounds import LONGEST_EMERGENCIES
from shared.contract.plain import Flag, Whole

router = APIRouter(prefix="/emergencies", tags=["emergencies"], route_class=TransactionalRoute)
LONGEST_MINUTES = max(row.longest for row in LONGEST_EMERGENCIES) // timedelta(minutes=1)
REVIEW = "emergency_review"
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=2000, pattern=r"^[^\x00]*$")]
EXAMPLE: JsonDict = {"person_id": str(UUID(int=7)), "why": "Находится без сознания, нужна скорая.", "minutes": 60}


class NewEmergency(BaseModel):
    """A danger to a person's life: why, and for how many minutes consent is not asked for."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    person_id: UUID
    why: Why
    minutes: Whole = Field(ge=5, le=LONGEST_MINUTES)


class Review(BaseModel):
    """What a supervisor found afterwards."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"justified": True, "note": "Скорая подтвердила угрозу."}]}
    )
    justified: Flag
    note: Why


class EmergencyOut(BaseModel):
    """An emergency as declared and reviewed; the words go with the person. What leaves is its id and its time."""

    model_config = ConfigDict(title="Emergency")
    id: UUID
    person_id: UUID
    declared_by: str
    why: str | None
    declared_at: datetime
    until: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None
    justified: bool | None
    note: str | None


@router.post("", status_code=201, responses=problems(404, 410))
async def declare_emergency(body: NewEmergency, desk: Writer, _: OnceKey = None) -> EmergencyOut:
    """Declare that a life is in danger. Nothing leaves by this call; a review is due within one business day."""
    person = await persons.get(desk.session, organisation_id=desk.organisation, person_id=body.person_id)
    await persons.known(desk.session, found(person, "person"))
    row = EmergencyRow(
        id=uuid4(),
        organisation_id=desk.organisation,
        person_id=body.person_id,
        declared_by=desk.caller.subject,
        declared_at=desk.now,
        until=desk.now + timedelta(minutes=body.minutes),
    )
    await store.seal(desk.session, row, store.Words(why=body.why))
    desk.session.add(row)
    desk.session.add(_review_due(desk, row))
    await desk.session.flush()
    await note(desk, Action.EMERGENCY_DECLARED, row.id, person_id=row.person_id, minutes=body.minutes)
    METRICS.emergencies.labels("declared").inc()
    return (await _shown(desk, [row]))[0]


async def _shown(desk: Desk, rows: list[EmergencyRow]) -> list[EmergencyOut]:
    words = await store.words_of(desk.session, rows)
    return [EmergencyOut(**row.model_dump(), **said.model_dump()) for row, said in zip(rows, words, strict=True)]


def _review_due(desk: Desk, row: EmergencyRow) -> DeadlineRow:
    return business_day_deadline(
        desk, organisation_id=desk.organisation, kind=REVIEW, concerning=row.id, happened_at=desk.now, days=1
    )


@router.get("")
async def list_emergencies(
    desk: Reader, *, to_review: bool = False, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[EmergencyOut]:
    """What was declared here, newest first; or only what waits for its review."""
    rows = await store.page(
        desk.session, organisation_id=desk.organisation, to_review=to_review, cursor=cursor, limit=limit
    )
    shown, following = paging.cut(list(rows), limit, at="declared_at")
    await note(desk, Action.READ_EMERGENCIES, shown=[row.id for row in shown])
    return paging.Page(items=await _shown(desk, shown), next=following)


@router.post("/{emergency_id}/end")
async def end_emergency(emergency_id: UUID, desk: Writer, _: OnceKey = None) -> EmergencyOut:
    """The danger is over: nothing more leaves on it, and what it opened is erased, here and there."""
    row = await _locked(desk, emergency_id)
    row.until = min(row.until, desk.now)
    await end(desk, desk.organisation, row.id)
    await note(desk, Action.EMERGENCY_ENDED, row.id, person_id=row.person_id)
    return (await _shown(desk, [row]))[0]


@router.post("/{emergency_id}/review")
async def review_emergency(emergency_id: UUID, body: Review, desk: Reviewer, _: OnceKey = None) -> EmergencyOut:
    """Say whether it was justified. Not by who declared it, and once. What was not, has ended."""
    row = await _locked(desk, emergency_id)
    if row.declared_by == desk.caller.subject:
        raise Problem(403, "own-emergency", "somebody else reviews what you declared")
    if row.reviewed_at is not None:
        raise Problem(409, "reviewed", "this emergency has been reviewed")
    row.reviewed_by, row.reviewed_at = desk.caller.subject, desk.now
    row.justified = body.justified
    if not body.justified:
        row.until = min(row.until, desk.now)
        await end(desk, desk.organisation, row.id)
    why = (await store.words_of(desk.session, [row]))[0].why
    await store.seal(desk.session, row, store.Words(why=why, note=body.note))
    await deadlines.meet(desk.session, organisation_id=desk.organisation, concerning=row.id, at=desk.now)
    await note(desk, Action.EMERGENCY_REVIEWED, row.id, person_id=row.person_id, justified=body.justified)
    METRICS.emergencies.labels("justified" if body.justified else "unjustified").inc()
    return (await _shown(desk, [row]))[0]


async def _locked(desk: Desk, emergency_id: UUID) -> EmergencyRow:
    row: EmergencyRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, emergency_id=emergency_id, for_update=True),
        "emergency",
    )
    return row
