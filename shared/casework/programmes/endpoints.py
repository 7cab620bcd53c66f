"""REST calls for programmes and their sessions (F7)."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from shared.adapters import paging
from shared.adapters.http import OnceKey, Reader, TransactionalRoute, Writer, found, invalid
from shared.casework.programmes import store
from shared.casework.programmes.domain import PURPOSES, why_not_planned
from shared.casework.programmes.tables import ProgrammeRow, SessionRow
from shared.contract.plain import Moment, Whole
from shared.contract.vocabulary import Purpose

router = APIRouter(prefix="/programmes", tags=["programmes"], route_class=TransactionalRoute)
PROGRAMME: JsonDict = {"name": "Ашуды басқару, 12 сабақ", "purpose": "psycho_correction"}
LONGEST = timedelta(hours=8)
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class NewProgramme(BaseModel):
    """A programme to offer, for one purpose of referrals."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [PROGRAMME]})
    name: Name
    purpose: Purpose


class Programme(BaseModel):
    """A programme. It says nothing of who takes part."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    name: str
    purpose: Purpose
    created_at: datetime


class NewSession(BaseModel):
    """A session to plan."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"starts_at": "2026-04-02T18:00:00+05:00", "minutes": 90}]}
    )
    starts_at: Moment
    minutes: Whole = Field(ge=5, le=LONGEST // timedelta(minutes=1))


class Session(BaseModel):
    """A session of a programme."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    programme_id: UUID
    starts_at: datetime
    minutes: int


class ProgrammeDetails(Programme):
    """A programme with its sessions, the first one first."""

    sessions: list[Session]


@router.post("", status_code=201)
async def offer_programme(body: NewProgramme, desk: Writer, _: OnceKey = None) -> Programme:
    """Offer a programme: psychological help, treatment of addiction, sexual health, or psycho-correction."""
    if body.purpose not in PURPOSES:
        raise invalid("programmes are for psychological help, addiction, sexual health or psycho-correction")
    row = ProgrammeRow(id=uuid4(), organisation_id=desk.organisation, created_at=desk.now, **body.model_dump())
    desk.session.add(row)
    await desk.session.flush()
    return Programme.model_validate(row)


@router.get("")
async def list_programmes(
    desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[Programme]:
    """The programmes that are offered here, newest first."""
    rows = await store.page(desk.session, organisation_id=desk.organisation, cursor=cursor, limit=limit)
    cut, following = paging.cut(list(rows), limit, at="created_at")
    return paging.Page(items=[Programme.model_validate(row) for row in cut], next=following)


@router.get("/{programme_id}")
async def read_programme(programme_id: UUID, desk: Reader) -> ProgrammeDetails:
    """A programme with its sessions."""
    mine = desk.organisation
    row = found(await store.programme(desk.session, organisation_id=mine, programme_id=programme_id), "programme")
    sessions = await store.sessions_of(desk.session, organisation_id=mine, programme_id=programme_id)
    shown = [Session.model_validate(one) for one in sessions]
    return ProgrammeDetails(**Programme.model_validate(row).model_dump(), sessions=shown)


@router.post("/{programme_id}/sessions", status_code=201)
async def plan_session(programme_id: UUID, body: NewSession, desk: Writer, _: OnceKey = None) -> Session:
    """Plan a session, up to a year ahead."""
    mine = desk.organisation
    found(await store.programme(desk.session, organisation_id=mine, programme_id=programme_id), "programme")
    why_not = why_not_planned(body.starts_at, desk.now)
    if why_not is not None:
        raise invalid(why_not)
    row = SessionRow(
        id=uuid4(),
        organisation_id=mine,
        programme_id=programme_id,
        starts_at=body.starts_at,
        minutes=body.minutes,
        created_at=desk.now,
    )
    desk.session.add(row)
    await desk.session.flush()
    return Session.model_validate(row)
