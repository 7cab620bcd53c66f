"""SQL of the refusal notices that came."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.police.refusal_notices.tables import RefusalNoticeRow
from shared.adapters import paging


async def notice(
    session: AsyncSession, *, organisation_id: str, notice_id: UUID, lock: bool = False
) -> RefusalNoticeRow | None:
    """One refusal notice."""
    query = select(RefusalNoticeRow).where(
        RefusalNoticeRow.id == notice_id, RefusalNoticeRow.organisation_id == organisation_id
    )
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def notices(
    session: AsyncSession, *, organisation_id: str, cursor: str | None, limit: int
) -> Sequence[RefusalNoticeRow]:
    """Up to limit + 1 notices, newest first."""
    at, row_id = col(RefusalNoticeRow.received_at), col(RefusalNoticeRow.id)
    query = select(RefusalNoticeRow).where(
        RefusalNoticeRow.organisation_id == organisation_id, *paging.behind(cursor, at, row_id)
    )
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()
