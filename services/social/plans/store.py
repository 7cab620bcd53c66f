"""SQL of plans."""

from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.social.plans.tables import PlanRow


async def plan(session: AsyncSession, *, organisation_id: str, plan_id: UUID, lock: bool = False) -> PlanRow | None:
    """One plan."""
    query = select(PlanRow).where(PlanRow.id == plan_id, PlanRow.organisation_id == organisation_id)
    return (await session.exec(query.with_for_update() if lock else query)).first()
