"""What of files is kept no longer is removed by housekeeping, a batch at a time (`shared/contract/filing.py`)."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import select

from shared.adapters.audit import Action, record
from shared.adapters.outbox import Work
from shared.adapters.retention import BATCH
from shared.casework.deadlines import store as deadlines
from shared.casework.files.source import Removed, Source
from shared.contract.filing import keeping_of, over_before

AT_ONCE = 100


async def remove_old(work: Work, sources: Iterable[Source]) -> int:
    """Remove a batch of each kind that is over; as many as housekeeping's own batch where there may be more."""
    most = 0
    for source in sources:
        before = over_before(keeping_of(source.noun, work.now), work.now)
        if before is not None:
            most = max([most, *[await _remove(work, source, one, before) for one in source.removed]])
    return BATCH if most == AT_ONCE else most


async def _remove(work: Work, source: Source, removed: Removed, before: datetime) -> int:
    table: Any = removed.table
    over = select(table).where(removed.ended < before, removed.over).order_by(removed.ended).limit(AT_ONCE)
    rows = (await work.session.exec(over.with_for_update(skip_locked=True, of=table))).all()
    for row in rows:
        if removed.also is not None:
            await removed.also(work, row)
        if hasattr(row, "id"):
            await deadlines.forget(work.session, organisation_id=row.organisation_id, concerning=row.id)
        await work.session.delete(row)
    await work.session.flush()
    for whose, count in Counter(row.organisation_id for row in rows).items():
        details = {"what": str(table.__tablename__), "count": count, "noun": source.noun}
        await record(work, organisation_id=whose, action=Action.REMOVED, details=details)
    return len(rows)
