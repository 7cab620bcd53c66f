"""What was published of a month is told to the social services of the region, which add it up (F13)."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import NAMESPACE_URL, uuid5

from shared.adapters.outbox import Outgoing, Work, emit
from shared.casework.directory import store as directory
from shared.casework.statistics.counting import CountedTable
from shared.casework.statistics.store import shown_of
from shared.casework.statistics.tables import PublishedRow
from shared.contract.events import PublishedCell, PublishedTable, StatisticsPublished
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Agency, Basis, Purpose

GROUNDS = Grounds(basis=Basis.NO_PERSONAL_DATA, purpose=Purpose.STATISTICS)


async def tell_region(
    work: Work,
    *,
    organisation_id: str,
    month: date,
    rows: Mapping[str, PublishedRow],
    tables: Sequence[CountedTable],
) -> None:
    """Send a month, as it was published, to each social service of the region that the directory knows by now."""
    ours = await directory.get(work.session, organisation_id=organisation_id)
    if ours is None:
        return
    content = [published_table(rows[table.name], table) for table in tables if table.name in rows]
    published_at = max(row.published_at for row in rows.values())
    event = StatisticsPublished(month=month, published_at=published_at, tables=tuple(content))
    concerning = uuid5(NAMESPACE_URL, f"{organisation_id}/statistics/{month}")
    for one in await directory.listed(work.session, agency=Agency.SOCIAL, purpose=None):
        if one.kato[:2] == ours.kato[:2] and one.id != organisation_id:
            await emit(work, Outgoing(event, organisation_id, one.id, GROUNDS, concerning))


def published_table(row: PublishedRow, table: CountedTable) -> PublishedTable:
    """A table as it was published: what is not shown is null, and there is nothing else of it."""
    cells = [PublishedCell(codes=key, count=count) for key, count in shown_of(row, table).items()]
    return PublishedTable(name=table.name, by=tuple(one.name for one in table.by), cells=tuple(cells))
