"""REST calls for warnings that violence repeats (F18)."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.http import OnceKey, Reader, TransactionalRoute, Writer, found, note
from shared.casework.warnings import store
from shared.casework.warnings.tables import WarningRow
from shared.contract.calendar import local_day
from shared.contract.repetition import row_for
from shared.contract.vocabulary import Pattern

router = APIRouter(prefix="/warnings", tags=["warnings"], route_class=TransactionalRoute)


class Happened(BaseModel):
    """One of the things that a warning rests on: the incident, refusal, report or breach, by its id here."""

    id: UUID
    at: datetime


class Reasons(BaseModel):
    """The rule that made it a warning, in plain words."""

    kk: str
    ru: str
    en: str
    source: str


class RepetitionWarning(BaseModel):
    """It repeats. `counterpart_id`: who warned us; null for what we hold ourselves, which `facts` then names."""

    id: UUID
    counterpart_id: str | None
    pattern: Pattern
    person_id: UUID | None
    referral_id: UUID | None
    times: int
    first_on: date | None
    last_on: date | None
    facts: list[Happened]
    reason: Reasons | None
    created_at: datetime
    updated_at: datetime
    acknowledged_at: datetime | None
    shared_at: datetime | None


UnreadOnly = Annotated[bool, Query(alias="unread", description="only those that nobody has acknowledged")]


@router.get("")
async def list_warnings(
    desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50, *, unread: UnreadOnly = False
) -> paging.Page[RepetitionWarning]:
    """Warnings, newest first."""
    mine = desk.organisation
    rows = await store.page(desk.session, organisation_id=mine, unread_only=unread, cursor=cursor, limit=limit)
    cut, following = paging.cut(list(rows), limit, at="created_at")
    await note(desk, Action.READ_WARNINGS, shown=[row.id for row in cut])
    return paging.Page(items=[shown(row) for row in cut], next=following)


@router.post("/{warning_id}/acknowledge")
async def acknowledge_warning(warning_id: UUID, desk: Writer, _: OnceKey = None) -> RepetitionWarning:
    """Somebody has read it and looks after it. Once; what happens from now on makes a new warning."""
    row: WarningRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, warning_id=warning_id, for_update=True),
        "warning",
    )
    if row.acknowledged_at is None:
        row.acknowledged_at = desk.now
        await note(desk, Action.CHANGED, row.id, person_id=row.person_id, what="warning")
    else:
        await note(desk, Action.READ_WARNINGS, row.id, person_id=row.person_id)
    return shown(row)


def shown(row: WarningRow) -> RepetitionWarning:
    """A warning with the words of the rule that counted on the day of what happened last."""
    rule = row_for(Pattern(row.pattern), row.last_on or local_day(row.created_at))
    said = rule and Reasons(kk=rule.reason.kk, ru=rule.reason.ru, en=rule.reason.en, source=rule.source)
    return RepetitionWarning.model_validate({**row.model_dump(), "reason": said})
