"""REST calls for deadlines and reminders."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from shared.adapters.http import Desk, Reader, TransactionalRoute
from shared.adapters.identity import Permission
from shared.casework.deadlines import store
from shared.contract.escalation import SEEN_TO
from shared.contract.walls import STAFFED

router = APIRouter(tags=["deadlines"], route_class=TransactionalRoute)
FOR_CHIEFS = frozenset({SEEN_TO, STAFFED})


class Deadline(BaseModel):
    """What must be done, and by when: up to, not including, `due_at`."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    kind: str
    concerning: UUID
    due_on: date
    due_at: datetime
    calendar_version: str


class Reminder(BaseModel):
    """A deadline came near, or passed."""

    kind: Literal["due_soon", "overdue"]
    fired_at: datetime
    deadline: Deadline


class Deadlines(BaseModel):
    """Open deadlines, the most urgent first."""

    items: list[Deadline]


class Reminders(BaseModel):
    """Reminders that fired, newest first."""

    items: list[Reminder]


@router.get("/deadlines")
async def list_deadlines(desk: Reader) -> Deadlines:
    """What this organisation still has to do."""
    rows = await store.open_of(desk.session, organisation_id=desk.organisation, but=_not_for(desk))
    return Deadlines(items=[Deadline.model_validate(row) for row in rows])


@router.get("/reminders")
async def list_reminders(desk: Reader) -> Reminders:
    """What came near or passed. What is for the chief is shown to supervisors alone."""
    rows = await store.reminders_of(desk.session, organisation_id=desk.organisation, but=_not_for(desk))
    return Reminders(items=[_out(r.kind, r.fired_at, Deadline.model_validate(d)) for r, d in rows])


def _out(kind: str, fired_at: datetime, deadline: Deadline) -> Reminder:
    return Reminder.model_validate({"kind": kind, "fired_at": fired_at, "deadline": deadline})


def _not_for(desk: Desk) -> frozenset[str]:
    return frozenset() if Permission.REVIEW in desk.caller.permissions else FOR_CHIEFS
