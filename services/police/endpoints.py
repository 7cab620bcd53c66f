"""REST calls that only the police have: incidents, refusal notices, and the registering of reports."""

from datetime import date, datetime
from uuid import UUID, uuid4

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from services.police import store
from services.police.domain import Measure, Outcome, Relation, VictimSex, why_not_then
from services.police.tables import IncidentRow, RefusalNoticeRow
from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import (
    Desk,
    IfMatch,
    OnceKey,
    Reader,
    TransactionalRoute,
    Writer,
    check_match,
    etag,
    found,
    invalid,
    note,
)
from shared.adapters.outbox import Outgoing, emit
from shared.casework.deadlines import store as deadlines
from shared.casework.disclosures.endpoints import refused
from shared.casework.persons import store as persons
from shared.casework.persons.details import Known
from shared.casework.reports import store as reports
from shared.casework.reports.reading import Report, shown
from shared.casework.reports.tables import ReportRow
from shared.contract.calendar import local_day
from shared.contract.events import Event, RefusalNoticeAcknowledged, ViolenceReportRegistered
from shared.contract.grounds import Grounds
from shared.contract.plain import Flag, Moment
from shared.contract.statistics import AgeGroup, age_group
from shared.contract.vocabulary import Basis, Purpose, SubjectRole, ViolenceKind

router = APIRouter(tags=["police"], route_class=TransactionalRoute)
DUTY = Grounds(basis=Basis.STATUTORY_DUTY, purpose=Purpose.REFUSAL_NOTICE)
REPORTED = Grounds(basis=Basis.STATUTORY_DUTY, purpose=Purpose.STATUTORY_REPORT)
EXAMPLE: JsonDict = {
    "occurred_at": "2026-03-20T01:40:00+05:00",
    "kinds": ["physical"],
    "relation": "spouse",
    "at_home": True,
    "children_present": True,
    "inebriated": True,
    "weapon": False,
}


class Development(BaseModel):
    """What was done, and how it ended. What is not sent stays."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"measures": ["protective_order"], "outcome": "conciliation"}]},
    )
    measures: list[Measure] = Field(default=[], max_length=len(Measure))
    outcome: Outcome | None = None


class NewIncident(Development):
    """An incident, by the report's indicators; the people by their records here."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    victim_id: UUID | None = None
    alleged_offender_id: UUID | None = None
    occurred_at: Moment
    kinds: list[ViolenceKind] = Field(min_length=1, max_length=len(ViolenceKind))
    relation: Relation
    at_home: Flag
    children_present: Flag
    inebriated: Flag
    weapon: Flag


class Incident(NewIncident):
    """An incident as recorded."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")
    id: UUID
    victim_age_group: AgeGroup
    victim_sex: VictimSex
    revision: int
    created_at: datetime


class RefusalNotice(BaseModel):
    """Someone at `shelter_id` refused to report; `police_may` says what is open to the police now."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    shelter_id: str
    refused_on: date
    due_on: date
    police_may: list[str]
    received_at: datetime
    acknowledged_at: datetime | None


@router.post("/incidents", status_code=201, responses=problems(404, 410))
async def record_incident(body: NewIncident, desk: Writer, response: Response, _: OnceKey = None) -> Incident:
    """Record an incident. Nothing of it leaves by this call."""
    why_not = why_not_then(body.occurred_at, desk.now)
    if why_not is not None:
        raise invalid(why_not)
    victim = await _person(desk, body.victim_id)
    await _person(desk, body.alleged_offender_id)
    said = body.model_dump(exclude={"measures", "outcome"})
    row = IncidentRow(id=uuid4(), organisation_id=desk.organisation, created_at=desk.now, **said)
    if victim is not None:
        row.victim_age_group = age_group(victim.birth_date, local_day(body.occurred_at))
        row.victim_sex = VictimSex(victim.sex or VictimSex.UNKNOWN)
    _develop(row, body, now=desk.now)
    desk.session.add(row)
    await desk.session.flush()
    await note(desk, Action.RECORDED, row.id, person_id=row.victim_id, what="incident")
    return _shown(row, response)


async def _person(desk: Desk, person_id: UUID | None) -> Known | None:
    """What is known of a person of this organisation, who is to be named."""
    if person_id is None:
        return None
    row = await persons.get(desk.session, organisation_id=desk.organisation, person_id=person_id)
    return await persons.known(desk.session, found(row, "person"))


