"""Voluntary treatment of addiction at health (F8): offered, begun, refused with a note, ended. Told to nobody."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.health.voluntary import endpoints as api
from services.health.voluntary.domain import Consequence, VoluntaryState
from services.health.voluntary.models import NewTreatment, TreatmentAgreed, TreatmentRefusal, VoluntaryEnding
from shared.adapters import paging
from shared.adapters.http import Reader, Writer, found
from shared.casework.persons.endpoints import read_person
from shared.contract.calendar import local_day
from shared.contract.vocabulary import Grantor
from shared.desk.pages import PageRoute, form, person_in, query, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/voluntary", route_class=PageRoute)


@router.get("")
async def treatments(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """All of them, the newest first."""
    return render(request, "voluntary.html", page=await api.list_treatments(desk, cursor=cursor, limit=20))


@router.get("/offer")
async def ask(request: Request, desk: Writer) -> Response:
    """The form, about the person whose page led here."""
    person = await read_person(found(person_in(query(request)), "person"), desk, Response())
    return render(request, "voluntary_form.html", person=person, grantors=list(Grantor))


@router.post("")
async def offer(request: Request, desk: Writer) -> Response:
    """Offer it, or begin it where somebody has agreed."""
    body = NewTreatment.model_validate(await form(request))
    return _to((await api.offer_treatment(body, desk, Response())).id)


@router.get("/{treatment_id}")
async def treatment(request: Request, treatment_id: UUID, desk: Reader) -> Response:
    """How it stands, and what can be done now."""
    return render(
        request,
        "voluntary_one.html",
        treatment=await api.read_treatment(treatment_id, desk),
        grantors=list(Grantor),
        consequences=list(Consequence),
        outcomes=(VoluntaryState.COMPLETED, VoluntaryState.STOPPED),
        today=local_day(desk.now),
    )


@router.post("/{treatment_id}/begin")
async def begin(request: Request, treatment_id: UUID, desk: Writer) -> Response:
    """Somebody who can has agreed."""
    await api.begin_treatment(treatment_id, TreatmentAgreed.model_validate(await form(request)), desk)
    return _to(treatment_id)


@router.post("/{treatment_id}/refusal")
async def refuse(request: Request, treatment_id: UUID, desk: Writer) -> Response:
    """Record the note of a refusal."""
    await api.refuse_treatment(treatment_id, TreatmentRefusal.model_validate(await form(request)), desk)
    return _to(treatment_id)


@router.post("/{treatment_id}/end")
async def end(request: Request, treatment_id: UUID, desk: Writer) -> Response:
    """End it without a refusal."""
    await api.end_treatment(treatment_id, VoluntaryEnding.model_validate(await form(request)), desk)
    return _to(treatment_id)


def _to(treatment_id: UUID) -> Response:
    return RedirectResponse(f"{PATH}/voluntary/{treatment_id}", status_code=303)
