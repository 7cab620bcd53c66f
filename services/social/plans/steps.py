"""REST calls for what is done about a plan: progress, reviews, its end (F5)."""

from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from services.social.plans import store
from services.social.plans.domain import GoalKind, PlanStep
from services.social.plans.endpoints import ChangedPlan, changed, open_plan
from services.social.plans.reviewing import set_review
from services.social.plans.tables import PlanEntryRow, PlanRow
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, TransactionalRoute, Writer, invalid, note
from shared.casework.deadlines import store as deadlines
from shared.casework.referrals.sending import FreeText
from shared.contract.plain import Day
from shared.contract.vocabulary import Progress

router = APIRouter(prefix="/plans", tags=["social"], route_class=TransactionalRoute)
ENTRY: JsonDict = {"kind": "documents", "progress": "done", "text": "Жеке куәлігі берілді."}
REVIEW: JsonDict = {"review_on": "2026-04-15", "text": "Баспана кезегіне тұрды."}


class Progressed(BaseModel):
    """How far a goal of the plan is now; the words stay here."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ENTRY]})
    kind: GoalKind
    progress: Progress
    text: FreeText | None = None


class Reviewed(BaseModel):
    """The plan was looked at. `review_on`: by when again, in thirty days at most."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [REVIEW]})
    review_on: Day | None = None
    text: FreeText | None = None


class Closed(BaseModel):
    """Nothing more is to be done about it here."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{}]})
    text: FreeText | None = None


@router.post("/{plan_id}/entries", status_code=201, responses=problems(404, 409))
async def record_progress(plan_id: UUID, body: Progressed, desk: Writer, _: OnceKey = None) -> ChangedPlan:
    """Record how far a goal is. Who referred learns that, if they may, and never the words."""
    row = await open_plan(desk, plan_id)
    if body.kind not in {one["kind"] for one in row.services}:
        raise invalid("the plan has no such goal")
    row.services = [
        {**one, "progress": body.progress.value} if one["kind"] == body.kind else one for one in row.services
    ]
    await _add(desk, row, PlanStep.PROGRESSED, body.text, kind=body.kind, progress=body.progress)
    return await changed(desk, row)


@router.post("/{plan_id}/reviews", status_code=201, responses=problems(404, 409))
async def review_plan(plan_id: UUID, body: Reviewed, desk: Writer, _: OnceKey = None) -> ChangedPlan:
    """Record that a plan was reviewed; the next review is due in thirty days, or earlier if that is said."""
    row = await open_plan(desk, plan_id)
    await deadlines.meet(desk.session, organisation_id=desk.organisation, concerning=row.id, at=desk.now)
    set_review(desk, row, asked=body.review_on)
    row.reviewed_at = desk.now
    await _add(desk, row, PlanStep.REVIEWED, body.text)
    return await changed(desk, row)


@router.post("/{plan_id}/close", responses=problems(404, 409))
async def close_plan(plan_id: UUID, body: Closed, desk: Writer, _: OnceKey = None) -> ChangedPlan:
    """Close a plan, however far its goals are: nothing is due any more. Once."""
    row = await open_plan(desk, plan_id)
    await deadlines.meet(desk.session, organisation_id=desk.organisation, concerning=row.id, at=desk.now)
    row.closed_at, row.review_on = desk.now, None
    await _add(desk, row, PlanStep.CLOSED, body.text)
    return await changed(desk, row)


async def _add(
    desk: Desk,
    row: PlanRow,
    step: PlanStep,
    text: str | None,
    *,
    kind: GoalKind | None = None,
    progress: Progress | None = None,
) -> None:
    """An entry of a plan that changed by it."""
    row.revision, row.updated_at = row.revision + 1, desk.now
    entry = PlanEntryRow(
        id=uuid4(),
        organisation_id=row.organisation_id,
        plan_id=row.id,
        step=step,
        kind=kind,
        progress=progress,
        at=desk.now,
    )
    await store.add(desk.session, row, entry, text=text)
    await note(desk, Action.CHANGED, row.id, person_id=row.person_id, what="plan")