def _develop(row: IncidentRow, said: Development, *, now: datetime) -> None:
    """Note what is new, and when: a measure or an outcome counts in the month in which it was recorded."""
    if "measures" in said.model_fields_set:
        known = {one["code"]: one["at"] for one in row.measures}
        row.measures = [{"code": m, "at": known.get(m, now.isoformat())} for m in dict.fromkeys(said.measures)]
    if "outcome" in said.model_fields_set and said.outcome != row.outcome:
        row.outcome, row.outcome_at = said.outcome, now


def _shown(row: IncidentRow, response: Response) -> Incident:
    response.headers["ETag"] = etag(row.revision)
    return Incident.model_validate({**row.model_dump(), "measures": [one["code"] for one in row.measures]})


@router.get("/incidents/{incident_id}")
async def read_incident(incident_id: UUID, desk: Reader, response: Response) -> Incident:
    """Read an incident."""
    row = await store.incident(desk.session, organisation_id=desk.organisation, incident_id=incident_id)
    incident: IncidentRow = found(row, "incident")
    await note(desk, Action.READ_INCIDENT, incident.id, person_id=incident.victim_id)
    return _shown(incident, response)


@router.patch("/incidents/{incident_id}")
async def develop_incident(
    incident_id: UUID, body: Development, desk: Writer, response: Response, if_match: IfMatch = None
) -> Incident:
    """Record the measures taken and the outcome, as they come. Needs If-Match."""
    row: IncidentRow = found(
        await store.incident(desk.session, organisation_id=desk.organisation, incident_id=incident_id, lock=True),
        "incident",
    )
    check_match(if_match, row.revision, needed=True)
    _develop(row, body, now=desk.now)
    row.revision += 1
    said = sorted(body.model_fields_set)
    await note(desk, Action.CHANGED, row.id, person_id=row.victim_id, what="incident", fields=said)
    return _shown(row, response)


@router.get("/refusal-notices")
async def list_refusal_notices(
    desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[RefusalNotice]:
    """The notices that came, newest first."""
    rows = await store.notices(desk.session, organisation_id=desk.organisation, cursor=cursor, limit=limit)
    shown, following = paging.cut(list(rows), limit, at="received_at")
    await note(desk, Action.READ_NOTICES, shown=[row.id for row in shown])
    return paging.Page(items=[RefusalNotice.model_validate(row) for row in shown], next=following)


@router.post("/refusal-notices/{notice_id}/acknowledge")
async def acknowledge(notice_id: UUID, desk: Writer, _: OnceKey = None) -> RefusalNotice:
    """Confirm that the notice was read. Once is enough; again changes nothing."""
    row: RefusalNoticeRow = found(
        await store.notice(desk.session, organisation_id=desk.organisation, notice_id=notice_id, lock=True),
        "refusal notice",
    )
    if row.acknowledged_at is None:
        row.acknowledged_at = desk.now
        event = RefusalNoticeAcknowledged(notice_id=row.id, at=desk.now)
        await _answer(desk, event, to=row.shelter_id, concerning=row.id, grounds=DUTY)
        await note(desk, Action.CHANGED, row.id, what="refusal_notice")
    else:
        await note(desk, Action.READ_NOTICES, row.id)
    return RefusalNotice.model_validate(row)


@router.post("/violence-reports/{report_id}/register")
async def register_report(report_id: UUID, desk: Writer, _: OnceKey = None) -> Report:
    """Register a report of violence or of an admission: its sender is told that, and not what comes of it. Once."""
    row: ReportRow = found(
        await reports.get(desk.session, organisation_id=desk.organisation, report_id=report_id, for_update=True),
        "report",
    )
    if row.registered_at is None:
        row.registered_at = desk.now
        await deadlines.meet(desk.session, organisation_id=desk.organisation, concerning=row.id, at=desk.now)
        event = ViolenceReportRegistered(report_id=row.id, registered_at=desk.now)
        grounds = REPORTED.model_copy(update={"subject": SubjectRole(row.subject)})
        await _answer(desk, event, to=row.counterpart_id, concerning=row.id, grounds=grounds)
        await note(desk, Action.CHANGED, row.id, what="violence_report")
    else:
        await note(desk, Action.READ_REPORT, row.id)
    return (await shown(desk, [row]))[0]


async def _answer(desk: Desk, event: Event, *, to: str, concerning: UUID, grounds: Grounds) -> None:
    """Tell who told us. Problem 403 where policy does not let it leave."""
    outgoing = Outgoing(event=event, sender=desk.organisation, recipient=to, grounds=grounds, concerning=concerning)
    emitted = await emit(desk, outgoing)
    if emitted.event_id is None:
        raise refused(emitted.decision)
