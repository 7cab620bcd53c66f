"""REST calls for statistics: which tables there are, and one of them for closed months. Nothing else can be asked."""

import csv
from datetime import date
from io import StringIO
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from shared.adapters.audit import Action
from shared.adapters.database import unwalled
from shared.adapters.http import Desk, Statistician, TransactionalRoute, found, invalid, note
from shared.casework.statistics import store
from shared.casework.statistics.counting import REFERRAL_TABLES, CountedTable
from shared.casework.statistics.telling import publish_and_tell
from shared.contract.calendar import local_day
from shared.contract.statistics import (
    THRESHOLDS,
    TOTAL,
    Shown,
    Threshold,
    add_up,
    is_closed,
    months_between,
    threshold_at,
)

router = APIRouter(prefix="/statistics", tags=["statistics"], route_class=TransactionalRoute)
COUNTED_BY = "the month, in Asia/Almaty, in which it was recorded here; what is recorded late counts in the later month"
MOST_MONTHS = 60
CSV = "text/csv"
MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
TableName = Annotated[str, Path(pattern=r"^[a-z-]{1,80}$", examples=["referrals-sent-by-purpose"])]
CONTENT: dict[int | str, dict[str, Any]] = {200: {"content": {CSV: {"schema": {"type": "string"}}}}}
Suppressed = Literal["suppressed"]


class Asked(BaseModel):
    """Which months, and in which form. There are no other filters."""

    model_config = ConfigDict(extra="forbid")
    month: str = Field(pattern=MONTH, examples=["2026-03"], description="a month that is over")
    until: str | None = Field(default=None, pattern=MONTH, description="the last month of a sum of several")
    format: Literal["json", "csv"] | None = None


class Smallest(BaseModel):
    """Counts from 1 to below `threshold` are not shown, nor others that would give them away; and why."""

    threshold: int
    rule: str
    reason: dict[str, str] = Field(description="by language: kk, ru, en")


class Description(BaseModel):
    """A table that can be asked for."""

    name: str
    counts: str
    by: dict[str, list[str]] = Field(description="what is distinguished, and its codes")


class Descriptions(Smallest):
    """All tables of this agency."""

    counted_by: str
    items: list[Description]


class Cell(BaseModel):
    """One count. `by` names a code for each indicator; `total` is the sum over one."""

    by: dict[str, str]
    count: int | Suppressed


class Figures(Smallest):
    """A table of one month, or the sum of what was published of several."""

    table: str
    counts: str
    month: str
    until: str
    counted_by: str
    total: int | Suppressed
    cells: list[Cell]


@router.get("")
async def list_tables(desk: Statistician, request: Request) -> Descriptions:
    """Which tables there are. There are no others and no filters: any other question could single out a person."""
    items = [
        Description(name=t.name, counts=t.counts, by={i.name: list(i.codes) for i in t.by}) for t in _tables(request)
    ]
    return Descriptions(items=items, counted_by=COUNTED_BY, **_smallest(threshold_at(desk.now)))


@router.get("/{table}", response_model=Figures, responses=CONTENT)
async def read_table(
    table: TableName,
    asked: Annotated[Asked, Query()],
    desk: Statistician,
    request: Request,
    accept: Annotated[str, Header()] = "",
) -> Figures | Response:
    """One table of one closed month, or summed over several. The first call for a month publishes it once and for all,
    if the service has not done so by itself: whatever is recorded, corrected or erased later, the answer is the same.
    """
    counted: CountedTable = found(next((t for t in _tables(request) if t.name == table), None), "table")
    months = _months(asked.month, asked.until or asked.month, today=local_day(desk.now))
    async with unwalled(desk.session):  # everybody counts, whoever asks
        figures = await _figures(desk, request, counted, months)
    await note(desk, Action.EXPORTED, what="statistics", table=table, month=figures.month, until=figures.until)
    if asked.format == "csv" or (asked.format is None and CSV in accept):
        return Response(_as_csv(figures), media_type=f"{CSV}; charset=utf-8")
    return figures


def _tables(request: Request) -> tuple[CountedTable, ...]:
    return (*REFERRAL_TABLES, *request.app.state.parts.statistics)


def _months(first: str, last: str, *, today: date) -> list[date]:
    """The months asked for. Problem 422 for one that is not over, or for none or too many."""
    months = months_between(date.fromisoformat(f"{first}-01"), date.fromisoformat(f"{last}-01"))
    if not 1 <= len(months) <= MOST_MONTHS:
        raise invalid("'until' is not before 'month', and %(most)s months are the most", most=MOST_MONTHS)
    if not is_closed(months[-1], today):
        raise invalid("only months that are over since a whole day can be asked for")
    return months


async def _figures(desk: Desk, request: Request, table: CountedTable, months: list[date]) -> Figures:
    rules, shown = set[str](), []
    for first_day in months:
        month = store.Month(desk.organisation, first_day)
        rows = await publish_and_tell(desk, month=month, tables=_tables(request))
        shown.append(store.shown_of(rows.get(table.name), table))
        rules |= {row.threshold for row in rows.values()}
    used = max((row for row in THRESHOLDS if row.id in rules), key=lambda row: row.value)
    return _answer(table, add_up(shown), used, months)


def _answer(table: CountedTable, shown: Shown, threshold: Threshold, months: list[date]) -> Figures:
    names = [indicator.name for indicator in table.by]
    cells = [Cell(by=dict(zip(names, key, strict=True)), count=_count(count)) for key, count in shown.items()]
    return Figures(
        table=table.name,
        counts=table.counts,
        month=f"{months[0]:%Y-%m}",
        until=f"{months[-1]:%Y-%m}",
        counted_by=COUNTED_BY,
        total=_count(shown[(TOTAL,) * len(names)]),
        cells=cells,
        **_smallest(threshold),
    )


def _count(count: int | None) -> int | Suppressed:
    return "suppressed" if count is None else count


def _smallest(threshold: Threshold) -> dict[str, Any]:
    reason = {"kk": threshold.reason.kk, "ru": threshold.reason.ru, "en": threshold.reason.en}
    return {"threshold": threshold.value, "rule": threshold.id, "reason": reason}


def _as_csv(figures: Figures) -> str:
    """One line per cell (RFC 4180): codes, then the count."""
    lines = StringIO()
    writer = csv.writer(lines)
    writer.writerow(["table", "month", "until", *figures.cells[0].by, "count"])
    writer.writerows([figures.table, figures.month, figures.until, *c.by.values(), c.count] for c in figures.cells)
    return lines.getvalue()
