"""Orders that were told here: that somebody is protected, until when, and when that was broken (F10)."""

from fastapi import APIRouter, Request, Response

from shared.adapters import paging
from shared.adapters.http import Reader
from shared.casework.orders.reading import list_orders
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, render

router = APIRouter(prefix="/orders", route_class=PageRoute)


@router.get("")
async def orders(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """All of them, the newest first."""
    page = await list_orders(desk, cursor=cursor, limit=20)
    return render(request, "told_orders.html", page=page, names=await names_of(desk, request))
