"""Admissions to the trauma room at health's desk (F15): recorded; the police are told where a criterion is met."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.health.admissions import endpoints as api
from services.health.admissions.domain import CRITERIA
from shared.adapters import paging
from shared.adapters.http import Eraser, Reader, Writer
from shared.casework.persons.endpoints import read_person
from shared.contract.vocabulary import SubjectRole
from shared.desk.pages import PageRoute, form, person_in, query, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/admissions", route_class=PageRoute)
# A box that is not ticked says no.
FACTS = tuple(dict.fromkeys(row.fact for row in CRITERIA))


@router.get("")
async def admissions(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """Those recorded last first; and the form, about the person whose page led here or about nobody by name."""
    whom = person_in(query(request))
    return render(
        request,
        "admissions.html",
        page=await api.list_admissions(desk, cursor=cursor, limit=20),
        person=await read_person(whom, desk, Response()) if whom else None,
        roles=list(SubjectRole),
        facts=FACTS,
    )


@router.post("")
async def record(request: Request, desk: Writer) -> Response:
    """Record one."""
    body = api.NewAdmission.model_validate(dict.fromkeys(FACTS, False) | await form(request))
    return _to((await api.record_admission(body, desk)).id)


@router.get("/{admission_id}")
async def admission(request: Request, admission_id: UUID, desk: Reader) -> Response:
    """One admission: what was recorded, and whether the police were told."""
    return render(request, "admission.html", admission=await api.read_admission(admission_id, desk), facts=FACTS)


@router.post("/{admission_id}/erase")
async def erase(request: Request, admission_id: UUID, desk: Eraser) -> Response:
    """Erase what names no person, for good."""
    await api.erase_admission(admission_id, desk)
    return _to(admission_id)


def _to(admission_id: UUID) -> Response:
    return RedirectResponse(f"{PATH}/admissions/{admission_id}", status_code=303)
