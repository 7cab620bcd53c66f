"""Look at the newest links of the record's chain now and then, so that an alert says at once that one was changed.

Cheap, and no proof: `qorgau audit verify` recomputes all of it and compares it with what other nodes have witnessed.
"""

from sqlalchemy import text

from shared.adapters.database import WHOLE_NODE, Database
from shared.adapters.telemetry import METRICS
from shared.adapters.verification import Examined, check_link

COUNT = 1000
_NEWEST = text(
    "select l.position, l.entry_id, l.entry_hash, l.chain_hash, a.* from audit_links l "
    "left join audit a on a.id = l.entry_id "
    "where l.position > (select coalesce(max(position), 0) from audit_links) - :count order by l.position"
)


async def watch_newest_links(database: Database) -> None:
    """Set `qorgau_record_broken`: 1 if one of the newest links is missing, or an entry is not as it was chained."""
    found, before, position = Examined(), None, None
    async with database.transaction(organisation=WHOLE_NODE) as session:
        for row in await (await session.connection()).execute(_NEWEST, {"count": COUNT}):
            link = dict(row._mapping)
            follows = position is None or link["position"] == position + 1
            check_link(link, before if follows else b"", found)
            before, position = link["chain_hash"], link["position"]
    METRICS.record_broken.set(bool(found.faults))
