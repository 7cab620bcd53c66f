"""REST calls for the region's statistics (F13): who has reported of a month, and what that adds up to."""

import csv
from collections import Counter
from datetime import date
from io import StringIO
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.social.region import store
from shared.adapters.audit import Action
from shared.adapters.database import unwalled
from shared.adapters.http import Desk, Statistician, TransactionalRoute, found, note
from shared.casework.directory import store as directory
from shared.casework.directory.tables import OrganisationRow
from shared.casework.statistics import store as our_own
from shared.casework.statistics.counting import REFERRAL_TABLES, CountedTable
from shared.casework.statistics.endpoints import CONTENT, COUNTED_BY, CSV, MONTH, TableName
from shared.casework.statistics.telling import published_table
from shared.contract.events import PublishedTable
from shared.contract.identifiers import OrganisationId
from shared.contract.region import add_up_organisations
from shared.contract.statistics import TOTAL

router = APIRouter(prefix="/region-statistics", tags=["statistics"], route_class=TransactionalRoute)
Published = dict[str, dict[str, PublishedTable]]  # by organisation, by the table's name


class OfMonth(BaseModel):
    """Which month, and in which form."""

    model_config = ConfigDict(extra="forbid")
    month: str = Field(pattern=MONTH, examples=["2026-03"])
    format: Literal["json", "csv"] | None = None

    @property
    def first_day(self) -> date:
        """The month, as it is kept."""
        return date.fromisoformat(f"{self.month}-01")


class Reporting(BaseModel):
    """Which organisations of the region have reported of a month, and which of those that are known have not."""

    month: str
    region: str
    reported: list[OrganisationId]
    not_reported: list[OrganisationId]


class RegionTables(Reporting):
    """The tables that there are of a month."""

    tables: list[str]


class RegionCell(BaseModel):
    """A sum. It is `at_least`: as many organisations as `withheld_by` says did not show theirs."""

    by: dict[str, str]
    at_least: int
    withheld_by: int


class RegionFigures(Reporting):
    """A table, summed over the organisations in `of`: those that published it."""

    table: str
    counted_by: str
    of: list[OrganisationId]
    total: RegionCell
    cells: list[RegionCell]


@router.get("")
async def list_region_tables(asked: Annotated[OfMonth, Query()], desk: Statistician, request: Request) -> RegionTables:
    """Who has reported of a month, and which tables that makes."""
    published, who = await _published(desk, request, asked)
    await note(desk, Action.EXPORTED, what="region-statistics", month=asked.month)
    return RegionTables(**who.model_dump(), tables=sorted({name for tables in published.values() for name in tables}))


@router.get("/{table}", response_model=RegionFigures, responses=CONTENT)
async def read_region_table(
    table: TableName,
    asked: Annotated[OfMonth, Query()],
    desk: Statistician,
    request: Request,
    accept: Annotated[str, Header()] = "",
) -> RegionFigures | Response:
    """One table of one month, summed over the organisations of the region: only what each of them has published."""
    published, who = await _published(desk, request, asked)
    figures = _figures(table, published, who)
    await note(desk, Action.EXPORTED, what="region-statistics", table=table, month=asked.month)
    if asked.format == "csv" or (asked.format is None and CSV in accept):
        return Response(_as_csv(figures), media_type=f"{CSV}; charset=utf-8")
    return figures


async def _published(desk: Desk, request: Request, asked: OfMonth) -> tuple[Published, Reporting]:
    """What is known of a month: what came from the region, and what this organisation published itself."""
    mine, month = desk.organisation, asked.first_day
    async with unwalled(desk.session):
        came = await store.collected(desk.session, organisation_id=mine, month=month)
        rows = await our_own.published(desk.session, month=our_own.Month(mine, month))
    counted: tuple[CountedTable, ...] = (*REFERRAL_TABLES, *request.app.state.parts.statistics)
    if rows:
        came[mine] = {table.name: published_table(rows[table.name], table) for table in counted if table.name in rows}
    region, there = await _region(desk)
    published = {one.id: came[one.id] for one in there if one.id in came}
    missing = [one.id for one in there if one.id not in came]
    return published, Reporting(month=asked.month, region=region, reported=list(published), not_reported=missing)


async def _region(desk: Desk) -> tuple[str, list[OrganisationRow]]:
    """The region of this organisation, and all of it that a service speaks for."""
    ours: OrganisationRow = found(await directory.get(desk.session, organisation_id=desk.organisation), "organisation")
    region = ours.kato[:2]
    known = await directory.listed(desk.session, agency=None, purpose=None)
    there = [one for one in known if one.kato[:2] == region and desk.node.trust.node_of(one.id) is not None]
    return region, there


def _figures(name: str, published: Published, who: Reporting) -> RegionFigures:
    """The sum of those tables of this name that distinguish the same: what most of them do."""
    tables = {one: tables[name] for one, tables in published.items() if name in tables}
    by: tuple[str, ...] = found(next(iter(Counter(one.by for one in tables.values()).most_common(1)), None), "table")[0]
    alike = {one: table for one, table in tables.items() if table.by == by}
    sums = add_up_organisations([{cell.codes: cell.count for cell in table.cells} for table in alike.values()])
    cells = {
        key: RegionCell(by=dict(zip(by, key, strict=False)), at_least=sum_.count, withheld_by=sum_.withheld_by)
        for key, sum_ in sums.items()
    }
    total = found(cells.get((TOTAL,) * len(by)), "table")
    return RegionFigures(
        **who.model_dump(), table=name, counted_by=COUNTED_BY, of=list(alike), total=total, cells=list(cells.values())
    )


def _as_csv(figures: RegionFigures) -> str:
    """One line per cell (RFC 4180): codes, the sum, and how many withheld theirs."""
    lines = StringIO()
    writer = csv.writer(lines)
    writer.writerow(["table", "month", "region", *figures.cells[0].by, "at_least", "withheld_by"])
    about = (figures.table, figures.month, figures.region)
    writer.writerows([*about, *cell.by.values(), cell.at_least, cell.withheld_by] for cell in figures.cells)
    return lines.getvalue()
