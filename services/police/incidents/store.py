"""SQL of incidents."""

from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.police.incidents.tables import IncidentRow


async def incident(
    session: AsyncSession, *, organisation_id: str, incident_id: UUID, lock: bool = False
) -> IncidentRow | None:
    """One incident."""
    query = select(IncidentRow).where(IncidentRow.id == incident_id, IncidentRow.organisation_id == organisation_id)
    return (await session.exec(query.with_for_update() if lock else query)).first()
