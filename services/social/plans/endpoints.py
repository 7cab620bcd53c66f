"""REST calls for plans to restore rights: make one, change its goals."""

from typing import Self
from uuid import UUID, uuid4

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from services.social.plans import store
from services.social.plans.domain import GoalKind
from services.social.plans.reading import Goal, Plan, shown
from services.social.plans.reviewing import set_review
from services.social.plans.tables import PlanRow
from services.social.plans.telling import tell
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import (
    Desk,
    IfMatch,
    OnceKey,
    TransactionalRoute,
    Writer,
    check_match,
    etag,
    found,
    invalid,
    note,
)
from shared.casework.directory import store as directory
from shared.casework.persons import store as persons
from shared.casework.referrals import store as referrals
from shared.contract.errors import Problem
from shared.contract.plain import Day

router = APIRouter(prefix="/plans", tags=["social"], route_class=TransactionalRoute)
EXAMPLE: JsonDict = {
    "goals": [
        {"kind": "documents", "partners": [{"organisation": "police-talgar"}]},
        {"kind": "custody", "partners": [{"name": "Талғар аудандық соты"}]},
        {"kind": "benefits", "progress": "under_way"},
    ]
}


class Goals(BaseModel):
    """All goals of a plan, each kind once."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    goals: list[Goal] = Field(min_length=1, max_length=len(GoalKind))

    @model_validator(mode="after")
    def _each_kind_once(self) -> Self:
        if len({goal.kind for goal in self.goals}) < len(self.goals):
            raise ValueError("a plan has each kind of goal once")
        return self


class NewPlan(Goals):
    """A plan to make, for a referral that came or a person recorded here.

    `review_on`: by when it is reviewed, in thirty days at most, which is what holds if nothing is said.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    referral_id: UUID | None = None
    person_id: UUID | None = None
    review_on: Day | None = None


class ChangedPlan(Plan):
    """A plan as it stands now. `told`: whether who referred learns how it goes; `kept_back_by`: the rule against it."""

    told: bool
    kept_back_by: str | None


@router.post("", status_code=201, responses=problems(404))
async def make_plan(body: NewPlan, desk: Writer, response: Response, _: OnceKey = None) -> ChangedPlan:
    """Make a plan, to be reviewed within thirty days. Who referred learns how it goes, if they may."""
    await _check_whose(desk, body)
    row = PlanRow(
        id=uuid4(),
        organisation_id=desk.organisation,
        referral_id=body.referral_id,
        person_id=body.person_id,
        services=[],
        created_at=desk.now,
        updated_at=desk.now,
    )
    await _put_goals(desk, row, body)
    set_review(desk, row, asked=body.review_on)
    desk.session.add(row)
    await desk.session.flush()
    await note(desk, Action.RECORDED, row.id, person_id=row.person_id, what="plan")
    response.headers["ETag"] = etag(row.revision)
    return await changed(desk, row)


async def _check_whose(desk: Desk, body: NewPlan) -> None:
    mine = desk.organisation
    if body.referral_id is not None:
        found(await referrals.get(desk.session, organisation_id=mine, referral_id=body.referral_id), "referral")
    if body.person_id is not None:
        found(await persons.get(desk.session, organisation_id=mine, person_id=body.person_id), "person")


async def _put_goals(desk: Desk, row: PlanRow, body: Goals) -> None:
    """Problem 422 for a partner that the directory does not know."""
    named = {p.organisation for goal in body.goals for p in goal.partners if p.organisation is not None}
    if named - set(await directory.named(desk.session, organisation_ids=named)):
        raise invalid("the network knows no such organisation")
    row.services = [goal.model_dump(mode="json", include={"kind", "progress"}) for goal in body.goals]
    partners = {goal.kind.value: [p.model_dump(exclude_none=True) for p in goal.partners] for goal in body.goals}
    await store.seal_partners(desk.session, row, {kind: some for kind, some in partners.items() if some})


@router.put("/{plan_id}", responses=problems(409))
async def change_plan(
    plan_id: UUID, body: Goals, desk: Writer, response: Response, if_match: IfMatch = None
) -> ChangedPlan:
    """Replace the goals of a plan. Needs If-Match. Who referred learns how it goes now, if they may."""
    row = await open_plan(desk, plan_id)
    check_match(if_match, row.revision, needed=True)
    await _put_goals(desk, row, body)
    row.revision, row.updated_at = row.revision + 1, desk.now
    await note(desk, Action.CHANGED, row.id, person_id=row.person_id, what="plan")
    response.headers["ETag"] = etag(row.revision)
    return await changed(desk, row)


async def open_plan(desk: Desk, plan_id: UUID) -> PlanRow:
    """A plan, locked. Problem 404, or 409 for one that is closed."""
    row: PlanRow = found(
        await store.plan(desk.session, organisation_id=desk.organisation, plan_id=plan_id, lock=True), "plan"
    )
    if row.closed_at is not None:
        raise Problem(409, "not-now", "the plan is closed")
    return row


async def changed(desk: Desk, row: PlanRow) -> ChangedPlan:
    """Tell who referred, and show what became of that."""
    kept_back_by = await tell(desk, row)
    plan = (await shown(desk, [row]))[0]
    return ChangedPlan(**plan.model_dump(), told=kept_back_by is None, kept_back_by=kept_back_by)
