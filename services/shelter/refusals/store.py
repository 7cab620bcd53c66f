"""SQL of refusals."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.shelter.refusals.tables import RefusalRow
from shared.adapters import paging


async def refusal(
    session: AsyncSession, *, organisation_id: str, refusal_id: UUID, lock: bool = False
) -> RefusalRow | None:
    """One refusal."""
    query = select(RefusalRow).where(RefusalRow.id == refusal_id, RefusalRow.organisation_id == organisation_id)
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def refusals(
    session: AsyncSession, *, organisation_id: str, cursor: str | None, limit: int
) -> Sequence[RefusalRow]:
    """Up to limit + 1 refusals, newest first."""
    at, row_id = col(RefusalRow.created_at), col(RefusalRow.id)
    query = select(RefusalRow).where(RefusalRow.organisation_id == organisation_id, *paging.behind(cursor, at, row_id))
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()
