"""Refusal notices at the police's desk: those that came, and that they were read."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.police.refusal_notices import endpoints as api
from shared.adapters import paging
from shared.adapters.http import Reader, Writer
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/notices", route_class=PageRoute)


@router.get("")
async def notices(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """Those that came, the newest first, with what each opens to the police."""
    page = await api.list_refusal_notices(desk, cursor=cursor, limit=20)
    return render(request, "notices.html", page=page, names=await names_of(desk, request))


@router.post("/{notice_id}/acknowledge")
async def acknowledge(notice_id: UUID, desk: Writer) -> Response:
    """Tell the shelter that it was read."""
    await api.acknowledge(notice_id, desk)
    return RedirectResponse(f"{PATH}/notices", status_code=303)
