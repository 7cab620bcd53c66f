"""Reports of violence at the police's desk: registered here."""

from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from services.police.reports.endpoints import register_report
from shared.adapters.http import Writer
from shared.desk.pages import PageRoute
from shared.desk.sessions import PATH

router = APIRouter(prefix="/reports", route_class=PageRoute)


@router.post("/{report_id}/register")
async def register(report_id: UUID, desk: Writer) -> Response:
    """Register it: who reported is told that, and no more."""
    await register_report(report_id, desk)
    return RedirectResponse(f"{PATH}/reports/{report_id}", status_code=303)
