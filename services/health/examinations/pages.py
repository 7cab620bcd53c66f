"""Examinations at health's desk: recorded from the person's page, read, erased. What was found stays in health."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.health.examinations import endpoints as api
from services.health.examinations.domain import ExaminationKind
from shared.adapters import paging
from shared.adapters.http import Eraser, Reader, Writer, found
from shared.casework.persons.endpoints import read_person
from shared.desk.pages import PageRoute, form, person_in, query, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/examinations", route_class=PageRoute)


@router.get("")
async def examinations(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """Those that were recorded, newest first."""
    return render(request, "examinations.html", page=await api.list_examinations(desk, cursor=cursor, limit=20))


@router.get("/record")
async def ask(request: Request, desk: Writer) -> Response:
    """The form, about the person whose page led here."""
    person = await read_person(found(person_in(query(request)), "person"), desk, Response())
    return render(request, "examination_form.html", person=person, kinds=list(ExaminationKind))


@router.post("")
async def record(request: Request, desk: Writer) -> Response:
    """Record what was found."""
    return _to((await api.record_examination(api.NewExamination.model_validate(await form(request)), desk)).id)


@router.get("/{examination_id}")
async def examination(request: Request, examination_id: UUID, desk: Reader) -> Response:
    """What was examined and found."""
    return render(request, "examination.html", examination=await api.read_examination(examination_id, desk))


@router.post("/{examination_id}/erase")
async def erase(request: Request, examination_id: UUID, desk: Eraser) -> Response:
    """Erase what names no person, for good."""
    await api.erase_examination(examination_id, desk)
    return _to(examination_id)


def _to(examination_id: UUID) -> Response:
    return RedirectResponse(f"{PATH}/examinations/{examination_id}", status_code=303)
