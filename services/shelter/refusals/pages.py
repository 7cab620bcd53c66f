"""Refusals to report at the shelters' desk: recorded, the notice as the police will see it, sent."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.shelter.refusals import endpoints as api
from shared.adapters import paging
from shared.adapters.http import Reader, Writer
from shared.contract.calendar import local_day
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, form, person_in, query, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/refusals", route_class=PageRoute)


@router.get("")
async def refusals(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """Those recorded here, the newest first, and a form for another: of the person whose page led here, if any."""
    page = await api.list_refusals(desk, cursor=cursor, limit=20)
    whom = person_in(query(request))
    return render(request, "refusals.html", page=page, whom=whom, today=local_day(desk.now))


@router.post("")
async def record(request: Request, desk: Writer) -> Response:
    """Record one: its notice writes itself."""
    recorded = await api.record_refusal(api.NewRefusal.model_validate(await form(request)), desk)
    return _to(recorded.id)


@router.get("/{refusal_id}")
async def refusal(request: Request, refusal_id: UUID, desk: Reader) -> Response:
    """One of them, its days, and exactly what the police will see."""
    shown = await api.read_refusal(refusal_id, desk)
    names = await names_of(desk, request)
    return render(request, "refusal.html", refusal=shown, names=names, today=local_day(desk.now))


@router.post("/{refusal_id}/send")
async def send(refusal_id: UUID, desk: Writer) -> Response:
    """Send the notice as shown."""
    await api.send_notice(refusal_id, desk)
    return _to(refusal_id)


def _to(refusal_id: UUID) -> Response:
    return RedirectResponse(f"{PATH}/refusals/{refusal_id}", status_code=303)
