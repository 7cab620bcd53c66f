"""What is counted of examinations (F13): their kinds. No findings."""

from datetime import datetime

from sqlalchemy import DateTime, String, Uuid, cast, column, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel.ext.asyncio.session import AsyncSession

from services.health.examinations import store
from services.health.examinations.domain import ExaminationKind
from shared.casework.statistics.counting import CountedTable, Indicator, Rows

COLUMNS = (
    column("organisation_id", String),
    column("at", DateTime(timezone=True)),
    column("person_id", Uuid),
    column("kind", String),
)


async def _examinations(session: AsyncSession, organisation_id: str, start: datetime, end: datetime) -> Rows:
    """What they were of is sealed: it is opened to be counted, and kept nowhere. What was erased counts no more."""
    found = []
    rows = await store.examinations(session, organisation_id=organisation_id, start=start, end=end)
    for row, words in zip(rows, await store.words_of(session, rows), strict=True):
        if words.kind is not None:
            whom = str(row.person_id) if row.person_id else None
            at = row.examined_at.isoformat()
            found.append({"organisation_id": organisation_id, "at": at, "person_id": whom, "kind": words.kind})
    opened = func.jsonb_to_recordset(cast(found, JSONB)).table_valued(*COLUMNS, name="opened")
    return select(opened.render_derived(with_types=True))


TABLES = (
    CountedTable(
        name="examinations-by-kind",
        subject="examinations",
        counts="examinations",
        by=(Indicator("kind", tuple(ExaminationKind)),),
        rows=_examinations,
    ),
)
