"""SQL for statistics: count a closed month once, in one statement, and keep what may be shown."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from random import SystemRandom

from sqlalchemy import String, literal, null, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy import select as sql_select
from sqlmodel import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.casework.statistics.counting import CountedTable, Rows
from shared.casework.statistics.tables import PublishedRow
from shared.contract.calendar import start_of
from shared.contract.statistics import TOTAL, Key, Shown, Threshold, following, publish

BETWEEN = "|"
lot = SystemRandom().random


@dataclass(frozen=True)
class Month:
    """Which month of which organisation."""

    organisation_id: str
    first_day: date


async def published(session: AsyncSession, *, month: Month) -> dict[str, PublishedRow]:
    """What was published of a month, by the tables' names; empty if nothing was yet."""
    query = select(PublishedRow).where(
        PublishedRow.organisation_id == month.organisation_id, PublishedRow.month == month.first_day
    )
    return {row.name: row for row in (await session.exec(query)).all()}


async def publish_once(
    session: AsyncSession, *, month: Month, tables: Sequence[CountedTable], threshold: Threshold, now: datetime
) -> dict[str, PublishedRow]:
    """All tables of a month as they were published, at this call if at none before. Of two calls, the second waits."""
    await session.exec(select(func.pg_advisory_xact_lock(func.hashtextextended(f"statistics {month}", 0))))
    before = await published(session, month=month)
    if before:
        return before
    counts = await _count(session, month=month, tables=tables)
    for table in tables:
        shown = publish(counts[table.name], threshold=threshold.value, lot=lot)
        session.add(
            PublishedRow(
                organisation_id=month.organisation_id,
                month=month.first_day,
                name=table.name,
                cells={BETWEEN.join(key): count for key, count in shown.items()},
                threshold=threshold.id,
                published_at=now,
            )
        )
    await session.flush()
    return await published(session, month=month)


async def _count(session: AsyncSession, *, month: Month, tables: Sequence[CountedTable]) -> dict[str, dict[Key, int]]:
    """Every cell of every table. One statement, so that all of them count the same things.

    Raises ValueError where a thing has a code that its table does not know: then the totals would differ.
    """
    found: dict[str, Counter[Key]] = defaultdict(Counter)
    for name, *codes, count in (await session.exec(union_all(*(_counting(t, month) for t in tables)))).all():  # type: ignore[call-overload]  # sqlmodel does not know unions
        found[name][tuple(code for code in codes if code is not None)] += count
    whole = {table.name: {key: found[table.name][key] for key in table.keys} for table in tables}
    for name, counts in whole.items():
        if sum(counts.values()) != found[name].total():
            raise ValueError(f"the table {name} does not know all codes that are recorded")
    return whole


def _counting(table: CountedTable, month: Month) -> Rows:
    """Name, first code, second code or null, count."""
    rows = table.rows.subquery()
    codes = [sql_cast(rows.c[indicator.name], String) for indicator in table.by]
    second = codes[1] if len(codes) == 2 else sql_cast(null(), String)
    start, end = start_of(month.first_day), start_of(following(month.first_day))
    return (
        sql_select(literal(table.name), codes[0], second, func.count())
        .where(rows.c.organisation_id == month.organisation_id, rows.c.at >= start, rows.c.at < end)
        .group_by(*codes)
    )


def shown_of(row: PublishedRow | None, table: CountedTable) -> Shown:
    """A published table. One that did not exist yet when its month was published stays unpublished: all is withheld."""
    cells = row.cells if row is not None else {}
    places = [(*indicator.codes, TOTAL) for indicator in table.by]
    return {key: cells.get(BETWEEN.join(key)) for key in product(*places)}
