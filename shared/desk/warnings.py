"""Warnings that violence repeats (F18), at the desk: with their reasons, read, and told by the police."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters import paging
from shared.adapters.http import Reader, Writer
from shared.casework.warnings.endpoints import acknowledge_warning, list_warnings
from shared.casework.warnings.sharing import share_warning
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, render
from shared.desk.sessions import PATH

reading = APIRouter(prefix="/warnings", route_class=PageRoute)
sharing = APIRouter(prefix="/warnings", route_class=PageRoute)


@reading.get("")
async def warnings(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """All of them, the newest first."""
    page = await list_warnings(desk, cursor=cursor, limit=20)
    return render(request, "warnings.html", page=page, names=await names_of(desk, request))


@reading.post("/{warning_id}/acknowledge")
async def acknowledge(warning_id: UUID, desk: Writer) -> Response:
    """Somebody looks after it."""
    await acknowledge_warning(warning_id, desk)
    return RedirectResponse(f"{PATH}/warnings", status_code=303)


@sharing.post("/{warning_id}/share")
async def share(warning_id: UUID, desk: Writer) -> Response:
    """Warn who helps her now."""
    await share_warning(warning_id, desk)
    return RedirectResponse(f"{PATH}/warnings", status_code=303)
