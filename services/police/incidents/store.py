"""SQL of incidents."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.police.incidents.tables import IncidentRow
from shared.adapters import paging


async def incident(
    session: AsyncSession, *, organisation_id: str, incident_id: UUID, lock: bool = False
) -> IncidentRow | None:
    """One incident."""
    query = select(IncidentRow).where(IncidentRow.id == incident_id, IncidentRow.organisation_id == organisation_id)
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def page(session: AsyncSession, *, organisation_id: str, cursor: str | None, limit: int) -> Sequence[IncidentRow]:
    """Up to limit + 1 incidents, recorded last first."""
    at, row_id = col(IncidentRow.created_at), col(IncidentRow.id)
    query = select(IncidentRow).where(
        IncidentRow.organisation_id == organisation_id, *paging.behind(cursor, at, row_id)
    )
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()
