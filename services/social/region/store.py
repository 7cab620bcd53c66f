"""SQL for the region's statistics. Every function names the organisation that collects them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.social.region.tables import CollectedRow
from shared.contract.events import PublishedTable, StatisticsPublished


async def keep_first(
    session: AsyncSession, *, organisation_id: str, reporter_id: str, event: StatisticsPublished, at: datetime
) -> None:
    """A month counts as it came first; whatever comes of it later changes nothing."""
    about = {"organisation_id": organisation_id, "month": event.month, "reporter_id": reporter_id}
    lock = f"collected {organisation_id} {event.month} {reporter_id}"
    await session.exec(select(func.pg_advisory_xact_lock(func.hashtextextended(lock, 0))))
    query = select(CollectedRow.name).filter_by(**about)
    if (await session.exec(query.limit(1))).first() is not None:
        return
    times = {"published_at": event.published_at, "received_at": at}
    for table in event.tables or ():
        row = {**about, **times, "name": table.name, "content": table.model_dump(mode="json")}
        await session.exec(insert(CollectedRow).values(**row).on_conflict_do_nothing())


async def collected(
    session: AsyncSession, *, organisation_id: str, month: date
) -> dict[str, dict[str, PublishedTable]]:
    """What was published of a month: by reporter, by the table's name."""
    query = select(CollectedRow).where(CollectedRow.organisation_id == organisation_id, CollectedRow.month == month)
    rows: Sequence[CollectedRow] = (await session.exec(query)).all()
    found: dict[str, dict[str, PublishedTable]] = {}
    for row in rows:
        found.setdefault(row.reporter_id, {})[row.name] = PublishedTable.model_validate(row.content)
    return found
