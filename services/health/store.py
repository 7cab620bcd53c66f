"""SQL of health's own tables."""

from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.health.tables import ExaminationRow


async def examination(session: AsyncSession, *, organisation_id: str, examination_id: UUID) -> ExaminationRow | None:
    """One examination."""
    query = select(ExaminationRow).where(
        ExaminationRow.id == examination_id, ExaminationRow.organisation_id == organisation_id
    )
    return (await session.exec(query)).first()
