"""What a plan looks like to who asks, and the REST calls that show one."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.social.plans import store
from services.social.plans.domain import GoalKind, PlanStep, is_overdue
from services.social.plans.tables import PlanRow
from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.http import Desk, Reader, TransactionalRoute, etag, found, note
from shared.contract.identifiers import OrganisationId
from shared.contract.vocabulary import Progress

router = APIRouter(prefix="/plans", tags=["social"], route_class=TransactionalRoute)
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
MOST_PARTNERS = 10


class PlanPartner(BaseModel):
    """Who helps with a goal: an organisation of the directory, or one that is named, such as a court or a school."""

    model_config = ConfigDict(extra="forbid")
    organisation: OrganisationId | None = None
    name: Name | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.organisation is None) == (self.name is None):
            raise ValueError("say which organisation of the directory it is, or its name, not both")
        return self


class Goal(BaseModel):
    """One goal of a plan, how far it is, and who helps with it."""

    model_config = ConfigDict(extra="forbid")
    kind: GoalKind
    progress: Progress = Progress.PLANNED
    partners: list[PlanPartner] = Field(default=[], max_length=MOST_PARTNERS)


class Plan(BaseModel):
    """A plan as it stands. `review_on`: by when it is reviewed; none once it is closed."""

    id: UUID
    referral_id: UUID | None
    person_id: UUID | None
    goals: list[Goal]
    review_on: date | None
    review_overdue: bool
    reviewed_at: datetime | None
    closed_at: datetime | None
    revision: int
    created_at: datetime
    updated_at: datetime


class PlanEntry(BaseModel):
    """What was done about a plan."""

    step: PlanStep
    kind: GoalKind | None
    progress: Progress | None
    text: str | None
    at: datetime


class PlanDetails(Plan):
    """A plan with what was done about it, the oldest first."""

    entries: list[PlanEntry]


@router.get("")
async def list_plans(desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> paging.Page[Plan]:
    """Plans, newest first; each says whether its review is overdue."""
    rows = await store.page(desk.session, organisation_id=desk.organisation, cursor=cursor, limit=limit)
    cut, following = paging.cut(list(rows), limit, at="created_at")
    await note(desk, Action.READ_PLAN, shown=[row.id for row in cut])
    return paging.Page(items=await shown(desk, cut), next=following)


@router.get("/{plan_id}")
async def read_plan(plan_id: UUID, desk: Reader, response: Response) -> PlanDetails:
    """Read a plan, and what was done about it."""
    row: PlanRow = found(await store.plan(desk.session, organisation_id=desk.organisation, plan_id=plan_id), "plan")
    await note(desk, Action.READ_PLAN, row.id, person_id=row.person_id)
    response.headers["ETag"] = etag(row.revision)
    entries = await store.entries(desk.session, plan=row)
    texts = await store.texts(desk.session, entries)
    said = [PlanEntry(**one.model_dump(), text=text) for one, text in zip(entries, texts, strict=True)]
    return PlanDetails(**(await shown(desk, [row]))[0].model_dump(), entries=said)


async def shown(desk: Desk, rows: list[PlanRow]) -> list[Plan]:
    """Plans with the partners of each goal."""
    partners = await store.partners(desk.session, rows)
    return [_shown(row, of_goal, desk.now) for row, of_goal in zip(rows, partners, strict=True)]


def _shown(row: PlanRow, partners: dict[str, list[dict[str, str]]], now: datetime) -> Plan:
    goals = [{**one, "partners": partners.get(one["kind"], [])} for one in row.services]
    overdue = is_overdue(row.review_on, now)
    return Plan.model_validate({**row.model_dump(), "goals": goals, "review_overdue": overdue})
