"""Plans to restore rights, at the social services' desk (F5): made, followed goal by goal, reviewed, closed."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.social.plans import endpoints as api
from services.social.plans import steps
from services.social.plans.domain import GoalKind, next_review
from services.social.plans.reading import list_plans, read_plan
from shared.adapters import paging
from shared.adapters.http import Desk, Reader, Writer
from shared.casework.directory.endpoints import list_organisations
from shared.casework.persons.endpoints import read_person
from shared.casework.referrals.endpoints import read_referral
from shared.contract.vocabulary import Progress
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, form, person_in, query, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/plans", route_class=PageRoute)


@router.get("")
async def plans(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """All of them, the newest first."""
    return render(request, "plans.html", page=await list_plans(desk, cursor=cursor, limit=20))


@router.get("/make")
async def ask(request: Request, desk: Writer) -> Response:
    """The form: for the person or the referral whose page led here."""
    said = query(request)
    whom, referral = person_in(said), person_in(said, "referral")
    if whom is not None:
        await read_person(whom, desk, Response())
    if referral is not None:
        await read_referral(referral, desk, Response())
    review = next_review(desk.now)
    return render(request, "plan_form.html", whom=whom, referral=referral, kinds=list(GoalKind), review=review)


@router.post("")
async def make(request: Request, desk: Writer) -> Response:
    """Make one."""
    said = await form(request)
    said["goals"] = [{"kind": kind} for kind in _list(said.pop("kinds", ()))]
    return _to((await api.make_plan(api.NewPlan.model_validate(said), desk, Response())).id)


@router.get("/{plan_id}")
async def plan(request: Request, plan_id: UUID, desk: Reader) -> Response:
    """One plan: its goals, who helps, and what was done."""
    return render(
        request,
        "plan.html",
        plan=await read_plan(plan_id, desk, Response()),
        names=await names_of(desk, request),
        kinds=list(GoalKind),
        progresses=list(Progress),
        organisations=(await list_organisations(desk)).items,
        review=next_review(desk.now),
    )


@router.post("/{plan_id}/goals")
async def change(request: Request, plan_id: UUID, desk: Writer) -> Response:
    """These are its goals now: one that stays keeps how far it is and who helps with it."""
    said = await form(request)
    before = await _goals(desk, plan_id)
    chosen = [before.get(kind, {"kind": kind}) for kind in _list(said.get("kinds"))]
    return await _put(desk, plan_id, chosen, said)


@router.post("/{plan_id}/partners")
async def add_partner(request: Request, plan_id: UUID, desk: Writer) -> Response:
    """Somebody helps with a goal."""
    said = await form(request)
    goals = await _goals(desk, plan_id)
    goal = goals.setdefault(str(said.get("kind")), {"kind": said.get("kind")})
    helps = {name: said[name] for name in ("organisation", "name") if name in said}
    goal["partners"] = [*goal.get("partners", []), helps]
    return await _put(desk, plan_id, list(goals.values()), said)


async def _goals(desk: Desk, plan_id: UUID) -> dict[str, dict[str, Any]]:
    """By their kinds."""
    shown = await read_plan(plan_id, desk, Response())
    return {goal.kind.value: goal.model_dump() for goal in shown.goals}


async def _put(desk: Desk, plan_id: UUID, goals: list[Any], said: dict[str, Any]) -> Response:
    """On the version that the page showed."""
    tag = said.get("if_match")
    await api.change_plan(
        plan_id, api.Goals.model_validate({"goals": goals}), desk, Response(), tag if isinstance(tag, str) else None
    )
    return _to(plan_id)


def _list(said: Any) -> list[str]:
    return [str(one) for one in said] if isinstance(said, list) else []


@router.post("/{plan_id}/entries")
async def progress(request: Request, plan_id: UUID, desk: Writer) -> Response:
    """How far a goal is now."""
    await steps.record_progress(plan_id, steps.Progressed.model_validate(await form(request)), desk)
    return _to(plan_id)


@router.post("/{plan_id}/reviews")
async def review_it(request: Request, plan_id: UUID, desk: Writer) -> Response:
    """It was looked at."""
    await steps.review_plan(plan_id, steps.Reviewed.model_validate(await form(request)), desk)
    return _to(plan_id)


@router.post("/{plan_id}/close")
async def close(request: Request, plan_id: UUID, desk: Writer) -> Response:
    """Nothing more is to be done."""
    await steps.close_plan(plan_id, steps.Closed.model_validate(await form(request)), desk)
    return _to(plan_id)


def _to(plan_id: UUID) -> Response:
    return RedirectResponse(f"{PATH}/plans/{plan_id}", status_code=303)
