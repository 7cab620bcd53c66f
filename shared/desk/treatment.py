"""Paths of compulsory treatment at the desk (F8): how each stands, its steps, and those that can be taken next."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from shared.adapters import paging
from shared.adapters.http import Desk, Reader, Writer, found
from shared.casework.persons.endpoints import search_persons
from shared.casework.persons.models import Search
from shared.casework.treatment import endpoints as api
from shared.casework.treatment.models import Decision, OnDay, TreatmentPath, WhoItIs
from shared.casework.units.endpoints import list_units
from shared.contract.calendar import local_day
from shared.contract.treatment import Standing, after
from shared.contract.treatment_words import Material, TreatmentEnd, TreatmentStep
from shared.contract.treatment_words import TreatmentStep as T
from shared.contract.vocabulary import Agency, BedKind, SubjectRole
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, form, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/treatment", route_class=PageRoute)


@dataclass(frozen=True)
class Call:
    """What a form calls, what it takes, and which steps it takes on the path. `more`: what no field says."""

    call: Callable[..., Awaitable[TreatmentPath]]
    body: type[BaseModel]
    steps: frozenset[TreatmentStep] = frozenset()
    more: Mapping[str, Any] | None = None


Calls = Mapping[str, Call]
BOTH: Calls = {
    "person": Call(api.say_who_it_is, WhoItIs),
    "ordered": Call(api.record_decision, Decision, frozenset({T.ORDER_TREATMENT}), {"ordered": True}),
    "declined": Call(api.record_decision, Decision, frozenset({T.DECLINE_TREATMENT}), {"ordered": False}),
    "close": Call(api.close_path, OnDay, frozenset({T.CLOSE})),
}


@router.get("")
async def paths(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """All of them, the newest first."""
    page = await api.list_paths(desk, cursor=cursor, limit=20)
    return render(request, "treatments.html", page=page, names=await names_of(desk, request), today=local_day(desk.now))


async def show(request: Request, path_id: UUID, desk: Desk, calls: Calls) -> Response:
    """One path, with a form for each step that can be taken now by this agency."""
    path = await api.read_path(path_id, desk)
    return render(
        request,
        "treatment.html",
        path=path,
        names=await names_of(desk, request),
        calls=next_calls(path, desk, calls),
        found=None,
        materials=list(Material),
        ends=(TreatmentEnd.COURT_ENDED, TreatmentEnd.DIED),
        wards=await _wards(desk),
        today=local_day(desk.now),
    )


def next_calls(path: TreatmentPath, desk: Desk, calls: Calls) -> dict[str, TreatmentStep]:
    """(what to call: the step) of those that the rows let this agency take now."""
    now = Standing(path.state, path.search)
    began = min((one.on for one in path.steps if one.on is not None), default=local_day(desk.now))
    agency = desk.node.agency
    return {
        what: step
        for what, one in {**calls, **BOTH}.items()
        for step in sorted(one.steps)
        if path.state is not None and after(now, step, agency, began) is not None
    }


async def _wards(desk: Desk) -> list[str]:
    """Our own units of addictology beds in which a place is free."""
    if desk.node.agency is not Agency.HEALTH:
        return []
    return [one.unit for one in (await list_units(desk)).items if one.kind is BedKind.ADDICTOLOGY and one.free > 0]


@router.post("/{path_id}/look")
async def look_for(request: Request, path_id: UUID, desk: Writer) -> Response:
    """Alleged offenders of that name who are recorded here: which of them the path is about."""
    path = await api.read_path(path_id, desk)
    known = await search_persons(Search.model_validate(await form(request)), desk)
    offenders = [one for one in known.items if one.role is SubjectRole.ALLEGED_OFFENDER]
    return render(request, "treatment_person.html", path=path, found=offenders)


async def take(request: Request, path_id: UUID, what: str, desk: Desk, calls: Calls) -> Response:
    """Take a step, as the call does."""
    one: Call = found({**calls, **BOTH}.get(what), "step")
    body = one.body.model_validate({**await form(request), **(one.more or {})})
    await one.call(path_id=path_id, body=body, desk=desk)
    return to(path_id)


def to(path_id: UUID) -> Response:
    """The page of a path."""
    return RedirectResponse(f"{PATH}/treatment/{path_id}", status_code=303)
