"""REST calls for plans of services."""

from datetime import datetime
from uuid import UUID, uuid4

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from services.social.plans import store
from services.social.plans.domain import Progress, ServiceKind
from services.social.plans.tables import PlanRow
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
    note,
)
from shared.casework.persons import store as persons
from shared.casework.referrals import store as referrals

router = APIRouter(prefix="/plans", tags=["social"], route_class=TransactionalRoute)
EXAMPLE: JsonDict = {
    "services": [{"kind": "documents", "progress": "planned"}, {"kind": "benefits", "progress": "planned"}]
}


class Service(BaseModel):
    """One service of a plan."""

    model_config = ConfigDict(extra="forbid")
    kind: ServiceKind
    progress: Progress = Progress.PLANNED


class Services(BaseModel):
    """All services of a plan."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    services: list[Service] = Field(min_length=1, max_length=30)


class NewPlan(Services):
    """A plan to make, for a referral that came or a person recorded here."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    referral_id: UUID | None = None
    person_id: UUID | None = None


class Plan(NewPlan):
    """A plan as it stands."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")
    id: UUID
    revision: int
    created_at: datetime
    updated_at: datetime


@router.post("", status_code=201, responses=problems(404))
async def make_plan(body: NewPlan, desk: Writer, response: Response, _: OnceKey = None) -> Plan:
    """Make a plan. It stays here."""
    await _check_whose(desk, body)
    row = PlanRow(
        id=uuid4(),
        organisation_id=desk.organisation,
        created_at=desk.now,
        updated_at=desk.now,
        **body.model_dump(),
    )
    desk.session.add(row)
    await desk.session.flush()
    await note(desk, Action.RECORDED, row.id, person_id=row.person_id, what="plan")
    response.headers["ETag"] = etag(row.revision)
    return Plan.model_validate(row)


async def _check_whose(desk: Desk, body: NewPlan) -> None:
    if body.referral_id is not None:
        found(
            await referrals.get(desk.session, organisation_id=desk.organisation, referral_id=body.referral_id),
            "referral",
        )
    if body.person_id is not None:
        found(await persons.get(desk.session, organisation_id=desk.organisation, person_id=body.person_id), "person")


@router.get("/{plan_id}")
async def read_plan(plan_id: UUID, desk: Reader, response: Response) -> Plan:
    """Read a plan."""
    plan = Plan.model_validate(
        found(await store.plan(desk.session, organisation_id=desk.organisation, plan_id=plan_id), "plan")
    )
    await note(desk, Action.READ_PLAN, plan.id, person_id=plan.person_id)
    response.headers["ETag"] = etag(plan.revision)
    return plan


@router.put("/{plan_id}")
async def change_plan(
    plan_id: UUID, body: Services, desk: Writer, response: Response, if_match: IfMatch = None
) -> Plan:
    """Replace the services of a plan. Needs If-Match."""
    row: PlanRow = found(
        await store.plan(desk.session, organisation_id=desk.organisation, plan_id=plan_id, lock=True), "plan"
    )
    check_match(if_match, row.revision, needed=True)
    row.services, row.updated_at = body.model_dump(mode="json")["services"], desk.now
    row.revision += 1
    await note(desk, Action.CHANGED, row.id, person_id=row.person_id, what="plan")
    response.headers["ETag"] = etag(row.revision)
    return Plan.model_validate(row)
