"""The region's statistics at the desk of social services (F13): who has reported, and what that adds up to."""

from fastapi import APIRouter, Request, Response

from services.social.region import endpoints as api
from services.social.region.endpoints import OfMonth, RegionFigures
from shared.adapters.http import Statistician
from shared.casework.statistics.endpoints import TableName
from shared.contract.calendar import local_day
from shared.contract.statistics import TOTAL
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, query, render
from shared.desk.statistics import last_month

router = APIRouter(prefix="/region", route_class=PageRoute)


@router.get("")
async def month(request: Request, desk: Statistician) -> Response:
    """Who has reported of a month, the last that is over where none is asked for, and which tables that makes."""
    last = last_month(local_day(desk.now))
    asked = OfMonth.model_validate({"month": last, **query(request)})
    told = await api.list_region_tables(asked, desk, request)
    return render(request, "region.html", told=told, names=await names_of(desk, request), last=last)


@router.get("/{table}")
async def table(request: Request, table: TableName, desk: Statistician) -> Response:
    """One table of one month, added up; or as CSV."""
    figures = await api.read_region_table(table, OfMonth.model_validate(query(request)), desk, request)
    if not isinstance(figures, RegionFigures):
        return figures
    cells = [one for one in figures.cells if TOTAL not in one.by.values()]
    return render(request, "region_table.html", figures=figures, cells=cells, names=await names_of(desk, request))
