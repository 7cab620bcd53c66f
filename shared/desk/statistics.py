"""Statistics at the desk: a closed month's table, drawn and written, to be taken away as CSV."""

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters.http import Statistician
from shared.casework.statistics import endpoints as api
from shared.casework.statistics.endpoints import Asked, Figures
from shared.contract.calendar import local_day
from shared.contract.statistics import TOTAL
from shared.desk.pages import PageRoute, query, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/statistics", route_class=PageRoute)


@router.get("")
async def tables(request: Request, desk: Statistician) -> Response:
    """Which tables there are, and the last month that is over."""
    described = await api.list_tables(desk, request)
    return render(request, "statistics.html", tables=described.items, month=last_month(local_day(desk.now)))


@router.get("/asked")
async def asked(request: Request, desk: Statistician) -> Response:
    """From the form to the table's own address."""
    said = query(request)
    return RedirectResponse(f"{PATH}/statistics/{said.get('table', '')}?month={said.get('month', '')}", status_code=303)


@router.get("/{table}")
async def table(request: Request, table: api.TableName, desk: Statistician) -> Response:
    """One table of one month."""
    said = query(request)
    figures = await api.read_table(table, Asked.model_validate(said), desk, request)
    if isinstance(figures, Response):
        return figures
    return render(request, "figures.html", figures=figures, bars=bars(figures))


def last_month(today: date) -> str:
    """The newest month that can be asked for, as YYYY-MM: it is over since a whole day."""
    return f"{(today - timedelta(days=1)).replace(day=1) - timedelta(days=1):%Y-%m}"


def bars(figures: Figures) -> list[dict[str, Any]]:
    """The cells without the sums, each with how long its bar is (0 to 100); none where the number is not shown."""
    cells = [cell for cell in figures.cells if TOTAL not in cell.by.values()]
    most = max((cell.count for cell in cells if isinstance(cell.count, int)), default=0)
    return [
        {
            "by": list(cell.by.values()),
            "count": cell.count,
            "length": round(100 * cell.count / most) if most and isinstance(cell.count, int) else 0,
        }
        for cell in cells
    ]
