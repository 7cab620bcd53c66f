"""REST calls for incidents. What is recorded stays with the police."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from services.police.incidents import store
from services.police.incidents.domain import (
    IncidentOutcome,
    Injury,
    Measure,
    Place,
    Relation,
    VictimSex,
    why_not_then,
    why_not_there,
)
from services.police.incidents.law import Article, why_not_these
from services.police.incidents.repeating import watch_incident, watch_outcome
from services.police.incidents.tables import IncidentRow
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
from shared.casework.persons import store as persons
from shared.casework.persons.details import Known
from shared.contract.calendar import local_day
from shared.contract.plain import Flag, Moment
from shared.contract.statistics import AgeGroup, age_group
from shared.contract.vocabulary import ViolenceKind

router = APIRouter(prefix="/incidents", tags=["police"], route_class=TransactionalRoute)
EXAMPLE: JsonDict = {
    "occurred_at": "2026-03-20T01:40:00+05:00",
    "kinds": ["physical"],
    "relation": "spouse",
    "at_home": True,
    "children_present": True,
    "inebriated": True,
    "weapon": False,
    "place": "home",
    "injury": "light",
    "articles": ["cao-73"],
}


class Development(BaseModel):
    """What was done, under which articles, and how it ended. What is not sent stays."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"measures": ["protective_order"], "articles": ["cao-73"], "outcome": "conciliation"}]
        },
    )
    measures: list[Measure] = Field(default=[], max_length=len(Measure))
    articles: list[Article] = Field(default=[], max_length=len(Article))
    outcome: IncidentOutcome | None = None


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
    place: Place | None = None
    injury: Injury | None = None


class Incident(NewIncident):
    """An incident as recorded."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")
    id: UUID
    victim_age_group: AgeGroup
    victim_sex: VictimSex
    revision: int
    created_at: datetime


@router.post("", status_code=201, responses=problems(404, 410))
async def record_incident(body: NewIncident, desk: Writer, response: Response, _: OnceKey = None) -> Incident:
    """Record an incident. Nothing of it leaves by this call."""
    why_not = why_not_then(body.occurred_at, desk.now) or why_not_there(body.place, at_home=body.at_home)
    if why_not is not None:
        raise invalid(why_not)
    victim = await _person(desk, body.victim_id)
    await _person(desk, body.alleged_offender_id)
    said = body.model_dump(exclude={"measures", "articles", "outcome"})
    row = IncidentRow(id=uuid4(), organisation_id=desk.organisation, created_at=desk.now, **said)
    if victim is not None:
        row.victim_age_group = age_group(victim.birth_date, local_day(body.occurred_at))
        row.victim_sex = VictimSex(victim.sex or VictimSex.UNKNOWN)
    _develop(row, body, now=desk.now)
    desk.session.add(row)
    await desk.session.flush()
    await watch_incident(desk, row)
    await watch_outcome(desk, row, before=None)
    await note(desk, Action.RECORDED, row.id, person_id=row.victim_id, what="incident")
    return _shown(row, response)


async def _person(desk: Desk, person_id: UUID | None) -> Known | None:
    """What is known of a person of this organisation, who is to be named."""
    if person_id is None:
        return None
    row = await persons.get(desk.session, organisation_id=desk.organisation, person_id=person_id)
    return await persons.known(desk.session, found(row, "person"))


def _develop(row: IncidentRow, said: Development, *, now: datetime) -> None:
    """Note what is new, and when: a measure, article or outcome counts in the month in which it was recorded.

    Problem 422 for an article that was not the law when it happened.
    """
    if "measures" in said.model_fields_set:
        row.measures = _dated(said.measures, row.measures, now)
    if "articles" in said.model_fields_set:
        why_not = why_not_these(said.articles, local_day(row.occurred_at))
        if why_not is not None:
            raise invalid(why_not)
        row.articles = _dated(said.articles, row.articles, now)
    if "outcome" in said.model_fields_set and said.outcome != row.outcome:
        row.outcome, row.outcome_at = said.outcome, now


def _dated(codes: Sequence[str], before: list[dict[str, str]], now: datetime) -> list[dict[str, str]]:
    known = {one["code"]: one["at"] for one in before}
    return [{"code": code, "at": known.get(code, now.isoformat())} for code in dict.fromkeys(codes)]


def _shown(row: IncidentRow, response: Response) -> Incident:
    response.headers["ETag"] = etag(row.revision)
    return _as_recorded(row)


def _as_recorded(row: IncidentRow) -> Incident:
    codes = {name: [one["code"] for one in getattr(row, name)] for name in ("measures", "articles")}
    return Incident.model_validate({**row.model_dump(), **codes})


@router.get("")
async def list_incidents(desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> paging.Page[Incident]:
    """Incidents, recorded last first."""
    rows = await store.page(desk.session, organisation_id=desk.organisation, cursor=cursor, limit=limit)
    cut, following = paging.cut(list(rows), limit, at="created_at")
    await note(desk, Action.READ_INCIDENT, shown=[row.id for row in cut])
    return paging.Page(items=[_as_recorded(row) for row in cut], next=following)


@router.get("/{incident_id}")
async def read_incident(incident_id: UUID, desk: Reader, response: Response) -> Incident:
    """Read an incident."""
    row = await store.incident(desk.session, organisation_id=desk.organisation, incident_id=incident_id)
    incident: IncidentRow = found(row, "incident")
    await note(desk, Action.READ_INCIDENT, incident.id, person_id=incident.victim_id)
    return _shown(incident, response)


@router.patch("/{incident_id}")
async def develop_incident(
    incident_id: UUID, body: Development, desk: Writer, response: Response, if_match: IfMatch = None
) -> Incident:
    """Record the measures taken, the articles and the outcome, as they come. Needs If-Match."""
    row: IncidentRow = found(
        await store.incident(desk.session, organisation_id=desk.organisation, incident_id=incident_id, lock=True),
        "incident",
    )
    check_match(if_match, row.revision, needed=True)
    before = row.outcome
    _develop(row, body, now=desk.now)
    row.revision += 1
    await watch_outcome(desk, row, before=before)
    said = sorted(body.model_fields_set)
    await note(desk, Action.CHANGED, row.id, person_id=row.victim_id, what="incident", fields=said)
    return _shown(row, response)
