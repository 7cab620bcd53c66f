"""The bed board."""

from fastapi import APIRouter, Request, Response

from shared.adapters.http import Reader
from shared.casework.beds.endpoints import Cursor, read_board
from shared.casework.directory.places import places
from shared.contract.vocabulary import BedKind
from shared.desk.pages import PageRoute, query, render

router = APIRouter(prefix="/beds", route_class=PageRoute)


@router.get("")
async def board(request: Request, desk: Reader, cursor: Cursor = None) -> Response:
    """Who has room now, page by page, the nearest first; how old each count is."""
    asked = query(request)
    kind = BedKind(asked["for"]) if asked.get("for") in set(BedKind) else None
    near = asked.get("near") if asked.get("near") in places() else None
    found = await read_board(desk, kind, near, cursor, 20)
    return render(request, "beds.html", board=found, kinds=list(BedKind), kind=kind, near=near, places=places())
