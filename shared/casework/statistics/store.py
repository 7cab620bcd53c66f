"""SQL for statistics: count a closed month once, in one statement, and keep what may be shown.

Whose the records are never leaves the database: it says how many people stand behind a count, and the most of one.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from random import SystemRandom

from sqlalchemy import Select, String, literal, null, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy import select as sql_select
from sqlmodel import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.casework.statistics.counting import CountedTable, Rows
from shared.casework.statistics.tables import PublishedRow
from shared.contract.calendar import start_of
from shared.contract.statistics import TOTAL, Key, Shown, Threshold, few_people, following, publish

BETWEEN = "|"
lot = SystemRandom().random


@dataclass(frozen=True)
class Month:
    """Which month of which organisation."""

    organisation_id: str
    first_day: date


@dataclass(frozen=True)
class Counted:
    """A cell or a total: how many records, of how many people, and how many of the one who has the most."""

    records: int
    people: int
    most: int


NOTHING = Counted(records=0, people=0, most=0)


async def published(session: AsyncSession, *, month: Month) -> dict[str, PublishedRow]:
    """What was published of a month, by the tables' names; empty if nothing was yet."""
    query = select(PublishedRow).where(
        PublishedRow.organisation_id == month.organisation_id, PublishedRow.month == month.first_day
    )
    return {row.name: row for row in (await session.exec(query)).all()}


async def publish_once(
    session: AsyncSession, *, month: Month, tables: Sequence[CountedTable], threshold: Threshold, now: datetime
) -> tuple[dict[str, PublishedRow], bool]:
    """All tables of a month as they were published, and whether at this call. Of two calls, the second waits."""
    await session.exec(select(func.pg_advisory_xact_lock(func.hashtextextended(f"statistics {month}", 0))))
    before = await published(session, month=month)
    if before:
        return before, False
    counts = await _count(session, month=month, tables=tables)
    for table in tables:
        shown = _shown(table, counts[table.name], threshold.value)
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
    return await published(session, month=month), True


def _shown(table: CountedTable, counted: Mapping[Key, Counted], threshold: int) -> Shown:
    few = {
        key for key, c in counted.items() if few_people(c.records, people=c.people, most=c.most, threshold=threshold)
    }
    counts = {key: counted.get(key, NOTHING).records for key in table.keys}
    return publish(counts, threshold=threshold, lot=lot, few=few)


async def _count(
    session: AsyncSession, *, month: Month, tables: Sequence[CountedTable]
) -> dict[str, dict[Key, Counted]]:
    """Every cell and total that is not nothing, of every table. One statement, so that all count the same things.

    Raises ValueError where a thing has a code that its table does not know: then the totals would differ.
    """
    found: dict[str, dict[Key, Counted]] = defaultdict(dict)
    every = union_all(*[_counting(table, await _rows(session, table, month), month) for table in tables])
    counted = await session.exec(every)  # type: ignore[call-overload]  # sqlmodel does not know unions
    for name, *codes, records, people, most in counted.all():
        found[name][tuple(code for code in codes if code is not None)] = Counted(int(records), people, most)
    for table in tables:
        if not set(found[table.name]) <= set(_with_totals(table)):
            raise ValueError(f"the table {table.name} does not know all codes that are recorded")
    return found


async def _rows(session: AsyncSession, table: CountedTable, month: Month) -> Rows:
    if isinstance(table.rows, Select):
        return table.rows
    return await table.rows(session, month.organisation_id, *_span(month))


def _span(month: Month) -> tuple[datetime, datetime]:
    return start_of(month.first_day), start_of(following(month.first_day))


def _counting(table: CountedTable, selected: Rows, month: Month) -> Rows:
    """Name, first code, second code or null, records, people, most of one. Without a person, all are of one."""
    rows = selected.subquery()
    codes = [
        func.coalesce(sql_cast(rows.c[indicator.name], String), "").label(indicator.name) for indicator in table.by
    ]
    start, end = _span(month)
    of_one = (
        sql_select(*codes, func.count().label("records"))
        .where(rows.c.organisation_id == month.organisation_id, rows.c.at >= start, rows.c.at < end)
        .group_by(func.cube(*codes), rows.c.person_id)
    ).subquery()
    names = [func.coalesce(of_one.c[indicator.name], TOTAL) for indicator in table.by]
    second = names[1] if len(names) == 2 else sql_cast(null(), String)
    each = (func.sum(of_one.c.records), func.count(), func.max(of_one.c.records))
    return sql_select(literal(table.name), names[0], second, *each).group_by(*names)


def _with_totals(table: CountedTable) -> list[Key]:
    return list(product(*((*indicator.codes, TOTAL) for indicator in table.by)))


def shown_of(row: PublishedRow | None, table: CountedTable) -> Shown:
    """A published table. One that did not exist yet when its month was published stays unpublished: all is withheld."""
    cells = row.cells if row is not None else {}
    return {key: cells.get(BETWEEN.join(key)) for key in _with_totals(table)}
