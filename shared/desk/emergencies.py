"""Dangers to life that were declared, at the desk: declared for a person, ended, reviewed by somebody else."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters import paging
from shared.adapters.http import Reader, Reviewer, Writer
from shared.casework.emergencies import endpoints as api
from shared.casework.persons.endpoints import read_person
from shared.desk.pages import PageRoute, form, person_in, query, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/emergencies", route_class=PageRoute)


@router.get("")
async def emergencies(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """What was declared here, the newest first; and the form, about the person whose page led here."""
    whom = person_in(query(request))
    return render(
        request,
        "emergencies.html",
        page=await api.list_emergencies(desk, cursor=cursor, limit=20),
        person=await read_person(whom, desk, Response()) if whom else None,
        longest=api.LONGEST_MINUTES,
        me=desk.caller.subject,
    )


@router.post("")
async def declare(request: Request, desk: Writer) -> Response:
    """Declare that a life is in danger."""
    await api.declare_emergency(api.NewEmergency.model_validate(await form(request)), desk)
    return _back()


@router.post("/{emergency_id}/end")
async def end(request: Request, emergency_id: UUID, desk: Writer) -> Response:
    """The danger is over."""
    await api.end_emergency(emergency_id, desk)
    return _back()


@router.post("/{emergency_id}/review")
async def review(request: Request, emergency_id: UUID, desk: Reviewer) -> Response:
    """Say whether it was justified: where the box is not ticked, it was not."""
    body = api.Review.model_validate({"justified": False, **await form(request)})
    await api.review_emergency(emergency_id, body, desk)
    return _back()


def _back() -> Response:
    return RedirectResponse(f"{PATH}/emergencies", status_code=303)
