"""Where both parties of a case are here, at the desk: who works on which side. Each side is shown its own alone."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters.http import Reader, Reviewer, Writer
from shared.casework.walls import endpoints as api
from shared.contract.vocabulary import SubjectRole
from shared.desk.pages import PageRoute, form, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/walls", route_class=PageRoute)
SIDES = (SubjectRole.VICTIM, SubjectRole.ALLEGED_OFFENDER)


@router.get("")
async def walls(request: Request, desk: Reader) -> Response:
    """To a chief all of them, to others those on a side of which they are."""
    return render(request, "walls.html", walls=(await api.list_walls(desk)).items, sides=SIDES)


@router.post("/{wall_id}/staff")
async def put(request: Request, wall_id: UUID, desk: Writer) -> Response:
    """Say who works on a side."""
    await api.put_on_a_side(wall_id, api.Assignment.model_validate(await form(request)), desk)
    return _back()


@router.post("/{wall_id}/end")
async def end(request: Request, wall_id: UUID, desk: Reviewer) -> Response:
    """They are not the two parties of a case."""
    await api.end_wall(wall_id, desk)
    return _back()


def _back() -> Response:
    return RedirectResponse(f"{PATH}/walls", status_code=303)
