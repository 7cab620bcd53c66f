"""What was published of a month is told to the social services of the region, which add it up (F13)."""

from collections.abc import Mapping, Sequence
from uuid import NAMESPACE_URL, uuid5

from shared.adapters.outbox import Outgoing, Work, emit
from shared.casework.directory import store as directory
from shared.casework.statistics.counting import CountedTable
from shared.casework.statistics.store import Month, publish_once, shown_of
from shared.casework.statistics.tables import PublishedRow
from shared.contract.events import PublishedCell, PublishedTable, StatisticsPublished
from shared.contract.grounds import Grounds
from shared.contract.statistics import threshold_at
from shared.contract.vocabulary import Agency, Basis, Purpose

GROUNDS = Grounds(basis=Basis.NO_PERSONAL_DATA, purpose=Purpose.STATISTICS)


async def publish_and_tell(work: Work, *, month: Month, tables: Sequence[CountedTable]) -> dict[str, PublishedRow]:
    """A month as it was published. If that is now, the social services of the region are told what is shown."""
    threshold = threshold_at(work.now)
    rows, new = await publish_once(work.session, month=month, tables=tables, threshold=threshold, now=work.now)
    if new:
        await _tell_region(work, month, rows, tables)
    return rows


async def _tell_region(
    work: Work, month: Month, rows: Mapping[str, PublishedRow], tables: Sequence[CountedTable]
) -> None:
    """Send a month, as it was published, to each social service of the region that the directory knows by now."""
    organisation_id = month.organisation_id
    ours = await directory.get(work.session, organisation_id=organisation_id)
    if ours is None:
        return
    content = [published_table(rows[table.name], table) for table in tables if table.name in rows]
    published_at = max(row.published_at for row in rows.values())
    event = StatisticsPublished(month=month.first_day, published_at=published_at, tables=tuple(content))
    concerning = uuid5(NAMESPACE_URL, f"{organisation_id}/statistics/{month.first_day}")
    for one in await directory.listed(work.session, agency=Agency.SOCIAL, purpose=None):
        if one.kato[:2] == ours.kato[:2] and one.id != organisation_id:
            await emit(work, Outgoing(event, organisation_id, one.id, GROUNDS, concerning))


def published_table(row: PublishedRow, table: CountedTable) -> PublishedTable:
    """A table as it was published: what is not shown is null, and there is nothing else of it."""
    cells = [PublishedCell(codes=key, count=count) for key, count in shown_of(row, table).items()]
    return PublishedTable(name=table.name, by=tuple(one.name for one in table.by), cells=tuple(cells))
